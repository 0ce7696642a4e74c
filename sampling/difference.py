"""The survey difference estimator: a score for every case sharpens the mean of the checked ones.

References
----------
Särndal, C.-E., Swensson, B. and Wretman, J. (1992), Model Assisted Survey Sampling, section 6.3.
Angelopoulos, A., Duchi, J. and Zrnic, T. (2023), PPI++, arXiv:2311.01453 (the tuned multiplier).
"""

import math
from dataclasses import replace
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from sampling.columns import Floats, read_array, read_counts, read_numbers
from sampling.errors import EstimationError
from sampling.estimate import Estimate
from sampling.estimators import estimate_mean
from sampling.intervals import wilson_interval
from sampling.variance import sample_design


def difference_estimate(  # noqa: PLR0913 - the design's arguments are those of every estimator
    y: ArrayLike,
    score: ArrayLike,
    population_score: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    folds: ArrayLike | None = None,
    multiplier: float | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a mean as multiplier x mean score of the population + mean of (y - multiplier x score).

    Parameters
    ----------
    y, score : array_like of shape (n,)
        Result and score of each checked case. A score trained on these same checks must be
        cross-fitted: scored by the model of a fold without the case, with `folds` given.
    population_score : array_like of shape (n_population,) or (n_folds, n_population)
        Scores of all cases of the frame; with `folds`, by each fold's model.
    weights, strata, clusters, fpc : array_like, optional
        See `sampling.variance.sample_design`.
    folds : array_like of int, shape (n,), optional
        Fold (row of population_score) whose model scored each checked case.
    multiplier : float, optional
        1 for the textbook's difference estimator (unbiased); when not given, the best one is estimated.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        For a rate, held within 0 and 1, Wilson's limits on the effective n. n_eff may exceed n: that is the
        gain. It is n at 0, at 1, and where the score explains every checked case: none can say how surely.

    Raises
    ------
    EstimationError
        When shapes, folds or the multiplier do not fit.

    Notes
    -----
    The estimated multiplier is the weighted regression slope of y on score, held within 0 and 1, so that a
    useless score costs nothing. Slope estimation makes a bias of order 1/n, small beside the standard error.
    """
    values = read_numbers(y, "y")
    scores = read_numbers(score, "score", len(values))
    used = sample_design(len(values), weights, strata, clusters, fpc).weights
    slope = _slope(values, scores, used) if multiplier is None else _number(multiplier)
    residual = estimate_mean(
        values - slope * scores,
        weights=weights,
        strata=strata,
        clusters=clusters,
        fpc=fpc,
        confidence=confidence,
    )
    shift = slope * _population_mean(population_score, folds, used)
    moved = replace(
        residual,
        value=residual.value + shift,
        low=residual.low + shift,
        high=residual.high + shift,
        method=f"difference (multiplier {slope:.3f}), t",
    )
    return _with_wilson(moved) if np.all((values == 0) | (values == 1)) else moved


def _with_wilson(rate: Estimate) -> Estimate:
    value = min(1.0, max(0.0, rate.value))
    has_spread = 0 < value < 1 and rate.se > 1e-12
    n_eff = value * (1 - value) / rate.se**2 if has_spread else float(rate.n)
    limits = wilson_interval(value * n_eff, n_eff, rate.confidence)
    method = rate.method.replace(", t", ", Wilson on effective n")
    return replace(rate, value=value, low=limits.low, high=limits.high, n_eff=n_eff, method=method)


def _number(multiplier: float) -> float:
    if not isinstance(multiplier, Real) or not math.isfinite(multiplier):
        raise EstimationError(f"multiplier {multiplier!r} is no number; give 1, or none to have it estimated")
    return float(multiplier)


def _slope(y: Floats, score: Floats, weights: Floats) -> float:
    centred = score - np.average(score, weights=weights)
    spread = float(np.sum(weights * centred**2))
    return min(1.0, max(0.0, float(np.sum(weights * centred * y)) / spread)) if spread > 0 else 0.0


def _population_mean(population: ArrayLike, folds: ArrayLike | None, weights: Floats) -> float:
    scores = read_array(population, "population_score")
    if not scores.size or not np.all(np.isfinite(scores)):
        raise EstimationError("population_score is empty or has gaps; score every case of the frame")
    if folds is None:
        if scores.ndim != 1:
            raise EstimationError("population_score has several rows but no folds were given; give folds")
        return float(scores.mean())
    fold = read_counts(folds, "folds")
    if scores.ndim != 2 or fold.shape != weights.shape or np.any(fold >= len(scores)):
        raise EstimationError("folds must give each checked case's row of population_score; correct them")
    return float(np.average(scores.mean(axis=1)[fold], weights=weights))
