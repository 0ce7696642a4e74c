"""The first schema: tables, the non-owner role, the audit log, append-only rows, row-level security, job queue."""

from importlib.resources import files
from typing import Any

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Roles before audit and append_only: these take back what roles.sql grants on all tables, views too.
STEPS = ("tables", "case_pack", "views", "roles", "audit", "append_only", "row_level_security")


def run_script(sql: str) -> None:
    """Send a whole script as it is: the driver, not SQLAlchemy, so that colons and percent signs stay."""
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(sql.encode())


def upgrade() -> None:
    """Make everything from empty."""
    sql = files("qa_service.migrations") / "sql"
    run_script(SchemaManager.get_schema())
    for step in STEPS:
        run_script((sql / f"{step}.sql").read_text("utf-8"))


def downgrade() -> None:
    """Take everything away; the role stays, other databases of the server may use it."""
    run_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;")
