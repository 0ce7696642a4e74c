"""Bring a database to the present schema; the first run makes the non-owner role too."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

# Any two processes that start at once take turns (the number is arbitrary and only ours).
_MIGRATION_LOCK = 7_231_014


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "qa_service:migrations")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Run all migrations in one transaction; a second run changes nothing."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        command.upgrade(_config(connection), "head")


def check(engine: Engine) -> None:
    """Raise when the tables differ from the migrated database (`alembic check`)."""
    with engine.begin() as connection:
        command.check(_config(connection))
