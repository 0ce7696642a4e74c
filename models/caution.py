"""Few findings move the order only a little: the score leans on the recorded levels until there are more.

Averaging over candidates by their evidence is right on average, but the first handful of cases found high can
point anywhere, and one bad draw then orders worse than chance. So the corrected score and the label model's
are mixed, both on the corrected score's scale; the share of the former is n / (n + n_trusted), where n is the
number of reviews of the rarer kind.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.offset_ridge import Correction, Floats


@dataclass(frozen=True, eq=False)
class Pool:
    """The cases that are ranked, in moments: label log odds first, then each standardised feature.

    Attributes
    ----------
    mean : ndarray of shape (1 + n_features,)
        Means over the cases assessed below high.
    covariance : ndarray of shape (1 + n_features, 1 + n_features)
        Over the same cases.
    """

    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, label_log_odds: Floats, standardised: Floats) -> Self:
        """Sum up the cases assessed below high; arrays of shape (n_cases,) and (n_cases, n_features)."""
        columns = np.column_stack([label_log_odds, standardised])
        mean = columns.mean(axis=0)
        centred = columns - mean
        return cls(mean, centred.T @ centred / len(columns))

    def spread(self, slopes: Floats) -> float:
        """Return the standard deviation of a score with these slopes; shape (1 + n_features,)."""
        variance = float(slopes @ self.covariance @ slopes)
        return float(np.sqrt(max(0.0, variance)))


def lean_on_levels(
    correction: Correction, reviewed_high: NDArray[np.float64], *, pool: Pool, n_trusted: float
) -> Correction:
    """Mix a correction with the label model's own order, by how many findings it rests on.

    Parameters
    ----------
    correction : Correction
        What the reviews call for.
    reviewed_high : ndarray of shape (n_reviewed,)
        1 where found high, else 0.
    pool : Pool
        The cases to rank.
    n_trusted : float
        Reviews of the rarer kind at which both scores weigh the same; 0 takes the correction as it is.

    Returns
    -------
    Correction
        Another slope of the label model's log odds, intercept and coefficients; the beliefs stay.
    """
    n_found = min(float(reviewed_high.sum()), float((1 - reviewed_high).sum()))
    slopes = np.array([correction.trust, *correction.coef])
    label = np.zeros_like(slopes)
    label[0] = 1.0
    of_score, of_label = pool.spread(slopes), pool.spread(label)
    if not (n_found and of_score and of_label):
        return correction
    share = n_found / (n_found + n_trusted)
    mixed = share * slopes + (1 - share) * of_score / of_label * label
    # The average log odds over the pool stay what the reviews say.
    intercept = correction.intercept + float((slopes - mixed) @ pool.mean)
    return replace(correction, trust=float(mixed[0]), coef=mixed[1:], intercept=intercept)
