"""Do two readers agree: kappa, agreement and positive agreement, each with limits.

At a base rate of 7 in 100 kappa is low even for good readers, so no measure is shown alone.

References
----------
Fleiss, J. L., Cohen, J. and Everitt, B. S. (1969), Large sample standard errors of kappa and
weighted kappa, Psychological Bulletin 72(5), 323-327.
"""

import math
from numbers import Real
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sampling.columns import Floats, read_flags, read_names, refuse_outside
from sampling.errors import EstimationError
from sampling.estimate import Estimate
from sampling.intervals import wilson_interval

_NO_SPREAD = 1e-24  # squared rounding error; a million readings leave 1e-12


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: Literal["none", "linear", "quadratic"] | None = "none",
    categories: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate kappa of two readers.

    Parameters
    ----------
    first, second : array_like of shape (n,)
        Each reader's category per case.
    weights : str or None
        `quadratic` for levels of risk: two steps apart count four times; `linear`; none of either.
    categories : array_like, optional
        All categories in order. When not given, that of pandas' ordered categories, else those seen, sorted:
        numbers only, where weights need an order (the alphabet puts HIGH before LOW).
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Large-sample standard error; limits by jackknife on Fisher's scale (-1 to 1 when readers
        never differ, or one of them uses a single category: then show `observed_agreement`).

    Raises
    ------
    EstimationError
        When shapes do not fit, a reading is missing, both readers used one category only, or categories in
        words have no order that weights could count steps in.
    """
    scheme = weights or "none"
    if scheme not in {"none", "linear", "quadratic"}:
        raise EstimationError(f"weights {weights!r} are not known; give none, linear or quadratic")
    refuse_outside(confidence, "confidence")
    table = _cross_table(first, second, _in_order(first, second, categories, scheme))
    n, q = int(table.sum()), len(table)
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) / max(q - 1, 1)
    agree = {"none": np.eye(q), "linear": 1 - steps, "quadratic": 1 - steps**2}[scheme]
    kappa = _kappa(table, agree)
    if math.isnan(kappa):
        raise EstimationError(
            "both readers used a single category; kappa is undefined, show agreement instead"
        )
    expected = float(np.sum(agree * np.outer(rows, columns)))
    mixed = (agree @ columns)[:, None] + (agree.T @ rows)[None, :]
    inner = float(np.sum(p * (agree - mixed * (1 - kappa)) ** 2)) - (kappa - expected * (1 - kappa)) ** 2
    se = math.sqrt(max(0.0, inner) / n) / (1 - expected)
    low, high = _kappa_limits(table, agree, confidence)
    return Estimate(
        kappa, se, low, high, n, float(n), f"Cohen's kappa, weights {scheme}, jackknife limits", confidence
    )


def _in_order(
    first: ArrayLike, second: ArrayLike, categories: ArrayLike | None, scheme: str
) -> ArrayLike | None:
    """Find the order of the categories: as given, else as both readers' columns carry it (pandas)."""
    if categories is not None:
        return categories
    kinds = [getattr(column, "dtype", None) for column in (first, second)]
    orders = [list(kind.categories) for kind in kinds if kind is not None and getattr(kind, "ordered", False)]
    if len(orders) == 2 and orders[0] == orders[1]:
        return orders[0]
    readings = [reading for column in (first, second) for reading in np.ravel(np.asarray(column)).tolist()]
    if scheme != "none" and not all(isinstance(reading, Real) for reading in readings):
        raise EstimationError(
            f"{scheme} weights need an order: give categories, from the lowest to the highest"
        )
    return None


def _kappa(table: Floats, agree: Floats) -> float:
    """Kappa of a cross table under agreement weights; nan where chance alone explains everything."""
    p = table / table.sum()
    expected = float(np.sum(agree * np.outer(p.sum(axis=1), p.sum(axis=0))))
    return (float(np.sum(agree * p)) - expected) / (1 - expected) if expected < 1 else math.nan


def _kappa_limits(table: Floats, agree: Floats, confidence: float) -> tuple[float, float]:
    """Jackknife on Fisher's scale: large-sample limits fall short where findings are few."""
    n, kappa = float(table.sum()), _kappa(table, agree)
    if abs(kappa) >= 1 or n < 3:
        return -1.0, 1.0
    cells = np.argwhere(table > 0)
    without = []
    for i, j in cells:
        fewer = table.copy()
        fewer[i, j] -= 1
        without.append(_kappa(fewer, agree))
    scaled = np.arctanh(np.clip(np.nan_to_num(without, nan=kappa), -1 + 1e-9, 1 - 1e-9))
    share = table[tuple(cells.T)] / n
    spread = float(np.sum(share * (scaled - np.sum(share * scaled)) ** 2))
    if spread < _NO_SPREAD:  # no reading alone changes kappa: that says nothing of the next ones
        return -1.0, 1.0
    half = float(stats.norm.ppf((1 + confidence) / 2)) * math.sqrt((n - 1) * spread)
    return math.tanh(math.atanh(kappa) - half), math.tanh(math.atanh(kappa) + half)


def observed_agreement(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Estimate how often two readers say the same.

    Parameters
    ----------
    first, second : array_like of shape (n,)
        Each reader's category per case.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        A proportion with Wilson's limits.
    """
    table = _cross_table(first, second, None)
    n = int(table.sum())
    limits = wilson_interval(float(np.trace(table)), n, confidence)
    se = math.sqrt(limits.value * (1 - limits.value) / n)
    return Estimate(limits.value, se, limits.low, limits.high, n, float(n), "agreement, Wilson", confidence)


def positive_agreement(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Estimate how often one reader's finding is shared by the other: 2a / (2a + b + c).

    Parameters
    ----------
    first, second : array_like of bool, shape (n,)
        Whether each reader found the case wrong.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Its n counts cases that at least one reader found wrong; Wilson's limits for the share both found
        wrong, j, carried over by 2j / (1 + j).

    Raises
    ------
    EstimationError
        When neither reader found any case wrong.
    """
    one, two = read_flags(first, "first"), read_flags(second, "second")
    if one.shape != two.shape or not np.any(one | two):
        raise EstimationError("positive agreement needs the same cases and a finding by at least one reader")
    either, both = int((one | two).sum()), int((one & two).sum())
    limits = wilson_interval(both, either, confidence)
    value, low, high = (2 * j / (1 + j) for j in (limits.value, limits.low, limits.high))
    slope = 2 / (1 + limits.value) ** 2
    se = slope * math.sqrt(limits.value * (1 - limits.value) / either)
    return Estimate(value, se, low, high, either, float(either), "positive agreement, Wilson", confidence)


def _cross_table(first: ArrayLike, second: ArrayLike, categories: ArrayLike | None) -> Floats:
    one, two = read_names(first, "the first reader"), read_names(second, "the second reader")
    if one.shape != two.shape or one.ndim != 1 or not one.size:
        raise EstimationError(f"the readers have {one.shape} and {two.shape} readings; give the same cases")
    if categories is None:
        order = list(np.unique(read_names(np.concatenate([one, two]), "the two readers")))
    else:
        order = list(np.asarray(categories))
    place = {category: i for i, category in enumerate(order)}
    if len(place) < len(order):
        raise EstimationError("a category appears twice; list each once, in order")
    table = np.zeros((len(order), len(order)))
    try:
        np.add.at(table, ([place[x] for x in one], [place[x] for x in two]), 1)
    except KeyError as unknown:
        raise EstimationError(f"reading {unknown.args[0]} is not among the categories; add it") from unknown
    return table
