"""How long the rates page takes with national data, beside its empty layout and its own queries as JSON."""

import gc
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from fastapi import Request, Response
from fastapi.testclient import TestClient
from filled_service import fill
from sqlalchemy import Engine, event

from qa_service.app import make_app
from qa_service.auth import service as auth
from qa_service.auth.dependencies import cookie_name
from qa_service.auth.roles import Role
from qa_service.auth.service import Grant, NewAccount
from qa_service.core import migrations
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.postgres import database_url, named_database, stop_embedded
from qa_service.pages.manager_access import RateReaderDep
from qa_service.pages.render import render
from qa_service.settings import Settings

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
NATION = "/rates/national/E%26W"
N_OFFICERS, N_TIMES = 10_700, 15


@contextmanager
def server() -> Iterator[str]:
    """Give the address of an embedded database server of this run's own."""
    with tempfile.TemporaryDirectory(prefix="qa-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings(data_dir=Path(folder))
        yield database_url(settings)
        stop_embedded(settings)


def filled(url: str, n_officers: int) -> str:
    """Return the address of a database with so many officers and their checks."""
    address = named_database(url, f"officers_{n_officers}")
    owner = make_engine(address, as_app_role=False)
    migrations.upgrade(owner)
    with transaction(owner, SYSTEM) as session:
        fill(session.connection(), at=AT, n_officers=n_officers)
    owner.dispose()
    return address


def client_of(engine: Engine) -> TestClient:
    """Sign a national lead in; one page more shows the layout and nothing in it."""
    settings = Settings(environment="test")
    app = make_app(engine, clock=FixedClock(AT), settings=settings)

    @app.get("/empty")
    def empty(request: Request, user: RateReaderDep) -> Response:  # noqa: ARG001 - signs in like the page
        return render(request, "layout.html")

    with transaction(engine, SYSTEM) as session:
        account = NewAccount("lead", "only for this measurement", "Lead")
        user = auth.create_user(session, account, at=AT, by="cli")
        auth.grant_role(session, user.id, Grant(Role.NATIONAL_LEAD), at=AT, by="cli")
        token = auth.open_session(session, user.id, at=AT, settings=settings).token
    client = TestClient(app, follow_redirects=False)
    client.cookies.set(cookie_name(settings), token)
    return client


def p50(*works: Callable[[], object]) -> list[float]:
    """Time pieces of work in turn, so that a busy moment falls on all of them; the median of each."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(N_TIMES):
        for place, work in enumerate(works):
            gc.collect()
            begun = perf_counter()
            work()
            seconds[place].append(perf_counter() - begun)
    return [median(one) for one in seconds]


def statements_of(engine: Engine, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """Return what a piece of work asks of the database, in order."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, values: Any, _x: object, _m: bool) -> None:  # noqa: ANN401, FBT001 - SQLAlchemy's signature
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return asked


def own_queries(
    engine: Engine, page: Callable[[], object], empty: Callable[[], object]
) -> list[tuple[str, Any]]:
    """Return what a page asks beyond what signing in and the layout ask."""
    shared = Counter(statement for statement, _ in statements_of(engine, empty))
    own = []
    for statement, values in statements_of(engine, page):
        if shared[statement]:
            shared[statement] -= 1
        else:
            own.append((statement, values))
    return own


def as_json(engine: Engine, queries: list[tuple[str, Any]]) -> str:
    """Run queries and write their rows as JSON."""
    rows = []
    with transaction(engine, SYSTEM) as session:
        for statement, values in queries:
            rows.append(list(map(tuple, session.connection().exec_driver_sql(statement, values))))
    return json.dumps(rows, default=str)


@dataclass(frozen=True)
class Seconds:
    """Medians: the page with national data, its parts, and the page with a tenth of the officers."""

    page: float
    empty: float
    queries_as_json: float
    page_of_a_tenth: float
    n_queries: int


def measure() -> Seconds:
    with server() as url:
        small = make_engine(filled(url, N_OFFICERS // 10))
        little = client_of(small)
        [tenth] = p50(lambda: little.get(NATION))
        small.dispose()
        engine = make_engine(filled(url, N_OFFICERS))
        client = client_of(engine)
        assert "checked medium cases should have been high" in client.get(NATION).text
        queries = own_queries(engine, lambda: client.get(NATION), lambda: client.get("/empty"))
        page, empty, plain = p50(
            lambda: client.get(NATION), lambda: client.get("/empty"), lambda: as_json(engine, queries)
        )
        engine.dispose()
        return Seconds(page, empty, plain, tenth, len(queries))
