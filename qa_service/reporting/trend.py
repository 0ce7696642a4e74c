"""A rate over time: calendar quarters of one area against limits around its rate under the same rubric."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

import numpy as np

from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import HITS, RateName, asked_of
from sampling import p_chart

_N_QUARTERS = 8


@dataclass(frozen=True)
class Quarter:
    """What was drawn in a quarter (year x 4 + 0..3) under one rubric; with two rubrics it stands twice.

    Rate and limits (0-1) where all that was drawn is final and enough to compare; limits and baseline where
    not every check of its rubric, nor none, is a hit.
    """

    number: int
    n: int
    k: int | None
    rate: float | None
    low: float | None
    high: float | None
    is_beyond: bool
    rubric: str | None = None
    baseline: float | None = None
    is_shared: bool = False
    is_final: bool = True
    is_too_few: bool = False

    @property
    def name(self) -> str:
        """Return the quarter's name, e.g. Q3 2026 (July to September), with its rubric where it has two."""
        name = f"Q{self.number % 4 + 1} {self.number // 4}"
        return f"{name}, v{self.rubric}" if self.is_shared else name


@dataclass(frozen=True)
class Baseline:
    """The rate over all the final quarters shown that were scored by one version of the rubric."""

    rubric: str
    rate: float
    since: str


@dataclass(frozen=True)
class Trend:
    """The last quarters, the present one included, and the baseline of each rubric in turn."""

    quarters: tuple[Quarter, ...]
    baselines: tuple[Baseline, ...]

    @property
    def has_one_rubric(self) -> bool:
        """Tell whether one version of the rubric scored every quarter shown."""
        return len({quarter.rubric for quarter in self.quarters if quarter.rubric is not None}) < 2

    @property
    def baseline(self) -> float | None:
        """Return the baseline in force: that of the last rubric."""
        return self.baselines[-1].rate if self.baselines else None


def quarter_of(at: datetime) -> int:
    """Return the number of the calendar quarter that a moment lies in."""
    return at.year * 4 + (at.month - 1) // 3


def trend_of(
    name: RateName, checks: CheckArrays, last_quarter: int, *, least: int, waiting: Collection[int] = ()
) -> Trend:
    """Count a rate by the quarter of the draw, each officer counting once, with limits where there are some.

    A new version of the rubric asks something else, so its checks start a baseline of their own. Quarters of
    which checks are `waiting` have counts only: passes are final before fails are. So have quarters of fewer
    than `least` checks, and a baseline rests on no fewer.
    """
    scorable = checks.take(asked_of(name, checks) & checks.has(Found.SCORABLE))
    shown = scorable.take(scorable.quarter > last_quarter - _N_QUARTERS)
    hits, quarters = shown.has(HITS[name]), shown.quarter
    versions = sorted(set(shown.rubric.tolist()), key=lambda version: shown.at[shown.rubric == version].min())
    seen = []
    for version in versions:
        for number in np.unique(quarters[shown.rubric == version]).tolist():
            mine = (shown.rubric == version) & (quarters == number)
            seen.append(_Count(version, number, int(mine.sum()), int(hits[mine].sum())))
    seen_in = [one.number for one in seen]
    empty = set(range(last_quarter - _N_QUARTERS + 1, last_quarter + 1)) - set(seen_in)
    charted = _charted([one for one in seen if one.number not in waiting], least)
    counted = [one for one in seen if one.number in waiting] + [_Count(None, one, 0, 0) for one in empty]
    rows = charted + [_without_limits(one, is_final=one.number not in waiting) for one in counted]
    shared = [replace(one, is_shared=seen_in.count(one.number) > 1) for one in rows]
    return Trend(tuple(sorted(shared, key=lambda quarter: quarter.number)), _baselines(charted))


@dataclass(frozen=True)
class _Count:
    rubric: str | None
    number: int
    n: int
    k: int


def _without_limits(one: _Count, *, is_final: bool) -> Quarter:
    return Quarter(
        one.number, one.n, one.k, None, None, None, is_beyond=False, rubric=one.rubric, is_final=is_final
    )


def _charted(counts: Sequence[_Count], least: int) -> list[Quarter]:
    """Chart the counts, rubric after rubric, each around its own rate."""
    if not counts:
        return []
    changes = tuple(
        place for place, (before, after) in enumerate(pairwise(counts), 1) if before.rubric != after.rubric
    )
    chart = p_chart([one.k for one in counts], [one.n for one in counts], changes=changes)
    charted = []
    for place, one in enumerate(counts):
        baseline, low, high = (float(line[place]) for line in (chart.centre, chart.low, chart.high))
        has_baseline = sum(other.n for other in counts if other.rubric == one.rubric) >= least
        has_rate = one.n >= least
        has_limits = has_rate and 0 < baseline < 1
        charted.append(
            Quarter(
                one.number,
                one.n,
                one.k,
                float(chart.rate[place]) if has_rate else None,
                low if has_limits else None,
                high if has_limits else None,
                is_beyond=has_limits and bool(chart.outside[place]),
                rubric=one.rubric,
                baseline=baseline if has_baseline else None,
                is_too_few=not has_rate,
            )
        )
    return charted


def _baselines(charted: Sequence[Quarter]) -> tuple[Baseline, ...]:
    firsts = {quarter.rubric: quarter for quarter in reversed(charted)}
    return tuple(
        Baseline(quarter.rubric, quarter.baseline, f"Q{quarter.number % 4 + 1} {quarter.number // 4}")
        for quarter in reversed(firsts.values())
        if quarter.rubric is not None and quarter.baseline is not None
    )
