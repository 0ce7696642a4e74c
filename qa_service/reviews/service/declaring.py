"""What a reader says beside the form: the level was seen elsewhere, or somebody is in danger now."""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Invalid
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.service import Duty
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reviews.service.claiming import lock_own_read
from qa_service.reviews.store import reads
from qa_service.reviews.tables import Review, Worry
from qa_service.reviews.working_hours import due_after_working_hours

_LONGEST_WORRY = 300


def mark_contaminated(session: Session, reference: str, *, reader_id: int, at: datetime) -> Review:
    """Note that the reader saw the officer's level elsewhere; a further blind read comes before any fail."""
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        if review.contaminated_at is None:
            review.contaminated_at = at
            session.flush()
            subjects = {"review": review.id, "check": check.id}
            record(session, "review:read:contaminated", by=f"user:{reader_id}", at=at, subjects=subjects)
        return review


def raise_worry(session: Session, reference: str, sentence: str, *, reader_id: int, at: datetime) -> Worry:
    """Tell the case's SPO at once that a reader is worried now; unacknowledged, it rises (RULES 1).

    The same sentence sent twice from one read is one worry.
    """
    said = sentence.strip()
    if not said or len(said) > _LONGEST_WORRY:
        message = f"Say in one sentence of at most {_LONGEST_WORRY} characters what worries you."
        raise Invalid(message, next_step="Write it and send it again.", faults=(("sentence", message),))
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        earlier = reads.find_worry(session, review.id, said)
        if earlier is not None:
            return earlier
        clock = load_policy(check.policy_version).worry
        holder = cases.holder_of_case(session, check.case_id, day_of(at))
        post = estate.spo_post(session, holder.team_code if holder else check.team_code)
        duty = Duty(
            ObligationKind.WORRY,
            owner_post_id=post.id,
            what=f"A reader is worried about this case now: {said}",
            due_at=due_after_working_hours(
                at,
                clock.acknowledge_within_hours,
                starts_hour=clock.working_day_starts_hour,
                ends_hour=clock.working_day_ends_hour,
            ),
            is_urgent=True,
            check_id=check.id,
            case_id=check.case_id,
        )
        by = f"user:{reader_id}"
        opened = obligations.open_obligation(session, duty, at=at, by=by)
        worry = Worry(
            review_id=review.id, check_id=check.id, sentence=said, raised_at=at, obligation_id=opened.id
        )
        reads.insert(session, worry)
        subjects = {"review": review.id, "check": check.id, "obligation": opened.id}
        record(session, "review:worry:raised", by=by, at=at, subjects=subjects)
        return worry
