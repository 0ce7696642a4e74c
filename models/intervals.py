"""How sure a share or a measure is, from few and unequally weighted cases."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm, t

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
N_RESAMPLES = 500
_NO_SPREAD = 1e-24  # squared rounding error


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95% interval and the cases it rests on.

    Attributes
    ----------
    value, low, high : float
        Estimate and limits; nan where there is nothing to estimate from.
    n : int
        Cases, unweighted.
    """

    value: float
    low: float
    high: float
    n: int


def effective_number(weight: Floats) -> float:
    """Count the equally weighted cases that would be as informative.

    Parameters
    ----------
    weight : ndarray of shape (n,)
        Inverse inclusion probabilities.

    Returns
    -------
    float
        (sum w)^2 / sum w^2; nought for no cases (Kish 1965).
    """
    return float(weight.sum() ** 2 / (weight**2).sum()) if len(weight) else 0.0


def weighted_share(
    is_so: NDArray[np.bool_], weight: Floats, cluster: NDArray[np.generic] | None = None
) -> Estimate:
    """Share of cases of which something is so, with Wilson's interval on the effective number.

    Parameters
    ----------
    is_so : ndarray of bool of shape (n,)
        Of which cases it is so.
    weight : ndarray of shape (n,)
        Inverse inclusion probabilities.
    cluster : ndarray of shape (n,), optional
        Rows of one cluster (an officer) resemble each other: the effective number is then
        share (1 - share) / variance between clusters, at most n; no more than clusters where all are alike.

    Returns
    -------
    Estimate
        Hajek share in [0, 1]; nan for no cases.

    References
    ----------
    Wilson 1927, doi 10.1080/01621459.1927.10502953; Dean and Pagano 2015, doi 10.1093/jssam/smv024.
    """
    if not len(is_so):
        return Estimate(np.nan, np.nan, np.nan, 0)
    share = float(np.average(is_so, weights=weight))
    n, z = effective_number(weight), float(norm.ppf((1 + CONFIDENCE) / 2))
    if cluster is not None:
        n = _number_between(is_so, weight, cluster, share) or min(n, float(len(np.unique(cluster))))
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return Estimate(share, float(max(0.0, middle - half)), float(min(1.0, middle + half)), len(is_so))


def _number_between(
    is_so: NDArray[np.bool_], weight: Floats, cluster: NDArray[np.generic], share: float
) -> float:
    """Count the cases that would be as informative as these clusters; nought where nothing varies."""
    code = np.unique(cluster, return_inverse=True)[1]
    totals = np.bincount(code, weights=weight * (is_so - share)) / weight.sum()
    n_clusters = len(totals)
    variance = float(np.sum(totals**2)) * n_clusters / max(n_clusters - 1, 1)
    return min(float(len(is_so)), share * (1 - share) / variance) if variance > _NO_SPREAD else 0.0


def bootstrap(
    measure: Callable[[NDArray[np.intp]], float],
    cluster: NDArray[np.generic],
    *,
    n_found: int,
    seed: int,
) -> Estimate:
    """Estimate a measure of a ranking, with Student's interval on its log odds from resampled clusters.

    Where few were found, percentiles of the resamples are too narrow, as `make validity` showed.

    Parameters
    ----------
    measure : callable
        Takes row numbers (an ndarray of int, with repeats), gives a figure in [0, 1]; may give nan.
    cluster : ndarray of shape (n,)
        Rows of one cluster (an officer) are drawn together, since one person's cases resemble each other.
    n_found : int
        Cases that the ranking should put first: their number, less one, are the degrees of freedom.
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    Estimate
        The measure on all rows. Its interval is that of the percentiles where it is 0 or 1 or does not vary.
    """
    [value], [figures] = _resampled(lambda rows: [measure(rows)], cluster, seed)
    spread = float(figures.std(ddof=1)) if len(figures) > 1 else 0.0
    if not (0 < value < 1 and spread > 0 and n_found > 1):
        return _by_percentiles(value, figures, len(cluster))
    half = float(t.ppf((1 + CONFIDENCE) / 2, n_found - 1)) * spread / (value * (1 - value))
    low, high = expit([logit(value) - half, logit(value) + half])
    return Estimate(value, float(low), float(high), len(cluster))


def bootstrap_all(
    measures: Callable[[NDArray[np.intp]], list[float]], cluster: NDArray[np.generic], *, seed: int
) -> list[Estimate]:
    """Estimate several measures, of any kind, with percentile intervals from the same resampled clusters.

    `measures` takes row numbers and gives a figure for each, which may be nan; else as :func:`bootstrap`.
    """
    values, resamples = _resampled(measures, cluster, seed)
    return [
        _by_percentiles(value, figures, len(cluster))
        for value, figures in zip(values, resamples, strict=True)
    ]


def _resampled(
    measures: Callable[[NDArray[np.intp]], list[float]], cluster: NDArray[np.generic], seed: int
) -> tuple[list[float], list[Floats]]:
    """Give each measure on all rows, and its figures on the resamples that give one."""
    rng = np.random.default_rng(seed)
    _, code = np.unique(cluster, return_inverse=True)
    members = np.split(np.argsort(code, kind="stable"), np.cumsum(np.bincount(code))[:-1])
    resamples = [
        measures(np.concatenate([members[place] for place in rng.integers(len(members), size=len(members))]))
        for _ in range(N_RESAMPLES)
    ]
    figures = [np.array(of_one) for of_one in zip(*resamples, strict=True)]
    return measures(np.arange(len(code))), [of_one[np.isfinite(of_one)] for of_one in figures]


def _by_percentiles(value: float, figures: Floats, n: int) -> Estimate:
    if not len(figures):
        return Estimate(value, np.nan, np.nan, n)
    low, high = np.quantile(figures, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(value, float(low), float(high), n)
