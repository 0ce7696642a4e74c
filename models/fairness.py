"""Whether the flag treats groups alike: flags, precision and recall by group, with small cells withheld."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.intervals import Estimate, Floats, weighted_share

SMALLEST_CELL = 10
FEWEST_TO_COMPARE = 20
SMALLEST_COUNT = 5
NOT_RECORDED = "not recorded"


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


def _n_flagged(cases: FlaggedCases) -> int:
    return int(cases.flagged.sum())


def _n_found_high(cases: FlaggedCases) -> int:
    return int(cases.found_high.sum())


def _n_both(cases: FlaggedCases) -> int:
    return int((cases.flagged & cases.found_high).sum())


#: The counts that each measure, with its number of cases, lets a reader work out.
COUNTED = {
    "flag_rate": (_n_flagged,),
    "wrong_rate": (_n_found_high,),
    "precision": (_n_flagged, _n_both),
    "recall": (_n_found_high, _n_both),
    "false_flag_rate": (_n_flagged, _n_found_high, _n_both),
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
        compare" and every figure is missing; a measure resting on under 10 cases, or on 1 to 4 that were
        flagged, found high or both, is missing. n under 10 is missing too. What one group hides the totals
        would give away, so the next smallest hides it as well.

    Notes
    -----
    At a fixed budget expect near-equal precision and unequal recall where groups' wrong rates differ.
    """
    names = group.astype("object").where(group.notna(), NOT_RECORDED).astype(str).to_numpy()
    every = np.unique(names)
    parts = [
        FlaggedCases(cases.flagged[member], cases.found_high[member], cases.weight[member])
        for member in (names == name for name in every)
    ]
    sizes = np.array([len(part.flagged) for part in parts])
    is_recorded = every != NOT_RECORDED
    unsized = _with_next_smallest(sizes, sizes < SMALLEST_CELL, is_recorded)
    unshown = unsized | (sizes < FEWEST_TO_COMPARE)
    hidden = {
        measure: np.logical_or.reduce([_hidden(parts, unshown, is_recorded, count) for count in counts])
        for measure, counts in COUNTED.items()
    }
    rows = [
        {"n": pd.NA if unsized[place] else int(sizes[place])}
        | _measures(part, {measure for measure in MEASURES if hidden[measure][place]})
        | {"note": _note(int(sizes[place]), is_shown=not unshown[place])}
        for place, part in enumerate(parts)
    ]
    return pd.DataFrame(rows, index=pd.Index(every, name="group"))


def _note(n: int, *, is_shown: bool) -> str:
    if is_shown:
        return ""
    return "too few to compare" if n < FEWEST_TO_COMPARE else "would give a smaller group away"


def _hidden(
    parts: list[FlaggedCases],
    unshown: NDArray[np.bool_],
    is_recorded: NDArray[np.bool_],
    count: Callable[[FlaggedCases], int],
) -> NDArray[np.bool_]:
    """Say where a count is too small to be shown, or would give away the one that is."""
    counts = np.array([count(part) for part in parts])
    too_small = (counts > 0) & (counts < SMALLEST_COUNT)
    return _with_next_smallest(counts, unshown | too_small, is_recorded)


def _with_next_smallest(
    counts: NDArray[np.int_], hidden: NDArray[np.bool_], is_recorded: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Hide a second count where only one is hidden: a total less the others would be it.

    Cases without a recorded group are no group of people that could be told anything about.
    """
    if (hidden & is_recorded).sum() != 1 or hidden[is_recorded].all():
        return hidden
    last = np.iinfo(np.int64).max
    others = np.select([hidden | ~is_recorded, counts == 0], [last, last - 1], counts)
    with_other: NDArray[np.bool_] = hidden | (np.arange(len(counts)) == others.argmin())
    return with_other


def _measures(cases: FlaggedCases, hidden: set[str]) -> dict[str, object]:
    row: dict[str, object] = {}
    for measure, (choose, value) in MEASURES.items():
        chosen = choose(cases)
        estimate = weighted_share(value(cases)[chosen], cases.weight[chosen])
        if measure in hidden or estimate.n < SMALLEST_CELL:
            estimate = Estimate(np.nan, np.nan, np.nan, estimate.n)
        row |= {measure: estimate.value, f"{measure}_low": estimate.low, f"{measure}_high": estimate.high}
    return row
