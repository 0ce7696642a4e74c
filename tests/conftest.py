"""Fixtures for every test: one PostgreSQL per run, one database per worker, one rolled-back session per test."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from factories.databases import own_database
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from qa_service.core import migrations
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, set_scope
from qa_service.core.postgres import database_url, stop_embedded
from qa_service.settings import Settings

# A Monday, 10:00 in London, without a bank holiday near it.
START = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def _server_settings() -> Settings:
    given = os.environ.get("QA_TEST_DATABASE_URL")
    # One folder per test run (all xdist workers share it); short, because of the socket's path length.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return Settings(database_url=given, data_dir=Path(tempfile.gettempdir()) / f"qa-test-{run[:12]}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        for folder in {
            os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid())),
            getattr(config, "_qa_run", ""),
        }:
            stop_embedded(Settings(data_dir=Path(tempfile.gettempdir()) / f"qa-test-{folder[:12]}"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.config._qa_run = node.workerinput["testrunuid"]  # so that the controller stops the workers' server


@pytest.fixture(scope="session")
def server_url(request) -> str:
    url = database_url(_server_settings())
    # A server that lives as long as the tests need not survive a power cut: commits do not wait for the disk.
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()
    return url


@pytest.fixture(scope="session")
def template_name(server_url) -> Iterator[str]:
    with own_database(server_url) as (name, url):
        owner = make_engine(url, as_app_role=False)
        migrations.upgrade(owner)
        owner.dispose()
        yield name


@pytest.fixture(scope="session")
def worker_engine(server_url, template_name) -> Iterator[Engine]:
    with own_database(server_url, template=template_name) as (_, url):
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def session(worker_engine) -> Iterator[Session]:
    """A session that sees everything and leaves nothing: commits are savepoints, rolled back at the end."""
    with worker_engine.connect() as connection:
        outer = connection.begin()
        with Session(
            bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            set_scope(session, SYSTEM)
            yield session
        outer.rollback()


@pytest.fixture
def fresh_url(server_url, template_name) -> Iterator[str]:
    """The address of a migrated database of this test's own, for tests that commit from several connections."""
    with own_database(server_url, template=template_name) as (_, url):
        yield url


@pytest.fixture
def fresh_engine(fresh_url) -> Iterator[Engine]:
    engine = make_engine(fresh_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)
