"""Inclusion probabilities proportional to a size measure, and those of several arms together."""

import math
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.columns import read_numbers
from sampling.errors import DesignError, EstimationError

_LARGEST_SIZE = 1e150  # so that no sum of sizes is too large for a float


def inclusion_probabilities(size: ArrayLike, n: float) -> NDArray[np.float64]:
    """State inclusion probabilities proportional to size that add up to n.

    Parameters
    ----------
    size : array_like of shape (n_units,)
        Size measures, not negative, none above 1e150.
    n : float
        Expected sample size, above 0, at most the number of units with a positive size.

    Returns
    -------
    ndarray of shape (n_units,), probabilities in [0, 1]
        Units that would pass 1 are taken for certain and the rest share what is left.

    Raises
    ------
    DesignError
        When a size is negative, too large or not finite, or n cannot be reached.

    Notes
    -----
    Sums are exactly rounded (`math.fsum`), so that any implementation gives the same bits.

    References
    ----------
    Tillé, Y. (2006), Sampling Algorithms, Springer, section 2.10.
    """
    sizes = _flat(size, "size")
    if np.any((sizes < 0) | (sizes > _LARGEST_SIZE)):
        raise DesignError(
            f"size must hold finite numbers, none negative, none above {_LARGEST_SIZE:g}; correct them"
        )
    if not (isinstance(n, Real) and 0 < n <= int(np.count_nonzero(sizes))):
        raise DesignError(
            f"{n} units cannot be drawn from {np.count_nonzero(sizes)} with a positive size; correct n"
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

    Raises
    ------
    DesignError
        When no arm is given, a value is no probability, or the arms are not of the same units.
    """
    missed: NDArray[np.float64] = np.prod([1 - chances for chances in _chances(arms)], axis=0)
    return 1 - missed


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

    Raises
    ------
    DesignError
        When no arm is given, a value is no probability, or the arms are not of the same units.

    References
    ----------
    Birnbaum, Z. W. and Sirken, M. G. (1965), Vital and Health Statistics 2(11).
    """
    expected_hits: NDArray[np.float64] = np.sum(_chances(arms), axis=0)
    weights = np.full_like(expected_hits, np.inf)
    np.divide(1.0, expected_hits, out=weights, where=expected_hits > 0)
    return weights


def _chances(arms: tuple[ArrayLike, ...]) -> list[NDArray[np.float64]]:
    chances = [_flat(arm, "an arm's probabilities") for arm in arms]
    if len({len(arm) for arm in chances}) != 1:
        raise DesignError("give at least one arm, each with a probability for every unit of the frame")
    if any(np.any((arm < 0) | (arm > 1)) for arm in chances):
        raise DesignError("an inclusion probability lies outside 0 to 1; correct the design")
    return chances


def _flat(values: ArrayLike, what: str) -> NDArray[np.float64]:
    try:
        return read_numbers(values, what)
    except EstimationError as error:
        raise DesignError(str(error)) from error
