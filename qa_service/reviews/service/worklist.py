"""A reader's own list, and which cases a reader sees because of it."""

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.reviews.schemas import ReadInList, Receipt
from qa_service.reviews.service.claiming import own_read
from qa_service.reviews.statuses import ReviewStatus
from qa_service.reviews.store import outcomes, reads


def worklist(session: Session, *, reader_id: int) -> list[ReadInList]:
    """Return a reader's own reads that are not done, the nearest date first."""
    with seeing_everything(session):
        rows = reads.list_own(session, reader_id)
    return [
        ReadInList(
            reference=review.reference,
            check_reference=check.reference,
            stage=review.stage,
            status=review.status.value,
            due_at=review.due_at,
            claimed_until=review.claimed_until,
            draft_saved_at=saved_at,
        )
        for review, check, saved_at in rows
        if review.status is not ReviewStatus.DONE
    ]


def receipt(session: Session, reference: str, *, reader_id: int) -> Receipt | None:
    """Return what a reader submitted, once they have."""
    with seeing_everything(session):
        review = own_read(session, reference, reader_id=reader_id)
        if review.submitted_at is None:
            return None
        check = reads.find_check(session, review.check_id)
        assert check is not None
        return Receipt(review.reference, check.reference, review.submitted_at, review.answers or {})


def cases_of_reader(session: Session, reader_id: int) -> list[int]:
    """Return the cases a person sees because they read or moderate them.

    From here on this transaction sees nothing that others found in those checks: no other read while their
    own is in hand, and no verdict except where their area lets them see it (row_level_security.sql).
    """
    with seeing_everything(session):
        read = reads.hide_others(session, reader_id)
        moderated = [check.case_id for _, check in outcomes.list_moderations(session, reader_id)]
    return sorted({*read, *moderated})


def reading_now(session: Session, reader_id: int) -> tuple[set[int], set[int]]:
    """Return the cases and the officers of the checks that somebody reads at this moment, as ids."""
    with seeing_everything(session):
        checks = reads.list_in_hand(session, reader_id)
    return {check.case_id for check in checks}, {check.person_id for check in checks}


def rubric_version_of(session: Session, reference: str, *, reader_id: int) -> str:
    """Return the version of the rubric that scores a reader's own read."""
    with seeing_everything(session):
        check = reads.find_check(session, own_read(session, reference, reader_id=reader_id).check_id)
        assert check is not None
        return check.rubric_version
