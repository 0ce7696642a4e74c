"""SQL over verdicts, moderations and accuracy replies."""

from datetime import datetime

from sqlmodel import Session, col, select

from qa_service.reviews.tables import AccuracyReply, Moderation, ModerationStatus, Verdict
from qa_service.rounds.tables import Check


def find_standing_verdict(session: Session, check_id: int) -> Verdict | None:
    """Find the verdict of a check that no later one supersedes."""
    superseded = select(Verdict.supersedes_id).where(col(Verdict.supersedes_id).is_not(None))
    return session.exec(
        select(Verdict).where(Verdict.check_id == check_id, col(Verdict.id).not_in(superseded))
    ).one_or_none()


def find_moderation(session: Session, reference: str) -> Moderation | None:
    """Find a moderation by its reference."""
    return session.exec(select(Moderation).where(Moderation.reference == reference)).one_or_none()


def get_moderation(session: Session, moderation_id: int) -> Moderation:
    """Return a moderation by its key."""
    return session.get_one(Moderation, moderation_id)


def lock_moderation(session: Session, moderation_id: int) -> Moderation:
    """Lock a moderation's row, after its check's."""
    return session.exec(
        select(Moderation)
        .where(Moderation.id == moderation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def find_moderation_of_check(session: Session, check_id: int) -> Moderation | None:
    """Find the moderation of a check."""
    return session.exec(select(Moderation).where(Moderation.check_id == check_id)).one_or_none()


def list_moderations(session: Session, moderator_id: int) -> list[tuple[Moderation, Check]]:
    """List a moderator's own moderations with their checks, the nearest date first."""
    return list(
        session.exec(
            select(Moderation, Check)
            .join(Check, col(Check.id) == col(Moderation.check_id))
            .where(Moderation.moderator_id == moderator_id)
            .order_by(col(Moderation.status).desc(), col(Moderation.due_at), col(Moderation.reference))
        )
    )


def find_open_moderation(session: Session, moderator_id: int) -> Moderation | None:
    """Find a moderation this person has taken and not decided."""
    return session.exec(
        select(Moderation)
        .where(Moderation.moderator_id == moderator_id, Moderation.status == ModerationStatus.OPEN)
        .order_by(col(Moderation.due_at))
        .limit(1)
    ).one_or_none()


def find_reply(session: Session, check_id: int) -> AccuracyReply | None:
    """Find the accuracy reply asked for a check."""
    return session.exec(select(AccuracyReply).where(AccuracyReply.check_id == check_id)).one_or_none()


def list_lapsed_replies(session: Session, at: datetime) -> list[int]:
    """List the checks whose officer was asked, did not answer, and can no longer."""
    return list(
        session.exec(
            select(AccuracyReply.check_id)
            .where(col(AccuracyReply.replied_at).is_(None), AccuracyReply.due_at < at)
            .order_by(col(AccuracyReply.check_id))
        )
    )
