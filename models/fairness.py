"""Whether the flag treats groups alike: flags, precision and recall by group, with small cells withheld."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.intervals import Estimate, Floats, weighted_share

SMALLEST_CELL = 10
FEWEST_TO_COMPARE = 20


@dataclass(frozen=True)
class FlaggedCases:
    """Reviewed cases, whether the flag was on them, and what the review found.

    Attributes
    ----------
    flagged, found_high : ndarray of bool of shape (n_reviewed,)
        The flag and the finding.
    weight : ndarray of shape (n_reviewed,)
        Inverse inclusion probabilities.
    """

    flagged: NDArray[np.bool_]
    found_high: NDArray[np.bool_]
    weight: Floats


Chosen = Callable[[FlaggedCases], NDArray[np.bool_]]


def _everyone(cases: FlaggedCases) -> NDArray[np.bool_]:
    return np.ones(len(cases.flagged), dtype=bool)


#: Each measure is the share, among the first, of which the second is so.
MEASURES: dict[str, tuple[Chosen, Chosen]] = {
    "flag_rate": (_everyone, lambda cases: cases.flagged),
    "wrong_rate": (_everyone, lambda cases: cases.found_high),
    "precision": (lambda cases: cases.flagged, lambda cases: cases.found_high),
    "recall": (lambda cases: cases.found_high, lambda cases: cases.flagged),
    "false_flag_rate": (lambda cases: ~cases.found_high, lambda cases: cases.flagged),
}


def fairness_table(cases: FlaggedCases, group: pd.Series) -> pd.DataFrame:
    """Compare the flag between groups that are never inputs: region, grade, sex, ethnicity, age.

    Parameters
    ----------
    cases : FlaggedCases
        Reviewed cases of the random arm, or weighted back to it.
    group : Series of shape (n_reviewed,)
        Group of each case; missing becomes "not recorded".

    Returns
    -------
    DataFrame
        One row per group: n, and for flag_rate, wrong_rate, precision, recall, false_flag_rate the value with
        ``_low`` and ``_high`` (95% Wilson on the effective number). Under 20 cases ``note`` says "too few to
        compare" and every figure is missing; a measure resting on under 10 cases is missing. n under 10 is
        missing too.

    Notes
    -----
    At a fixed budget expect near-equal precision and unequal recall where groups' wrong rates differ.
    """
    names = group.astype("object").where(group.notna(), "not recorded").astype(str).to_numpy()
    rows = [_row(cases, names == name) for name in np.unique(names)]
    return pd.DataFrame(rows, index=pd.Index(np.unique(names), name="group"))


def _row(cases: FlaggedCases, member: NDArray[np.bool_]) -> dict[str, object]:
    n = int(member.sum())
    row: dict[str, object] = {"n": n if n >= SMALLEST_CELL else pd.NA}
    own = FlaggedCases(cases.flagged[member], cases.found_high[member], cases.weight[member])
    for measure, (choose, value) in MEASURES.items():
        chosen = choose(own)
        estimate = weighted_share(value(own)[chosen], own.weight[chosen])
        if n < FEWEST_TO_COMPARE or estimate.n < SMALLEST_CELL:
            estimate = Estimate(np.nan, np.nan, np.nan, estimate.n)
        row |= {measure: estimate.value, f"{measure}_low": estimate.low, f"{measure}_high": estimate.high}
    row["note"] = "" if n >= FEWEST_TO_COMPARE else "too few to compare"
    return row
