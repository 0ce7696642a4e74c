"""Escalations in one's area with their owner, clock and rung, and the items on each list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import NotFound
from qa_service.reporting.reach import OFFICER_IN_REACH, Reach, reach_of
from qa_service.reporting.rows import CRN_OF, HOLDER, list_rows


@dataclass(frozen=True)
class EscalationRow:
    """One list of things that do not fit, and who must decide by when."""

    id: int
    kind: str
    obligation_id: int
    cut_id: int | None
    overdue_obligation_id: int | None
    what: str
    pdu: str | None
    owner: str
    owner_kind: str
    holder: str | None
    officer: str | None
    opened_at: datetime
    due_at: datetime
    is_urgent: bool
    n_rungs_risen: int
    closed_at: datetime | None
    n_items: int
    n_open: int
    points_open: int


@dataclass(frozen=True)
class ItemRow:
    """One thing on a list; its case is named only where it may be seen."""

    id: int
    escalation_id: int
    kind: str
    what: str
    crn: str | None
    points: int
    interim_cover: str | None
    contact_plan: str | None
    status: str
    decision: str | None
    decision_reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    owner: str
    holder: str | None


_ESCALATIONS = f"""
    SELECT e.id, e.kind, e.obligation_id, e.cut_id, e.overdue_obligation_id, o.what, u.name AS pdu,
      p.title AS owner, p.kind AS owner_kind, {HOLDER}, x.name AS officer, e.opened_at, o.due_at,
      o.is_urgent, o.n_rungs_risen, o.closed_at, i.n_items, i.n_open, i.points_open
    FROM escalation e JOIN obligation o ON o.id = e.obligation_id JOIN post p ON p.id = o.owner_post_id
    LEFT JOIN pdu u ON u.code = e.pdu_code
    LEFT JOIN cut c ON c.id = e.cut_id
    LEFT JOIN person x ON x.id = coalesce(c.person_id, o.person_id)
    CROSS JOIN LATERAL (
      SELECT count(*) AS n_items, count(*) FILTER (WHERE i.status = 'open') AS n_open,
        coalesce(sum(i.points) FILTER (WHERE i.status = 'open'), 0) AS points_open
      FROM escalation_item i WHERE i.escalation_id = e.id) i
    WHERE (e.pdu_code = ANY(:pdus) OR p.pdu_code = ANY(:pdus) OR p.team_code = ANY(:teams)
           OR {OFFICER_IN_REACH.format(person="coalesce(c.person_id, o.person_id)")})
"""  # noqa: S608 - constants only
_LIST = text(
    f"{_ESCALATIONS} AND (NOT :open_only OR o.closed_at IS NULL)"
    " ORDER BY o.closed_at IS NOT NULL, o.due_at, e.id"
)
_ONE = text(f"{_ESCALATIONS} AND e.id = :id")
_ITEMS = f"""
    SELECT i.id, i.escalation_id, i.kind, i.what,
      {CRN_OF.format(case="i.case_id")},
      i.points, i.interim_cover, i.contact_plan, i.status, i.decision, i.decision_reason,
      coalesce(a.display_name, i.decided_by) AS decided_by, i.decided_at, p.title AS owner, {HOLDER}
    FROM escalation_item i JOIN escalation e ON e.id = i.escalation_id
    JOIN obligation o ON o.id = e.obligation_id JOIN post p ON p.id = o.owner_post_id
    LEFT JOIN user_account a ON i.decided_by = 'user:' || a.id
"""  # noqa: S608 - as above""
_ITEMS_OF = text(f"{_ITEMS} WHERE i.escalation_id = :id ORDER BY i.status = 'decided', i.id")
_ITEMS_OF_CUT = text(f"{_ITEMS} WHERE e.cut_id = :id ORDER BY i.status = 'decided', i.id")


def escalations_in_reach(
    session: Session, reach: Reach, at: datetime, *, open_only: bool = False
) -> list[EscalationRow]:
    """List the escalations of somebody's areas, the longest overdue first."""
    values = {**reach.values(day_of(at)), "open_only": open_only}
    return list_rows(session, _LIST, values, EscalationRow)


def find_escalation(session: Session, user: CurrentUser, escalation_id: int, at: datetime) -> EscalationRow:
    """Return an escalation of one's own area; any other does not exist."""
    values = {**reach_of(session, user).values(day_of(at)), "id": escalation_id}
    found = list_rows(session, _ONE, values, EscalationRow)
    if not found:
        raise NotFound("There is no such escalation here.", next_step="Start again from the list.")
    return found[0]


def items_of_escalation(session: Session, escalation_id: int, at: datetime) -> list[ItemRow]:
    """List what is on a list, what is still open first."""
    return list_rows(session, _ITEMS_OF, {"id": escalation_id, "day": day_of(at)}, ItemRow)


def items_of_cut(session: Session, cut_id: int, at: datetime) -> list[ItemRow]:
    """List what a cut could not place, and who must decide about it."""
    return list_rows(session, _ITEMS_OF_CUT, {"id": cut_id, "day": day_of(at)}, ItemRow)
