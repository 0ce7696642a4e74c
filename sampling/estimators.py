"""Means, totals and ratios from a sample with known inclusion probabilities, for all or for a domain.

References
----------
Särndal, C.-E., Swensson, B. and Wretman, J. (1992), Model Assisted Survey Sampling, sections 5.5-5.8.
Hájek, J. (1971), comment, in Foundations of Statistical Inference, 236.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sampling.columns import read_flags, read_numbers, refuse_outside
from sampling.errors import EstimationError
from sampling.estimate import Estimate
from sampling.intervals import wilson_interval
from sampling.variance import Floats, SampleDesign, sample_design


def estimate_mean(  # noqa: PLR0913 - the design's arguments are the published contract
    y: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    domain: ArrayLike | None = None,
    poisson: bool = False,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a mean or a rate: sum(w y) / sum(w) (Hájek), with its Taylor standard error.

    Parameters
    ----------
    y : array_like of shape (n,)
        Values; 0 and 1 (or booleans) for a rate.
    weights, strata, clusters, fpc : array_like, optional
        See `sampling.variance.sample_design`.
    domain : array_like of bool, shape (n,), optional
        The units to estimate for; the others still count for the variance.
    poisson : bool
        Whether each unit was drawn on its own ticket (then the weights alone describe the design).
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Limits are Wilson's on the effective n for a rate, else Student's t on the design's degrees
        of freedom; the value itself where every case of the population was drawn.

    Raises
    ------
    EstimationError
        When the data do not fit, or no unit lies in the domain.

    Notes
    -----
    n_eff = p(1 - p) / se**2, at most n; at 0 or 1, where se is 0, Kish's sum(w)**2 / sum(w**2), at most the
    number of clusters. It knows nothing of degrees of freedom: with few clusters (87 times of 100 with three)
    give them to `korn_graubard_interval` with `n_eff` and `df`, the clusters minus the strata.
    Divide `estimate_total` by a known population size for the Horvitz-Thompson mean.
    """
    values = read_numbers(y, "y")
    design = sample_design(len(values), weights, strata, clusters, fpc, poisson=poisson)
    inside = _domain(domain, design.n)
    mean = _ratio(values, np.ones(design.n), design, inside, confidence)
    if not _is_yes_or_no(values[inside]) or design.is_census(inside):
        return replace(mean, method="Hajek, Taylor, t")
    return _with_wilson(replace(mean, method="Hajek, Taylor, Wilson on effective n"), design, inside)


def estimate_total(  # noqa: PLR0913 - as estimate_mean
    y: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    domain: ArrayLike | None = None,
    poisson: bool = False,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a population total: sum(w y) (Horvitz-Thompson), with its standard error.

    Parameters
    ----------
    y : array_like of shape (n,)
        Values; 0 and 1 to count cases.
    weights, strata, clusters, fpc : array_like, optional
        See `sampling.variance.sample_design`.
    domain : array_like of bool, shape (n,), optional
        The units to add up.
    poisson : bool
        Whether each unit was drawn on its own ticket (then the weights alone describe the design).
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Limits by Student's t on the design's degrees of freedom. A count (0 and 1 only) is never below the
        cases found, where each stands for one case at least (weights below 1 make a mean or a share of it);
        where none or all are hits, its limits are Wilson's of the rate, times sum(w).

    Raises
    ------
    EstimationError
        When the data do not fit.

    Notes
    -----
    The variance of a Poisson sample is sum((1 - pi) y**2 / pi**2): its size is chance too, so that the mean,
    or the ratio to a known count, says more.
    """
    values = read_numbers(y, "y")
    design = sample_design(len(values), weights, strata, clusters, fpc, poisson=poisson)
    inside = _domain(domain, design.n)
    z = design.weights * np.where(inside, values, 0.0)
    total = _by_t(float(z.sum()), z, design, inside, "Horvitz-Thompson, t", confidence)
    if not _is_yes_or_no(values[inside]) or total.n_eff == 0 or design.is_census(inside):
        return total
    if _has_spread(total):
        found = float(values[inside & (design.weights >= 1)].sum())
        return replace(total, low=max(total.low, min(total.value, found)))
    n_drawn_for = float(design.weights[inside].sum())
    n_eff = _effective_n(total, design, inside)
    rate = wilson_interval(min(1.0, total.value / n_drawn_for) * n_eff, n_eff, confidence)
    method = "Horvitz-Thompson, Wilson"
    return replace(total, low=rate.low * n_drawn_for, high=rate.high * n_drawn_for, method=method)


def estimate_ratio(  # noqa: PLR0913 - as estimate_mean
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    domain: ArrayLike | None = None,
    poisson: bool = False,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a ratio of totals: sum(w a) / sum(w b), with its Taylor standard error.

    Parameters
    ----------
    numerator, denominator : array_like of shape (n,)
        Values per sampled unit.
    weights, strata, clusters, fpc : array_like, optional
        See `sampling.variance.sample_design`.
    domain : array_like of bool, shape (n,), optional
        The units to estimate for.
    poisson : bool
        Whether each unit was drawn on its own ticket (then the weights alone describe the design).
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Limits by Student's t on the design's degrees of freedom. A share (0 and 1 only, no unit in the
        numerator alone) is a rate among the units of the denominator, as from `estimate_mean`.

    Raises
    ------
    EstimationError
        When the data do not fit or the denominator adds up to 0.
    """
    above = read_numbers(numerator, "numerator")
    below = read_numbers(denominator, "denominator", len(above))
    design = sample_design(len(above), weights, strata, clusters, fpc, poisson=poisson)
    inside = _domain(domain, design.n)
    ratio = _ratio(above, below, design, inside, confidence)
    is_share = (
        _is_yes_or_no(above[inside]) and _is_yes_or_no(below[inside]) and np.all(above <= below, where=inside)
    )
    counted = inside & (below == 1)
    if not is_share or design.is_census(counted):
        return ratio
    share = _ratio(above, np.ones(design.n), design, counted, confidence)
    return _with_wilson(replace(share, method="ratio, Taylor, Wilson on effective n"), design, counted)


def _ratio(
    above: Floats, below: Floats, design: SampleDesign, inside: NDArray[np.bool_], confidence: float
) -> Estimate:
    used = np.where(inside, design.weights, 0.0)
    total = float(np.sum(used * below))
    if total == 0:
        raise EstimationError("the denominator adds up to 0 in this domain; there is nothing to divide by")
    ratio = float(np.sum(used * above)) / total
    return _by_t(
        ratio, used * (above - ratio * below) / total, design, inside, "ratio, Taylor, t", confidence
    )


def _by_t(
    value: float, z: Floats, design: SampleDesign, inside: NDArray[np.bool_], method: str, confidence: float
) -> Estimate:
    refuse_outside(confidence, "confidence")
    se = math.sqrt(design.variance(z))
    df = design.df(inside)
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * se if df > 0 else math.inf
    if design.is_census(inside):
        half = 0.0
    used = design.weights[inside]
    n = int(np.count_nonzero(used))
    kish = float(used.sum() ** 2 / np.sum(used**2)) if n else 0.0
    return Estimate(value, se, value - half, value + half, n, kish, method, confidence)


def _is_yes_or_no(values: Floats) -> bool:
    return bool(np.all((values == 0) | (values == 1)))


def _with_wilson(rate: Estimate, design: SampleDesign, inside: NDArray[np.bool_]) -> Estimate:
    n_eff = _effective_n(rate, design, inside)
    limits = wilson_interval(rate.value * n_eff, n_eff, rate.confidence)
    return replace(rate, low=limits.low, high=limits.high, n_eff=n_eff)


def _effective_n(rate: Estimate, design: SampleDesign, inside: NDArray[np.bool_]) -> float:
    if _has_spread(rate):
        return min(float(rate.n), rate.value * (1 - rate.value) / rate.se**2)
    return min(rate.n_eff, float(len(np.unique(design.clusters[inside, 0]))))


def _has_spread(estimate: Estimate) -> bool:
    """Whether the standard error is more than what rounding leaves of none."""
    return estimate.se > 1e-12 * max(1.0, estimate.value)


def _domain(domain: ArrayLike | None, n: int) -> NDArray[np.bool_]:
    inside = np.ones(n, dtype=bool) if domain is None else read_flags(domain, "domain", n)
    if not inside.any():
        raise EstimationError("no checked case lies in this domain; widen it")
    return inside
