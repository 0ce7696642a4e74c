"""The input contract: what each column means, its unit and range, and what an empty value means.

Inputs are listed in ``columns.toml``. A table with a column that is not in the contract is refused, not
trimmed: whatever came after the assessment or out of a review has no way in.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from models.errors import ColumnsRefusedError

LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
BANDS = ("low", "medium", "high", "very high")
STATES = (
    "not made",
    "requested without reply",
    "chased without reply",
    "replied and not analysed",
    "analysed",
)
GROUPS = ("children", "public", "known_adult", "staff")
TARGETS = ("overall", *GROUPS)

#: Which assessment, when it was completed, and the latest moment anything in its row was recorded.
IDENTITY = ("assessment_id", "crn", "assessed_at", "known_until_at")
#: The recorded levels, 0 low to 3 very high; empty where a group was not assessed.
ASSESSED = tuple(f"assessed_{target}" for target in TARGETS)
#: For equality and grouped validation only; never inputs.
AUDIT = ("officer", "pdu_code", "region_code", "grade", "sex", "ethnicity", "age_band")
#: What simpler rules would rank by: the register when the assessment was completed.
BASELINE = ("register_level_at_completion",)


class Transform(StrEnum):
    """How a column becomes a feature."""

    AS_IS = "as_is"
    LOG = "log"


@dataclass(frozen=True)
class Column:
    """One input.

    Attributes
    ----------
    name, unit, missing : str
        What it is, in what, and what an empty value means.
    low, high : float
        Range, both ends allowed.
    transform : Transform
        How it becomes a feature.
    says, absent : str
        Sentence of an explanation, and for a fact the sentence where it is not so.
    item : str
        The rubric item a reader should look at.
    """

    name: str
    unit: str
    low: float
    high: float
    missing: str
    transform: Transform
    says: str
    item: str
    absent: str = ""

    @property
    def is_fact(self) -> bool:
        """Whether it is either so or not."""
        return self.unit == "fact"


@cache
def inputs() -> tuple[Column, ...]:
    """Return the inputs in their fixed order."""
    definitions: dict[str, dict[str, Any]] = tomllib.loads(_definition_text())
    return tuple(
        Column(name=name, **{**definition, "transform": Transform(definition["transform"])})
        for name, definition in definitions.items()
    )


def columns_digest() -> str:
    """Return the SHA-256 of the contract, kept in each artefact: another contract, another artefact."""
    return sha256(_definition_text().encode()).hexdigest()


def _definition_text() -> str:
    return files("models").joinpath("columns.toml").read_text(encoding="utf-8")


def check_columns(table: pd.DataFrame) -> None:
    """Refuse a table that breaks the contract, naming every fault at once.

    Parameters
    ----------
    table : DataFrame
        One row per assessment.

    Raises
    ------
    ColumnsRefusedError
        When columns are missing or not in the contract, values are outside their range, or a row holds
        something recorded after its assessment was completed.
    """
    allowed = {*IDENTITY, *ASSESSED, *AUDIT, *BASELINE, *(column.name for column in inputs())}
    faults = [
        f"{name} is not in the contract: nothing from a review or after the assessment may be an input"
        for name in table.columns
        if name not in allowed
    ]
    faults += [f"{name} is missing" for name in sorted(allowed - set(table.columns))]
    faults += [
        fault for column in inputs() if column.name in table.columns for fault in _range_faults(table, column)
    ]
    if {"known_until_at", "assessed_at"} <= set(table.columns):
        late = table.index[table["known_until_at"] > table["assessed_at"]]
        if len(late):
            faults.append(
                f"{len(late)} rows hold something recorded after the assessment, the first at row {late[0]}"
            )
    if faults:
        raise ColumnsRefusedError("The table was refused: " + "; ".join(faults) + ".")


def _range_faults(table: pd.DataFrame, column: Column) -> list[str]:
    values = table[column.name].to_numpy(dtype=np.float64, na_value=np.nan)
    outside = np.flatnonzero((values < column.low) | (values > column.high) | np.isinf(values))
    if not len(outside):
        return []
    first = outside[0]
    span = f"outside {column.low} to {column.high} {column.unit} ({len(outside)} rows)"
    return [f"{column.name} is {values[first]:g} at row {table.index[first]}, {span}"]
