"""Accounts, roles, signing in and out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.auth import store
from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant, SignInAttempt, UserAccount, UserSession
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.settings import Settings

_HASHER = PasswordHasher()
# Verified when the name is unknown, so that the time taken does not tell which names exist.
_NOBODYS_HASH = _HASHER.hash("nobody's password")

# NIST SP 800-63B-4 (2025) 3.1.1.2 asks for at least 15 characters where a password is the only factor.
SHORTEST_PASSWORD = 15
# OWASP ASVS 5.0 6.3.1: slow guessing down; the window passes by itself, so nobody locks a colleague out.
MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
# A page view writes the session row at most this often.
_SEEN_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Grant:
    """A role held in an area; empty codes mean everywhere (or nowhere in particular)."""

    role: Role
    region_code: str | None = None
    pdu_code: str | None = None
    team_code: str | None = None


@dataclass(frozen=True)
class CurrentUser:
    """Who is asking, with the roles they hold now."""

    id: int
    username: str
    display_name: str
    person_id: int | None
    grants: tuple[Grant, ...]
    csrf_token: str
    token_digest: str

    @property
    def actor(self) -> str:
        """Return the name used in the log."""
        return f"user:{self.id}"

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles held."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role) -> bool:
        """Return whether any of some roles is held."""
        return not self.roles.isdisjoint(roles)

    def grants_of(self, *roles: Role) -> tuple[Grant, ...]:
        """Return the areas in which any of some roles is held."""
        return tuple(grant for grant in self.grants if grant.role in roles)


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token goes into the cookie and is kept nowhere else."""

    token: str
    user_id: int


@dataclass(frozen=True)
class NewAccount:
    """What an account is made from."""

    username: str
    password: str
    display_name: str
    person_id: int | None = None
    email: str | None = None


def create_user(session: Session, account: NewAccount, *, at: datetime, by: str) -> UserAccount:
    """Make an account that can sign in; it may do nothing until a role is granted."""
    name = account.username.strip().lower()
    if not name or len(account.password) < SHORTEST_PASSWORD:
        raise Invalid(
            f"The account {name!r} cannot be made.",
            next_step=f"Give a name and a password of at least {SHORTEST_PASSWORD} characters.",
        )
    if store.find_user(session, name) is not None:
        raise Conflict(f"There is already an account {name!r}.", next_step="Choose another name.")
    user = UserAccount(
        username=name,
        display_name=account.display_name,
        email=account.email,
        password_hash=_HASHER.hash(account.password),
        person_id=account.person_id,
        created_at=at,
    )
    session.add(user)
    session.flush()
    record(session, "account:user:created", by=by, at=at, subjects={"user": user.id})
    return user


def grant_role(session: Session, user_id: int, grant: Grant, *, at: datetime, by: str) -> None:
    """Give a role in an area from now on."""
    row = RoleGrant(
        user_id=user_id,
        role=grant.role,
        region_code=grant.region_code,
        pdu_code=grant.pdu_code,
        team_code=grant.team_code,
        from_at=at,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "account:role:granted",
        by=by,
        at=at,
        subjects={"user": user_id, "grant": row.id},
        payload={"role": grant.role.value, "area": grant.team_code or grant.pdu_code or grant.region_code},
    )


def find_user(session: Session, username: str) -> UserAccount | None:
    """Return the account of a name, if there is one."""
    return store.find_user(session, username.strip().lower())


@dataclass(frozen=True)
class Account:
    """An account as an administrator sees it."""

    id: int
    username: str
    display_name: str
    is_active: bool
    grants: tuple[Grant, ...]


def accounts(session: Session, *, at: datetime) -> list[Account]:
    """Return all accounts by sign-in name, each with the roles held now."""
    return [
        Account(user.id, user.username, user.display_name, user.is_active, _grants(session, user.id, at))
        for user in store.list_users(session)
    ]


def find_account(session: Session, user_id: int) -> UserAccount:
    """Return an account, or say that there is none."""
    user = store.get_user(session, user_id)
    if user is None:
        raise NotFound(f"There is no account {user_id}.", next_step="Check the list of accounts.")
    return user


def _grants(session: Session, user_id: int, at: datetime) -> tuple[Grant, ...]:
    return tuple(
        Grant(row.role, row.region_code, row.pdu_code, row.team_code)
        for row in store.list_grants(session, user_id, at)
    )


def sign_in(
    session: Session, username: str, password: str, *, at: datetime, settings: Settings
) -> SignedIn | None:
    """Open a session for a right name and password; None for a wrong one or too many tries.

    The try is recorded either way, so the caller lets the transaction commit and does not raise.
    """
    name = username.strip().lower()
    user = store.find_user(session, name)
    is_throttled = store.count_failures(session, name, at - FAILURE_WINDOW) >= MOST_FAILURES
    is_right = _verify(user.password_hash if user else _NOBODYS_HASH, password)
    lets_in = user is not None and user.is_active and is_right and not is_throttled
    session.add(SignInAttempt(username=name[:80], at=at, was_successful=lets_in))
    if user is None or not lets_in:
        return None
    return open_session(session, user.id, at=at, settings=settings)


def open_session(session: Session, user_id: int, *, at: datetime, settings: Settings) -> SignedIn:
    """Open a session with a new token, whatever token the browser had before."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_digest=_digest(token),
            user_id=user_id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(hours=settings.session_max_hours),
        )
    )
    record(session, "account:session:opened", by=f"user:{user_id}", at=at, subjects={"user": user_id})
    return SignedIn(token=token, user_id=user_id)


def user_of_token(session: Session, token: str, *, at: datetime, settings: Settings) -> CurrentUser | None:
    """Return who a token belongs to, and note that they were here; None when it no longer counts."""
    found = store.find_session(session, _digest(token))
    if found is None or found.ended_at is not None or found.expires_at <= at:
        return None
    if found.last_seen_at + timedelta(minutes=settings.session_idle_minutes) <= at:
        return None
    user = store.get_user(session, found.user_id)
    if user is None or not user.is_active:
        return None
    if found.last_seen_at + _SEEN_AGAIN_AFTER <= at:
        found.last_seen_at = at
    return CurrentUser(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        person_id=user.person_id,
        grants=_grants(session, user.id, at),
        csrf_token=found.csrf_token,
        token_digest=found.token_digest,
    )


def sign_out(session: Session, user: CurrentUser, *, at: datetime) -> None:
    """End this session."""
    found = store.find_session(session, user.token_digest)
    if found is not None:
        found.ended_at = at
    record(session, "account:session:ended", by=user.actor, at=at, subjects={"user": user.id})


def disable_user(session: Session, user_id: int, *, at: datetime, by: str) -> None:
    """Shut a leaver's account and end every session of it."""
    user = find_account(session, user_id)
    user.is_active = False
    for open_one in store.list_open_sessions(session, user_id):
        open_one.ended_at = at
    record(session, "account:user:disabled", by=by, at=at, subjects={"user": user_id})


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
