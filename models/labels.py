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
#: Chance of being drawn by the arm that drew it, and by any arm of its round.
OWN, UNION = "inclusion_probability", "union_probability"
REVIEW_COLUMNS = (
    "assessment_id",
    "arm",
    OWN,
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
        Inverse chance of being drawn by any arm of the round: what teaches. 1 where there is no review.
    judges : ndarray of bool of shape (n_cases,)
        Cases assessed below high and reviewed in an unbiased arm: the only ones a figure may rest on.
    judging_weight : ndarray of shape (n_cases,)
        Inverse chance of being drawn by the arm that drew it: figures rest on the unbiased arm alone.
    """

    assessed_high: np.ndarray[tuple[int], np.dtype[np.bool_]]
    reviewed_high: Floats
    weight: Floats
    judges: np.ndarray[tuple[int], np.dtype[np.bool_]]
    judging_weight: Floats


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
        One row per check: ``REVIEW_COLUMNS``; levels 0 low to 3 very high, as finally decided. Where a round
        draws by several arms, also ``union_probability``: the chance of being drawn by any of them.
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

    Notes
    -----
    A case that two arms can draw is taught more often than by its own arm's chance, so that each arm's own
    weights would count it twice over: the union's count every case once (Horvitz and Thompson 1952).
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
    union = UNION if UNION in usable else OWN
    for chance in {OWN, union}:
        _refuse_impossible(usable, chance)
    joined = records[["assessment_id"]].merge(usable, on="assessment_id", how="left")
    found = joined[f"reviewed_{target}"].to_numpy(dtype=np.float64, na_value=np.nan)
    assessed_high = records[f"assessed_{target}"].to_numpy(dtype=np.float64) >= HIGH
    reviewed_high = np.where(np.isnan(found), np.nan, (found >= HIGH).astype(np.float64))
    judges = joined["arm"].isin(UNBIASED_ARMS).to_numpy() & ~np.isnan(found) & ~assessed_high
    # No review, no chance: those count once.
    weight, judging_weight = (
        1 / joined[chance].fillna(1.0).to_numpy(dtype=np.float64) for chance in (union, OWN)
    )
    return Labels(assessed_high, reviewed_high, weight, judges, judging_weight)


def _refuse_impossible(usable: pd.DataFrame, chance: str) -> None:
    wrong = usable[~((usable[chance] > 0) & (usable[chance] <= 1))]
    if len(wrong):
        raise UnusableReviewsError(
            f"The {chance.replace('_', ' ')} of assessment {wrong['assessment_id'].iloc[0]} is "
            f"{wrong[chance].iloc[0]}; it must be above 0 and at most 1."
        )
