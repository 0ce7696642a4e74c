"""What no longer fits after a cut: proposed to others who have room, or escalated to a name (RULES 5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import (
    CaseToPlace,
    Nearness,
    Placement,
    PlacementPlan,
    Receiver,
    list_overflow,
    load_placement_policy,
    place,
)
from qa_service.caseload.service.cuts import RecordedCut
from qa_service.caseload.service.held_cases import FailedCase, held_cases
from qa_service.caseload.service.people import PostedOfficer, posted_officer, posted_officers
from qa_service.caseload.store import moves as store
from qa_service.caseload.store.people import PostingRow, lock_free_people
from qa_service.caseload.tables import Cut, Move, MoveStatus
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import Escalation, ItemKind
from qa_service.policy.numbers import Policy
from qa_service.reviews.tables import Verdict


@dataclass(frozen=True)
class PlannedOverflow:
    """What became of a cut's overflow."""

    moves: tuple[Move, ...]
    escalation: Escalation | None
    n_unplaced: int
    points_left: int


def plan_overflow(
    session: Session,
    recorded: RecordedCut,
    verdict: Verdict,
    failed: FailedCase,
    *,
    at: datetime,
    by: str,
    policy: Policy,
) -> PlannedOverflow:
    """List what must move because of a cut, place what fits elsewhere, escalate the rest on one list."""
    cut = recorded.cut
    posted = posted_officer(session, cut.person_id, at=at, policy=policy) if cut is not None else None
    if cut is None or posted is None:
        return PlannedOverflow((), None, 0, 0)
    moving = [move for move in store.list_moves_of_cut(session, cut.id) if move.status in store.OPEN]
    overflow = list_overflow(
        held_cases(session, posted.officer, failed, at=at, policy=policy),
        points_over=max(0, recorded.decided.points_over - sum(move.points for move in moving)),
        on=recorded.decided.starts_on or cut.starts_on,
        policy=policy.overflow,
        n_moved=len(moving),
    )
    listed = [held.case for held in overflow.listed]
    plan = _place_under_lock(session, listed, posted, at=at, policy=policy)
    moves = [_move(cut.id, verdict, placement, posted, at) for placement in plan.placed]
    store.insert(session, moves)
    items = [*_case_items(session, plan.unplaced, posted.main), *_points_item(overflow.points_left)]
    escalation = None
    if items:
        whose = _whose(session, cut, verdict, posted)
        escalation = obligations.escalate_cut(session, whose, items, at=at, by=by, policy=policy)
    record(
        session,
        "officer:overflow:planned",
        by=by,
        at=at,
        subjects={"cut": cut.id, "verdict": verdict.id, "moves": [move.id for move in moves]},
        payload={
            "points_over": overflow.points_over,
            "ending_points": overflow.ending_points,
            "n_placed": len(moves),
            "n_unplaced": len(plan.unplaced),
            "points_left": overflow.points_left,
        },
    )
    return PlannedOverflow(tuple(moves), escalation, len(plan.unplaced), overflow.points_left)


def _place_under_lock(
    session: Session, cases: Sequence[CaseToPlace], giver: PostedOfficer, *, at: datetime, policy: Policy
) -> PlacementPlan:
    """Place cases with receivers whose rows we hold, so that no two plans count on the same room.

    Whoever is locked elsewhere (a cut of their own, an allocation) is passed over rather than waited for:
    two cuts that want each other's officers must not wait for each other for ever.
    """
    if not cases:
        return PlacementPlan((), ())
    region = estate.region_of_pdu(session, giver.main.pdu_code).code
    pdus = [pdu.code for pdu in estate.pdus(session, region)]
    people = {
        one.officer.person_id: one
        for one in posted_officers(session, at=at, policy=policy, pdus=pdus)
        if one.can_receive and one.officer.person_id != giver.officer.person_id
    }
    held: set[int] = set()
    while True:
        plan = place(
            cases,
            [_receiver(one, giver.main) for one in people.values()],
            capacity_limit_pct=policy.overflow.capacity_limit_pct,
            rules=load_placement_policy(),
        )
        chosen = {placement.receiver.officer.person_id for placement in plan.placed}
        if chosen <= held:
            return plan
        held |= _refresh(session, people, chosen - held, at=at, policy=policy)


def _refresh(
    session: Session,
    people: dict[int, PostedOfficer],
    wanted: Collection[int],
    *,
    at: datetime,
    policy: Policy,
) -> set[int]:
    """Lock receivers and read their room again; those that are busy leave the list."""
    locked = lock_free_people(session, wanted)
    for person_id in wanted:
        del people[person_id]
    for one in posted_officers(session, at=at, policy=policy, people=locked):
        if one.can_receive:
            people[one.officer.person_id] = one
    return locked


def _receiver(one: PostedOfficer, giver: PostingRow) -> Receiver:
    """Return a receiver under the posting that is nearest to the giver, the longest of equals."""
    near = {row: _nearness(row, giver) for row in one.postings}
    posting = min(one.postings, key=lambda row: near[row])
    return Receiver(one.officer, posting.staff_code, posting.team_code, near[posting])


def _nearness(row: PostingRow, giver: PostingRow) -> Nearness:
    if row.team_code == giver.team_code:
        return Nearness.OWN_TEAM
    return Nearness.OWN_PDU if row.pdu_code == giver.pdu_code else Nearness.SAME_REGION


def _move(cut_id: int, verdict: Verdict, placement: Placement, giver: PostedOfficer, at: datetime) -> Move:
    return Move(
        cut_id=cut_id,
        verdict_id=verdict.id,
        case_id=placement.case.case_id,
        from_staff_code=giver.main.staff_code,
        to_staff_code=placement.receiver.staff_code,
        to_team_code=placement.receiver.team_code,
        points=placement.case.points,
        order_reason=placement.reason,
        status=MoveStatus.PROPOSED,
        proposed_at=at,
    )


def _case_items(
    session: Session, unplaced: Sequence[CaseToPlace], giver: PostingRow
) -> list[obligations.Item]:
    why = "nobody in the region has room"
    return [unplaced_item(session, case.case_id, case.points, giver.team_code, why) for case in unplaced]


def unplaced_item(session: Session, case_id: int, points: int, team_code: str, why: str) -> obligations.Item:
    """Return the escalation item of a case without a taker; it always names who covers it meanwhile."""
    return obligations.Item(
        ItemKind.CASE,
        f"A case of {points} points has no taker: {why}",
        case_id=case_id,
        points=points,
        interim_cover=estate.spo_post(session, team_code).title,
        contact_plan="The officer keeps every planned contact; the SPO checks each week that it happened.",
    )


def _points_item(points_left: int) -> list[obligations.Item]:
    if not points_left:
        return []
    what = f"{points_left} points over the cap stay with the officer; new allocations stay stopped"
    return [obligations.Item(ItemKind.POINTS, what, points=points_left)]


def _whose(session: Session, cut: Cut, verdict: Verdict, giver: PostedOfficer) -> obligations.CutOverflow:
    return obligations.CutOverflow(
        cut_id=cut.id,
        verdict_id=verdict.id,
        person_id=cut.person_id,
        pdu_code=giver.main.pdu_code,
        owner_post_id=estate.spo_post(session, giver.main.team_code).id,
        is_urgent=verdict.is_urgent,
    )
