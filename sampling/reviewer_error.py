"""What the rate would be if reviewers never erred: Rogan and Gladen's correction, with its doubt.

References
----------
Rogan, W. J. and Gladen, B. (1978), Estimating prevalence from the results of a screening test,
American Journal of Epidemiology 107(1), 71-76.
"""

import math
from functools import lru_cache
from numbers import Real

import numpy as np
from scipy import optimize, special, stats
from scipy.stats import qmc

from sampling.columns import Floats, refuse_outside
from sampling.errors import EstimationError
from sampling.estimate import Estimate

_N_POINTS_LOG2 = 10
_N_ROWS, _N_SD = 1_025, 9


def rogan_gladen(rate: float, sensitivity: float, specificity: float) -> float:
    """Correct an observed rate for known reader error.

    Parameters
    ----------
    rate, sensitivity, specificity : float
        Proportions; sensitivity + specificity above 1.

    Returns
    -------
    float
        (rate + specificity - 1) / (sensitivity + specificity - 1), held within 0 and 1.

    Raises
    ------
    EstimationError
        When a value is no share, or readers do no better than chance: then nothing can be corrected.
    """
    for share, what in ((rate, "rate"), (sensitivity, "sensitivity"), (specificity, "specificity")):
        if not (isinstance(share, Real) and 0 <= share <= 1):
            raise EstimationError(f"{what} {share!r} is no share; give a number from 0 to 1")
    gain = sensitivity + specificity - 1
    if gain <= 0:
        raise EstimationError(
            f"sensitivity {sensitivity} + specificity {specificity} is not above 1: no better than chance"
        )
    return min(1.0, max(0.0, (rate + specificity - 1) / gain))


def correct_for_reviewer_error(
    k: float,
    n: float,
    *,
    sensitivity: tuple[float, float],
    specificity: tuple[float, float],
    confidence: float = 0.95,
) -> Estimate:
    """Correct a rate with what second, moderated and gold reads taught about the readers.

    Parameters
    ----------
    k, n : float
        Observed hits out of n (effective for a weighted rate).
    sensitivity : tuple of float
        (found, wrong): of so many wrong cases, how many readers found.
    specificity : tuple of float
        (passed, right): of so many right cases, how many readers passed. It decides the result, so
        enough passes must be read again.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Value from the observed proportions. The doubt about readers follows Jeffreys posteriors, that
        about the rate Clopper-Pearson's two beta distributions, so that limits of small areas are
        conservative; the readers' over the same 1,024 low-discrepancy points on every call. Limits of 0 to 0
        (or 1 to 1) say that readers' errors alone explain what was observed, not that nobody is wrong.
        `n_eff` is n at 0 and 1.

    Raises
    ------
    EstimationError
        When counts do not fit or readers do no better than chance.
    """
    refuse_outside(confidence, "confidence")
    (k, n), found, passed = (
        _tally((k, n), "rate"),
        _tally(sensitivity, "sensitivity"),
        _tally(specificity, "specificity"),
    )
    value = rogan_gladen(k / n, found[0] / found[1], passed[0] / passed[1])
    readers = _readers(found, passed)
    tail = (1 - confidence) / 2
    low = _truth_quantile(tail, k, n - k + 1, readers) if k > 0 else 0.0
    high = _truth_quantile(1 - tail, k + 1, n - k, readers) if k < n else 1.0
    se = _standard_error(k + 0.5, n - k + 0.5, readers)
    n_eff = value * (1 - value) / se**2 if 0 < value < 1 else n
    method = "Rogan-Gladen over the doubt about readers"
    return Estimate(value, se, low, high, round(n), n_eff, method, confidence)


def _tally(pair: tuple[float, float], what: str) -> tuple[float, float]:
    try:
        count, of = (float(part) for part in pair)
    except (TypeError, ValueError) as error:
        raise EstimationError(f"{what} must be two numbers, hits and cases, not {pair!r}") from error
    if not (0 < of < math.inf and 0 <= count <= of):
        raise EstimationError(f"{what}: {count:g} of {of:g} is no proportion; read more cases again")
    return count, of


@lru_cache(maxsize=32)  # one pair for every area of a list
def _readers(sensitivity: tuple[float, float], specificity: tuple[float, float]) -> tuple[Floats, Floats]:
    """Sensitivities and specificities spread evenly over their posteriors, where they beat chance."""
    points = qmc.Sobol(2, scramble=False).random_base2(_N_POINTS_LOG2) + 0.5 / 2**_N_POINTS_LOG2
    found, passed = (
        np.asarray(stats.beta.ppf(points[:, i], count + 0.5, of - count + 0.5))
        for i, (count, of) in enumerate([sensitivity, specificity])
    )
    better = found + passed > 1
    return found[better], passed[better]


def _truth_quantile(share: float, a: float, b: float, readers: tuple[Floats, Floats]) -> float:
    """Solve P(truth <= t) = share within 0 to 1, the rate following Beta(a, b)."""
    found, passed = readers
    rates, below = _beta_table(a, b)

    def excess(truth: float) -> float:
        rate = truth * (found + passed - 1) + 1 - passed
        return float(np.mean(np.interp(rate, rates, below))) - share

    if excess(0.0) >= 0:
        return 0.0
    return 1.0 if excess(1.0) <= 0 else float(optimize.brentq(excess, 0.0, 1.0, xtol=1e-7))


def _beta_table(a: float, b: float) -> tuple[Floats, Floats]:
    """Tabulate Beta(a, b), closely enough to be read between rows: asking for each reader takes longer."""
    mean, sd = a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)
    low, high = max(0.0, mean - _N_SD * sd), min(1.0, mean + _N_SD * sd)
    # Close together towards an end at 0 or 1, where a small a or b makes it steep.
    steps = np.linspace(0, 1, _N_ROWS)
    steps = steps**3 if low == 0 and high < 1 else 1 - (1 - steps) ** 3 if high == 1 and low > 0 else steps
    rates = low + (high - low) * steps
    return rates, special.betainc(a, b, rates)


def _standard_error(a: float, b: float, readers: tuple[Floats, Floats]) -> float:
    """Doubt about the rate plus doubt about the readers, before the truth is held within 0 and 1."""
    found, passed = readers
    gain = found + passed - 1
    mean, variance = a / (a + b), a * b / (a + b) ** 2 / (a + b + 1)
    return math.sqrt(float(np.mean(variance / gain**2)) + float(np.var((mean + passed - 1) / gain)))
