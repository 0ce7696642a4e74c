"""SQL of feedback."""

from datetime import datetime

from sqlmodel import Session, col, select

from qa_service.feedback.tables import Feedback


def insert(session: Session, row: Feedback) -> None:
    """Insert feedback and give it its key."""
    session.add(row)
    session.flush()


def lock(session: Session, reference: str) -> Feedback | None:
    """Lock feedback by its reference, as it is now."""
    statement = select(Feedback).where(Feedback.reference == reference).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def find_of_verdict(session: Session, verdict_id: int) -> Feedback | None:
    """Find the feedback of a verdict."""
    return session.exec(select(Feedback).where(Feedback.verdict_id == verdict_id)).one_or_none()


def list_to_show(session: Session, at: datetime) -> list[Feedback]:
    """Lock the feedback whose officer has waited long enough."""
    return list(
        session.exec(
            select(Feedback)
            .where(col(Feedback.shown_at).is_(None), Feedback.show_by_at <= at)
            .order_by(col(Feedback.id))
            .with_for_update(skip_locked=True)
        )
    )


def list_shown_to(session: Session, person_id: int) -> list[Feedback]:
    """List what an officer may see, newest first."""
    return list(
        session.exec(
            select(Feedback)
            .where(Feedback.person_id == person_id, col(Feedback.shown_at).is_not(None))
            .order_by(col(Feedback.shown_at).desc(), col(Feedback.id).desc())
        )
    )
