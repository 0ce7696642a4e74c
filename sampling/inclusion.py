"""Inclusion probabilities proportional to a size measure, and those of several arms together."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.errors import DesignError


def inclusion_probabilities(size: ArrayLike, n: float) -> NDArray[np.float64]:
    """State inclusion probabilities proportional to size that add up to n.

    Parameters
    ----------
    size : array_like of shape (n_units,)
        Size measures, finite and not negative.
    n : float
        Expected sample size, above 0, at most the number of units with a positive size.

    Returns
    -------
    ndarray of shape (n_units,), probabilities in [0, 1]
        Units that would pass 1 are taken for certain and the rest share what is left.

    Raises
    ------
    DesignError
        When a size is negative or not finite, or n cannot be reached.

    Notes
    -----
    Sums are exactly rounded (`math.fsum`), so that any implementation gives the same bits.

    References
    ----------
    Tillé, Y. (2006), Sampling Algorithms, Springer, section 2.10.
    """
    sizes = np.asarray(size, dtype=np.float64)
    if sizes.ndim != 1 or not np.all(np.isfinite(sizes)) or np.any(sizes < 0):
        raise DesignError(
            "size must be a flat array of finite numbers, none negative; correct the size measure"
        )
    if not 0 < n <= int(np.count_nonzero(sizes)):
        raise DesignError(
            f"{n} units cannot be drawn from {np.count_nonzero(sizes)} with a positive size; lower n"
        )
    certain = np.zeros(len(sizes), dtype=bool)
    while True:
        left = n - int(certain.sum())
        total = math.fsum(sizes[~certain].tolist())
        shares = np.where(certain, 1.0, left * sizes / total if total > 0 else 0.0)
        over = (shares >= 1) & ~certain
        if not over.any():
            return shares
        certain |= over


def union_probability(*arms: ArrayLike) -> NDArray[np.float64]:
    """Probability of being drawn by at least one of several independent arms.

    Parameters
    ----------
    *arms : array_like of shape (n_units,)
        Inclusion probabilities per arm.

    Returns
    -------
    ndarray of shape (n_units,), probabilities in [0, 1]
        1 - product of (1 - pi); weight each case once by its inverse.
    """
    missed = np.ones(np.shape(arms[0]), dtype=np.float64)
    for arm in arms:
        missed = missed * (1 - np.asarray(arm, dtype=np.float64))
    return np.subtract(1.0, missed)


def multiplicity_weights(*arms: ArrayLike) -> NDArray[np.float64]:
    """Weight per hit when a case counts once for every arm that drew it.

    Parameters
    ----------
    *arms : array_like of shape (n_units,)
        Inclusion probabilities per arm.

    Returns
    -------
    ndarray of shape (n_units,)
        1 / sum of pi over arms (infinite where no arm can draw the unit).

    References
    ----------
    Birnbaum, Z. W. and Sirken, M. G. (1965), Vital and Health Statistics 2(11).
    """
    expected_hits = np.zeros(np.shape(arms[0]), dtype=np.float64)
    for arm in arms:
        expected_hits = expected_hits + np.asarray(arm, dtype=np.float64)
    weights = np.full_like(expected_hits, np.inf)
    np.divide(1.0, expected_hits, out=weights, where=expected_hits > 0)
    return weights
