"""Do two readers agree: kappa, agreement and positive agreement, each with limits.

At a base rate of 7 in 100 kappa is low even for good readers, so no measure is shown alone.

References
----------
Fleiss, J. L., Cohen, J. and Everitt, B. S. (1969), Large sample standard errors of kappa and
weighted kappa, Psychological Bulletin 72(5), 323-327.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sampling.errors import EstimationError
from sampling.estimate import Estimate
from sampling.intervals import wilson_interval

Floats = NDArray[np.float64]


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: Literal["none", "linear", "quadratic"] = "none",
    categories: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate kappa of two readers.

    Parameters
    ----------
    first, second : array_like of shape (n,)
        Each reader's category per case.
    weights : str
        `quadratic` for levels of risk: two steps apart count four times.
    categories : array_like, optional
        All categories in order; those seen, sorted, when not given.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Large-sample standard error; limits held within -1 and 1.

    Raises
    ------
    EstimationError
        When shapes do not fit or both readers used one category only.
    """
    table = _cross_table(first, second, categories)
    n, q = int(table.sum()), len(table)
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) / max(q - 1, 1)
    agree = {"none": np.eye(q), "linear": 1 - steps, "quadratic": 1 - steps**2}[weights]
    observed, expected = float(np.sum(agree * p)), float(np.sum(agree * np.outer(rows, columns)))
    if expected >= 1:
        raise EstimationError(
            "both readers used a single category; kappa is undefined, show agreement instead"
        )
    kappa = (observed - expected) / (1 - expected)
    mixed = (agree @ columns)[:, None] + (agree.T @ rows)[None, :]
    inner = float(np.sum(p * (agree - mixed * (1 - kappa)) ** 2)) - (kappa - expected * (1 - kappa)) ** 2
    se = math.sqrt(max(0.0, inner) / n) / (1 - expected)
    half = float(stats.norm.ppf((1 + confidence) / 2)) * se
    low, high = max(-1.0, kappa - half), min(1.0, kappa + half)
    return Estimate(kappa, se, low, high, n, float(n), f"Cohen's kappa, weights {weights}", confidence)


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
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    either, both = int((one | two).sum()), int((one & two).sum())
    if one.shape != two.shape or not either:
        raise EstimationError("positive agreement needs the same cases and a finding by at least one reader")
    limits = wilson_interval(both, either, confidence)
    value, low, high = (2 * j / (1 + j) for j in (limits.value, limits.low, limits.high))
    slope = 2 / (1 + limits.value) ** 2
    se = slope * math.sqrt(limits.value * (1 - limits.value) / either)
    return Estimate(value, se, low, high, either, float(either), "positive agreement, Wilson", confidence)


def _cross_table(first: ArrayLike, second: ArrayLike, categories: ArrayLike | None) -> Floats:
    one, two = np.asarray(first), np.asarray(second)
    if one.shape != two.shape or one.ndim != 1 or not one.size:
        raise EstimationError(f"the readers have {one.shape} and {two.shape} readings; give the same cases")
    order = list(np.unique(np.concatenate([one, two])) if categories is None else np.asarray(categories))
    place = {category: i for i, category in enumerate(order)}
    table = np.zeros((len(order), len(order)))
    try:
        np.add.at(table, ([place[x] for x in one], [place[x] for x in two]), 1)
    except KeyError as unknown:
        raise EstimationError(f"reading {unknown.args[0]} is not among the categories; add it") from unknown
    return table
