"""Why a case is flagged, in sentences about the record: exact, and never about what a person will do."""

import re
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.columns import BANDS, STATES, Column, Purpose, Transform, inputs
from models.features import MISSING_SUFFIX, build_features
from models.scorer import LinearScorer

N_REASONS = 5


class Reason(NamedTuple):
    """One column's part in a score.

    Attributes
    ----------
    column : str
        Which input.
    contribution : float
        Log odds it adds to the score of the average case.
    sentence : str
        What the record says.
    item : str
        The rubric item a reader should look at.
    """

    column: str
    contribution: float
    sentence: str
    item: str


def explain(
    scorer: LinearScorer,
    records: pd.DataFrame,
    *,
    n_reasons: int = N_REASONS,
    purpose: Purpose = Purpose.FLAG,
    features: pd.DataFrame | None = None,
) -> list[list[Reason]]:
    """Give each case's strongest reasons for a second look.

    Parameters
    ----------
    scorer : LinearScorer
        Trained on the same contract.
    records : DataFrame of shape (n_cases, n_columns)
        The input contract.
    n_reasons : int
        At most so many; only what raises the score is a reason to look.
    purpose : Purpose
        What the scorer is for.
    features : DataFrame of shape (n_cases, n_features), optional
        What :func:`models.features.build_features` made of the records, where that was done before.

    Returns
    -------
    list of list of Reason
        Strongest first. With ``n_reasons`` at the number of columns and reasons below nought kept, they would
        sum to the score less the average case's: see :func:`all_reasons`.
    """
    return [
        [reason for reason in reasons if reason.contribution > 0]
        for reasons in _strongest(scorer, records, n_reasons, purpose, features)
    ]


def all_reasons(
    scorer: LinearScorer, records: pd.DataFrame, purpose: Purpose = Purpose.FLAG
) -> list[list[Reason]]:
    """Give every column's part in each score, strongest first.

    Parameters
    ----------
    scorer : LinearScorer
        Trained on the same contract.
    records : DataFrame of shape (n_cases, n_columns)
        The input contract.
    purpose : Purpose
        What the scorer is for.

    Returns
    -------
    list of list of Reason
        For each case the contributions sum to its score less ``scorer.average_score``, exactly.
    """
    return _strongest(scorer, records, len(inputs(purpose)), purpose)


def _strongest(
    scorer: LinearScorer,
    records: pd.DataFrame,
    n_reasons: int,
    purpose: Purpose,
    features: pd.DataFrame | None = None,
) -> list[list[Reason]]:
    """Sort first and word only what is kept: a national refresh explains a quarter of a million cases."""
    parts = scorer.contributions(build_features(records, purpose) if features is None else features)
    typical = dict(zip(scorer.feature_names, scorer.mean, strict=True))
    columns = inputs(purpose)
    names = [column.name for column in columns]
    by_column = parts[names].to_numpy(copy=True)
    can_be_missing = [name + MISSING_SUFFIX in typical for name in names]
    of_missing = [name + MISSING_SUFFIX for name in np.array(names)[can_be_missing]]
    by_column[:, can_be_missing] += parts[of_missing].to_numpy()
    order = np.argsort(-by_column, axis=1, kind="stable")[:, :n_reasons]
    shares = np.take_along_axis(by_column, order, axis=1)
    values = records[names].to_numpy(dtype=np.float64, na_value=np.nan)
    values = np.take_along_axis(values, order, axis=1)
    known = values.astype(object)
    known[np.isnan(values)] = None  # as a key of the cache it equals itself

    @cache  # of many cases a column says the same
    def sentence(place: int, value: float | None) -> str:
        return _sentence(columns[place], value, typical)

    return [
        [
            Reason(names[place], share, sentence(place, value), columns[place].item)
            for place, share, value in zip(*of_case, strict=True)
        ]
        for of_case in zip(order.tolist(), shares.tolist(), known.tolist(), strict=True)
    ]


def _sentence(column: Column, value: float | None, typical: dict[str, float]) -> str:
    if value is None:
        said = f"{column.name.replace('_', ' ')}: {column.missing}"
    elif column.is_fact:
        said = column.says if value else column.absent
    else:
        said = _filled(column, value) + _comparison(column, typical[column.name])
    return said[0].upper() + said[1:] + "."


def _filled(column: Column, value: float) -> str:
    place = int(value)
    said = column.says.format(
        value=_Number(value),
        band=BANDS[min(place, len(BANDS) - 1)],
        state=STATES[min(place, len(STATES) - 1)],
    )
    # Absence can be the reason: "no screening questions are answered yes". Of days, 0 is a date.
    return re.sub(r"\b0 (?=[a-z])(?!days?\b)", "no ", said)


def _comparison(column: Column, mean: float) -> str:
    if "{value" not in column.says:
        return ""
    back = np.expm1(mean) if column.transform is Transform.LOG else mean
    share = ":.0%" in column.says
    return f" (typical: {back:.0%})" if share else f" (typical: {_Number(back)})"


class _Number(float):
    """A number that prints without needless decimals; ``{value:item|items}`` gives the word to go with it."""

    def __format__(self, spec: str) -> str:
        plain = f"{float(self):.1f}".removesuffix(".0")
        if "|" in spec:
            return spec.split("|")[plain != "1"]
        return format(float(self), spec) if spec else plain

    __str__ = __repr__ = lambda self: format(self, "")
