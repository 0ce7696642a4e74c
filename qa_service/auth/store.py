"""SQL over accounts, roles held, sessions and tries to sign in."""

from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from qa_service.auth.tables import RoleGrant, SignInAttempt, UserAccount, UserSession


def find_user(session: Session, username: str) -> UserAccount | None:
    """Find an account by its sign-in name."""
    return session.exec(select(UserAccount).where(UserAccount.username == username)).one_or_none()


def get_user(session: Session, user_id: int) -> UserAccount | None:
    """Find an account by key."""
    return session.get(UserAccount, user_id)


def list_users(session: Session) -> list[UserAccount]:
    """List all accounts by name."""
    return list(session.exec(select(UserAccount).order_by(UserAccount.username)))


def list_grants(session: Session, user_id: int, at: datetime) -> list[RoleGrant]:
    """List the roles somebody holds at a moment."""
    return list(
        session.exec(
            select(RoleGrant)
            .where(RoleGrant.user_id == user_id, RoleGrant.from_at <= at)
            .where(or_(col(RoleGrant.to_at).is_(None), col(RoleGrant.to_at) > at))
            .order_by(col(RoleGrant.id))
        )
    )


def find_session(session: Session, token_digest: str) -> UserSession | None:
    """Find a session by the digest of its token."""
    return session.get(UserSession, token_digest)


def list_open_sessions(session: Session, user_id: int) -> list[UserSession]:
    """List a person's sessions that nobody ended."""
    return list(
        session.exec(
            select(UserSession).where(UserSession.user_id == user_id, col(UserSession.ended_at).is_(None))
        )
    )


def count_failures(session: Session, username: str, since: datetime) -> int:
    """Count the failed tries of a name since a moment."""
    return session.exec(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.username == username, SignInAttempt.at > since)
        .where(col(SignInAttempt.was_successful).is_(False))
    ).one()
