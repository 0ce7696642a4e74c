"""Lock 1, and what follows from it at once: the case first, then a hold on new allocations (RULES 3, 4)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.caseload import service as caseload
from qa_service.cases import service as cases
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.obligations import service as obligations
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.schemas import LockedJudgement, OwnJudgement
from qa_service.reviews.statuses import DECIDING_KINDS, ReadKind, ReviewStatus
from qa_service.rounds.tables import CheckPurpose


def lock_own_judgement(
    session: Session,
    reference: str,
    judgement: OwnJudgement,
    *,
    reader_id: int,
    at: datetime,
    references: ReferenceSource,  # noqa: ARG001 - every step of a read is called alike
) -> LockedJudgement:
    """Lock a reader's own levels; a level above the officer's opens the correction, whatever the verdict.

    Sent again it answers the same and changes nothing. The reader is told nothing of what follows.
    """
    with seeing_everything(session):
        locked = reviews.lock_own_judgement(session, reference, judgement, reader_id=reader_id, at=at)
        if locked.is_replay or locked.check.purpose is not CheckPurpose.LIVE:
            return locked
        by = f"user:{reader_id}"
        if locked.comparison.is_under:
            _correct_the_case(session, locked, at=at, by=by)
        if locked.kind is ReadKind.BEFORE_MOVE:
            _end_level_read(session, locked, at=at, by=by)
        if locked.kind in DECIDING_KINDS and locked.provisional_severity is not None:
            _hold_allocations(session, locked, at=at, by=by)
        return locked


def _correct_the_case(session: Session, locked: LockedJudgement, *, at: datetime, by: str) -> None:
    check = locked.check
    holder = cases.holder_of_case(session, check.case_id, day_of(at))
    reading = obligations.HigherReading(
        check_id=check.id,
        review_id=locked.review.id,
        case_id=check.case_id,
        team_code=holder.team_code if holder is not None else check.team_code,
        comparison=locked.comparison,
        is_somebody_exposed=bool(locked.review.is_somebody_exposed),
    )
    policy = load_policy(check.policy_version)
    obligations.open_level_correction(session, reading, at=at, by=by, policy=policy)


def _end_level_read(session: Session, locked: LockedJudgement, *, at: datetime, by: str) -> None:
    """End the SPO's read of a case to be moved after its first stage: it asks for the level only."""
    locked.review.status, locked.review.done_at = ReviewStatus.DONE, at
    caseload.note_level_read(
        session,
        locked.check.id,
        is_higher=locked.comparison.is_under,
        at=at,
        by=by,
        policy=load_policy(locked.check.policy_version),
    )


def _hold_allocations(session: Session, locked: LockedJudgement, *, at: datetime, by: str) -> None:
    """Hold from lock 1 on, for as long as this read and a second one may take."""
    clocks = load_policy(locked.check.policy_version).clocks_working_days
    latest = due_after_working_days(max(at, locked.review.due_at), clocks.second_read)
    caseload.place_hold(
        session,
        locked.check,
        attributed_person_id=reviews.attribute_check(session, locked.check).person_id,
        second_read_due_at=latest,
        at=at,
        by=by,
    )
