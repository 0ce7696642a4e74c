"""Refuse features made from what they are to find: out of a review, or recorded after it."""

from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from models.errors import ColumnsRefusedError
from models.features import MISSING_SUFFIX
from models.labels import Labels

#: A single feature that tells cases apart this well, among so many of each kind, was made from the answer.
LEAK_AUC = 0.97
FEWEST_TO_SUSPECT = 10
#: Fewer are suspected where none is on the wrong side, and so many other orders were as likely by chance.
FEWEST_OF_ALL = 4
OTHER_ORDERS = 1_000_000


def refuse_leaks(features: pd.DataFrame, labels: Labels) -> None:
    """Refuse features that give away what the reviews found, or that there was one.

    Parameters
    ----------
    features : DataFrame of shape (n_cases, n_features)
        As built.
    labels : Labels
        For the same rows.

    Raises
    ------
    ColumnsRefusedError
        When one feature alone separates found high from not found high almost perfectly (AUC of .97 with at
        least ten of each, or 1 with at least four), or a column is filled for reviewed cases alone: no fact
        known at the assessment does so. What two features say together is not looked for.
    """
    below = ~labels.assessed_high
    is_reviewed = ~np.isnan(labels.reviewed_high)
    found = labels.reviewed_high[below & is_reviewed] == 1
    names = [str(name) for name in features.columns]
    telling = [name for name in names if _tells(features.loc[below & is_reviewed, name], found)]
    if telling:
        raise ColumnsRefusedError(
            f"{', '.join(telling)} give away what the reviews found: made from a review, or recorded after "
            "the assessment. Find out how before training."
        )
    filled = [
        name.removesuffix(MISSING_SUFFIX)
        for name in names
        if name.endswith(MISSING_SUFFIX) and _tells(features.loc[below, name], is_reviewed[below])
    ]
    if filled:
        raise ColumnsRefusedError(
            f"{', '.join(filled)} are filled for reviewed cases alone: recorded because of the review. Find "
            "out how before training."
        )


def _tells(feature: pd.Series, answer: NDArray[np.bool_]) -> bool:
    n_fewer = int(min(answer.sum(), (~answer).sum()))
    if n_fewer < FEWEST_OF_ALL or feature.nunique() < 2:
        return False
    auc = float(roc_auc_score(answer, feature))
    separation = max(auc, 1 - auc)
    if n_fewer < FEWEST_TO_SUSPECT:
        return separation == 1 and comb(len(answer), n_fewer) > OTHER_ORDERS
    return separation >= LEAK_AUC
