"""What the ranker accepts as reviews and as their weights."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from models.errors import UnusableReviewsError
from models.offset_ridge import Floats


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
    except ValueError as error:
        raise UnusableReviewsError(
            f"reviewed_high cannot be read ({error}); use 1, 0, or nan where there was no review."
        ) from None
    wrong = np.flatnonzero(~(np.isnan(reviews) | np.isin(reviews, (0, 1))))
    if len(wrong):
        raise UnusableReviewsError(
            f"reviewed_high[{wrong[0]}] is {reviews[wrong[0]]}; use 1, 0, or nan where there was no review."
        )
    return reviews


def effective_weight(sample_weight: ArrayLike | None, used: NDArray[np.intp]) -> Floats:
    """Scale to the effective number of reviews: few heavy weights must not pass for many reviews.

    Parameters
    ----------
    sample_weight : array-like of shape (n_cases,), optional
        Inverse inclusion probabilities; none: all reviews count as one.
    used : ndarray of int of shape (n_reviewed,)
        The reviewed cases.

    Returns
    -------
    ndarray of shape (n_reviewed,)
        Sums to (sum w)^2 / sum w^2.

    Raises
    ------
    UnusableReviewsError
        When a reviewed case's weight is missing, infinite or not above nought.
    """
    if sample_weight is None or not len(used):
        return np.ones(len(used))
    weight = np.asarray(sample_weight, dtype=np.float64)[used]
    wrong = np.flatnonzero(~(np.isfinite(weight) & (weight > 0)))
    if len(wrong):
        raise UnusableReviewsError(
            f"sample_weight[{used[wrong[0]]}] is {weight[wrong[0]]} on a reviewed case; "
            "give 1 / its inclusion probability."
        )
    effective: Floats = weight * weight.sum() / (weight**2).sum()
    return effective
