"""SQL over what limits officers: hours, points, facts, live cuts, holds, places kept for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from qa_service.estate.tables import Person

# All postings of everybody who has one in the PDUs, or who is asked for by key: limits are of the person.
_POSTINGS = text(
    """
    WITH now AS (
      SELECT s.person_id, p.staff_code, p.team_code, t.pdu_code, p.grade, p.contracted_hours
      FROM posting p JOIN staff_code s ON s.code = p.staff_code JOIN team t ON t.code = p.team_code
      WHERE p.from_on <= :day AND (p.to_on IS NULL OR p.to_on >= :day)
    )
    SELECT n.*,
      coalesce((SELECT sum(r.hours) FROM reduction r
        WHERE r.staff_code = n.staff_code AND r.team_code = n.team_code AND NOT r.is_ours
          AND r.status IN ('active', 'scheduled') AND :day BETWEEN r.from_on AND r.to_on), 0)
        AS reduction_hours,
      coalesce((SELECT w.total_points FROM weekly_workload w
        WHERE w.staff_code = n.staff_code AND w.team_code = n.team_code AND w.week_on <= :day
        ORDER BY w.week_on DESC LIMIT 1), 0) AS total_points
    FROM now n
    WHERE n.person_id = ANY(:people)
       OR n.person_id IN (SELECT person_id FROM now WHERE pdu_code = ANY(:pdus))
    ORDER BY n.person_id, n.contracted_hours DESC, n.staff_code, n.team_code
    """
)

_LIMITS = text(
    """
    SELECT p.id AS person_id, p.left_on IS NOT NULL AND p.left_on <= :day AS has_left,
      (SELECT c.cap_points FROM cut c WHERE c.person_id = p.id AND c.status IN ('scheduled', 'active'))
        AS cap_points,
      EXISTS (SELECT FROM hold h WHERE h.person_id = p.id AND h.status = 'active' AND h.expires_at > :at)
        AS is_on_hold,
      coalesce((SELECT sum(k.points) FROM place_kept k
        WHERE k.person_id = p.id AND k.expires_at > :at AND k.crn <> :but_for_crn), 0)
      + coalesce((SELECT sum(m.points) FROM move m JOIN staff_code s ON s.code = m.to_staff_code
        WHERE s.person_id = p.id AND (m.status IN ('proposed', 'level_confirmed', 'accepted')
          -- Handed over, and no figure of a later week is in yet that holds it.
          OR m.status = 'handed_over' AND NOT EXISTS (SELECT FROM weekly_workload w
            WHERE w.staff_code = m.to_staff_code AND w.team_code = m.to_team_code
              AND w.week_on > m.handover_recorded_at::date AND w.week_on <= :day))), 0)
        AS expected_points,
      (SELECT jsonb_object_agg(f.kind, f.from_on) FROM practitioner_fact f WHERE f.person_id = p.id
        AND f.from_on <= :day AND (f.to_on IS NULL OR f.to_on >= :day)) AS facts
    FROM person p WHERE p.id = ANY(:people)
    """
)


@dataclass(frozen=True)
class PostingRow:
    """A posting with its hours and the points it carries."""

    person_id: int
    staff_code: str
    team_code: str
    pdu_code: str
    grade: str
    contracted_hours: Decimal
    reduction_hours: Decimal
    total_points: int


@dataclass(frozen=True)
class LimitRow:
    """What limits a person beside hours; facts are kind -> ISO date it holds from."""

    person_id: int
    has_left: bool
    cap_points: int | None
    is_on_hold: bool
    expected_points: int
    facts: dict[str, Any] | None


def list_postings(
    session: Session, day: date, *, people: Collection[int] = (), pdus: Collection[str] = ()
) -> list[PostingRow]:
    """List all postings of some people, or of everybody posted in some PDUs; the longest of each first."""
    rows = session.connection().execute(_POSTINGS, {"day": day, "people": list(people), "pdus": list(pdus)})
    return [PostingRow(**row) for row in rows.mappings()]


def list_limits(
    session: Session, people: Sequence[int], day: date, at: datetime, *, but_for_crn: str = ""
) -> dict[int, LimitRow]:
    """Map people to what limits them; a place kept for one case is left out when that case is asked about."""
    rows = session.connection().execute(
        _LIMITS, {"day": day, "at": at, "people": list(people), "but_for_crn": but_for_crn}
    )
    return {row["person_id"]: LimitRow(**row) for row in rows.mappings()}


def lock_free_people(session: Session, people: Collection[int]) -> set[int]:
    """Lock some people in the order of their keys and return whom we got: others are busy elsewhere."""
    locked = session.exec(
        select(Person.id)
        .where(col(Person.id).in_(people))
        .order_by(col(Person.id))
        .with_for_update(skip_locked=True)
    )
    return {key for key in locked if key is not None}
