"""Columns as callers hold them (lists, arrays, pandas): read once, and refused by their name.

A gap that slips through becomes a rate of nan on a page, or a case counted in a domain nobody knows it
is in, so every estimator reads its columns here.
"""

from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.errors import EstimationError

Floats = NDArray[np.float64]


def read_array(values: ArrayLike, what: str) -> Floats:
    """Read numbers of any shape.

    Parameters
    ----------
    values : array_like
        Numbers or booleans; None and nan are gaps.
    what : str
        The argument's name, for the message.

    Returns
    -------
    ndarray of float
        Gaps as nan.

    Raises
    ------
    EstimationError
        When something is no number or the rows are of unequal length.
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise EstimationError(f"{what} must hold numbers only: {error}; correct them") from error


def read_numbers(values: ArrayLike, what: str, n: int | None = None) -> Floats:
    """Read one flat column without gaps.

    Parameters
    ----------
    values : array_like of shape (n,)
        Numbers or booleans.
    what : str
        The argument's name, for the message.
    n : int, optional
        Rows it must have.

    Returns
    -------
    ndarray of shape (n,)
        Finite numbers.

    Raises
    ------
    EstimationError
        When it is not flat, has another length, or holds a gap or an infinity.
    """
    column = read_array(values, what)
    if column.ndim != 1:
        raise EstimationError(f"{what} has shape {column.shape}; give one flat column")
    if n is not None and len(column) != n:
        raise EstimationError(f"{what} has {len(column)} rows for {n} values; align them")
    n_gaps = int(np.sum(~np.isfinite(column)))
    if n_gaps:
        raise EstimationError(f"{what} has {n_gaps} gaps or infinite values; leave those cases out")
    return column


def read_flags(values: ArrayLike, what: str, n: int | None = None) -> NDArray[np.bool_]:
    """Read yes and no, case by case; a gap is neither.

    Parameters
    ----------
    values : array_like of bool
        Booleans, or 0 and 1.
    what : str
        The argument's name, for the message.
    n : int, optional
        Rows it must have, in one flat column; any shape when not given.

    Returns
    -------
    ndarray of bool
        Of the shape given.

    Raises
    ------
    EstimationError
        When a value is neither.
    """
    column = read_array(values, what) if n is None else read_numbers(values, what, n)
    if not np.all((column == 0) | (column == 1)):
        raise EstimationError(f"{what} must be true or false (1 or 0) per case; correct it")
    flags: NDArray[np.bool_] = column == 1
    return flags


def read_counts(values: ArrayLike, what: str) -> NDArray[np.int64]:
    """Read counts of any shape.

    Parameters
    ----------
    values : array_like of int
        Whole numbers, none negative.
    what : str
        The argument's name, for the message.

    Returns
    -------
    ndarray of int
        Of the shape given.

    Raises
    ------
    EstimationError
        When a value is no count.
    """
    column = read_array(values, what)
    if not np.all(np.isfinite(column)) or np.any((column < 0) | (column != np.floor(column))):
        raise EstimationError(f"{what} must be whole numbers of 0 or more; correct them")
    return column.astype(np.int64)


def read_names(values: ArrayLike, what: str, n: int | None = None) -> NDArray[np.generic]:
    """Read names or numbers of groups, as given.

    Parameters
    ----------
    values : array_like of shape (n,) or (n, n_stages)
        Names or numbers.
    what : str
        The argument's name, for the message.
    n : int, optional
        Rows it must have.

    Returns
    -------
    ndarray of the shape given
        Of any kind that can be sorted.

    Raises
    ------
    EstimationError
        When a name is missing (equal gaps are no group) or the rows do not fit.
    """
    try:
        names: NDArray[np.generic] = np.asarray(values)
        may_have = names.dtype.kind not in "biuSU"
        gaps = may_have and any(name is None or name != name for name in names.ravel().tolist())  # noqa: PLR0124 (nan)
    except (TypeError, ValueError):  # pandas' NA compares as neither true nor false
        gaps = True
    if may_have and not gaps:
        _refuse_mixture(names, what)
    if gaps:
        raise EstimationError(f"{what} has gaps or rows of unequal length; name every case's")
    if n is not None and names.shape[:1] != (n,):
        raise EstimationError(f"{what} has {len(names) if names.ndim else 0} rows for {n} values; align them")
    return names


def _refuse_mixture(names: NDArray[np.generic], what: str) -> None:
    try:
        sorted(set(names.ravel().tolist()))
    except TypeError as error:
        raise EstimationError(f"{what} mixes kinds of names ({error}); give text or numbers alone") from error


def plain_number(number: Real) -> float:
    """Give a plain int or float, which can be written as JSON and keeps all its digits in what follows.

    Parameters
    ----------
    number : Real
        Of Python, numpy or fractions.

    Returns
    -------
    int or float
        A whole number stays one.
    """
    return int(number) if isinstance(number, Integral) else float(number)


def refuse_outside(value: float, what: str) -> None:
    """Refuse a share that is not strictly between 0 and 1.

    Parameters
    ----------
    value : float
        A confidence, level or rate.
    what : str
        The argument's name, for the message.

    Raises
    ------
    EstimationError
        Also for nan and for what is no number (95 for 95 per cent is the usual slip).
    """
    if not isinstance(value, Real) or not 0 < float(value) < 1:
        raise EstimationError(f"{what} {value} must lie between 0 and 1; 95 per cent is 0.95")


def read_tally(k: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Read hits out of checks, area by area.

    Parameters
    ----------
    k, n : array_like of int, shape (n_areas,)
        0 <= k <= n, n of 1 or more.

    Returns
    -------
    tuple of ndarray of int, shape (n_areas,)
        Hits and checks.

    Raises
    ------
    EstimationError
        When the counts do not fit.
    """
    hits, sizes = read_counts(k, "k"), read_counts(n, "n")
    if hits.shape != sizes.shape or hits.ndim != 1 or np.any((hits > sizes) | (sizes < 1)):
        raise EstimationError("k and n need the same flat shape with 0 <= k <= n and n of 1 or more")
    return hits, sizes
