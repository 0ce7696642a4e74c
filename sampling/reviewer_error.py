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
Floats = NDArray[np.float64]


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
        Value from the observed proportions. The doubt about readers follows Jeffreys posteriors, that
        about the rate Clopper-Pearson's two beta distributions, so that limits of small areas are
        conservative; all over the same 16,384 low-discrepancy points on every call.

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
    found, passed = (
        _beta(points[:, i], count + 0.5, of - count + 0.5)
        for i, (count, of) in enumerate([sensitivity, specificity])
    )
    gain = found + passed - 1

    def corrected(a: float, b: float) -> Floats:
        """Truth at every point when the rate follows Beta(a, b); Beta(0, b) is nought and Beta(a, 0) one."""
        rate = _beta(points[:, 2], a, b) if a > 0 and b > 0 else np.full(len(points), float(a > 0))
        return np.clip((rate + passed - 1)[gain > 0] / gain[gain > 0], 0, 1)

    tail = (1 - confidence) / 2
    low = float(np.quantile(corrected(k, n - k + 1), tail))
    high = float(np.quantile(corrected(k + 1, n - k), 1 - tail))
    se = float(corrected(k + 0.5, n - k + 0.5).std())
    n_eff = value * (1 - value) / se**2 if se > 0 else float(n)
    method = "Rogan-Gladen over the doubt about readers"
    return Estimate(value, se, low, high, round(n), n_eff, method, confidence)


def _beta(points: Floats, a: float, b: float) -> Floats:
    return np.asarray(stats.beta.ppf(points, a, b), dtype=np.float64)
