"""A cut's life after its decision: active, landed, ended; each step is found by date, safe to repeat."""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import decide_end
from qa_service.caseload.service.holds import lift_holds_of_cut
from qa_service.caseload.service.people import posted_officer
from qa_service.caseload.service.reductions import end_requests
from qa_service.caseload.store import cuts as store
from qa_service.caseload.tables import Cut, CutStatus
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import Policy
from qa_service.rounds.tables import Check


def activate_if_due(session: Session, cut: Cut, *, at: datetime, by: str) -> bool:
    """Make a cut active when its first day has come, and lift the holds that waited for it."""
    if cut.status is CutStatus.SCHEDULED and cut.starts_on <= day_of(at):
        cut.status, cut.activated_at = CutStatus.ACTIVE, at
        session.flush()
        _note(session, "activated", cut, f"from {cut.starts_on}", at=at, by=by)
    if cut.status is not CutStatus.ACTIVE:
        return False
    lift_holds_of_cut(session, cut, at=at, by=by)
    return True


def activate_due_cuts(session: Session, *, at: datetime, by: str) -> int:
    """Activate every scheduled cut whose first day has come; return how many."""
    due = store.list_cuts_to_activate(session, day_of(at))
    return sum(activate_if_due(session, cut, at=at, by=by) for cut in due)


def note_landings(session: Session, *, at: datetime, by: str, policy: Policy) -> int:
    """Note the cuts whose officers now carry no more than their cap; return how many."""
    n_landed = 0
    for cut in store.list_active_cuts(session):
        posted = posted_officer(session, cut.person_id, at=at, policy=policy)
        if cut.landed_at is None and posted is not None and posted.officer.total_points <= cut.cap_points:
            cut.landed_at = at
            _note(session, "landed", cut, f"{posted.officer.total_points} points", at=at, by=by)
            n_landed += 1
    session.flush()
    return n_landed


def cuts_to_restore(session: Session) -> list[tuple[Cut, list[Check], list[Check]]]:
    """Return the active cuts, each with its failed checks and the restore checks drawn so far."""
    found = []
    for cut in store.list_active_cuts(session):
        failed = store.list_checks_of_cut(session, cut.id or 0)
        found.append((cut, failed, store.list_restore_checks(session, [check.id or 0 for check in failed])))
    return found


def end_due_cuts(session: Session, *, at: datetime, by: str, policy: Policy) -> int:
    """End the cuts whose last day is over; a late restore check becomes the quality lead's duty."""
    due = store.list_cuts_to_end(session, day_of(at))
    for cut in due:
        n_clean = store.count_clean_restore_checks(session, cut.id or 0)
        ended = decide_end(cut.ends_on, day_of(at), n_clean, policy)
        cut.status, cut.ended_at, cut.ended_reason = CutStatus.ENDED, at, ended.reason
        session.flush()
        end_requests(session, cut, at=at, by=by)
        if ended.is_restore_check_late:
            _want_restore_checks(session, cut, at=at, by=by, policy=policy)
        _note(session, "ended", cut, ended.reason, at=at, by=by)
    return len(due)


def _want_restore_checks(session: Session, cut: Cut, *, at: datetime, by: str, policy: Policy) -> None:
    failed = store.list_checks_of_cut(session, cut.id or 0)
    owner = estate.quality_lead_post(session, failed[0].drawn_region_code)
    duty = obligations.Duty(
        ObligationKind.RESTORE_CHECK,
        owner.id or 0,
        "Finish the restore checks of a workload reduction that has ended",
        due_after_working_days(at, policy.clocks_working_days.first_read),
        verdict_id=cut.verdict_id,
        person_id=cut.person_id,
    )
    obligations.open_obligation(session, duty, at=at, by=by)


def _note(session: Session, action: str, cut: Cut, words: str, *, at: datetime, by: str) -> None:
    record(
        session,
        f"officer:cut:{action}",
        by=by,
        at=at,
        subjects={"cut": cut.id, "person": cut.person_id},
        payload={"words": words},
    )
