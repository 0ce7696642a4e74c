"""No new allocations while a would-be fail is confirmed: placed, renewed, lifted, expired (RULES 4)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import decide_hold
from qa_service.caseload.store import cuts as store
from qa_service.caseload.tables import Cut, Hold, HoldStatus
from qa_service.core.clock import due_after_working_days
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.estate import service as estate
from qa_service.policy.numbers import Policy, load_policy
from qa_service.rounds.tables import Check

_NEXT_STEP = "Look at the officer's page for what holds now."


def place_hold(
    session: Session,
    check: Check,
    *,
    attributed_person_id: int | None,
    second_read_due_at: datetime,
    at: datetime,
    by: str,
) -> Hold | None:
    """Hold new allocations because of a would-be fail; asked again, only the expiry follows the second read.

    None where a hold has no sense: the arm does not cut, or the assessment is not this officer's.
    """
    policy = load_policy(check.policy_version)
    decided = decide_hold(
        arm=check.arm.value,
        is_would_be_fail=True,
        is_attributed=attributed_person_id is not None,
        second_read_due_at=second_read_due_at,
        policy=policy,
    )
    if not decided.is_wanted or attributed_person_id is None or decided.expires_at is None:
        return None
    estate.lock_person(session, attributed_person_id)
    hold = store.find_active_hold(session, check.id)
    if hold is not None:
        hold.expires_at = decided.expires_at
        return hold
    hold = Hold(
        person_id=attributed_person_id,
        check_id=check.id,
        owner_post_id=estate.quality_lead_post(session, check.drawn_region_code).id,
        status=HoldStatus.ACTIVE,
        placed_at=at,
        expires_at=decided.expires_at,
    )
    store.insert(session, [hold])
    _note(session, "placed", hold, decided.reason, at=at, by=by)
    return hold


def renew_hold(session: Session, hold_id: int, *, name: str, at: datetime, by: str, policy: Policy) -> Hold:
    """Renew a hold by name, for as long as a hold outlives its second read."""
    hold = store.lock_hold(session, hold_id)
    if hold is None:
        raise NotFound("There is no such hold here.", next_step=_NEXT_STEP)
    if hold.status is not HoldStatus.ACTIVE:
        raise Conflict(f"This hold is {hold.status.value} already.", next_step=_NEXT_STEP)
    if not name.strip():
        raise Invalid("A hold is renewed by name.", next_step="Enter your name.")
    hold.expires_at = until_when_renewed(hold.expires_at, at=at, policy=policy)
    hold.renewed_by = by
    _note(session, "renewed", hold, f"renewed by {name.strip()}", at=at, by=by)
    return hold


def until_when_renewed(expires_at: datetime, *, at: datetime, policy: Policy) -> datetime:
    """Return when a hold ends once it is renewed: as long again as a hold outlives its second read."""
    return due_after_working_days(max(at, expires_at), policy.hold.grace_working_days)


def lift_hold(session: Session, check_id: int, reason: str, *, at: datetime, by: str) -> Hold | None:
    """Lift the hold of a check, if it has one: the fail was not confirmed, or no cut follows."""
    hold = store.find_active_hold(session, check_id)
    if hold is not None:
        _end(session, hold, HoldStatus.LIFTED, reason, at=at, by=by)
    return hold


def lift_holds_of_cut(session: Session, cut: Cut, *, at: datetime, by: str) -> None:
    """Lift the holds of all fails behind a cut, now that its cap takes over."""
    for check in store.list_checks_of_cut(session, cut.id):
        lift_hold(session, check.id, "The cut is active.", at=at, by=by)


def expire_holds(session: Session, *, at: datetime, by: str) -> int:
    """End the holds that nobody renewed in time; return how many."""
    expired = store.list_expired_holds(session, at)
    for hold in expired:
        _end(session, hold, HoldStatus.EXPIRED, "Nobody renewed it in time.", at=at, by=by)
    return len(expired)


def _end(session: Session, hold: Hold, status: HoldStatus, reason: str, *, at: datetime, by: str) -> None:
    hold.status, hold.ended_at, hold.ended_reason = status, at, reason
    session.flush()
    _note(session, status.value, hold, reason, at=at, by=by)


def _note(session: Session, action: str, hold: Hold, reason: str, *, at: datetime, by: str) -> None:
    record(
        session,
        f"officer:hold:{action}",
        by=by,
        at=at,
        subjects={"hold": hold.id, "person": hold.person_id, "check": hold.check_id},
        payload={"reason": reason, "expires_at": hold.expires_at.isoformat()},
    )
