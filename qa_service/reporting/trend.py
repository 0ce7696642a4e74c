"""A rate over time: calendar quarters of one area against limits around its own two years."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import HITS, RateName, asked_of
from sampling import p_chart, suppressed_cells

_N_QUARTERS = 8


@dataclass(frozen=True)
class Quarter:
    """A quarter (year x 4 + 0..3) with its counts; limits (0-1) where there is a check and a baseline."""

    number: int
    n: int
    k: int | None
    rate: float | None
    low: float | None
    high: float | None
    is_beyond: bool

    @property
    def name(self) -> str:
        """Return the quarter's name, e.g. Q3 2026 (July to September)."""
        return f"Q{self.number % 4 + 1} {self.number // 4}"


@dataclass(frozen=True)
class Trend:
    """The last quarters, the present one included, and the baseline: the rate over all of them."""

    quarters: tuple[Quarter, ...]
    baseline: float | None

    @property
    def n_beyond(self) -> int:
        """Return how many quarters lie beyond their limits."""
        return sum(quarter.is_beyond for quarter in self.quarters)


def quarter_of(at: datetime) -> int:
    """Return the number of the calendar quarter that a moment lies in."""
    return at.year * 4 + (at.month - 1) // 3


def trend_of(name: RateName, checks: CheckArrays, last_quarter: int) -> Trend:
    """Count a rate quarter by quarter, each officer counting once, with limits where there are some."""
    scorable = checks.take(asked_of(name, checks) & checks.has(Found.SCORABLE))
    numbers = range(last_quarter - _N_QUARTERS + 1, last_quarter + 1)
    hits, quarters = scorable.has(HITS[name]), scorable.quarter
    counts = [
        (number, int((quarters == number).sum()), int(hits[quarters == number].sum())) for number in numbers
    ]
    return _chart(counts)


def _chart(counts: Sequence[tuple[int, int, int]]) -> Trend:
    seen = [(number, n, k) for number, n, k in counts if n]
    if not seen:
        return Trend(tuple(_empty(number) for number, _, _ in counts), None)
    chart = p_chart([k for _, _, k in seen], [n for _, n, _ in seen])
    baseline = float(chart.centre[0])
    known = {number: place for place, (number, _, _) in enumerate(seen)}
    quarters = []
    for number, n, k in counts:
        if number not in known:
            quarters.append(_empty(number))
            continue
        place = known[number]
        low, high = (float(limits[place]) for limits in (chart.low, chart.high))
        has_limits = 0 < baseline < 1
        quarters.append(
            Quarter(
                number,
                n,
                k,
                float(chart.rate[place]),
                low if has_limits else None,
                high if has_limits else None,
                is_beyond=has_limits and bool(chart.outside[place]),
            )
        )
    return Trend(tuple(quarters), baseline)


def _empty(number: int) -> Quarter:
    return Quarter(number, 0, 0, None, None, None, is_beyond=False)


def suppress_quarters(trend: Trend, least: int) -> Trend:
    """Hide the quarters with small counts, and as many more as keep these from being worked out."""
    counts = np.array([[quarter.k or 0, quarter.n - (quarter.k or 0)] for quarter in trend.quarters])
    with_n = np.column_stack([counts, counts.sum(axis=1)])
    hidden = suppressed_cells(np.vstack([with_n, with_n.sum(axis=0)]), least)[:-1, :2].max(axis=1)
    quarters = tuple(
        replace(quarter, k=None, rate=None, low=None, high=None, is_beyond=False) if is_hidden else quarter
        for quarter, is_hidden in zip(trend.quarters, hidden.tolist(), strict=True)
    )
    return replace(trend, quarters=quarters)
