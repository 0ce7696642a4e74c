"""People signed in over HTTP: a client of the whole application for somebody with a role in an area."""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from qa_service.auth import service as auth
from qa_service.auth.dependencies import cookie_name
from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant, UserAccount
from qa_service.core.db import SYSTEM, transaction
from qa_service.settings import Settings

# Tests move the clock by days and stay signed in.
SETTINGS = Settings(environment="test", session_idle_minutes=1_000_000, session_max_hours=100_000)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def make_account(
    session: Session,
    role: Role,
    *,
    username: str | None = None,
    region: str | None = None,
    pdu: str | None = None,
    team: str | None = None,
    person_id: int | None = None,
) -> int:
    """Add an account with one role in an area; the same name gets the role as well."""
    name = username or "-".join(part for part in (role.value, team or pdu or region) if part)
    user = session.exec(select(UserAccount).where(UserAccount.username == name)).one_or_none()
    if user is None:
        user = UserAccount(
            username=name,
            display_name=name.replace("_", " ").title(),
            password_hash="never used",
            person_id=person_id,
            created_at=LONG_AGO,
        )
        session.add(user)
        session.flush()
    session.add(
        RoleGrant(
            user_id=user.id, role=role, region_code=region, pdu_code=pdu, team_code=team, from_at=LONG_AGO
        )
    )
    session.flush()
    assert user.id is not None
    return user.id


def sessions_of(
    session: Session, people: Mapping[str, tuple[Role, dict[str, object]]], *, at: datetime
) -> dict[str, str]:
    """Sign people in, each with one role in an area, and return their tokens by name."""
    return {
        who: auth.open_session(session, make_account(session, role, **place), at=at, settings=SETTINGS).token
        for who, (role, place) in people.items()
    }


def client_of(app: FastAPI, engine: Engine, user_id: int, *, at: datetime) -> TestClient:
    """Sign an account in; its client sends the session's token with everything it posts."""
    with transaction(engine, SYSTEM) as session:
        signed_in = auth.open_session(session, user_id, at=at, settings=SETTINGS)
        session.flush()
        user = auth.user_of_token(session, signed_in.token, at=at, settings=SETTINGS)
        assert user is not None
    client = TestClient(app, follow_redirects=False, headers={"x-csrf-token": user.csrf_token})
    client.cookies.set(cookie_name(SETTINGS), signed_in.token)
    return client
