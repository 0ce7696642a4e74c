"""Ending the reads of a check whose case turned out to be spoiled."""

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.reviews.statuses import SUBMITTED, ReviewStatus
from qa_service.reviews.store import reads


def withdraw_reads(session: Session, check_id: int) -> int:
    """Take back every read of a check that is not submitted; what its reader wrote stays with it."""
    with seeing_everything(session):
        unfinished = [
            review for review, _ in reads.list_reads(session, check_id) if review.status not in SUBMITTED
        ]
        for review in unfinished:
            review.status = ReviewStatus.WITHDRAWN
    return len(unfinished)
