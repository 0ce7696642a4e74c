"""Beta-binomial empirical Bayes: rates of small groups drawn towards their common mean, for display.

References
----------
Casella, G. (1985), An introduction to empirical Bayes data analysis, The American Statistician 39(2).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from sampling.columns import Floats, read_numbers, refuse_outside
from sampling.errors import EstimationError


@dataclass(frozen=True, eq=False)
class ShrunkRates:
    """One row per group; arrays of shape (n_groups,); the prior is worth `prior_n` checks at `prior_mean`."""

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n: Floats
    prior_mean: float
    prior_n: float
    confidence: float
    method: str = "beta-binomial empirical Bayes"


def shrink_rates(k: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> ShrunkRates:
    """Estimate the groups' common beta distribution and each group's rate under it.

    Parameters
    ----------
    k, n : array_like of shape (n_groups,)
        Hits out of n, both possibly effective (rate x n_eff out of n_eff); at least two groups.
    confidence : float
        In (0, 1).

    Returns
    -------
    ShrunkRates
        Posterior means and equal-tailed limits.

    Raises
    ------
    EstimationError
        When the counts do not fit or fewer than two groups have data.

    Notes
    -----
    The prior is fitted by marginal maximum likelihood and then taken as known, so limits are a little
    short (about 92 of 100 for 95). For maps and trends only: never a reason for action about anybody.
    """
    hits = read_numbers(k, "k")
    tries = read_numbers(n, "n", len(hits))
    if np.any((tries <= 0) | (hits < 0) | (hits > tries)):
        raise EstimationError("k and n need 0 <= k <= n and n above 0 in every group")
    if len(hits) < 2:
        raise EstimationError("shrinking needs two groups or more")
    refuse_outside(confidence, "confidence")
    mean, size = _fit(hits, tries)
    a, b = mean * size + hits, (1 - mean) * size + tries - hits
    tail = (1 - confidence) / 2
    posterior = stats.beta(a, b)
    return ShrunkRates(
        np.asarray(posterior.mean()),
        np.asarray(posterior.std()),
        np.asarray(posterior.ppf(tail)),
        np.asarray(posterior.ppf(1 - tail)),
        tries,
        mean,
        size,
        confidence,
    )


def _fit(k: Floats, n: Floats) -> tuple[float, float]:
    """Maximise the beta-binomial likelihood over logit(mean) and log(size), size within 1 and a million."""

    def loss(parameters: Floats) -> float:
        mean, size = special.expit(parameters[0]), np.exp(parameters[1])
        a, b = mean * size, (1 - mean) * size
        return -float(np.sum(special.betaln(a + k, b + n - k) - special.betaln(a, b)))

    raw = (k.sum() + 0.5) / (n.sum() + 1)
    limits = [(-12.0, 12.0), (0.0, np.log(1e6))]
    starts = [np.array([special.logit(raw), np.log(size)]) for size in (10.0, 100.0, 1000.0)]
    fits = [optimize.minimize(loss, start, bounds=limits, method="L-BFGS-B") for start in starts]
    best = min(fits, key=lambda fit: float(fit.fun))
    return float(special.expit(best.x[0])), float(np.exp(best.x[1]))
