"""Putting rounds together, and saying what cases that could not be scored might have changed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.columns import read_flags, read_numbers
from sampling.errors import EstimationError
from sampling.estimate import Estimate
from sampling.estimators import estimate_mean
from sampling.intervals import wilson_interval


@dataclass(frozen=True)
class ScorableBounds:
    """The rate if every case that was not scorable was right, and if every one was wrong."""

    all_right: Estimate
    all_wrong: Estimate
    n_not_scorable: int


def not_scorable_bounds(
    y: ArrayLike,
    scorable: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    confidence: float = 0.95,
) -> ScorableBounds:
    """Bound a rate over what nobody could score.

    Parameters
    ----------
    y : array_like of shape (n,)
        0 or 1; anything where not scorable.
    scorable : array_like of bool, shape (n,)
        Whether the case could be scored.
    weights, strata : array_like of shape (n,), optional
        See `sampling.variance.sample_design`.
    confidence : float
        In (0, 1).

    Returns
    -------
    ScorableBounds
        No assumption about the missing: the truth of a full check lies between the two rates.

    Raises
    ------
    EstimationError
        When a scorable case is neither 0 nor 1, or the columns do not fit.
    """
    seen, found = read_flags(scorable, "scorable"), np.asarray(y, dtype=object)
    if found.shape != seen.shape:
        raise EstimationError(f"y has shape {found.shape}, scorable {seen.shape}; align them")
    values = np.zeros(len(seen))
    values[seen] = read_flags(found[seen], "y where scorable")
    right, wrong = (
        estimate_mean(np.where(seen, values, missing), weights=weights, strata=strata, confidence=confidence)
        for missing in (0.0, 1.0)
    )
    return ScorableBounds(right, wrong, int((~seen).sum()))


def pool_rates(rates: Iterable[Estimate], n_population: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Pool the rates of several independent rounds, each by the size of its frame.

    Parameters
    ----------
    rates : iterable of Estimate
        One per round (at least one).
    n_population : array_like of shape (n_rounds,)
        Cases in each round's frame.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Average over the window, with Wilson's limits on the effective n 1 / sum(share**2 / n_eff).

    Raises
    ------
    EstimationError
        When there is no round or a frame size is missing.
    """
    rates = tuple(rates)
    sizes = read_numbers(n_population, "n_population")
    if not all(isinstance(rate, Estimate) for rate in rates):
        raise EstimationError("rates must be estimates, one per round; correct them")
    if any(rate.n_eff <= 0 for rate in rates):
        raise EstimationError("a rate rests on no checks (n_eff 0); leave that round out")
    if not rates or sizes.shape != (len(rates),) or np.any(sizes <= 0):
        raise EstimationError(f"{len(rates)} rounds need as many frame sizes above 0; widen the window")
    shares = sizes / sizes.sum()
    value = float(sum(share * rate.value for share, rate in zip(shares, rates, strict=True)))
    se = math.sqrt(sum((share * rate.se) ** 2 for share, rate in zip(shares, rates, strict=True)))
    n_eff = float(1 / sum(share**2 / rate.n_eff for share, rate in zip(shares, rates, strict=True)))
    limits = wilson_interval(value * n_eff, n_eff, confidence)
    n = sum(rate.n for rate in rates)
    method = f"{len(rates)} rounds pooled, Wilson on effective n"
    return Estimate(value, se, limits.low, limits.high, n, n_eff, method, confidence)


def in_rolling_window(on: Sequence[date], until: date, months: int) -> NDArray[np.bool_]:
    """Find the rows of the last months.

    Parameters
    ----------
    on : sequence of date
        Day of each row (of the draw).
    until : date
        Last day of the window.
    months : int
        Length (policy: 24 for a PDU, 12 for a region).

    Returns
    -------
    ndarray of bool, shape (n,)
        After the same day `months` earlier (or that month's last day), up to and with `until`.

    Raises
    ------
    EstimationError
        When the window has no month or a row no day.
    """
    if months < 1:
        raise EstimationError(f"a window of {months} months holds nothing; give 1 or more")
    if not all(isinstance(day, date) and not isinstance(day, datetime) for day in (until, *on)):
        raise EstimationError(
            "every row and the window's end need a day (no moment); leave rows without one out"
        )
    index = until.year * 12 + until.month - 1 - months
    start = (index // 12, index % 12 + 1, until.day)
    return np.array([start < (day.year, day.month, day.day) and day <= until for day in on], dtype=bool)
