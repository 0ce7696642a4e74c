"""An assignment says when we received it: one backdated later was not known to the assessment."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment; of what came before nobody kept it."""
    op.add_column(
        "case_assignment",
        sa.Column(
            "recorded_at",
            UTCDateTime(),
            nullable=True,
            comment="when we received it; empty: before this was kept",
        ),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("case_assignment", "recorded_at")
