"""Which of many areas to look into when some will always stand out by chance.

References
----------
Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, JRSS B 57(1), 289-300.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sampling.columns import Floats, read_numbers, read_tally, refuse_outside
from sampling.errors import EstimationError


@dataclass(frozen=True, eq=False)
class Discoveries:
    """Which areas make the list, with adjusted p values; arrays of shape (n_areas,)."""

    listed: NDArray[np.bool_]
    adjusted_p: Floats
    false_discovery_rate: float


def benjamini_hochberg(p_values: ArrayLike, false_discovery_rate: float = 0.05) -> Discoveries:
    """List areas so that at most a stated share of the list is expected to be chance.

    Parameters
    ----------
    p_values : array_like of shape (n_areas,)
        From `excess_p_values`, for instance.
    false_discovery_rate : float
        In (0, 1).

    Returns
    -------
    Discoveries
        In the order given.

    Raises
    ------
    EstimationError
        When a p value is outside [0, 1].
    """
    p = read_numbers(p_values, "p_values")
    if np.any((p < 0) | (p > 1)):
        raise EstimationError("p values must lie within 0 and 1")
    refuse_outside(false_discovery_rate, "false discovery rate")
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return Discoveries(adjusted <= false_discovery_rate, adjusted, false_discovery_rate)


def excess_p_values(k: ArrayLike, n: ArrayLike, centre: float) -> Floats:
    """Give the chance of at least k hits out of n at the common rate.

    Parameters
    ----------
    k, n : array_like of int, shape (n_areas,)
        Hits out of checks.
    centre : float
        The common rate.

    Returns
    -------
    ndarray of shape (n_areas,)
        One-sided exact binomial p values.

    Raises
    ------
    EstimationError
        When the counts do not fit or the rate is not between 0 and 1.
    """
    hits, sizes = read_tally(k, n)
    refuse_outside(centre, "centre")
    return np.asarray(stats.binom.sf(hits - 1, sizes, centre), dtype=np.float64)
