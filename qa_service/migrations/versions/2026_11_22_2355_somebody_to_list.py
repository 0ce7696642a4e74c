"""The national lead is told of duties that nobody may know of."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "level_correction", "worry", "conversation", "support", "caseload_review", "finding", "reduction",
    "escalation", "hold", "late_read", "restore_check", "find_record", "paused_round",
)  # fmt: skip
NEW = "list_somebody"


def upgrade() -> None:
    """Let a duty be that somebody must be listed."""
    _expect_kind((*KINDS, NEW))


def downgrade() -> None:
    """Forget such duties: what they tell of is found again."""
    op.execute(f"DELETE FROM obligation WHERE kind = '{NEW}'")
    _expect_kind(KINDS)


def _expect_kind(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_obligation_obligationkind")
    op.drop_constraint(name, "obligation", type_="check")
    values = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "obligation", f"kind IN ({values})")
