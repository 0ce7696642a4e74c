"""Alembic's entry: runs migrations as the role that owns the tables."""

from alembic import context

from qa_service.core.db import make_engine
from qa_service.core.postgres import owner_url
from qa_service.schema import metadata
from qa_service.settings import get_settings


def include_object(_object: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
    """Leave procrastinate's own tables to its own schema."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run() -> None:
    """Run the migrations on the connection given by the caller, or on the configured server."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = make_engine(owner_url(get_settings()), as_app_role=False)
    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


def migrate(connection: object) -> None:
    """Run the migrations on one connection, in one transaction."""
    context.configure(
        connection=connection,  # type: ignore[arg-type] # Alembic types it as a union of its own
        target_metadata=metadata,
        include_object=include_object,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
