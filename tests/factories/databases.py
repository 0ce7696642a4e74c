"""Databases of a test's own: dear to fill once, cheap to copy, never shared by two workers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text


@contextmanager
def own_database(server_url: str, *, template: str | None = None) -> Iterator[tuple[str, str]]:
    """Make a database, empty or a copy of another, under a name nobody else has: (its name, its address)."""
    name = f"qa_{uuid.uuid4().hex[:12]}"
    copied = f' TEMPLATE "{template}"' if template else ""
    _run(server_url, f'CREATE DATABASE "{name}"{copied}')
    try:
        yield name, create_engine(server_url).url.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(server_url: str, statement: str) -> None:
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()
