"""A cut's life after its decision: active, landed, ended; each step is found by date, safe to repeat."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import decide_end
from qa_service.caseload.service.holds import lift_holds_of_cut
from qa_service.caseload.service.people import posted_officers
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
    waiting = [cut for cut in store.list_active_cuts(session) if cut.landed_at is None]
    people = posted_officers(session, at=at, policy=policy, people=[cut.person_id for cut in waiting])
    points = {one.officer.person_id: one.officer.total_points for one in people}
    landed = [cut for cut in waiting if points.get(cut.person_id, cut.cap_points + 1) <= cut.cap_points]
    for cut in landed:
        cut.landed_at = at
        _note(session, "landed", cut, f"{points[cut.person_id]} points", at=at, by=by)
    session.flush()
    return len(landed)


@dataclass(frozen=True)
class CutToRestore:
    """An active cut near its end, with its failed checks and the restore checks drawn so far."""

    cut: Cut
    failed: tuple[Check, ...]
    restoring: tuple[Check, ...]


def cuts_to_restore(session: Session, *, ending_by: date) -> list[CutToRestore]:
    """Return the active cuts that end by a day."""
    found = []
    for cut in store.list_active_cuts(session, ending_by=ending_by):
        failed = store.list_checks_of_cut(session, cut.id)
        restoring = store.list_restore_checks(session, [check.id for check in failed])
        found.append(CutToRestore(cut, tuple(failed), tuple(restoring)))
    return found


def end_due_cuts(session: Session, *, at: datetime, by: str, policy: Policy) -> int:
    """End the cuts whose last day is over; a late restore check becomes the quality lead's duty."""
    due = store.list_cuts_to_end(session, day_of(at))
    for cut in due:
        n_clean = store.count_clean_restore_checks(session, cut.id)
        ended = decide_end(cut.ends_on, day_of(at), n_clean, policy)
        cut.status, cut.ended_at, cut.ended_reason = CutStatus.ENDED, at, ended.reason
        session.flush()
        end_requests(session, cut, at=at, by=by)
        if ended.is_restore_check_late:
            _want_restore_checks(session, cut, at=at, by=by, policy=policy)
        _note(session, "ended", cut, ended.reason, at=at, by=by)
    return len(due)


def _want_restore_checks(session: Session, cut: Cut, *, at: datetime, by: str, policy: Policy) -> None:
    failed = store.list_checks_of_cut(session, cut.id)
    owner = estate.quality_lead_post(session, failed[0].drawn_region_code)
    duty = obligations.Duty(
        ObligationKind.RESTORE_CHECK,
        owner.id,
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
