"""The input contract: what each column means, its unit and range, and what an empty value means.

Inputs of the flag are listed in ``columns.toml``. A table with a column that is not in the contract is
refused, not trimmed: whatever came after the assessment or out of a review has no way in. A second score,
"needs a review now", also uses ``columns_since.toml``; it has its own digest and artefact.
"""

import json
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
#: Ages from which each band begins, in whole years.
AGE_BANDS = ((0, "under 25"), (25, "25 to 34"), (35, "35 to 49"), (50, "50 and over"))
#: The recorded levels, 0 low to 3 very high; empty where a group was not assessed.
ASSESSED = tuple(f"assessed_{target}" for target in TARGETS)
#: For equality and grouped validation only; never inputs.
AUDIT = ("officer", "pdu_code", "region_code", "grade", "sex", "ethnicity", "age_band")
#: What simpler rules would rank by: the register when the assessment was completed.
BASELINE = ("register_level_at_completion",)


#: The second score only: until when its row looks, and the latest moment anything in it was recorded.
SINCE_IDENTITY = ("as_of", "since_known_until_at")


class Purpose(StrEnum):
    """What a score is for: each purpose has its own inputs, so one score's cannot reach the other."""

    FLAG = "flag"
    REVIEW_NOW = "review_now"


CONTRACTS = {
    Purpose.FLAG: ("columns.toml",),
    Purpose.REVIEW_NOW: ("columns.toml", "columns_since.toml"),
}


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
    follows_level : bool
        Whether it repeats an earlier level or tells how the assessment was done: then recorded levels are
        not learnt from it.
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
    follows_level: bool = False

    @property
    def is_fact(self) -> bool:
        """Whether it is either so or not."""
        return self.unit == "fact"


@cache
def inputs(purpose: Purpose = Purpose.FLAG) -> tuple[Column, ...]:
    """Return the inputs of a score in their fixed order."""
    definitions: dict[str, dict[str, Any]] = tomllib.loads(_definition_text(purpose))
    return tuple(
        Column(name=name, **{**definition, "transform": Transform(definition["transform"])})
        for name, definition in definitions.items()
    )


def columns_digest(purpose: Purpose = Purpose.FLAG) -> str:
    """Return the SHA-256 of a contract, kept in each artefact: another contract, another artefact.

    It covers what makes a feature of a column. A sentence may be mended without training again.
    """
    contract = [
        [column.name, column.unit, column.low, column.high, column.transform, column.follows_level]
        for column in inputs(purpose)
    ]
    return sha256(json.dumps(contract).encode()).hexdigest()


def _definition_text(purpose: Purpose) -> str:
    return "\n".join(
        files("models").joinpath(name).read_text(encoding="utf-8") for name in CONTRACTS[purpose]
    )


def check_columns(table: pd.DataFrame, purpose: Purpose = Purpose.FLAG) -> None:
    """Refuse a table that breaks the contract, naming every fault at once.

    Parameters
    ----------
    table : DataFrame
        One row per assessment.
    purpose : Purpose
        Which score's contract.

    Raises
    ------
    ColumnsRefusedError
        When columns are missing or not in the contract, values are outside their range, or a row holds
        something recorded after its assessment was completed (or, for the second score, after its moment).
    """
    allowed = {*IDENTITY, *ASSESSED, *AUDIT, *BASELINE, *(column.name for column in inputs(purpose))}
    limits = [("known_until_at", "assessed_at", "the assessment")]
    if purpose is Purpose.REVIEW_NOW:
        allowed |= set(SINCE_IDENTITY)
        limits.append(("since_known_until_at", "as_of", "the moment it is for"))
    faults = [
        f"{name} is not in the contract: nothing from a review or after the assessment may be an input"
        for name in table.columns
        if name not in allowed
    ]
    faults += [f"{name} is missing" for name in sorted(allowed - set(table.columns))]
    faults += [
        fault
        for column in inputs(purpose)
        if column.name in table.columns
        for fault in _range_faults(table, column)
    ]
    for known_until, moment, said in limits:
        if {known_until, moment} <= set(table.columns):
            unknown = table.index[table[known_until].isna() | table[moment].isna()]
            if len(unknown):
                faults.append(
                    f"{len(unknown)} rows do not say by when they were known, the first at row {unknown[0]}"
                )
            late = table.index[table[known_until] > table[moment]]
            if len(late):
                faults.append(
                    f"{len(late)} rows hold something recorded after {said}, the first at row {late[0]}"
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
