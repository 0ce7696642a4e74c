"""An officer's own workload: before and now, why, until when, and what became of the cases (SCREENS 10)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.caseload.rules import workload_pct
from qa_service.caseload.service import PostedOfficer, posted_officer
from qa_service.caseload.store.cuts import count_clean_restore_checks
from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.policy.numbers import Policy
from qa_service.reporting.cuts import CutRow, cuts_of_officer
from qa_service.reporting.escalations import ItemRow, items_of_cut
from qa_service.reporting.moves import MoveRow, moves_of_cut
from qa_service.reporting.rows import CRN_OF
from qa_service.rounds.rules.frame import cadences_of
from sampling import window_on


@dataclass(frozen=True)
class OwnWorkload:
    """The figures of an officer and, while a cut runs or has run, what it did."""

    posted: PostedOfficer
    workload_pct_now: float
    cut: CutRow | None
    n_clean_restore_checks: int
    moves: tuple[MoveRow, ...]
    unplaced: tuple[ItemRow, ...]
    feedback_reference: str | None

    def pct_of_own(self, points: int) -> float:
        """Return points in percent of the officer's own available points (WMT capacity)."""
        return float(workload_pct(points, self.posted.officer.own_available_points))


_CASES = text(
    f"SELECT k.id, {CRN_OF.format(case='k.case_id')} FROM check_record k WHERE k.id = ANY(:checks)"  # noqa: S608 - constants only
)
_SHOWN_FEEDBACK = text(
    "SELECT f.reference FROM feedback f WHERE f.verdict_id = :verdict AND f.shown_at IS NOT NULL"
)


def own_workload(session: Session, person_id: int, *, at: datetime, policy: Policy) -> OwnWorkload | None:
    """Return an officer's own workload; None without a posting today.

    The officer learns of a cut with its feedback, never before: until then only the plain figures show.
    """
    with seeing_everything(session):
        posted = posted_officer(session, person_id, at=at, policy=policy)
        if posted is None:
            return None
        shown = [(cut, _feedback_of(session, cut)) for cut in cuts_of_officer(session, person_id, at)]
        cut, reference = next(((cut, ref) for cut, ref in shown if cut.is_live and ref), (None, None))
        officer = posted.officer
        return OwnWorkload(
            posted=posted,
            workload_pct_now=float(workload_pct(officer.total_points, officer.own_available_points)),
            cut=cut,
            n_clean_restore_checks=count_clean_restore_checks(session, cut.id) if cut else 0,
            moves=tuple(moves_of_cut(session, cut.id)) if cut else (),
            unplaced=tuple(items_of_cut(session, cut.id, at)) if cut else (),
            feedback_reference=reference,
        )


def _feedback_of(session: Session, cut: CutRow) -> str | None:
    rows = session.connection().execute(_SHOWN_FEEDBACK, {"verdict": cut.verdict_id})
    reference: str | None = rows.scalar_one_or_none()
    return reference


def checked_by(session: Session, person_id: int, *, at: datetime, policy: Policy) -> date | None:
    """Return the last day of the window in which an officer is checked; None without a posting today."""
    postings = estate.postings_of(session, person_id, day_of(at))
    if not postings:
        return None
    region = estate.region_of_pdu(session, estate.pdu_of_team(session, postings[0].team_code).code).code
    return window_on(cadences_of(policy, [region])[region], day_of(at)).ends_on


def case_references(session: Session, check_ids: list[int]) -> dict[int, str]:
    """Map an officer's own checks to the CRNs of their cases, whoever holds them now."""
    with seeing_everything(session):
        rows = session.connection().execute(_CASES, {"checks": check_ids})
        return {row.id: row.crn or "" for row in rows}
