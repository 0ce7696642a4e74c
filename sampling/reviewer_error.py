"""What the rate would be if reviewers never erred: Rogan and Gladen's correction, with its doubt.

References
----------
Rogan, W. J. and Gladen, B. (1978), Estimating prevalence from the results of a screening test,
American Journal of Epidemiology 107(1), 71-76.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

from sampling.errors import EstimationError
from sampling.estimate import Estimate

_N_POINTS_LOG2 = 14


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
        When readers do no better than chance: then nothing can be corrected.
    """
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
        Value from the observed proportions; limits and standard error from the three Jeffreys posteriors
        (independent), over the same 16,384 low-discrepancy points on every call.

    Raises
    ------
    EstimationError
        When counts do not fit or readers do no better than chance.
    """
    for count, of, what in ((k, n, "rate"), (*sensitivity, "sensitivity"), (*specificity, "specificity")):
        if not (of > 0 and 0 <= count <= of):
            raise EstimationError(f"{what}: {count} of {of} is no proportion; read more cases again")
    value = rogan_gladen(k / n, sensitivity[0] / sensitivity[1], specificity[0] / specificity[1])
    points = qmc.Sobol(3, scramble=False).random_base2(_N_POINTS_LOG2) + 0.5 / 2**_N_POINTS_LOG2
    rate, found, passed = (
        _jeffreys(points[:, i], count, of) for i, (count, of) in enumerate([(k, n), sensitivity, specificity])
    )
    gain = found + passed - 1
    usable = gain > 0
    truth = np.clip((rate + passed - 1)[usable] / gain[usable], 0, 1)
    low, high = np.quantile(truth, [(1 - confidence) / 2, (1 + confidence) / 2])
    se = float(truth.std())
    n_eff = value * (1 - value) / se**2 if se > 0 else float(n)
    method = "Rogan-Gladen, Jeffreys posteriors"
    return Estimate(value, se, float(low), float(high), round(n), n_eff, method, confidence)


def _jeffreys(points: NDArray[np.float64], count: float, of: float) -> NDArray[np.float64]:
    return np.asarray(stats.beta.ppf(points, count + 0.5, of - count + 0.5), dtype=np.float64)
