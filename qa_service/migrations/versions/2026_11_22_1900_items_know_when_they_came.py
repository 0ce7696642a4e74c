"""An item of the record says when we received it: its source's moment stays as it was when only its state changed."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = "when we received it; later items are never shown to a reader"
NOW = "when its source recorded it"


def upgrade() -> None:
    """Add the moment; of what came before nobody kept it."""
    op.add_column(
        "case_pack_item",
        sa.Column(
            "received_at",
            UTCDateTime(),
            nullable=True,
            comment="when we received it; empty: before this was kept",
        ),
    )
    op.alter_column("case_pack_item", "recorded_at", comment=NOW, existing_comment=BEFORE)


def downgrade() -> None:
    """Forget it."""
    op.alter_column("case_pack_item", "recorded_at", comment=BEFORE, existing_comment=NOW)
    op.drop_column("case_pack_item", "received_at")
