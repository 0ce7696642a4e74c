"""Why a case is flagged, in sentences about the record: exact, and never about what a person will do."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.columns import BANDS, STATES, Column, Transform, inputs
from models.features import MISSING_SUFFIX, build_features
from models.scorer import LinearScorer

N_REASONS = 5


@dataclass(frozen=True)
class Reason:
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


def explain(scorer: LinearScorer, records: pd.DataFrame, *, n_reasons: int = N_REASONS) -> list[list[Reason]]:
    """Give each case's strongest reasons for a second look.

    Parameters
    ----------
    scorer : LinearScorer
        Trained on the same contract.
    records : DataFrame of shape (n_cases, n_columns)
        The input contract.
    n_reasons : int
        At most so many; only what raises the score is a reason to look.

    Returns
    -------
    list of list of Reason
        Strongest first. With ``n_reasons`` at the number of columns and reasons below nought kept, they would
        sum to the score less the average case's: see :func:`all_reasons`.
    """
    return [
        [reason for reason in reasons[:n_reasons] if reason.contribution > 0]
        for reasons in all_reasons(scorer, records)
    ]


def all_reasons(scorer: LinearScorer, records: pd.DataFrame) -> list[list[Reason]]:
    """Give every column's part in each score, strongest first.

    Parameters
    ----------
    scorer : LinearScorer
        Trained on the same contract.
    records : DataFrame of shape (n_cases, n_columns)
        The input contract.

    Returns
    -------
    list of list of Reason
        For each case the contributions sum to its score less ``scorer.average_score``, exactly.
    """
    parts = scorer.contributions(build_features(records))
    typical = dict(zip(scorer.feature_names, scorer.mean, strict=True))
    by_column = pd.DataFrame(
        {
            column.name: parts[column.name] + parts.get(column.name + MISSING_SUFFIX, 0.0)
            for column in inputs()
        }
    )
    told = []
    for row, contributions in zip(by_column.index, by_column.to_numpy(), strict=True):
        order = np.argsort(-contributions, kind="stable")
        told.append(
            [
                _reason(inputs()[place], float(contributions[place]), records.loc[row], typical)
                for place in order
            ]
        )
    return told


def _reason(column: Column, contribution: float, record: pd.Series, typical: dict[str, float]) -> Reason:
    value = record[column.name]
    if pd.isna(value):
        said = f"{column.name.replace('_', ' ')}: {column.missing}"
    elif column.is_fact:
        said = column.says if value else column.absent
    else:
        said = _filled(column, float(value)) + _comparison(column, typical[column.name])
    return Reason(column.name, contribution, said[0].upper() + said[1:] + ".", column.item)


def _filled(column: Column, value: float) -> str:
    place = int(value)
    return column.says.format(
        value=_Number(value),
        band=BANDS[min(place, len(BANDS) - 1)],
        state=STATES[min(place, len(STATES) - 1)],
    )


def _comparison(column: Column, mean: float) -> str:
    if "{value" not in column.says:
        return ""
    back = np.expm1(mean) if column.transform is Transform.LOG else mean
    share = ":.0%" in column.says
    return f" (typical: {back:.0%})" if share else f" (typical: {_Number(back)})"


class _Number(float):
    """A number that prints without needless decimals."""

    def __format__(self, spec: str) -> str:
        plain = f"{float(self):.1f}".removesuffix(".0")
        return format(float(self), spec) if spec else plain

    __str__ = __repr__ = lambda self: format(self, "")
