"""A record that nobody found in time: the check is not scorable, and the reserve ticket takes its place."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds import drawing
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Check, CheckStatus
from qa_service.workflows.finalise_check import JOB, conclude, found_by_reads


def close_unfound(session: Session, *, at: datetime, references: ReferenceSource) -> int:
    """Close the checks whose record was not found in time as not scorable, and draw the reserve.

    A record that was found goes to the case, but no reader of this check may see it: the case pack was
    frozen at the draw. So a duty met by hand ends the same way, only sooner; no check waits for ever.
    """
    with seeing_everything(session):
        overdue = obligations.overdue_duties(session, ObligationKind.FIND_RECORD, at=at)
        words = "Not found in time: not scorable, the reserve ticket takes its place"
        for duty in overdue:
            obligations.close_obligation(session, duty.id, words, at=at, by=JOB)
        session.flush()
        waiting = rounds.checks_answered_without_a_record(session)
        for check_id in waiting:
            check = rounds.lock_check(session, check_id)
            found = found_by_reads(session, check, reviews.combine_reads(session, check, at=at))
            conclude(session, check, found, at=at, references=references)
            _draw_the_reserve(session, check, at=at, references=references)
        return len(waiting)


def _draw_the_reserve(session: Session, check: Check, *, at: datetime, references: ReferenceSource) -> None:
    if check.round_id is None:
        return  # outside a round nobody is left uncovered by it
    check.status = CheckStatus.OPENED  # as far as the draw goes, the case has not been checked
    why = "record not found"
    reserve = drawing.substitute(session, check, why, by=JOB, at=at, references=references)
    check.status = CheckStatus.FINAL  # its verdict stands: not scorable
    if reserve is not None:
        policy = load_policy(reserve.policy_version)
        wanted = [(reserve, ReadKind.FIRST)]
        reviews.want_reads(session, wanted, at=at, policy=policy, references=references)
