"""A proposed move: the SPO reads the level again, the receiver accepts, the handover is recorded.

No step can be left out (RULES 5). A move that ends without a taker leaves its case on the cut's list.
"""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import load_placement_policy, placement_reasons
from qa_service.caseload.service.held_cases import cases_to_place
from qa_service.caseload.service.overflow import unplaced_item
from qa_service.caseload.service.people import posted_officer
from qa_service.caseload.store import cuts as cut_store
from qa_service.caseload.store import moves as store
from qa_service.caseload.tables import Move, MoveStatus
from qa_service.cases import service as cases
from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.policy.numbers import Policy
from qa_service.reviews import service as reviews
from qa_service.reviews.tables import ReadKind, Review, ReviewStatus
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Arm, Check, CheckStatus

_NEXT_STEP = "Look at the move again; its next step is shown there."


class CannotTake(Conflict):
    """Whom a case was proposed to can no longer take it; why is not told: it may be a cut of theirs."""

    def __init__(self) -> None:
        super().__init__(
            "The receiver can no longer take this case: it was proposed when they could.",
            next_step="Decline the move and say so; the case then goes on the list for decision.",
            code="receiver_cannot_take",
        )


def ask_level_read(
    session: Session,
    move_id: int,
    *,
    reader_id: int,
    at: datetime,
    policy: Policy,
    references: ReferenceSource,
) -> Review:
    """Give the SPO a stage-1 read of a case to be moved: its level withheld, and no verdict from it.

    Asked again, the same SPO gets the same read.
    """
    move = _lock(session, move_id, MoveStatus.PROPOSED)
    if move.level_check_id is not None:
        raise Conflict("The level of this case is being read already.", next_step="Finish that read first.")
    check = _check_of(session, move, at, policy, references)
    move.level_check_id = check.id
    wanted = [(check, ReadKind.BEFORE_MOVE)]
    [review] = reviews.want_reads(session, wanted, at=at, policy=policy, references=references)
    review.reader_id, review.status, review.assigned_at = reader_id, ReviewStatus.ASSIGNED, at
    session.flush()
    return review


def _check_of(
    session: Session, move: Move, at: datetime, policy: Policy, references: ReferenceSource
) -> Check:
    """Pin what the SPO reads, as for any check: the last assessment and the case pack so far."""
    assessment = cases.latest_assessment(session, move.case_id)
    holder = cases.holder_of_case(session, move.case_id, day_of(at))
    if assessment is None or holder is None:
        raise Conflict(
            "This case has no assessment, or nobody holds it any more.",
            next_step="Decline the move and say why.",
        )
    pdu = estate.pdu_of_team(session, holder.team_code)
    cut = cut_store.get_cut(session, move.cut_id)
    failed = cut_store.list_checks_of_cut(session, move.cut_id)[0]
    check = Check(
        reference=references.make(),
        arm=Arm.CASELOAD_REVIEW,
        status=CheckStatus.ASSIGNED,
        case_id=move.case_id,
        assessment_id=assessment.id,
        person_id=cut.person_id,
        staff_code=holder.staff_code,
        team_code=holder.team_code,
        drawn_pdu_code=pdu.code,
        drawn_region_code=pdu.region_code,
        rubric_version=failed.rubric_version,
        policy_version=policy.version,
        drawn_at=at,
        pack_through_item_id=cases.last_pack_item_id(session),
    )
    store.insert(session, [check])
    return check


def note_level_read(
    session: Session, check_id: int, *, is_higher: bool, at: datetime, by: str, policy: Policy
) -> Move | None:
    """Record what the SPO's own read of a level found: a case found higher stays where it is.

    None when the check is not one of a move.
    """
    move = store.find_move_of_level_check(session, check_id)
    if move is None or move.status is not MoveStatus.PROPOSED:
        return move
    move.level_read_at = at
    check = rounds.check_by_id(session, check_id)
    check.status, check.status_reason = CheckStatus.VOID, "The level was read before a move; no verdict."
    if not is_higher:
        return _go_on(session, move, MoveStatus.LEVEL_CONFIRMED, at=at, by=by)
    why = "its level was found higher, so it stays with the officer"
    return _end(session, move, MoveStatus.WITHDRAWN, why, at=at, by=by, policy=policy)


def accept_move(session: Session, move_id: int, *, at: datetime, by: str, policy: Policy) -> Move:
    """Accept a case whose level has been read again, if the receiver can still take it.

    Raises
    ------
    CannotTake
        Since it was proposed their workload grew, or something keeps them from taking cases or this one.
    """
    move = _lock(session, move_id, MoveStatus.LEVEL_CONFIRMED)
    with seeing_everything(session):
        is_possible = _can_still_take(session, move, at, policy)
    if not is_possible:
        raise CannotTake
    return _go_on(session, move, MoveStatus.ACCEPTED, at=at, by=by)


def _can_still_take(session: Session, move: Move, at: datetime, policy: Policy) -> bool:
    """Tell whether nothing that limits a receiver has changed for the worse; their row is locked."""
    person = estate.person_of_staff_code(session, move.to_staff_code)
    if person is None:
        return False
    estate.lock_person(session, person.id)
    receiver = posted_officer(session, person.id, at=at, policy=policy)
    if receiver is None or not receiver.can_receive or receiver.officer.is_on_hold:
        return False
    [case] = cases_to_place(session, [cases.find_case(session, move.case_id)], policy).values()
    # Their expected points hold this case's as it was proposed; it may have got more since.
    has_room = receiver.officer.room(policy.overflow.capacity_limit_pct) >= case.points - move.points
    return has_room and not any(placement_reasons(receiver.officer, case, load_placement_policy()))


def record_handover(session: Session, move_id: int, *, at: datetime, by: str) -> Move:
    """Record the handover; only now has the case moved."""
    move = _lock(session, move_id, MoveStatus.ACCEPTED)
    move.handover_recorded_at = move.ended_at = at
    return _go_on(session, move, MoveStatus.HANDED_OVER, at=at, by=by)


def decline_move(
    session: Session, move_id: int, reason: str, *, at: datetime, by: str, policy: Policy
) -> Move:
    """Decline a case, with the reason; it becomes an item of the cut's escalation, with interim cover."""
    if not reason.strip():
        raise Invalid("A refusal needs its reason.", next_step="Say why in a sentence.")
    move = _lock(session, move_id, *store.OPEN)
    words = f"declined, {reason.strip()}"
    return _end(session, move, MoveStatus.DECLINED, words, at=at, by=by, policy=policy)


def _lock(session: Session, move_id: int, *allowed: MoveStatus) -> Move:
    move = store.lock_move(session, move_id)
    if move is None:
        raise NotFound("There is no such move here.", next_step="Start again from your list.")
    if move.status not in allowed:
        raise Conflict(f"This move is {move.status.value.replace('_', ' ')}.", next_step=_NEXT_STEP)
    return move


def _end(
    session: Session, move: Move, status: MoveStatus, why: str, *, at: datetime, by: str, policy: Policy
) -> Move:
    """End a move without a taker: the case is somebody's named problem at once."""
    move.ended_at, move.ended_reason = at, why[:500]
    _go_on(session, move, status, at=at, by=by)
    holder = cases.holder_of_case(session, move.case_id, day_of(at))
    if holder is None:
        return move
    cut = cut_store.get_cut(session, move.cut_id)
    obligations.escalate_cut(
        session,
        obligations.CutOverflow(
            cut_id=move.cut_id,
            verdict_id=move.verdict_id,
            person_id=cut.person_id,
            pdu_code=estate.pdu_of_team(session, holder.team_code).code,
            owner_post_id=estate.spo_post(session, holder.team_code).id,
            is_urgent=False,
        ),
        [unplaced_item(session, move.case_id, move.points, holder.team_code, why)],
        at=at,
        by=by,
        policy=policy,
    )
    return move


def _go_on(session: Session, move: Move, status: MoveStatus, *, at: datetime, by: str) -> Move:
    move.status = status
    session.flush()
    record(
        session,
        f"case:move:{status.value}",
        by=by,
        at=at,
        subjects={"move": move.id, "case": move.case_id, "cut": move.cut_id},
        payload={"reason": move.ended_reason},
    )
    return move
