"""The database edge: engine, sessions, who may see which rows, and the only place that commits.

Row-level security reads four settings of the transaction (migrations/sql/row_level_security.sql). Nothing
set means nothing seen: a door that forgets its scope shows an empty page, never somebody else's case.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, create_engine

from qa_service.core.errors import ServiceError, Unavailable

APP_ROLE = "qa_app"


@dataclass(frozen=True)
class Scope:
    """Which cases a transaction may see.

    Parameters
    ----------
    all_cases : bool
        Everything, limited-access cases too: jobs and workflows only, never a person.
    regions, pdus : tuple of str
        Region and PDU codes; ("*",) in `regions` means every region.
    cases : tuple of int
        Case ids seen because of a duty (a reviewer's own reads), wherever they are.
    limited : tuple of int
        Case ids of limited-access cases this person is listed for.
    """

    all_cases: bool = False
    regions: tuple[str, ...] = ()
    pdus: tuple[str, ...] = ()
    cases: tuple[int, ...] = ()
    limited: tuple[int, ...] = ()


SYSTEM = Scope(all_cases=True)
NOTHING = Scope()

_SET_SCOPE = text(
    "SELECT set_config('app.all_cases', :all_cases, true), set_config('app.regions', :regions, true),"
    " set_config('app.pdus', :pdus, true), set_config('app.cases', :cases, true),"
    " set_config('app.limited', :limited, true)"
)


def _as_array(values: tuple[object, ...]) -> str:
    return "{" + ",".join(json.dumps(str(value)) for value in values) + "}"


def set_scope(session: Session, scope: Scope) -> None:
    """Let the rest of this transaction see the cases of a scope, and no others."""
    session.info["scope"] = scope
    session.connection().execute(
        _SET_SCOPE,
        {
            "all_cases": "on" if scope.all_cases else "off",
            "regions": _as_array(scope.regions),
            "pdus": _as_array(scope.pdus),
            "cases": _as_array(scope.cases),
            "limited": _as_array(scope.limited),
        },
    )


@contextmanager
def seeing_everything(session: Session) -> Iterator[None]:
    """Widen the scope for a workflow's own reads and writes, then narrow it to what it was."""
    before: Scope = session.info.get("scope", NOTHING)
    if before.all_cases:
        yield
        return
    set_scope(session, SYSTEM)
    try:
        yield
        session.flush()
    except ServiceError:
        # Refused by a rule: the transaction may go on, but not with the wide view.
        set_scope(session, before)
        raise
    set_scope(session, before)


@contextmanager
def seeing_areas_alone(session: Session) -> Iterator[None]:
    """Leave out the cases that somebody sees for what they do with them, then see what was seen before."""
    before: Scope = session.info.get("scope", NOTHING)
    set_scope(session, replace(before, cases=()))
    yield
    set_scope(session, before)


@contextmanager
def rehearsal(session: Session) -> Iterator[None]:
    """Do what the block does and take all of it back, to find out what it would lead to."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def make_engine(url: str, *, as_app_role: bool = True, **options: Any) -> Engine:  # noqa: ANN401 - create_engine's own
    """Return an engine whose connections act as the non-owner role, with parameters kept out of messages."""
    engine = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")),
        **options,
    )
    if as_app_role:

        @event.listens_for(engine, "connect")
        def take_app_role(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
            # Committed at once: a rolled-back SET would give the role back.
            connection.autocommit = True
            connection.execute(f"SET ROLE {APP_ROLE}")
            connection.execute("SET TIME ZONE 'UTC'")
            # Policies make small queries look expensive; compiling them took longer than running them.
            connection.execute("SET jit = off")
            connection.autocommit = False

    return engine


@contextmanager
def transaction(engine: Engine, scope: Scope = NOTHING) -> Iterator[Session]:
    """Open one session, commit it when the block ends well, roll it back when it does not.

    Raises
    ------
    Unavailable
        The database did not answer; nothing was written.
    """
    with Session(engine, expire_on_commit=False) as session:
        try:
            set_scope(session, scope)
            yield session
            session.commit()
        except OperationalError as error:
            session.rollback()
            if error.connection_invalidated or not session.is_active:
                raise Unavailable(
                    "The database did not answer.",
                    next_step="Nothing was saved by this step. Try again in a minute.",
                ) from error
            raise
