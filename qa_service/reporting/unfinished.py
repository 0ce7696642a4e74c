"""What has been drawn and is not final yet: while a round runs, a rate of what is final is too low.

A pass is final after one read, a possible fail waits for a second. Only that a check waits is ever told,
never how far it is: a second read would give a coming fail away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa_service.reporting.areas import Area, AreaLevel
from qa_service.reporting.queries import OF_HALF_YEAR, CheckArrays, Found
from qa_service.reporting.rates import HITS, Rate, RateName, asked_of
from qa_service.reporting.shares import share_by_officer


@dataclass(frozen=True)
class WaitingChecks:
    """How many checks of the random arm, drawn in a place and quarter (year x 4 + 0..3), have no verdict.

    `years` is how much of a year the round of each stands for.
    """

    pdu_code: str
    region_code: str
    quarter: int
    is_medium: bool
    years: float
    n: int


@dataclass(frozen=True)
class Unfinished:
    """How many checks that a rate asks about are final and how many wait; the rate if all these were right.

    `n_waiting` is empty where it may not be told; the rates, each officer counting once a year, then allow
    for the most that may wait.
    """

    n_final: int
    n_waiting: int | None
    all_right: Rate
    all_wrong: Rate


# In the columns of FINAL_CHECKS, to be asked with them in one statement: quarter, whether medium, half a year
# or not, how many.
WAITING = f"""
    SELECT k.drawn_pdu_code, k.drawn_region_code, NULL,
           ARRAY[q.number, coalesce(a.overall_derived = 'MEDIUM', false)::int, {OF_HALF_YEAR}, count(*)::int],
           NULL, NULL, NULL, 'waiting'
    FROM check_record k JOIN assessment a ON a.id = k.assessment_id JOIN round n ON n.id = k.round_id
    CROSS JOIN LATERAL (SELECT k.drawn_at AT TIME ZONE 'UTC' AS drawn_at) day
    CROSS JOIN LATERAL (
      SELECT (extract(year FROM day.drawn_at) * 4 + extract(quarter FROM day.drawn_at))::int - 1 AS number) q
    WHERE k.arm = 'random' AND k.purpose = 'live' AND k.status NOT IN ('substituted', 'void')
      AND k.inclusion_probability > 0 AND k.drawn_at <= :at
      AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.check_id = k.id AND v.decided_at <= :at)
    GROUP BY k.drawn_pdu_code, k.drawn_region_code, q.number, a.overall_derived = 'MEDIUM', n.cadence
"""  # noqa: S608 - constants only


def waiting_in(area: Area, name: RateName, waiting: Sequence[WaitingChecks]) -> list[WaitingChecks]:
    """Return those that a rate asks about and that were drawn in an area; a region's while they lay in it."""
    if name is RateName.MEDIUM_SHOULD_BE_HIGH:
        waiting = [one for one in waiting if one.is_medium]
    if area.level is AreaLevel.NATIONAL:
        return list(waiting)
    is_pdu = area.level is AreaLevel.PDU
    return [one for one in waiting if area.code == (one.pdu_code if is_pdu else one.region_code)]


def n_told(waiting: Sequence[WaitingChecks], *, least: int) -> int | None:
    """Count checks that wait; nobody is told of fewer than `least`: the last are likely fails."""
    n = sum(one.n for one in waiting)
    return None if 0 < n < least else n


def unfinished_of(
    name: RateName, checks: CheckArrays, waiting: Sequence[WaitingChecks], *, least: int
) -> Unfinished | None:
    """Return what waits beside an area's final checks; None where all is final."""
    n = sum(one.n for one in waiting)
    if not n:
        return None
    drawn = checks.drawn
    counted = drawn.take(asked_of(name, drawn) & drawn.has(Found.SCORABLE))
    years = np.repeat([one.years for one in waiting], [one.n for one in waiting])
    # Of the few that are not counted out there may be as many as these.
    years = np.append(years, np.full(max(0, least - 1 - n), years.max()))

    all_years, hits = np.append(counted.years, years), counted.has(HITS[name])
    nobody = np.zeros(len(years), dtype=bool)
    return Unfinished(
        n_final=int(asked_of(name, drawn).sum()),
        n_waiting=n_told(waiting, least=least),
        all_right=share_by_officer(np.append(hits, nobody), all_years),
        all_wrong=share_by_officer(np.append(hits, ~nobody), all_years),
    )
