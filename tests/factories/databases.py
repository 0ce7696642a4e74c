"""Databases of a test's own, copied from a prepared one: dear to fill once, cheap to copy."""

from sqlalchemy import create_engine, text


def copy_database(server_url: str, name: str, template: str) -> str:
    """Make a database as a copy of another one and return its address."""
    _run(
        server_url,
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
    )
    return create_engine(server_url).url.set(database=name).render_as_string(hide_password=False)


def drop_database(server_url: str, name: str) -> None:
    _run(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(server_url: str, *statements: str) -> None:
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()
