"""The gate: may this officer take this case? Answered and recorded under the officer's row lock (RULES 5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import (
    CaseToPlace,
    GateAnswer,
    GateDecided,
    decide_gate,
    load_placement_policy,
    placement_reasons,
)
from qa_service.caseload.service.held_cases import cases_to_place
from qa_service.caseload.service.people import PostedOfficer, posted_officer, posted_officers
from qa_service.caseload.store import moves as store
from qa_service.caseload.tables import GateDecision, PlaceKept
from qa_service.cases import service as cases
from qa_service.core.clock import due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Invalid, NotFound
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ItemKind
from qa_service.policy.numbers import Policy


@dataclass(frozen=True)
class Override:
    """Who goes over an answer, by name, and why: an SPO over 100%, a head of PDU over a refusal."""

    name: str
    reason: str


@dataclass(frozen=True)
class AllocationQuestion:
    """A case about to be given to an officer."""

    staff_code: str
    crn: str
    hold_place: bool = False
    override: Override | None = None


@dataclass(frozen=True)
class AllocationAnswer:
    """The gate's answer; `place` when one is kept."""

    decided: GateDecided
    decision: GateDecision
    place: PlaceKept | None


def check_allocation(
    session: Session,
    question: AllocationQuestion,
    *,
    at: datetime,
    by: str,
    policy: Policy,
    hold_unknown: Collection[int] = (),
) -> AllocationAnswer:
    """Answer the gate's question and, when asked, keep the place for two working days.

    Two allocators never share the last place: the second waits for the first and sees its place taken. A
    place over 100% needs the SPO's name and reason, one over a refusal the head of PDU's; without them the
    answer is given and no place is kept. Whether the caller may override is for the door to check. The
    colleagues who have room are counted as if those in `hold_unknown` were not on hold.
    """
    override = question.override
    if override is not None and not (override.name.strip() and override.reason.strip()):
        raise Invalid("An override needs a name and a reason.", next_step="Enter both and ask again.")
    with seeing_everything(session):
        person = estate.person_of_staff_code(session, question.staff_code)
        if person is None:
            raise NotFound(f"Nobody works under {question.staff_code}.", next_step="Check the staff code.")
        estate.lock_person(session, person.id)
        case = _case(session, question.crn, policy)
        posted = posted_officer(session, person.id, at=at, policy=policy, but_for_crn=question.crn)
        if posted is None:
            raise NotFound(
                f"{question.staff_code} has no posting today.", next_step="Load the roster, then ask again."
            )
        decided = decide_gate(
            posted.officer,
            case,
            n_colleagues_with_room=_n_colleagues_with_room(
                session, posted, case, at=at, policy=policy, hold_unknown=hold_unknown
            ),
            capacity_limit_pct=policy.overflow.capacity_limit_pct,
            rules=load_placement_policy(),
        )
        decision = _record(session, question, person.id, decided, at=at, by=by)
        is_clear = decided.answer is GateAnswer.ALLOWED or override is not None
        place = (
            _keep_place(session, question, person.id, case, at=at, by=by, policy=policy)
            if question.hold_place and is_clear
            else None
        )
        if decided.answer is GateAnswer.REFUSED and override is not None:
            _list_override(session, posted, override, at=at, by=by, policy=policy)
        return AllocationAnswer(decided, decision, place)


def _case(session: Session, crn: str, policy: Policy) -> CaseToPlace:
    case = cases.case_of_crn(session, crn)
    if case is None:
        raise NotFound("There is no case with this CRN.", next_step="Check the CRN, or load the case first.")
    return cases_to_place(session, [case], policy)[case.id]


def _n_colleagues_with_room(
    session: Session,
    asked: PostedOfficer,
    case: CaseToPlace,
    *,
    at: datetime,
    policy: Policy,
    hold_unknown: Collection[int],
) -> int:
    """Count who else in the PDU could take the case; nobody needs to be asked while the officer has room."""
    limit_pct = policy.overflow.capacity_limit_pct
    if asked.officer.room(limit_pct) >= case.points:
        return 0
    return sum(
        one.can_receive
        and (not one.officer.is_on_hold or one.officer.person_id in hold_unknown)
        and one.officer.person_id != asked.officer.person_id
        and one.officer.room(limit_pct) >= case.points
        and not any(placement_reasons(one.officer, case, load_placement_policy()))
        for one in posted_officers(session, at=at, policy=policy, pdus=[asked.main.pdu_code])
    )


def _record(
    session: Session,
    question: AllocationQuestion,
    person_id: int,
    decided: GateDecided,
    *,
    at: datetime,
    by: str,
) -> GateDecision:
    override = question.override
    decision = GateDecision(
        person_id=person_id,
        crn=question.crn,
        answer=decided.answer,
        reasons=[vars(reason) for reason in decided.reasons],
        points_before=decided.points_before,
        points_after=decided.points_after,
        asked_by=by,
        override_by=override.name.strip() if override else None,
        override_reason=override.reason.strip() if override else None,
        at=at,
    )
    store.insert(session, [decision])
    record(
        session,
        f"officer:allocation:{decided.answer.value}",
        by=by,
        at=at,
        subjects={"gate_decision": decision.id, "person": person_id},
        payload={"reasons": [reason.code for reason in decided.reasons], "is_override": override is not None},
    )
    return decision


def _keep_place(
    session: Session,
    question: AllocationQuestion,
    person_id: int,
    case: CaseToPlace,
    *,
    at: datetime,
    by: str,
    policy: Policy,
) -> PlaceKept:
    place = store.find_place(session, person_id, question.crn, at) or PlaceKept(
        person_id=person_id, crn=question.crn, points=case.points, kept_by=by, kept_at=at, expires_at=at
    )
    place.points, place.kept_by = case.points, by
    place.expires_at = due_after_working_days(at, policy.gate.place_kept_working_days)
    store.insert(session, [place])
    return place


def _list_override(
    session: Session, posted: PostedOfficer, override: Override, *, at: datetime, by: str, policy: Policy
) -> None:
    what = (
        f"{override.name.strip()} went over a refusal for {posted.main.staff_code}: {override.reason.strip()}"
    )
    item = obligations.Item(ItemKind.OVERRIDE, what[:400])
    obligations.add_standing_item(session, posted.main.pdu_code, item, at=at, by=by, policy=policy)
