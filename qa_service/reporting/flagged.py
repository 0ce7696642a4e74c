"""Lists made from flags (RULES 8): an area's mediums and highs in order, where to stop, what was not drawn.

Only the approved artefact's flags are read. A case that somebody reads at this moment is left out of their
lists: a reader learns the flag at stage 4 and not before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.core.errors import Conflict, NotFound
from qa_service.flags.rules import NOTHING, UNSCORED, measured_lines
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.reporting.flag_stops import Stop, stops
from qa_service.reporting.reach import Reach
from qa_service.reporting.rows import CRN_OF, list_rows

LEVELS = ("MEDIUM", "HIGH")


@dataclass(frozen=True)
class FlaggedCase:
    """A case with its latest level and its score; rank 1 is looked at first."""

    rank: int
    case_id: int
    crn: str | None
    name: str
    level: str
    assessed_at: datetime
    officer: str
    team: str
    pdu: str
    score_rate: float | None
    is_flagged: bool
    target: str | None
    reasons: list[dict[str, Any]]
    is_being_checked: bool


@dataclass(frozen=True)
class Ranking:
    """A part of an area's list, and where one could stop reading it.

    Unscored are highs of which no lower level has a scorer; without a score those that wait for one.
    """

    n_all: int
    n_without_score: int
    n_unscored: int
    cases: tuple[FlaggedCase, ...]
    stops: tuple[Stop, ...]


# A whole region is put in order, so this reads nothing but what the order and the counts need.
_HELD = f"""
    SELECT c.id AS case_id, a.id AS assessment_id, a.level, a.assessed_at, h.staff_code, h.team_code,
      f.target, CASE WHEN f.target <> '{UNSCORED}' THEN f.score_rate END AS score_rate,
      coalesce(f.is_flagged, false) AS is_flagged
    FROM case_record c
    JOIN case_assignment h ON h.case_id = c.id AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)
    JOIN team t ON t.code = h.team_code
    JOIN LATERAL (
      SELECT x.id, x.overall_derived AS level, x.completed_at AS assessed_at FROM assessment x
      WHERE x.case_id = c.id AND x.status = 'COMPLETE' AND x.overall_derived IS NOT NULL
        AND x.completed_at <= :at
      ORDER BY x.completed_at DESC, x.id DESC LIMIT 1
    ) a ON a.level = ANY(:levels)
    LEFT JOIN approved_flag f ON f.assessment_id = a.id
    WHERE (c.closed_on IS NULL OR c.closed_on > :day) AND (t.pdu_code = ANY(:pdus) OR t.code = ANY(:teams))
      AND NOT EXISTS (SELECT FROM check_record mine WHERE mine.case_id = c.id
                      AND mine.id::text = ANY (scope_list('app.reading')))
"""  # noqa: S608 - constants only
_RANKED = f"""
    WITH held AS MATERIALIZED ({_HELD}), ranked AS (
      SELECT row_number() OVER listed AS rank, held.*,
        count(*) FILTER (WHERE level = 'MEDIUM') OVER (listed ROWS UNBOUNDED PRECEDING) AS n_mediums_read
      FROM held
      WINDOW listed AS (ORDER BY target IS NOT DISTINCT FROM '{NOTHING}', score_rate DESC NULLS LAST,
        level = 'HIGH' DESC, assessed_at, case_id)
    )
"""  # noqa: S608 - constants only
_SHOWN = f"""
    SELECT r.rank, r.case_id, {CRN_OF.format(case="r.case_id")}, c.name, r.level, r.assessed_at,
      p.name AS officer, t.name AS team, u.name AS pdu, r.score_rate, r.is_flagged, r.target,
      coalesce(f.reasons, '[]') AS reasons,
      EXISTS (SELECT FROM check_record k WHERE k.case_id = r.case_id
              AND k.status NOT IN ('final', 'void', 'substituted')) AS is_being_checked
    FROM ranked r JOIN case_record c ON c.id = r.case_id
    JOIN team t ON t.code = r.team_code JOIN pdu u ON u.code = t.pdu_code
    JOIN staff_code s ON s.code = r.staff_code JOIN person p ON p.id = s.person_id
    LEFT JOIN approved_flag f ON f.assessment_id = r.assessment_id
"""  # noqa: S608 - as above
# Page and lines in one statement: putting a region in order is what takes the time.
_LIST = text(
    f"""{_RANKED}, page AS ({_SHOWN} WHERE r.rank > :first AND r.rank <= :first + :n)
    SELECT count(*) AS n_all, count(*) FILTER (WHERE target IS NULL) AS n_without_score,
      count(*) FILTER (WHERE target = '{UNSCORED}') AS n_unscored,
      count(*) FILTER (WHERE level = 'MEDIUM') AS n_mediums,
      (SELECT jsonb_agg(jsonb_build_array(bucket, n)) FROM (
        SELECT coalesce(width_bucket(score_rate, CAST(:measured AS double precision[])), 0) AS bucket,
          count(*) AS n
        FROM held WHERE level = 'MEDIUM' GROUP BY 1) mediums) AS mediums_by_line,
      (SELECT jsonb_agg(jsonb_build_array(rank, score_rate, n_mediums_read)) FROM ranked
       WHERE rank = ANY(:ranks)) AS lines,
      (SELECT jsonb_agg(to_jsonb(page) ORDER BY rank) FROM page) AS page
    FROM held
    """  # noqa: S608 - constants only
)
_UNDRAWN = text(
    f"""{_RANKED} {_SHOWN} WHERE r.is_flagged
      AND NOT EXISTS (SELECT FROM check_record k WHERE k.case_id = r.case_id AND k.round_id = :round)
    ORDER BY r.rank
    """
)


def _values(reach: Reach, at: datetime, levels: Collection[str]) -> dict[str, object]:
    return {**reach.values(day_of(at)), "at": at, "levels": list(levels)}


def rank_cases(
    session: Session,
    reach: Reach,
    *,
    at: datetime,
    levels: Collection[str] = LEVELS,
    first: int = 0,
    n: int = 50,
    n_read: Sequence[int] = (),
) -> Ranking:
    """List an area's open mediums and highs by score, those without one last, and say where to stop.

    Those of which every level is high already come after all others: nothing is in doubt there.
    """
    artefact = approved_artefact(session)
    evaluation = artefact.evaluation if artefact else {}
    values = {
        **_values(reach, at, levels),
        "first": first,
        "n": n,
        "ranks": [max(1, length) for length in n_read],
        "measured": measured_lines(evaluation),
    }
    found = session.connection().execute(_LIST, values).mappings().one()
    cases = tuple(_as_case(row) for row in found["page"] or ())
    return Ranking(
        found["n_all"],
        found["n_without_score"],
        found["n_unscored"],
        cases,
        stops(dict(found), evaluation, n_read),
    )


def _as_case(row: dict[str, Any]) -> FlaggedCase:
    return FlaggedCase(**row | {"assessed_at": datetime.fromisoformat(row["assessed_at"])})


def undrawn_flagged(
    session: Session, reach: Reach, round_reference: str, *, at: datetime
) -> list[FlaggedCase]:
    """List a team's flagged cases that a closed round did not draw, for its SPO (RULES 8)."""
    found = (
        session.connection()
        .execute(
            text("SELECT id, status FROM round WHERE reference = :reference"), {"reference": round_reference}
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound(f"There is no round {round_reference}.", next_step="Choose one from the list.")
    if found.status != "closed":
        raise Conflict(
            f"The round {round_reference} is not closed yet.",
            next_step="Cases that were not drawn are listed after it closes.",
        )
    values = {**_values(reach, at, LEVELS), "round": found.id}
    return list_rows(session, _UNDRAWN, values, FlaggedCase)
