"""Beta-binomial empirical Bayes: rates of small groups drawn towards their common mean, for display.

References
----------
Casella, G. (1985), An introduction to empirical Bayes data analysis, The American Statistician 39(2).
Gelman, A. et al. (2013), Bayesian Data Analysis, third edition, section 5.3 (the prior of the prior).
Kass, R. E. and Steffey, D. (1989), Approximate Bayesian inference in conditionally independent
hierarchical models, JASA 84(407), 717-726 (the groups' limits by moments, with the doubt about the prior).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from sampling.columns import Floats, read_numbers, refuse_outside
from sampling.errors import EstimationError

_STEPS = (12, 12, 12, 24)  # of each look at how likely common distributions are
_LEAST_WEIGHT = 1e-5


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
        Posterior means under the fitted prior, and limits that allow for its doubt.

    Raises
    ------
    EstimationError
        When the counts do not fit or fewer than two groups have data.

    Notes
    -----
    The prior is fitted by marginal maximum likelihood. Were it then taken as known, limits would be too
    short, with few groups far too short. So they, and `se`, average over the doubt about it: the mean being
    uniform and the size having density size**-1.5 from 1 to a million checks, each group's beta limits match
    the mean and variance that result. In simulations 95% limits held 91 to 100 times of 100 with 3 to 109
    groups (89 with 2, at a rate under 1 in 100). Where no group has both hits and misses nothing tells how
    far groups differ, and each keeps its own limits (Jeffreys). For maps and trends only: never a reason for
    action about anybody.
    """
    hits = read_numbers(k, "k")
    tries = read_numbers(n, "n", len(hits))
    if np.any((tries <= 0) | (hits < 0) | (hits > tries)):
        raise EstimationError("k and n need 0 <= k <= n and n above 0 in every group")
    if len(hits) < 2:
        raise EstimationError("shrinking needs two groups or more")
    refuse_outside(confidence, "confidence")
    prior_mean, prior_n = _fit(hits, tries)
    value = (prior_mean * prior_n + hits) / (prior_n + tries)
    centre, variance = _moments(hits, tries)
    if np.any((hits > 0) & (hits < tries)):
        worth = centre * (1 - centre) / variance - 1
        posterior = stats.beta(centre * worth, (1 - centre) * worth)
    else:
        posterior = stats.beta(hits + 0.5, tries - hits + 0.5)
    tail = (1 - confidence) / 2
    return ShrunkRates(
        value,
        np.sqrt(variance),
        np.minimum(posterior.ppf(tail), value),
        np.maximum(posterior.ppf(1 - tail), value),
        tries,
        prior_mean,
        prior_n,
        confidence,
    )


def _fit(k: Floats, n: Floats) -> tuple[float, float]:
    """Maximise the beta-binomial likelihood over logit(mean) and log(size), size up to a million checks."""

    def loss(parameters: Floats) -> float:
        mean, size = special.expit(parameters[0]), np.exp(parameters[1])
        a, b = mean * size, (1 - mean) * size
        return -float(np.sum(special.betaln(a + k, b + n - k) - special.betaln(a, b)))

    raw = (k.sum() + 0.5) / (n.sum() + 1)
    limits = [(-12.0, 12.0), (np.log(1e-3), np.log(1e6))]
    starts = [np.array([special.logit(raw), np.log(size)]) for size in (10.0, 100.0, 1000.0)]
    fits = [optimize.minimize(loss, start, bounds=limits, method="L-BFGS-B") for start in starts]
    best = min(fits, key=lambda fit: float(fit.fun))
    return float(special.expit(best.x[0])), float(np.exp(best.x[1]))


def _moments(k: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return each group's posterior mean and variance over all likely priors."""
    mean, size, weight = _priors(k, n)
    a, b = (mean * size)[:, None], ((1 - mean) * size)[:, None]
    means = (a + k) / (a + b + n)
    centre: Floats = weight @ means
    variance: Floats = weight @ (means * (1 - means) / (a + b + n + 1) + (means - centre) ** 2)
    return centre, variance


def _priors(k: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """List common distributions by mean and size with their posterior weights; shape (576,) each.

    Even steps of logit(mean) and log(size). Each look narrows the mean to where the weight lies; the size
    only the last, because at a wrong mean groups seem to differ more than they do.
    """
    means, sizes = (-12.0, 12.0), (0.0, float(np.log(1e6)))
    for look, n_steps in enumerate(_STEPS, start=1):
        sides = (_middles(low, high, n_steps) for low, high in (means, sizes))
        logit, log = (side.ravel() for side in np.meshgrid(*sides, indexing="ij"))
        mean, size = special.expit(logit), np.exp(log)
        a, b = (mean * size)[:, None], ((1 - mean) * size)[:, None]
        likelihood = np.sum(special.betaln(a + k, b + n - k) - special.betaln(a, b), axis=1)
        # The density of logit(mean) and log(size): that of mean and size, times mean(1 - mean) and size.
        density = likelihood + np.log(mean * (1 - mean)) - log / 2
        weight = np.exp(density - density.max())
        is_likely = weight > _LEAST_WEIGHT
        means = _narrowed(means, logit[is_likely], n_steps)
        if look == len(_STEPS) - 1:
            sizes = _narrowed(sizes, log[is_likely], n_steps)
    return mean, size, weight / weight.sum()


def _middles(low: float, high: float, n_steps: int) -> Floats:
    return low + (high - low) * (np.arange(n_steps) + 0.5) / n_steps


def _narrowed(bounds: tuple[float, float], likely: Floats, n_steps: int) -> tuple[float, float]:
    """Leave a step beyond what is likely on either side."""
    step = (bounds[1] - bounds[0]) / n_steps
    return max(bounds[0], float(likely.min()) - step), min(bounds[1], float(likely.max()) + step)
