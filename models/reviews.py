"""What the ranker accepts as recorded levels, as reviews and as their weights."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import check_classification_targets

from models.errors import UnusableReviewsError
from models.offset_ridge import Floats

_HIGH_IN_WORDS = frozenset({"h", "high", "very high", "very_high"})


def as_reviews(reviewed_high: ArrayLike | None, n_cases: int) -> Floats:
    """Read what reviews found, however a missing one is written.

    Parameters
    ----------
    reviewed_high : array-like of shape (n_cases,), optional
        1, 0, or missing (None, nan, NA) where there was no review.
    n_cases : int
        How many there must be.

    Returns
    -------
    ndarray of shape (n_cases,)
        1, 0 or nan.

    Raises
    ------
    UnusableReviewsError
        When there are more or fewer, or a value is something else; names the first.
    """
    if reviewed_high is None:
        return np.full(n_cases, np.nan)
    values = np.asarray(reviewed_high, dtype=object)
    if values.shape != (n_cases,):
        raise UnusableReviewsError(
            f"reviewed_high has shape {values.shape}; give one value for each of {n_cases} cases."
        )
    try:
        reviews = np.where(pd.isna(values), np.nan, values).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise UnusableReviewsError(
            f"reviewed_high cannot be read ({error}); use 1, 0, or nan where there was no review."
        ) from None
    wrong = np.flatnonzero(~(np.isnan(reviews) | np.isin(reviews, (0, 1))))
    if len(wrong):
        raise UnusableReviewsError(
            f"reviewed_high[{wrong[0]}] is {reviews[wrong[0]]}; use 1, 0, or nan where there was no review."
        )
    return reviews


def effective_weight(sample_weight: ArrayLike | None, used: NDArray[np.intp], n_cases: int) -> Floats:
    """Scale to the effective number of reviews: few heavy weights must not pass for many reviews.

    Parameters
    ----------
    sample_weight : array-like of shape (n_cases,), optional
        Inverse inclusion probabilities; none: all reviews count as one.
    used : ndarray of int of shape (n_reviewed,)
        The reviewed cases.
    n_cases : int
        How many weights there must be.

    Returns
    -------
    ndarray of shape (n_reviewed,)
        Sums to (sum w)^2 / sum w^2.

    Raises
    ------
    UnusableReviewsError
        When there are more or fewer weights than cases, or a reviewed case's weight is missing, infinite or
        not above nought.
    """
    if sample_weight is None:
        return np.ones(len(used))
    given = np.asarray(sample_weight, dtype=np.float64)
    if given.shape != (n_cases,):
        raise UnusableReviewsError(
            f"sample_weight has shape {given.shape}; give one value for each of {n_cases} cases."
        )
    if not len(used):
        return np.ones(0)
    weight = given[used]
    wrong = np.flatnonzero(~(np.isfinite(weight) & (weight > 0)))
    if len(wrong):
        raise UnusableReviewsError(
            f"sample_weight[{used[wrong[0]]}] is {weight[wrong[0]]} on a reviewed case; "
            "give 1 / its inclusion probability."
        )
    weight = weight / weight.max()  # squares of very large or small weights are no numbers
    effective: Floats = weight * weight.sum() / (weight**2).sum()
    return effective


def plain_labels(assessed_high: ArrayLike) -> ArrayLike:
    """Return truth values as such, whatever a table kept them as; other labels as they are."""
    given = np.asarray(assessed_high)
    is_truth = given.dtype == object and all(isinstance(one, bool | np.bool_) for one in given.ravel())
    return given.astype(bool) if is_truth else assessed_high


def as_high(labels: NDArray[Any]) -> tuple[NDArray[Any], Floats]:
    """Tell which cases were assessed high: those of the class that comes last in sort order.

    Parameters
    ----------
    labels : ndarray of shape (n_cases,)
        Two classes.

    Returns
    -------
    tuple
        The two classes, and 1 for each case assessed high, else 0.

    Raises
    ------
    ValueError
        When there are more or fewer classes, or words of which the first in sort order means high.
    """
    check_classification_targets(labels)
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) != 2:
        raise ValueError(
            f"assessed_high holds {len(classes)} class(es); give cases assessed high and cases "
            "assessed lower. Only binary classification is supported."
        )
    first, last = (str(name).casefold() in _HIGH_IN_WORDS for name in classes)
    if first and not last:
        raise ValueError(
            f"assessed_high holds {classes.tolist()}: the last of them in sort order would count as high. "
            "Give True or 1 for cases assessed high, False or 0 for those assessed lower."
        )
    high: Floats = codes.astype(np.float64)
    return classes, high
