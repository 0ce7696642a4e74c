"""Before a round: how many checks a question needs, what they can find, and what they cost."""

import math
from dataclasses import dataclass
from numbers import Integral, Real

from scipy import stats

from sampling.errors import EstimationError
from sampling.intervals import wilson_interval

_ROUNDING = 1e-9  # 0.07 x 100 is a hair above 7 in floating point


def sample_size(
    rate: float,
    half_width: float,
    *,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    n_population: float = math.inf,
) -> int:
    """Find the fewest checks whose Wilson interval is narrow enough at an expected rate.

    Parameters
    ----------
    rate : float
        Expected, in [0, 1].
    half_width : float
        Half the width wanted, as a share (0.05 is five points).
    confidence : float
        In (0, 1).
    design_effect : float
        Variance relative to simple random sampling (1.3 for one case per officer weighted by caseload).
    n_population : float
        Cases in the frame; the need shrinks as n / (1 + (n - 1) / n_population).

    Returns
    -------
    int
        Number of checks, at least 1. Textbooks' p(1 - p)z**2/d**2, from Wald's interval, gives a few more
        near one half (385 for five points; Wilson's needs 381) and far too few near 0.

    Raises
    ------
    EstimationError
        When a value is out of range.
    """
    _refuse_no_number(rate, half_width, design_effect, n_population)
    if not (0 <= rate <= 1 and 0 < half_width < 0.5 and 0 < design_effect < math.inf and n_population >= 1):
        raise EstimationError(
            f"rate {rate}, half width {half_width}, design effect {design_effect} or population "
            f"{n_population} is out of range"
        )
    low, high = 1, 1
    while _half_width(rate, high, confidence) > half_width:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if _half_width(rate, middle, confidence) <= half_width else (middle + 1, high)
        )
    needed = high * design_effect
    return math.ceil(needed / (1 + (needed - 1) / n_population))


def detection_probability(
    n: int, rate: float, *, at_least: int = 1, n_population: int | None = None
) -> float:
    """Give the chance that n random checks meet enough wrong cases.

    Parameters
    ----------
    n : int
        Checks.
    rate : float
        Share of cases that are wrong, in [0, 1]; of a population, the fewest cases that make so much.
    at_least : int
        Wrong cases to be met.
    n_population : int, optional
        Cases drawn from without replacement; a very large number when not given.

    Returns
    -------
    float
        Probability in [0, 1].

    Raises
    ------
    EstimationError
        When a value is out of range.
    """
    _refuse_no_number(rate)
    counts = (n, at_least, n if n_population is None else n_population)
    if not all(isinstance(count, Integral) for count in counts) or not 0 <= rate <= 1:
        raise EstimationError(f"{counts} must be whole numbers and rate {rate} within 0 to 1")
    if n < 0 or at_least < 0 or (n_population is not None and n > n_population):
        raise EstimationError(f"{n} checks of {n_population} at rate {rate} cannot be drawn")
    if n == 0:
        return float(at_least == 0)
    if n_population is None:
        return float(stats.binom.sf(at_least - 1, n, rate))
    n_wrong = math.ceil(rate * n_population - _ROUNDING)
    return float(stats.hypergeom.sf(at_least - 1, n_population, n_wrong, n))


@dataclass(frozen=True)
class ReadingTimes:
    """Hours per read and how often each further read is needed (shares of first reads), from the policy."""

    first_read_hours: float
    second_read_hours: float
    moderation_hours: float
    second_read_rate: float
    moderation_rate: float

    def __post_init__(self) -> None:
        for part in (
            self.first_read_hours,
            self.second_read_hours,
            self.moderation_hours,
            self.second_read_rate,
            self.moderation_rate,
        ):
            if not (isinstance(part, Real) and 0 <= part < math.inf):
                raise EstimationError(f"{part!r} is no time or share of reads; give 0 or more")


def reviewer_hours(n_checks: int, times: ReadingTimes) -> float:
    """Give the reviewer hours of a round.

    Parameters
    ----------
    n_checks : int
        First reads.
    times : ReadingTimes
        Hours and shares.

    Returns
    -------
    float
        Hours of first and second reads and moderation.

    Raises
    ------
    EstimationError
        When the number of checks is none.
    """
    if not (isinstance(n_checks, Real) and n_checks >= 0):
        raise EstimationError(f"{n_checks!r} checks cannot be read; give 0 or more")
    per_check = times.first_read_hours + times.second_read_rate * times.second_read_hours
    return n_checks * (per_check + times.moderation_rate * times.moderation_hours)


def _refuse_no_number(*values: float) -> None:
    for value in values:
        if not isinstance(value, Real):
            raise EstimationError(f"{value!r} is no number")


def _half_width(rate: float, n: int, confidence: float) -> float:
    low, high = wilson_interval(rate * n, n, confidence)
    return (high - low) / 2
