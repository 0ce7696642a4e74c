"""Which areas differ by more than chance: exact funnel limits, their false alarms and their power.

References
----------
Spiegelhalter, D. J. (2005), Funnel plots for comparing institutional performance, Statistics in
Medicine 24(8), 1185-1202, doi:10.1002/sim.1970.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sampling.columns import Floats, read_array, read_numbers, refuse_outside
from sampling.errors import EstimationError

Counts = NDArray[np.int64]
_ROUNDING = 1e-9  # an effective n of 50 may be computed as 49.99999999999987


@dataclass(frozen=True, eq=False)
class FunnelLimits:
    """Exact limits; arrays of shape (n_areas,). An area stands out when k > upper_k or k < lower_k.

    `p_above` and `p_below` are the chances that an area exactly at the centre stands out.
    """

    n: Counts
    centre: float
    level: float
    lower_k: Counts
    upper_k: Counts
    p_below: Floats
    p_above: Floats

    @property
    def low(self) -> Floats:
        """Lower limits as rates."""
        return self.lower_k / self.n

    @property
    def high(self) -> Floats:
        """Upper limits as rates."""
        return self.upper_k / self.n

    @property
    def expected_false_alarms_above(self) -> float:
        """How many areas would stand out above if all were exactly at the centre."""
        return float(self.p_above.sum())

    @property
    def expected_false_alarms_below(self) -> float:
        """How many areas would stand out below if all were exactly at the centre."""
        return float(self.p_below.sum())


def funnel_limits(n: ArrayLike, centre: float, level: float = 0.998) -> FunnelLimits:
    """Give the counts that chance alone would hardly pass.

    Parameters
    ----------
    n : array_like of int, shape (n_areas,) or scalar
        Checks per area (a fractional effective n is rounded down).
    centre : float
        The common rate, in (0, 1).
    level : float
        0.998 for action, 0.95 for a look.

    Returns
    -------
    FunnelLimits
        From the binomial distribution: at most (1 - level) / 2 beyond each limit.

    Raises
    ------
    EstimationError
        When n, centre or level are out of range.
    """
    n_eff = read_numbers(np.atleast_1d(read_array(n, "n")), "n")
    sizes = np.floor(n_eff * (1 + _ROUNDING)).astype(np.int64)
    if np.any(sizes < 1):
        raise EstimationError("funnel limits need n of 1 or more; leave areas without checks out")
    refuse_outside(centre, "centre")
    refuse_outside(level, "level")
    tail = (1 - level) / 2
    upper = np.asarray(stats.binom.ppf(1 - tail, sizes, centre)).astype(np.int64)
    lower = np.asarray(stats.binom.ppf(tail, sizes, centre)).astype(np.int64)
    below = np.asarray(stats.binom.cdf(lower - 1, sizes, centre))
    above = np.asarray(stats.binom.sf(upper, sizes, centre))
    return FunnelLimits(sizes, centre, level, lower, upper, below, above)


def funnel_curves(n: ArrayLike, centre: float, level: float = 0.998) -> tuple[Floats, Floats]:
    """Give the limits as curves to draw: interpolated between counts, so that they do not saw.

    Parameters
    ----------
    n : array_like of int, shape (n_points,)
        Checks at which to draw.
    centre, level : float
        As in `funnel_limits`, which alone decides who stands out.

    Returns
    -------
    tuple of ndarray of shape (n_points,)
        Lower and upper rates, in [0, 1].

    Raises
    ------
    EstimationError
        When n, centre or level are out of range.

    Notes
    -----
    (r - a) / n with r the smallest count of F(r) >= p and a = (F(r) - p) / (F(r) - F(r - 1))
    (Spiegelhalter 2005, appendix A.1.1). An upper curve lies less than one count below `upper_k`.
    """
    limits = funnel_limits(n, centre, level)

    def curve(counts: Counts, share: float) -> Floats:
        reached = stats.binom.cdf(counts, limits.n, centre)
        beyond = (reached - share) / stats.binom.pmf(counts, limits.n, centre)
        return np.asarray(np.clip((counts - beyond) / limits.n, 0, 1), dtype=np.float64)

    return curve(limits.lower_k, (1 - level) / 2), curve(limits.upper_k, (1 + level) / 2)


def funnel_power(n: float, centre: float, true_rate: float, level: float = 0.998) -> float:
    """Give the chance that an area with another true rate stands out on its side.

    Parameters
    ----------
    n : float
        Checks in the area.
    centre, true_rate : float
        The common rate and the area's, in (0, 1).
    level : float
        As in `funnel_limits`.

    Returns
    -------
    float
        Probability in [0, 1].

    Raises
    ------
    EstimationError
        When a value is out of range.
    """
    refuse_outside(true_rate, "true rate")
    limits = funnel_limits(n, centre, level)
    if true_rate >= centre:
        return float(stats.binom.sf(limits.upper_k[0], limits.n[0], true_rate))
    return float(stats.binom.cdf(limits.lower_k[0] - 1, limits.n[0], true_rate))
