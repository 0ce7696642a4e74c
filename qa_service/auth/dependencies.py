"""What a route asks for: a session with its commit before the answer, the time, and a person with a role.

Every route declares who may use it: `user: Annotated[CurrentUser, require(Role.SPO)]` in a signature, or
`dependencies=[open_to_all]`. A house test walks the route table and fails on a route that declares nothing.

The application puts on `app.state`: engine, clock, references, settings, `scope_of(session, user) -> Scope`
and `shell_of(user) -> object` (the page frame). Forms of signed-in people carry `csrf_token`; scripts send
the header X-CSRF-Token. A wrong token is refused before the route runs.
"""

import secrets
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request
from sqlmodel import Session

from qa_service.auth import service
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import Clock
from qa_service.core.db import set_scope, transaction
from qa_service.core.errors import NotAllowed
from qa_service.core.ids import ReferenceSource
from qa_service.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name; browsers hold a __Host- cookie to https and to this host."""
    return "__Host-session" if settings.uses_https else "session"


def _open_session(request: Request) -> Iterator[Session]:
    with transaction(request.app.state.engine) as session:
        yield session


# scope="function": the commit happens before the answer is sent. The default would send 200 first and then
# fail to commit, which is how work gets lost (tests/house/test_commit_before_answer.py).
SessionDep = Annotated[Session, Depends(_open_session, scope="function")]


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


def _references(request: Request) -> ReferenceSource:
    references: ReferenceSource = request.app.state.references
    return references


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


ClockDep = Annotated[Clock, Depends(_clock)]
ReferencesDep = Annotated[ReferenceSource, Depends(_references)]
SettingsDep = Annotated[Settings, Depends(_settings)]


async def _sent_csrf_token(request: Request) -> str | None:
    if request.method in SAFE_METHODS:
        return None
    header = request.headers.get("x-csrf-token")
    if header is not None:
        return header
    if request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        value = (await request.form()).get("csrf_token")
        return value if isinstance(value, str) else None
    return None


def _signed_in(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
    sent_token: Annotated[str | None, Depends(_sent_csrf_token)],
) -> CurrentUser:
    token = request.cookies.get(cookie_name(settings))
    user = (
        service.user_of_token(session, token, at=clock.now(), settings=settings)
        if token is not None
        else None
    )
    if user is None:
        raise _not_signed_in(request)
    if request.method not in SAFE_METHODS and not secrets.compare_digest(sent_token or "", user.csrf_token):
        raise NotAllowed(
            "This form was not sent from a page of this session.",
            next_step="Open the page again and send it once more.",
            code="csrf",
        )
    request.state.user = user
    request.state.shell = request.app.state.shell_of(user)
    set_scope(session, request.app.state.scope_of(session, user))
    return user


def _not_signed_in(request: Request) -> HTTPException:
    wants_page = request.method in SAFE_METHODS and not request.url.path.startswith("/api/")
    if wants_page and not request.headers.get("accept", "").startswith("application/json"):
        where = quote(request.url.path, safe="/")
        return HTTPException(303, headers={"location": f"/sign-in?next={where}"})
    return HTTPException(401)


class _RoleCheck:
    """Lets in people who hold one of some roles; the house test reads `roles` off each route."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles

    def __call__(self, user: Annotated[CurrentUser, Depends(_signed_in)]) -> CurrentUser:
        """Return the user, or refuse."""
        if not user.has(*self.roles):
            raise NotAllowed(
                "Your role does not allow this.",
                next_step="Go back to your own pages, or ask your quality lead for access.",
                code="role",
            )
        return user


def require(*roles: Role) -> Any:  # noqa: ANN401 - FastAPI's marker
    """Ask for a signed-in person who holds one of these roles (none given: any signed-in person)."""
    return Depends(_RoleCheck(frozenset(roles or Role)))


def _open_to_all() -> None:
    """Mark a route that needs no sign-in: sign-in itself, health, and the public draw."""


open_to_all = Depends(_open_to_all)
