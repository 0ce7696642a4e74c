"""One cut decision per fail, in the verdict's transaction and under the officer's row lock (RULES 4)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import CutDecided, FailFacts, LiveCut, decide_cut
from qa_service.caseload.rules.cuts import ARMS_THAT_CUT
from qa_service.caseload.service.people import posted_officer
from qa_service.caseload.service.rerating import points_gained
from qa_service.caseload.store import cuts as store
from qa_service.caseload.tables import Cut, CutDecision, CutPosting, CutStatus
from qa_service.core.clock import day_of, months_before
from qa_service.estate import service as estate
from qa_service.policy.numbers import load_policy
from qa_service.reviews.tables import Verdict, VerdictValue
from qa_service.rounds.tables import Check


@dataclass(frozen=True)
class RecordedCut:
    """A fail's cut decision; `cut` is the new one or the one it merged into, `before` that one's dates."""

    decision: CutDecision
    decided: CutDecided
    cut: Cut | None
    before: LiveCut | None


def record_cut_decision(
    session: Session, verdict: Verdict, check: Check, *, at: datetime, by: str
) -> RecordedCut:
    """Decide and record what a confirmed fail does to the officer's cap.

    Two fails of one officer at the same moment wait for each other: one is new, the other merges. A fail
    that has its decision already is a mistake of the caller; the table refuses a second one.
    """
    policy = load_policy(verdict.policy_version)
    person_id = verdict.attributed_person_id
    if person_id is not None:
        estate.lock_person(session, person_id)
    live = store.find_live_cut(session, person_id) if person_id is not None else None
    before = LiveCut(live.starts_on, live.ends_on, live.cap_points) if live is not None else None
    decided = decide_cut(_facts(session, verdict, check, before, at), policy)
    cut = _save_cut(session, live, decided, verdict, at) if decided.cap_pct is not None else None
    decision = CutDecision(
        verdict_id=verdict.id,
        decision=decided.answer,
        reason=decided.reason.value,
        working=to_document(decided),
        cut_id=cut.id if cut is not None else None,
        policy_version=decided.policy_version,
        decided_at=at,
    )
    store.insert(session, [decision])
    record(
        session,
        f"officer:cut:{decided.answer.value}",
        by=by,
        at=at,
        subjects={"verdict": verdict.id, "person": person_id, "cut": decision.cut_id, "check": check.id},
        payload={"reasons": list(decided.reasons), "cap_points": decided.cap_points},
    )
    return RecordedCut(decision, decided, cut, before)


def _facts(session: Session, verdict: Verdict, check: Check, live: LiveCut | None, at: datetime) -> FailFacts:
    person_id, day = verdict.attributed_person_id, day_of(at)
    facts = FailFacts(
        decided_on=day, arm=check.arm.value, is_urgent=verdict.is_urgent, is_attributed=person_id is not None
    )
    if person_id is None:
        return facts
    policy = load_policy(verdict.policy_version)
    posted = posted_officer(session, person_id, at=at, policy=policy)
    earlier = store.list_earlier(session, person_id, VerdictValue.FAIL, but=verdict.id, arms=ARMS_THAT_CUT)
    return FailFacts(
        decided_on=day,
        arm=check.arm.value,
        is_urgent=verdict.is_urgent,
        is_attributed=True,
        has_left=posted is None or posted.has_left,
        is_on_long_leave=posted is not None and posted.is_on_long_leave,
        postings=posted.hours if posted is not None else (),
        total_points=(
            posted.officer.total_points + points_gained(session, verdict, check, policy)
            if posted is not None
            else 0
        ),
        live_cut=live,
        earlier_fails_on=tuple(day_of(moment) for moment in earlier),
    )


def _save_cut(session: Session, live: Cut | None, decided: CutDecided, verdict: Verdict, at: datetime) -> Cut:
    assert decided.starts_on is not None
    assert decided.ends_on is not None
    if live is not None:
        live.starts_on, live.ends_on = decided.starts_on, decided.ends_on
        session.flush()
        return live
    cut = Cut(
        person_id=verdict.attributed_person_id or 0,
        verdict_id=verdict.id,
        status=CutStatus.SCHEDULED,
        cap_pct=decided.cap_pct or Decimal(0),
        cap_points=decided.cap_points,
        own_available_points=decided.own_available_points,
        points_at_decision=decided.total_points,
        starts_on=decided.starts_on,
        ends_on=decided.ends_on,
        decided_at=at,
    )
    store.insert(session, [cut])
    store.insert(
        session,
        [
            CutPosting(
                cut_id=cut.id,
                staff_code=cap.hours.staff_code,
                team_code=cap.hours.team_code,
                contracted_hours=cap.hours.contracted_hours,
                other_reduction_hours=cap.hours.other_reduction_hours,
                own_available_points=cap.own_available_points,
                cap_points=cap.cap_points,
                reduction_hours=cap.reduction_hours,
            )
            for cap in decided.postings
        ],
    )
    return cut


def is_repeated_recheck(session: Session, verdict: Verdict, *, at: datetime) -> bool:
    """Tell whether an officer had another recheck in the time in which two fails would count together."""
    if verdict.attributed_person_id is None:
        return False
    months = load_policy(verdict.policy_version).cut.second_fail_within_months
    since, but = months_before(day_of(at), months), verdict.id
    earlier = store.list_earlier(
        session, verdict.attributed_person_id, VerdictValue.RECHECK, but=but, arms=ARMS_THAT_CUT
    )
    return any(day_of(moment) >= since for moment in earlier)


def to_document(decided: CutDecided) -> dict[str, Any]:
    """Return the decision with its working as plain JSON."""
    return {name: _plain(value) for name, value in asdict(decided).items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (Decimal, date)):
        return str(value)
    return value.value if isinstance(value, Enum) else value
