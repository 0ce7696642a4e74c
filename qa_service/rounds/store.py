"""SQL of rounds: the candidates of a frame, its units, and checks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlmodel import Session, col, select

from qa_service.core.bulk import insert_rows, one_of
from qa_service.rounds.rules.frame import CaseFacts, FrameUnit, LeftOut, OfficerFacts
from qa_service.rounds.tables import Arm, Check, CheckStatus, Round, RoundExclusion, RoundUnit

_OPEN_STATUSES = ("drawn", "assigned", "opened", "draft", "submitted", "second_read", "in_moderation")

# In post since the last unbroken run of postings began; two days without one, a weekend, break none.
_OFFICERS = text(
    """
    SELECT p.id AS person_id, p.left_on,
           coalesce((SELECT max(lower(run)) FROM unnest(
             range_agg(daterange(o.from_on, o.to_on + 3)) FILTER (WHERE coalesce(o.to_on >= o.from_on, true))
           ) AS run WHERE lower(run) <= :on), min(o.from_on)) AS in_post_on,
           array_agg(DISTINCT (u.region_code, o.from_on::text, coalesce(o.to_on::text, ''))::text)
             FILTER (WHERE coalesce(o.to_on >= o.from_on, true)) AS regions,
           (SELECT array_agg((f.from_on::text, coalesce(f.to_on::text, ''))::text) FROM practitioner_fact f
             WHERE f.person_id = p.id AND f.kind = 'long_leave' AND coalesce(f.to_on >= f.from_on, true)) AS leave,
           (SELECT max((k.drawn_at AT TIME ZONE 'Europe/London')::date) FROM check_record k
             WHERE k.person_id = p.id AND k.arm = 'random' AND k.status NOT IN ('substituted', 'void')) AS checked_on
    FROM person p
    JOIN staff_code s ON s.person_id = p.id
    JOIN posting o ON o.staff_code = s.code
    JOIN team t ON t.code = o.team_code
    JOIN pdu u ON u.code = t.pdu_code
    WHERE o.grade IN ('PO', 'PSO', 'PQiP')
      AND p.id IN (SELECT s2.person_id FROM staff_code s2 JOIN posting o2 ON o2.staff_code = s2.code
                   JOIN team t2 ON t2.code = o2.team_code
                   WHERE t2.pdu_code = ANY(:pdus) AND o2.from_on <= :on AND (o2.to_on IS NULL OR o2.to_on >= :on))
    GROUP BY p.id ORDER BY p.id
    """
)

_CASES = text(
    """
    SELECT c.id AS case_id, s.person_id, h.staff_code, h.team_code, c.pdu_code,
           a.id AS assessment_id, a.completed_at AS assessed_at,
           f.score_rate, coalesce(f.is_flagged, false) AS is_flagged,
           k.last_checked_on, coalesce(k.is_open, false) AS is_being_checked
    FROM case_assignment h
    JOIN case_record c ON c.id = h.case_id
    JOIN staff_code s ON s.code = h.staff_code
    LEFT JOIN LATERAL (
      SELECT id, completed_at FROM assessment x
      WHERE x.case_id = c.id AND x.completed_at <= :at AND x.overall_derived IS NOT NULL AND x.status = 'COMPLETE'
      ORDER BY x.completed_at DESC, x.id DESC LIMIT 1
    ) a ON true
    LEFT JOIN approved_flag f ON f.assessment_id = a.id
    LEFT JOIN (
      SELECT case_id, max((drawn_at AT TIME ZONE 'Europe/London')::date) FILTER (WHERE status = 'final') AS last_checked_on,
             bool_or(status = ANY(:open_statuses)) AS is_open
      FROM check_record GROUP BY case_id
    ) k ON k.case_id = c.id
    WHERE s.person_id = ANY(:people) AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on >= :on)
      AND (c.closed_on IS NULL OR c.closed_on > :on)
    ORDER BY c.id
    """
)

_ROOM = text(
    """
    SELECT coalesce(sum(greatest(0, w.available_points - w.total_points)), 0) FROM (
      SELECT DISTINCT ON (staff_code, team_code) w.* FROM weekly_workload w JOIN team t ON t.code = w.team_code
      WHERE t.pdu_code = ANY(:pdus) AND w.week_on <= :on
      ORDER BY staff_code, team_code, week_on DESC
    ) w
    """
)

_WORKLOAD_THEN = text(
    """
    SELECT DISTINCT ON (x.id) x.id, w.total_points, w.available_points
    FROM unnest(CAST(:ids AS bigint[]), CAST(:codes AS text[])) AS x(id, code)
    JOIN assessment a ON a.id = x.id
    JOIN weekly_workload w ON w.staff_code = x.code AND w.week_on <= (a.completed_at AT TIME ZONE 'Europe/London')::date
    ORDER BY x.id, w.week_on DESC
    """
)


def _spells(values: Sequence[str] | None) -> list[list[str]]:
    """Read Postgres row texts such as (N07,2024-01-01,)."""
    return [value.strip("()").replace('"', "").split(",") for value in values or ()]


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def list_officers(session: Session, pdus: Collection[str], on: date) -> list[OfficerFacts]:
    """List every practitioner posted in some PDUs, with what decides whether they are due."""
    rows = session.connection().execute(_OFFICERS, {"pdus": list(pdus), "on": on})
    return [
        OfficerFacts(
            person_id=row.person_id,
            in_post_on=row.in_post_on,
            regions=tuple(
                (code, date.fromisoformat(start), _day(end)) for code, start, end in _spells(row.regions)
            ),
            left_on=row.left_on,
            long_leave=tuple((date.fromisoformat(start), _day(end)) for start, end in _spells(row.leave)),
            last_checked_on=row.checked_on,
        )
        for row in rows
    ]


def list_cases(session: Session, people: Collection[int], on: date, at: datetime) -> list[CaseFacts]:
    """List the open cases that some people hold, with their latest completed assessment."""
    values = {"people": list(people), "on": on, "at": at, "open_statuses": list(_OPEN_STATUSES)}
    return [CaseFacts(**row._mapping) for row in session.connection().execute(_CASES, values)]  # noqa: SLF001 - SQLAlchemy's documented row mapping


def room_points(session: Session, pdus: Collection[str], on: date) -> int:
    """Sum what the officers of some PDUs under 100% could still take."""
    return int(session.connection().execute(_ROOM, {"pdus": list(pdus), "on": on}).scalar_one())


def list_workload_at_assessment(
    session: Session, assessments: Collection[int], staff_codes: Collection[str]
) -> dict[int, tuple[int, int]]:
    """Map assessments to (total, available) points of who held the case in the week of the assessment."""
    statement = _WORKLOAD_THEN.bindparams(bindparam("ids"), bindparam("codes"))
    rows = session.connection().execute(statement, {"ids": list(assessments), "codes": list(staff_codes)})
    return {row.id: (row.total_points, row.available_points) for row in rows}


_INSERT_UNITS = text(
    """
    INSERT INTO round_unit (round_id, person_id, case_id, assessment_id, staff_code, team_code, pdu_code,
                            pseudonym, officer_pseudonym, stratum, score_rate, inclusion_probability)
    SELECT :round_id, u.* FROM unnest(
      CAST(:person_id AS bigint[]), CAST(:case_id AS bigint[]), CAST(:assessment_id AS bigint[]),
      CAST(:staff_code AS text[]), CAST(:team_code AS text[]), CAST(:pdu_code AS text[]),
      CAST(:pseudonym AS text[]), CAST(:officer AS text[]), CAST(:stratum AS text[]),
      CAST(:score_rate AS double precision[]), CAST(:chance AS double precision[])) AS u
    """
)


def insert_units(
    session: Session, round_id: int, units: Sequence[FrameUnit], chances: Sequence[float]
) -> None:
    """Write a frame in one statement: a national one has 242,000 units (COPY refuses row-level security)."""
    session.flush()
    columns = ("person_id", "case_id", "assessment_id", "staff_code", "team_code", "pdu_code", "score_rate")
    session.connection().execute(
        _INSERT_UNITS,
        {
            "round_id": round_id,
            **{name: [getattr(unit.facts, name) for unit in units] for name in columns},
            "pseudonym": [unit.pseudonym for unit in units],
            "officer": [unit.officer_pseudonym for unit in units],
            "stratum": [unit.stratum for unit in units],
            "chance": list(chances),
        },
    )


def insert_exclusions(session: Session, round_id: int, left_out: Iterable[LeftOut]) -> None:
    """Write who and what was left out, with reasons."""
    insert_rows(session, RoundExclusion, [{"round_id": round_id, **asdict(out)} for out in left_out])


def find_round(session: Session, reference: str) -> Round | None:
    """Find a round by its public name."""
    return session.exec(select(Round).where(Round.reference == reference)).one_or_none()


def lock_round(session: Session, reference: str) -> Round | None:
    """Lock a round until the transaction ends: one step at a time."""
    statement = select(Round).where(Round.reference == reference).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def list_rounds(session: Session, area_codes: Collection[str] | None = None) -> list[Round]:
    """List rounds, newest first."""
    statement = select(Round)
    if area_codes is not None:
        statement = statement.where(col(Round.area_code).in_(area_codes))
    return list(session.exec(statement.order_by(col(Round.planned_at).desc())))


_FRAME = text(
    "SELECT pseudonym, officer_pseudonym, stratum, score_rate FROM round_unit"
    ' WHERE round_id = :round_id ORDER BY pseudonym COLLATE "C"'
)


def list_frame(session: Session, round_id: int) -> Sequence[Row[Any]]:
    """List a frame in order of pseudonym: (pseudonym, officer's pseudonym, stratum, score)."""
    return session.connection().execute(_FRAME, {"round_id": round_id}).all()


def units_by_pseudonym(session: Session, round_id: int, names: Sequence[str]) -> dict[str, RoundUnit]:
    """Map some pseudonyms of a round to their units."""
    statement = select(RoundUnit).where(
        RoundUnit.round_id == round_id, col(RoundUnit.pseudonym) == one_of(names)
    )
    return {unit.pseudonym: unit for unit in session.exec(statement)}


def unit_of_case(session: Session, round_id: int, case_id: int) -> RoundUnit:
    """Find the unit of a case that is in a round's frame."""
    return session.exec(
        select(RoundUnit).where(RoundUnit.round_id == round_id, RoundUnit.case_id == case_id)
    ).one()


def insert_checks(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Insert checks and return them in their order."""
    insert_rows(session, Check, rows)
    names = [row["reference"] for row in rows]
    statement = select(Check).where(col(Check.reference) == one_of(names)).order_by(col(Check.id))
    return list(session.exec(statement))


def list_units_of_person(session: Session, round_id: int, person_id: int) -> list[RoundUnit]:
    """List one officer's units of a round."""
    return list(
        session.exec(
            select(RoundUnit).where(RoundUnit.round_id == round_id, RoundUnit.person_id == person_id)
        )
    )


def list_exclusions(session: Session, round_id: int) -> list[RoundExclusion]:
    """List who and what was left out of a round."""
    return list(
        session.exec(
            select(RoundExclusion).where(RoundExclusion.round_id == round_id).order_by(col(RoundExclusion.id))
        )
    )


def find_check(session: Session, reference: str) -> Check | None:
    """Find a check by its reference."""
    return session.exec(select(Check).where(Check.reference == reference)).one_or_none()


def get_check(session: Session, check_id: int) -> Check | None:
    """Find a check by key."""
    return session.get(Check, check_id)


def lock_check(session: Session, check_id: int) -> Check | None:
    """Lock a check until the transaction ends: one outcome, however many submit it."""
    statement = select(Check).where(Check.id == check_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def list_answered_without_a_record(session: Session) -> list[int]:
    """List the open checks whose duty to find a record was met by hand: they wait for nothing any more."""
    rows = session.connection().execute(
        text(
            "SELECT k.id FROM check_record k JOIN obligation o ON o.check_id = k.id AND o.kind = 'find_record'"
            " WHERE o.closed_at IS NOT NULL AND k.status NOT IN ('final', 'void', 'substituted') ORDER BY k.id"
        )
    )
    return [row.id for row in rows]


def list_checks(session: Session, round_id: int) -> list[Check]:
    """List a round's checks in the order they were drawn."""
    return list(session.exec(select(Check).where(Check.round_id == round_id).order_by(col(Check.id))))


def list_checked_cases(session: Session, person_id: int) -> set[int]:
    """List the cases of an officer that have a check, open or final, in the arms that count."""
    return set(
        session.exec(
            select(Check.case_id)
            .where(
                Check.person_id == person_id,
                col(Check.status).not_in([CheckStatus.SUBSTITUTED, CheckStatus.VOID]),
            )
            .where(col(Check.arm).in_([Arm.RANDOM, Arm.FOLLOW_UP]))
        )
    )


def count_by_status(session: Session, round_ids: Collection[int]) -> dict[tuple[int, CheckStatus], int]:
    """Count checks by (round, status)."""
    rows = session.connection().execute(
        text(
            "SELECT round_id, status, count(*) AS n FROM check_record WHERE round_id = ANY(:ids) GROUP BY 1, 2"
        ),
        {"ids": list(round_ids)},
    )
    return {(row.round_id, CheckStatus(row.status)): row.n for row in rows}
