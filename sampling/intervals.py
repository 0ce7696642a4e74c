"""Intervals for a proportion that keep their promise at small n and at 0 of n: never Wald.

All accept fractional k and n, so that a weighted rate p enters as k = p x n_eff out of n_eff.

References
----------
Brown, L. D., Cai, T. T. and DasGupta, A. (2001), Interval estimation for a binomial proportion,
Statistical Science 16(2), 101-133, doi:10.1214/ss/1009213286.
Korn, E. L. and Graubard, B. I. (1998), Confidence intervals for proportions with small expected
number of positive counts estimated from survey data, Survey Methodology 24(2), 193-201.
"""

import math
from numbers import Real

from scipy import special, stats

from sampling.columns import plain_number, refuse_outside
from sampling.errors import EstimationError
from sampling.estimate import Estimate, Interval


def wilson_interval(k: float, n: float, confidence: float = 0.95) -> Interval:
    """Give the score interval, the default for rates on pages.

    Parameters
    ----------
    k, n : float
        Hits out of n, 0 <= k <= n, n > 0 (either may be effective, hence fractional).
    confidence : float
        In (0, 1).

    Returns
    -------
    Interval
        On average as often right as promised; single rates may fall a little short.

    Raises
    ------
    EstimationError
        When k, n or confidence are out of range.
    """
    k, n, rate = _checked_rate(k, n, confidence)
    z2 = float(special.ndtri((1 + confidence) / 2)) ** 2  # the normal quantile, without stats' overhead
    centre = (k + z2 / 2) / (n + z2)
    half = math.sqrt(z2) / (n + z2) * math.sqrt(max(0.0, n * rate * (1 - rate)) + z2 / 4)
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return Interval(rate, low, high, n, confidence, "Wilson")


def clopper_pearson_interval(k: float, n: float, confidence: float = 0.95) -> Interval:
    """Give the exact interval, never right less often than promised.

    Parameters
    ----------
    k, n : float
        Hits out of n, 0 <= k <= n, n > 0.
    confidence : float
        In (0, 1).

    Returns
    -------
    Interval
        Wider than Wilson's; for decisions where missing the truth costs more than width.

    Raises
    ------
    EstimationError
        When k, n or confidence are out of range.
    """
    k, n, rate = _checked_rate(k, n, confidence)
    low, high = _beta_limits(k, n, confidence, add_low=0.0, add_high=1.0)
    return Interval(rate, low, high, n, confidence, "Clopper-Pearson")


def jeffreys_interval(k: float, n: float, confidence: float = 0.95) -> Interval:
    """Give the equal-tailed interval under Jeffreys' prior, the narrowest of the four.

    Parameters
    ----------
    k, n : float
        Hits out of n, 0 <= k <= n, n > 0.
    confidence : float
        In (0, 1).

    Returns
    -------
    Interval
        With low = 0 at k = 0 and high = 1 at k = n (Brown, Cai and DasGupta's modification).

    Raises
    ------
    EstimationError
        When k, n or confidence are out of range.
    """
    k, n, rate = _checked_rate(k, n, confidence)
    low, high = _beta_limits(k, n, confidence, add_low=0.5, add_high=0.5)
    return Interval(rate, low, high, n, confidence, "Jeffreys")


def korn_graubard_interval(
    k: float, n: float, confidence: float = 0.95, *, n_eff: float | None = None, df: float | None = None
) -> Interval:
    """Give Clopper-Pearson limits on the effective sample size of a complex design.

    Parameters
    ----------
    k, n : float
        k / n is the weighted rate; n the number of units.
    confidence : float
        In (0, 1).
    n_eff : float, optional
        p(1 - p) / se**2; n when not given. Korn and Graubard cap it at n, R does not: the caller decides.
    df : float, optional
        Design degrees of freedom (clusters minus strata); n - 1 when not given.

    Returns
    -------
    Interval
        Its n is the effective size after the correction (t(n - 1) / t(df))**2.

    Raises
    ------
    EstimationError
        When k, n, n_eff, df or confidence are out of range.
    """
    k, n, rate = _checked_rate(k, n, confidence)
    size = n if n_eff is None else n_eff
    if not 0 < size < math.inf or (df is not None and not df > 0):
        raise EstimationError(f"n_eff {size} and df {df} must be above 0; merge strata or pool rounds")
    tail = (1 - confidence) / 2
    if df is not None and n > 1:
        size *= float(stats.t.ppf(tail, n - 1) / stats.t.ppf(tail, df)) ** 2
    low, high = _beta_limits(rate * size, size, confidence, add_low=0.0, add_high=1.0)
    return Interval(rate, low, high, size, confidence, "Korn-Graubard")


def logit_interval(value: float, se: float, confidence: float = 0.95, *, df: float = math.inf) -> Interval:
    """Give Student's t limits on the log-odds, as R's `svyciprop` does by default.

    Parameters
    ----------
    value, se : float
        A rate strictly between 0 and 1 and its standard error.
    confidence : float
        In (0, 1).
    df : float
        Design degrees of freedom; the normal distribution when infinite.

    Returns
    -------
    Interval
        Its n is p(1 - p) / se**2.

    Raises
    ------
    EstimationError
        At 0, at 1, without a standard error or degrees of freedom: use Wilson's.
    """
    if not 0 < value < 1 or not 0 < se < math.inf or not df > 0:
        raise EstimationError(f"rate {value}, se {se}, df {df} have no log-odds limits; use wilson_interval")
    size = value * (1 - value) / se**2
    _checked_rate(value * size, size, confidence)
    tail = (1 + confidence) / 2
    half = (
        float(stats.norm.ppf(tail) if math.isinf(df) else stats.t.ppf(tail, df)) * se / (value * (1 - value))
    )
    odds = math.log(value / (1 - value))
    low, high = (float(special.expit(limit)) for limit in (odds - half, odds + half))
    return Interval(value, low, high, size, confidence, "logit, t")


def rate_interval(estimate: Estimate) -> Interval:
    """Give the Wilson interval of an estimated rate on its effective n.

    Parameters
    ----------
    estimate : Estimate
        Of a proportion.

    Returns
    -------
    Interval
        At the estimate's confidence.
    """
    return wilson_interval(estimate.value * estimate.n_eff, estimate.n_eff, estimate.confidence)


def _beta_limits(
    k: float, n: float, confidence: float, *, add_low: float, add_high: float
) -> tuple[float, float]:
    """Beta(k + add_low, n - k + add_high) below, Beta(k + add_high, n - k + add_low) above."""
    tail = (1 - confidence) / 2
    low = 0.0 if k <= 0 else float(stats.beta.ppf(tail, k + add_low, n - k + add_high))
    high = 1.0 if k >= n else float(stats.beta.ppf(1 - tail, k + add_high, n - k + add_low))
    return low, high


def _checked_rate(k: float, n: float, confidence: float) -> tuple[float, float, float]:
    """Give hits, cases and rate as plain numbers."""
    if not (isinstance(k, Real) and isinstance(n, Real)):
        raise EstimationError(f"{k!r} of {n!r} are no two numbers; give one area's k and n at a time")
    if not (n > 0 and 0 <= k <= n * (1 + 1e-12) and math.isfinite(n)):
        raise EstimationError(f"{k} of {n} is no proportion; give 0 <= k <= n and n above 0")
    refuse_outside(confidence, "confidence")
    k, n = plain_number(k), plain_number(n)
    return k, n, min(1.0, k / n)
