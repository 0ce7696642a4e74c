"""A trained classifier as numbers that can be read, compared and explained: one weight a feature."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from models.errors import ColumnsRefusedError
from models.intervals import Floats
from models.ranker import MisclassificationClassifier


@dataclass(frozen=True)
class LinearScorer:
    """Score = intercept + the sum of weight x feature.

    Attributes
    ----------
    feature_names : tuple of str of length n_features
        In order.
    mean : ndarray of shape (n_features,)
        The average case at training.
    label_weight, correction_weight : ndarray of shape (n_features,)
        Log odds per unit of each feature, from recorded levels and from reviews.
    average_score : float
        Score of the average case, log odds.
    threshold : float
        Cases scored at or above are flagged.
    """

    feature_names: tuple[str, ...]
    mean: Floats
    label_weight: Floats
    correction_weight: Floats
    average_score: float
    threshold: float

    @classmethod
    def of(cls, model: MisclassificationClassifier, feature_names: tuple[str, ...], threshold: float) -> Self:
        """Take the numbers out of a fitted ranker."""
        return cls(
            feature_names,
            model.mean_,
            model.correction_.trust * model.label_model_.coef / model.scale_,
            model.correction_.coef / model.scale_,
            model.correction_.trust * model.label_model_.intercept + model.correction_.intercept,
            threshold,
        )

    def contributions(self, features: pd.DataFrame) -> pd.DataFrame:
        """Split each score exactly.

        Parameters
        ----------
        features : DataFrame of shape (n_cases, n_features)
            From :func:`models.features.build_features`.

        Returns
        -------
        DataFrame of shape (n_cases, n_features)
            Log odds each feature adds to the average case's score; a row's sum plus ``average_score`` is the
            score.

        Raises
        ------
        ColumnsRefusedError
            When the features are not those of the training, in their order.
        """
        if tuple(features.columns) != self.feature_names:
            raise ColumnsRefusedError(
                "The features are not those the classifier was trained on; train again on this version's."
            )
        weight = self.label_weight + self.correction_weight
        return (features - self.mean) * weight

    def score(self, features: pd.DataFrame) -> Floats:
        """Score cases for the order in which to look at them; log odds, array of shape (n_cases,)."""
        scores: Floats = self.contributions(features).to_numpy().sum(axis=1) + self.average_score
        return scores

    def is_flagged(self, features: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say which cases are flagged; of use for cases assessed below high only."""
        flagged: np.ndarray[tuple[int], np.dtype[np.bool_]] = self.score(features) >= self.threshold
        return flagged
