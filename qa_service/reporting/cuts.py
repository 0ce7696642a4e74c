"""Cuts in one's area with the points carried now, what each asked of WMT, and the cases it moves."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.caseload.store.cuts import list_cut_postings
from qa_service.caseload.tables import CutPosting
from qa_service.core.clock import day_of
from qa_service.core.errors import NotFound
from qa_service.reporting.reach import OFFICER_IN_REACH, Reach, reach_of
from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class CutRow:
    """A cut with the officer's teams and the points they carry this week."""

    id: int
    verdict_id: int
    person_id: int
    officer: str
    teams: str | None
    pdu_code: str | None
    pdu: str | None
    status: str
    cap_pct: Decimal
    cap_points: int
    own_available_points: int
    points_at_decision: int
    points_now: int
    starts_on: date
    ends_on: date
    decided_at: datetime
    landed_at: datetime | None
    ended_at: datetime | None
    ended_reason: str | None
    n_open_items: int
    n_open_moves: int

    @property
    def is_live(self) -> bool:
        """Tell whether it is scheduled or active."""
        return self.status in {"scheduled", "active"}

    @property
    def points_over(self) -> int:
        """Return the points carried above the cap."""
        return max(0, self.points_now - self.cap_points)


@dataclass(frozen=True)
class PduCuts:
    """What the live cuts of a PDU come to."""

    pdu: str
    n_cuts: int
    n_landed: int
    points_taken_off: int
    points_over: int
    available_points: int
    n_open_items: int

    @property
    def taken_off_pct(self) -> float:
        """Return the share of the PDU's available points that the cuts take off."""
        return 100 * self.points_taken_off / self.available_points if self.available_points else 0.0


@dataclass(frozen=True)
class RequestRow:
    """What somebody keys in WMT because of a cut."""

    id: int
    obligation_id: int
    staff_code: str
    team_code: str
    reduction_hours: Decimal
    starts_on: date
    ends_on: date
    status: str
    due_at: datetime
    keyed_at: datetime | None


_CUTS = """
    SELECT c.id, c.verdict_id, c.person_id, x.name AS officer, n.teams, n.pdu_code, n.pdu, c.status,
      c.cap_pct, c.cap_points, c.own_available_points, c.points_at_decision, n.points_now,
      c.starts_on, c.ends_on, c.decided_at, c.landed_at, c.ended_at, c.ended_reason,
      (SELECT count(*) FROM escalation e JOIN escalation_item i ON i.escalation_id = e.id
        WHERE e.cut_id = c.id AND i.status = 'open') AS n_open_items,
      (SELECT count(*) FROM move m WHERE m.cut_id = c.id
        AND m.status IN ('proposed', 'level_confirmed', 'accepted')) AS n_open_moves
    FROM cut c JOIN person x ON x.id = c.person_id
    CROSS JOIN LATERAL (
      SELECT string_agg(DISTINCT t.name, ', ') AS teams, min(t.pdu_code) AS pdu_code, min(u.name) AS pdu,
        coalesce(sum(w.total_points), 0) AS points_now
      FROM staff_code s JOIN posting p ON p.staff_code = s.code JOIN team t ON t.code = p.team_code
      JOIN pdu u ON u.code = t.pdu_code
      LEFT JOIN LATERAL (
        SELECT w.total_points FROM weekly_workload w WHERE w.staff_code = p.staff_code
          AND w.team_code = p.team_code AND w.week_on <= :day ORDER BY w.week_on DESC LIMIT 1) w ON true
      WHERE s.person_id = c.person_id AND p.from_on <= :day AND (p.to_on IS NULL OR p.to_on >= :day)
    ) n
"""
_IN_REACH = OFFICER_IN_REACH.format(person="c.person_id")
_LIST = text(
    f"{_CUTS} WHERE {_IN_REACH} AND (NOT :live_only OR c.status IN ('scheduled', 'active'))"
    " ORDER BY c.status IN ('scheduled', 'active') DESC, c.landed_at IS NOT NULL, c.ends_on, c.id"
)
_ONE = text(f"{_CUTS} WHERE c.id = :id AND {_IN_REACH}")
_OF_PERSON = text(f"{_CUTS} WHERE c.person_id = :person ORDER BY c.decided_at DESC, c.id DESC")
_AVAILABLE = text(
    """
    SELECT u.name AS pdu, coalesce(sum(w.available_points), 0) AS points
    FROM pdu u JOIN team t ON t.pdu_code = u.code
    JOIN posting p ON p.team_code = t.code AND p.from_on <= :day AND (p.to_on IS NULL OR p.to_on >= :day)
    CROSS JOIN LATERAL (
      SELECT w.available_points FROM weekly_workload w WHERE w.staff_code = p.staff_code
        AND w.team_code = p.team_code AND w.week_on <= :day ORDER BY w.week_on DESC LIMIT 1) w
    WHERE t.pdu_code = ANY(:pdus) OR t.code = ANY(:teams) GROUP BY u.name
    """
)
_REQUESTS = """
    SELECT r.id, r.obligation_id, r.staff_code, r.team_code, r.reduction_hours, r.starts_on, r.ends_on,
      r.status, o.due_at, r.keyed_at
    FROM reduction_request r JOIN obligation o ON o.id = r.obligation_id
"""
_REQUESTS_OF_CUT = text(f"{_REQUESTS} WHERE r.cut_id = :cut ORDER BY r.id")
_REQUEST = text(f"{_REQUESTS} WHERE r.id = :id")


def cuts_in_reach(session: Session, reach: Reach, at: datetime, *, live_only: bool = False) -> list[CutRow]:
    """List the cuts of officers posted in somebody's areas, those that have not landed first."""
    return list_rows(session, _LIST, {**reach.values(day_of(at)), "live_only": live_only}, CutRow)


def find_cut(session: Session, user: CurrentUser, cut_id: int, at: datetime) -> CutRow:
    """Return a cut of one's own area; any other does not exist."""
    values = {**reach_of(session, user).values(day_of(at)), "id": cut_id}
    found = list_rows(session, _ONE, values, CutRow)
    if not found:
        raise NotFound("There is no such caseload cut here.", next_step="Start again from the list.")
    return found[0]


def cuts_of_officer(session: Session, person_id: int, at: datetime) -> list[CutRow]:
    """List an officer's cuts, the latest first."""
    return list_rows(session, _OF_PERSON, {"person": person_id, "day": day_of(at)}, CutRow)


def sums_by_pdu(session: Session, reach: Reach, cuts: list[CutRow], at: datetime) -> list[PduCuts]:
    """Add up the live cuts of each PDU against the points that its officers have."""
    rows = session.connection().execute(_AVAILABLE, dict(reach.values(day_of(at))))
    available = {row.pdu: int(row.points) for row in rows}
    live = [cut for cut in cuts if cut.is_live]
    return [
        PduCuts(
            pdu=pdu,
            n_cuts=len(own),
            n_landed=sum(cut.landed_at is not None for cut in own),
            points_taken_off=sum(cut.own_available_points - cut.cap_points for cut in own),
            points_over=sum(cut.points_over for cut in own),
            available_points=available.get(pdu, 0),
            n_open_items=sum(cut.n_open_items for cut in own),
        )
        for pdu in sorted({cut.pdu for cut in live if cut.pdu is not None})
        for own in [[cut for cut in live if cut.pdu == pdu]]
    ]


def arithmetic_of(session: Session, cut: CutRow) -> list[CutPosting]:
    """List how the cap was worked out, posting by posting."""
    return list_cut_postings(session, cut.id)


def requests_of(session: Session, cut: CutRow) -> list[RequestRow]:
    """List what a cut asked to be keyed in WMT."""
    return list_rows(session, _REQUESTS_OF_CUT, {"cut": cut.id}, RequestRow)


def find_request(session: Session, request_id: int) -> RequestRow:
    """Return a reduction request; whose duty it is decides who may see it."""
    found = list_rows(session, _REQUEST, {"id": request_id}, RequestRow)
    if not found:
        raise NotFound("There is no such reduction request here.", next_step="Start again from your list.")
    return found[0]
