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
STOP_SHARES = (0.0, 0.02, 0.05, 0.10, 0.20, 0.40)


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


_HELD = f"""
    SELECT c.id AS case_id, {CRN_OF.format(case="c.id")}, c.name, a.level, a.assessed_at, p.name AS officer,
      t.name AS team, u.name AS pdu, f.score_rate, coalesce(f.is_flagged, false) AS is_flagged, f.target,
      coalesce(f.reasons, '[]') AS reasons,
      EXISTS (SELECT FROM check_record k WHERE k.case_id = c.id
              AND k.status NOT IN ('final', 'void', 'substituted')) AS is_being_checked
    FROM case_record c
    JOIN case_assignment h ON h.case_id = c.id AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)
    JOIN team t ON t.code = h.team_code JOIN pdu u ON u.code = t.pdu_code
    JOIN staff_code s ON s.code = h.staff_code JOIN person p ON p.id = s.person_id
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
_ORDER = "score_rate DESC NULLS LAST, level = 'HIGH' DESC, assessed_at, case_id"
_RANKED = f"""
    WITH held AS ({_HELD}), ranked AS (SELECT row_number() OVER (ORDER BY {_ORDER}) AS rank, held.* FROM held)
"""  # noqa: S608 - as above
_PAGE = text(f"{_RANKED} SELECT * FROM ranked ORDER BY rank LIMIT :n OFFSET :first")  # noqa: S608 - constants only
_STOPS = text(
    f"""{_RANKED}
    SELECT n.n_read, r.score_rate, count(b.case_id) FILTER (WHERE b.level = 'MEDIUM') AS n_mediums_below,
      (SELECT count(*) FROM ranked) AS n_all,
      (SELECT count(*) FROM ranked WHERE score_rate IS NULL) AS n_without_score
    FROM unnest(CAST(:reads AS bigint[])) AS n(n_read)
    LEFT JOIN ranked r ON r.rank = greatest(1, n.n_read)
    LEFT JOIN ranked b ON b.rank > n.n_read
    GROUP BY n.n_read, r.score_rate ORDER BY n.n_read
    """  # noqa: S608 - as above
)
_COUNT = text(f"SELECT count(*) FROM ({_HELD}) held")  # noqa: S608 - constants only
_UNDRAWN = text(
    f"""{_RANKED}
    SELECT * FROM ranked WHERE is_flagged
      AND NOT EXISTS (SELECT FROM check_record k WHERE k.case_id = ranked.case_id AND k.round_id = :round)
    ORDER BY rank
    """  # noqa: S608 - as above
)


def _values(reach: Reach, at: datetime, levels: Collection[str]) -> dict[str, object]:
    return {**reach.values(day_of(at)), "at": at, "levels": list(levels)}


def ranked_cases(
    session: Session,
    reach: Reach,
    *,
    at: datetime,
    levels: Collection[str] = LEVELS,
    first: int = 0,
    n: int = 50,
) -> list[FlaggedCase]:
    """List an area's open mediums and highs by score; those without a score come last."""
    values = {**_values(reach, at, levels), "first": first, "n": n}
    return list_rows(session, _PAGE, values, FlaggedCase)


def count_ranked(session: Session, reach: Reach, *, at: datetime, levels: Collection[str] = LEVELS) -> int:
    """Count the cases of an area's list."""
    return int(session.connection().execute(_COUNT, _values(reach, at, levels)).scalar_one())


def where_to_stop(
    session: Session,
    reach: Reach,
    *,
    at: datetime,
    levels: Collection[str] = LEVELS,
    n_read: Sequence[int] | None = None,
) -> list[Stop]:
    """Say for some lengths of reading how many wrong mediums probably remain below, with an interval.

    The rate below a line is that of all random checks of the approved artefact's training, not of this area
    alone: an area has too few checks for a rate of its own.
    """
    artefact = approved_artefact(session)
    if n_read is None:
        n_all = count_ranked(session, reach, at=at, levels=levels)
        n_read = sorted({round(share * n_all) for share in STOP_SHARES})
    values = {**_values(reach, at, levels), "reads": list(n_read)}
    return [
        Stop(
            **row,
            remaining=remaining_below(artefact.evaluation, row["score_rate"], row["n_mediums_below"])
            if artefact is not None and row["score_rate"] is not None
            else None,
        )
        for row in session.connection().execute(_STOPS, values).mappings()
    ]


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
