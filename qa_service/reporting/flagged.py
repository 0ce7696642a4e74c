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
from qa_service.flags.rules import Interval, remaining_below
from qa_service.flags.service.artefacts import approved_artefact
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
class Stop:
    """Reading the first `n_read` of a list: what is left below, and how many of its mediums are wrong."""

    n_read: int
    n_all: int
    n_mediums_below: int
    n_without_score: int
    score_rate: float | None
    remaining: Interval | None

    @property
    def sentence(self) -> str:
        """Say it in numbers of cases."""
        if self.remaining is None:
            return (
                f"After {self.n_read} cases nobody can say how many wrong ones remain: too few were checked."
            )
        few, most = int(self.remaining.low), -int(-self.remaining.high // 1)
        return (
            f"After {self.n_read} cases, about {round(self.remaining.value)} ({few} to {most}) of the "
            f"{self.n_mediums_below} mediums below the line should probably be high."
        )


@dataclass(frozen=True)
class Ranking:
    """A part of an area's list, and where one could stop reading it."""

    n_all: int
    n_without_score: int
    cases: tuple[FlaggedCase, ...]
    stops: tuple[Stop, ...]


# A whole region is put in order, so this reads nothing but what the order and the counts need.
_HELD = """
    SELECT c.id AS case_id, a.id AS assessment_id, a.level, a.assessed_at, h.staff_code, h.team_code,
      f.score_rate, coalesce(f.is_flagged, false) AS is_flagged
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
"""
_RANKED = f"""
    WITH held AS MATERIALIZED ({_HELD}), ranked AS (
      SELECT row_number() OVER listed AS rank, held.*,
        count(*) FILTER (WHERE level = 'MEDIUM') OVER (listed ROWS UNBOUNDED PRECEDING) AS n_mediums_read
      FROM held
      WINDOW listed AS (ORDER BY score_rate DESC NULLS LAST, level = 'HIGH' DESC, assessed_at, case_id)
    )
"""  # noqa: S608 - constants only
_SHOWN = f"""
    SELECT r.rank, r.case_id, {CRN_OF.format(case="r.case_id")}, c.name, r.level, r.assessed_at,
      p.name AS officer, t.name AS team, u.name AS pdu, r.score_rate, r.is_flagged, f.target,
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
    SELECT count(*) AS n_all, count(*) FILTER (WHERE score_rate IS NULL) AS n_without_score,
      count(*) FILTER (WHERE level = 'MEDIUM') AS n_mediums,
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

    For each length of reading: how many wrong mediums probably remain below. The rate below a line is that of
    all random checks of the approved artefact's training, not of this area alone: an area has too few checks
    for a rate of its own.
    """
    artefact = approved_artefact(session)
    evaluation = artefact.evaluation if artefact else {}
    ranks = [max(1, length) for length in n_read]
    values = {**_values(reach, at, levels), "first": first, "n": n, "ranks": ranks}
    found = session.connection().execute(_LIST, values).mappings().one()
    lines = {rank: (score, n_mediums) for rank, score, n_mediums in found["lines"] or ()}
    stops = []
    for length in sorted(set(n_read)):
        score, n_mediums_read = lines.get(max(1, length), (None, found["n_mediums"]))
        n_below = found["n_mediums"] - (n_mediums_read if length else 0)
        remaining = remaining_below(evaluation, score, n_below) if score is not None else None
        stops.append(Stop(length, found["n_all"], n_below, found["n_without_score"], score, remaining))
    cases = tuple(_as_case(row) for row in found["page"] or ())
    return Ranking(found["n_all"], found["n_without_score"], cases, tuple(stops))


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
