"""All tables together: what Alembic compares with and what `alembic check` proves."""

from importlib import import_module

from sqlmodel import SQLModel

# Imported for their tables; an import that is not used by name would be removed by the linter.
SLICES_WITH_TABLES = (
    "auth",
    "audit",
    "outbox",
    "progress",
    "estate",
    "cases",
    "intake",
    "obligations",
    "flags",
    "rounds",
    "reviews",
    "caseload",
    "feedback",
)
for _slice in SLICES_WITH_TABLES:
    import_module(f"qa_service.{_slice}.tables")

metadata = SQLModel.metadata
