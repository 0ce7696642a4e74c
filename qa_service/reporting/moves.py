"""Cases that leave an officer because of a cut: proposed, read again, accepted, handed over, or not.

Until the level of a proposed case has been read again, nobody who may read it is told the points and the
reason of its place in the order: both tell the level. Lists stand by case number, since those of the lowest
risk are proposed first.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import NotFound
from qa_service.reporting.reach import OFFICER_IN_REACH, Reach, reach_of
from qa_service.reporting.rows import CRN_OF, list_rows


@dataclass(frozen=True)
class MoveRow:
    """A move with the names that people know it by; points and reason once its level has been read again."""

    id: int
    cut_id: int
    case_id: int
    crn: str | None
    points: int | None
    from_officer: str
    from_staff_code: str
    to_officer: str
    to_staff_code: str
    to_team: str
    order_reason: str | None
    status: str
    proposed_at: datetime
    level_review_reference: str | None
    level_read_at: datetime | None
    handover_recorded_at: datetime | None
    ended_at: datetime | None
    ended_reason: str | None


# Declined unread, or read: either way nobody reads it blind any more, but for a read still in hand. Whoever
# sees everything is no manager: the officer's own page, who recorded the level and is owed the figures.
LEVEL_MAY_SHOW = """(scope_sees_all() OR (m.status <> 'proposed' AND (m.level_check_id IS NULL
      OR m.level_check_id::text <> ALL (scope_list('app.reading')))))"""
_MOVES = f"""
    SELECT m.id, m.cut_id, m.case_id,
      {CRN_OF.format(case="m.case_id")},
      CASE WHEN {LEVEL_MAY_SHOW} THEN m.points END AS points, f.name AS from_officer,
      m.from_staff_code, x.name AS to_officer, m.to_staff_code,
      t.name AS to_team, CASE WHEN {LEVEL_MAY_SHOW} THEN m.order_reason END AS order_reason, m.status,
      m.proposed_at,
      (SELECT r.reference FROM review r WHERE r.check_id = m.level_check_id ORDER BY r.id LIMIT 1)
        AS level_review_reference,
      m.level_read_at, m.handover_recorded_at, m.ended_at, m.ended_reason
    FROM move m JOIN cut c ON c.id = m.cut_id JOIN person f ON f.id = c.person_id
    JOIN staff_code s ON s.code = m.to_staff_code JOIN person x ON x.id = s.person_id
    JOIN team t ON t.code = m.to_team_code
"""  # noqa: S608 - constants only
_IN_REACH = OFFICER_IN_REACH.format(person="c.person_id")
_OPEN = text(
    f"{_MOVES} WHERE {_IN_REACH} AND m.status IN ('proposed', 'level_confirmed', 'accepted')"
    " ORDER BY m.proposed_at, crn, m.id"
)
_ONE = text(f"{_MOVES} WHERE m.id = :id AND {_IN_REACH}")
_OF_CUT = text(f"{_MOVES} WHERE m.cut_id = :cut ORDER BY crn, m.id")


def open_moves(session: Session, reach: Reach, at: datetime) -> list[MoveRow]:
    """List the moves that wait for a step, of officers posted in somebody's areas, the oldest first."""
    return list_rows(session, _OPEN, reach.values(day_of(at)), MoveRow)


def find_move(session: Session, user: CurrentUser, move_id: int, at: datetime) -> MoveRow:
    """Return a move of one's own area; any other does not exist."""
    values = {**reach_of(session, user).values(day_of(at)), "id": move_id}
    found = list_rows(session, _ONE, values, MoveRow)
    if not found:
        raise NotFound("There is no such move here.", next_step="Start again from the list.")
    return found[0]


def moves_of_cut(session: Session, cut_id: int) -> list[MoveRow]:
    """List a cut's moves, ended ones too."""
    return list_rows(session, _OF_CUT, {"cut": cut_id}, MoveRow)
