"""SQL over reads and moderations that are late by the date that counts, whatever their reader was shown."""

from datetime import datetime

from sqlmodel import Session, col, select

from qa_service.reviews.statuses import ModerationStatus, ReviewStatus
from qa_service.reviews.tables import Moderation, Review, ReviewKind
from qa_service.rounds.tables import Check, CheckPurpose

_UNFINISHED = (ReviewStatus.WANTED, ReviewStatus.ASSIGNED, ReviewStatus.OPENED)


def list_late_checks(session: Session, at: datetime) -> list[Check]:
    """List the live checks that have a late read or a late moderation."""
    reads = (
        select(Review.check_id)
        .join(ReviewKind, col(ReviewKind.review_id) == col(Review.id))
        .where(col(Review.status).in_(_UNFINISHED), ReviewKind.true_due_at < at)
    )
    moderations = select(Moderation.check_id).where(
        Moderation.status == ModerationStatus.OPEN, Moderation.due_at < at
    )
    return list(
        session.exec(
            select(Check)
            .where(col(Check.id).in_(reads.union(moderations)), Check.purpose == CheckPurpose.LIVE)
            .order_by(col(Check.id))
        )
    )
