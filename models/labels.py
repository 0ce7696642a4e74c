"""What "should have been high" means, and which reviews may teach it or judge it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.columns import TARGETS
from models.errors import ModelError, UnusableReviewsError
from models.intervals import Floats

HIGH = 2.0
#: Arms drawn without the classifier and without anyone's choice: only they may judge it.
UNBIASED_ARMS = ("random",)
#: Arms whose cases were drawn with a known chance, and may teach the ranking.
TEACHING_ARMS = ("random", "follow_up", "targeted")
REVIEW_COLUMNS = (
    "assessment_id",
    "arm",
    "inclusion_probability",
    "is_final",
    "is_scorable",
    *(f"reviewed_{target}" for target in TARGETS),
)


@dataclass(frozen=True)
class Labels:
    """What the ranker learns from, for one target.

    Attributes
    ----------
    assessed_high : ndarray of bool of shape (n_cases,)
        Recorded high or above.
    reviewed_high : ndarray of shape (n_cases,)
        1, 0, or nan where there is no usable review.
    weight : ndarray of shape (n_cases,)
        Inverse inclusion probability; 1 where there is no review.
    judges : ndarray of bool of shape (n_cases,)
        Cases assessed below high and reviewed in an unbiased arm: the only ones a figure may rest on.
    """

    assessed_high: np.ndarray[tuple[int], np.dtype[np.bool_]]
    reviewed_high: Floats
    weight: Floats
    judges: np.ndarray[tuple[int], np.dtype[np.bool_]]


def has_target(records: pd.DataFrame, target: str) -> pd.Series:
    """Say for which cases a level was recorded: for a group not assessed there is nothing to be wrong."""
    return records[f"assessed_{target}"].notna()


def build_labels(records: pd.DataFrame, reviews: pd.DataFrame, target: str = "overall") -> Labels:
    """Join final reviews to the assessments they read.

    Parameters
    ----------
    records : DataFrame of shape (n_cases, n_columns)
        The input contract, one row per assessment, with a recorded level for the target.
    reviews : DataFrame
        One row per check: ``REVIEW_COLUMNS``; levels 0 low to 3 very high, as finally decided.
    target : str
        overall, children, public, known_adult or staff.

    Returns
    -------
    Labels
        Rows as in ``records``. Not final, not scorable and other arms' reviews are left out.

    Raises
    ------
    UnusableReviewsError
        When an assessment has two usable reviews, or a probability is not in (0, 1].
    ModelError
        When there is no such target.
    """
    if target not in TARGETS:
        raise ModelError(f"There is no target {target!r}; use one of {', '.join(TARGETS)}.")
    usable = reviews[reviews["is_final"] & reviews["is_scorable"] & reviews["arm"].isin(TEACHING_ARMS)]
    usable = usable[usable[f"reviewed_{target}"].notna()]
    twice = usable.loc[usable["assessment_id"].duplicated(), "assessment_id"]
    if len(twice):
        raise UnusableReviewsError(
            f"Assessment {twice.iloc[0]} has two final reviews; keep the one that supersedes."
        )
    wrong = usable[~((usable["inclusion_probability"] > 0) & (usable["inclusion_probability"] <= 1))]
    if len(wrong):
        raise UnusableReviewsError(
            f"The inclusion probability of assessment {wrong['assessment_id'].iloc[0]} is "
            f"{wrong['inclusion_probability'].iloc[0]}; it must be above 0 and at most 1."
        )
    joined = records[["assessment_id"]].merge(usable, on="assessment_id", how="left")
    found = joined[f"reviewed_{target}"].to_numpy(dtype=np.float64, na_value=np.nan)
    assessed_high = records[f"assessed_{target}"].to_numpy(dtype=np.float64) >= HIGH
    reviewed_high = np.where(np.isnan(found), np.nan, (found >= HIGH).astype(np.float64))
    chance = joined["inclusion_probability"].to_numpy(dtype=np.float64, na_value=np.nan)
    weight = np.where(np.isnan(found), 1.0, 1 / np.where(np.isnan(found), 1.0, chance))
    judges = joined["arm"].isin(UNBIASED_ARMS).to_numpy() & ~np.isnan(found) & ~assessed_high
    return Labels(assessed_high, reviewed_high, weight, judges)
