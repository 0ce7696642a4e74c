"""A rate over time against limits that step with each period's number of checks.

References
----------
Montgomery, D. C. (2013), Introduction to Statistical Quality Control, section 7.3 (exact limits here).
"""

from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.columns import Floats, read_tally
from sampling.errors import EstimationError
from sampling.funnel import funnel_limits


@dataclass(frozen=True, eq=False)
class PChart:
    """Rates over time against stepped limits; arrays of shape (n_periods,)."""

    rate: Floats
    centre: Floats
    low: Floats
    high: Floats
    outside: NDArray[np.bool_]
    level: float


def p_chart(k: ArrayLike, n: ArrayLike, *, changes: tuple[int, ...] = (), level: float = 0.998) -> PChart:
    """Chart a rate over periods, with limits that step with each period's n and after a known change.

    Parameters
    ----------
    k, n : array_like of int, shape (n_periods,)
        Hits out of checks, period by period.
    changes : tuple of int
        Periods from which a new centre is counted (a new rubric version, a new policy).
    level : float
        As in `funnel_limits`.

    Returns
    -------
    PChart
        Centre per stretch between changes; limits nan where a stretch has only hits or none.

    Raises
    ------
    EstimationError
        When the counts do not fit.
    """
    hits, sizes = read_tally(k, n)
    bounds = [0, *changes, len(hits)]
    if sorted(set(bounds)) != bounds or not all(isinstance(bound, Integral) for bound in bounds):
        raise EstimationError(f"changes {changes} must be rising periods between the first and the last")
    rate, centre = hits / sizes, np.empty(len(hits))
    low, high = np.full(len(hits), np.nan), np.full(len(hits), np.nan)
    for start, end in pairwise(bounds):
        centre[start:end] = hits[start:end].sum() / sizes[start:end].sum()
        if 0 < centre[start] < 1:
            limits = funnel_limits(sizes[start:end], float(centre[start]), level)
            low[start:end], high[start:end] = limits.low, limits.high
    return PChart(rate, centre, low, high, (rate > high) | (rate < low), level)
