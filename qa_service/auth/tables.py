"""People who may sign in, what they may do and where, and their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from qa_service.auth.roles import Role
from qa_service.core.columns import choice, column, key, link


class UserAccount(SQLModel, table=True):
    """Somebody who may sign in; an officer's account points to the person."""

    __tablename__ = "user_account"

    id: int = key()
    username: str = column("sign-in name, lower case", unique=True, max_length=80)
    display_name: str = column("name shown on pages", max_length=120)
    email: str | None = column("address for notices", default=None, max_length=200)
    password_hash: str = column("argon2id hash")
    person_id: int | None = link(
        "person.id", "the practitioner or manager this account is", nullable=True, default=None
    )
    is_active: bool = column("false for leavers: no session of theirs is honoured", default=True)
    created_at: datetime = column("when the account was made")


class RoleGrant(SQLModel, table=True):
    """A role held in an area for a time; the area is the narrowest code given."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("to_at IS NULL OR to_at > from_at", name="ends_after_start"),)

    id: int = key()
    user_id: int = link("user_account.id", "who holds it")
    role: Role = choice(Role, "RULES 8")
    region_code: str | None = column("region it covers", default=None, foreign_key="region.code")
    pdu_code: str | None = column("PDU it covers", default=None, foreign_key="pdu.code")
    team_code: str | None = column("team it covers", default=None, foreign_key="team.code")
    from_at: datetime = column("held from")
    to_at: datetime | None = column("held until", default=None)


class UserSession(SQLModel, table=True):
    """A signed-in browser; only a digest of its token is kept."""

    __tablename__ = "user_session"

    token_digest: str = column("SHA-256 of the cookie's token", primary_key=True, max_length=64)
    user_id: int = link("user_account.id", "who signed in")
    csrf_token: str = column("token that every form of this session carries", max_length=64)
    created_at: datetime = column("signed in at")
    last_seen_at: datetime = column("last request; autosave counts")
    expires_at: datetime = column("ends then, whatever happens")
    ended_at: datetime | None = column("signed out, or ended by an administrator", default=None)


class SignInAttempt(SQLModel, table=True):
    """One try to sign in, counted to slow down guessing."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_username_at", "username", "at"),)

    id: int = key()
    username: str = column("name as typed, lower case", max_length=80)
    at: datetime = column("when")
    was_successful: bool = column("whether it let somebody in")
