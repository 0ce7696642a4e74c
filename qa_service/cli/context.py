"""What a command runs with: the database, migrated, and the time."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.core import migrations
from qa_service.core.clock import Clock, SystemClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.postgres import database_url, owner_url
from qa_service.settings import get_settings

# Who did it, in the log: whoever may run commands on the server.
BY = "cli"


def migrate() -> None:
    """Bring the configured database to the present schema."""
    owner = make_engine(owner_url(get_settings()), as_app_role=False)
    migrations.upgrade(owner)
    owner.dispose()


@contextmanager
def migrated_engine() -> Iterator[Engine]:
    """Give an engine on the configured database, brought to the present schema first."""
    migrate()
    engine = make_engine(database_url(get_settings()))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def system_session() -> Iterator[Session]:
    """Give a session that sees everything: commands are run by the operator of the service."""
    with migrated_engine() as engine, transaction(engine, SYSTEM) as session:
        yield session


def system_clock() -> Clock:
    """Return the machine's own clock."""
    return SystemClock()
