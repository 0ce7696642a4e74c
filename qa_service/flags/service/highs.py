"""How often a case assessed high is wrong for a group of people, from the checks drawn at random."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from models.columns import GROUPS
from models.evaluation import ReviewedScores, remaining_below
from models.labels import HIGH, OWN, UNBIASED_ARMS


def wrong_groups_of_highs(records: pd.DataFrame, reviews: pd.DataFrame) -> dict[str, Any]:
    """Estimate, of the cases assessed high (not very high), how many have a group that should be high too.

    Whatever their score: there are too few such checks for a rate below each line.
    """
    is_judge = reviews["is_final"] & reviews["is_scorable"] & reviews["arm"].isin(UNBIASED_ARMS)
    has_groups = reviews[[f"reviewed_{group}" for group in GROUPS]].notna().any(axis=1)
    checked = records.merge(reviews[is_judge & has_groups], on="assessment_id")
    highs = checked[checked["assessed_overall"] == HIGH]
    assessed, reviewed = (
        highs[[f"{who}_{group}" for group in GROUPS]].to_numpy(dtype=np.float64, na_value=np.nan)
        for who in ("assessed", "reviewed")
    )
    too_low = np.any((assessed < HIGH) & (reviewed >= HIGH), axis=1)
    officer = highs["officer"].astype(object).where(highs["officer"].notna(), "unknown").to_numpy()
    cases = ReviewedScores(np.zeros(len(highs)), too_low, 1 / highs[OWN].to_numpy(dtype=np.float64), officer)
    estimate = asdict(remaining_below(cases, np.inf, 1))
    return {name: value if np.isfinite(value) else None for name, value in estimate.items()}
