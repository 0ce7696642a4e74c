"""An approved classifier comes into force when nothing in use lacks its score; until then it waits."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = "when another took its place"
NOW = "when another took its place, or it was withdrawn"


def upgrade() -> None:
    """Let an artefact wait."""
    _expect_status("'candidate', 'waiting', 'approved', 'retired'")
    op.alter_column("flag_artefact", "retired_at", comment=NOW, existing_comment=BEFORE)


def downgrade() -> None:
    """Make what waits a candidate again."""
    op.execute("UPDATE flag_artefact SET status = 'candidate' WHERE status = 'waiting'")
    _expect_status("'candidate', 'approved', 'retired'")
    op.alter_column("flag_artefact", "retired_at", comment=BEFORE, existing_comment=NOW)


def _expect_status(values: str) -> None:
    name = op.f("ck_flag_artefact_artefactstatus")
    op.drop_constraint(name, "flag_artefact", type_="check")
    op.create_check_constraint(name, "flag_artefact", f"status IN ({values})")
