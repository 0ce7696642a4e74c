"""From the contract's columns to numbers: names stable and ordered, nothing missing, nothing learnt.

A column becomes one feature (as it is, or the log of one plus it) and, where it can be empty, a second that
says so. Empty values become the column's lowest value, so that the second feature carries their meaning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from models.columns import Column, Purpose, Transform, check_columns, inputs
from models.intervals import Floats

MISSING_SUFFIX = "__missing"


@dataclass(frozen=True)
class Feature:
    """One column of X.

    Attributes
    ----------
    name : str
        Stable; the column's name, with ``__missing`` where it says that the column is empty.
    column : Column
        Where it comes from.
    says_missing : bool
        Whether it is 1 where the column is empty.
    """

    name: str
    column: Column
    says_missing: bool


@cache
def features(purpose: Purpose = Purpose.FLAG) -> tuple[Feature, ...]:
    """Return the features of a score in their fixed order: values first, then what is missing."""
    values = [Feature(column.name, column, says_missing=False) for column in inputs(purpose)]
    missing = [
        Feature(column.name + MISSING_SUFFIX, column, says_missing=True)
        for column in inputs(purpose)
        if not column.is_fact
    ]
    return (*values, *missing)


def learnable(names: Iterable[str]) -> tuple[bool, ...]:
    """Say from which features recorded levels may be learnt: not from what follows from the level."""
    follows = {feature.name: feature.column.follows_level for feature in features(Purpose.REVIEW_NOW)}
    return tuple(not follows[name] for name in names)


def build_features(table: pd.DataFrame, purpose: Purpose = Purpose.FLAG) -> pd.DataFrame:
    """Turn checked columns into features.

    Parameters
    ----------
    table : DataFrame of shape (n_cases, n_columns)
        As :func:`models.columns.check_columns` demands; audit and assessed columns are never read.
    purpose : Purpose
        Which score's contract the table keeps.

    Returns
    -------
    DataFrame of float64 of shape (n_cases, n_features)
        In the order of :func:`features`, with the table's index.

    Raises
    ------
    ColumnsRefusedError
        When the table breaks the contract.
    """
    check_columns(table, purpose)
    built = {}
    for feature in features(purpose):
        values = table[feature.column.name].to_numpy(dtype=np.float64, na_value=np.nan)
        built[feature.name] = (
            np.isnan(values).astype(np.float64) if feature.says_missing else _value(values, feature)
        )
    return pd.DataFrame(built, index=table.index)


def _value(values: Floats, feature: Feature) -> Floats:
    column = feature.column
    filled: Floats = np.where(np.isnan(values), column.low, values)
    return np.log1p(filled) if column.transform is Transform.LOG else filled
