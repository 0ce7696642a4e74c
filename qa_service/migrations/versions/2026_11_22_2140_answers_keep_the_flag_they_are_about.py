"""An answer about a flag keeps what stage 4 showed: the artefact may be superseded, the answer is not."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = (
    (
        "shown_artefact_digest",
        AutoString(length=64),
        "artefact in force when stage 4 was answered; empty: none, or answered before this was kept",
    ),
    (
        "was_flagged",
        sa.Boolean(),
        "whether stage 4 showed a flag then; empty: answered before this was kept",
    ),
    ("shown_score_rate", sa.Float(), "score behind what stage 4 showed; empty: there was none"),
)


def upgrade() -> None:
    """Add what was shown; of earlier answers nobody kept it."""
    for name, kind, comment in KEPT:
        op.add_column("review", sa.Column(name, kind, nullable=True, comment=comment))


def downgrade() -> None:
    """Forget it."""
    for name, _, _ in reversed(KEPT):
        op.drop_column("review", name)
