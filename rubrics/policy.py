"""The outcome policy as data: thresholds, and the table that turns a scorecard into a verdict (RULES 2)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from rubrics.schema import Frozen


class Severity(StrEnum):
    """How serious what was found is; the order of precedence is the policy's."""

    S4 = "S4"
    S3 = "S3"
    S3S = "S3s"
    O = "O"  # noqa: E741 - the code used in RULES 2 for over-rated
    H = "H"
    S2 = "S2"
    S1 = "S1"
    S0 = "S0"


class Verdict(StrEnum):
    """What a check comes to."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    PASS_WITH_ACTIONS = "pass_with_actions"  # noqa: S105 - a verdict, not a password
    RECHECK = "recheck"
    FAIL = "fail"
    NOT_SCORABLE = "not_scorable"


class Kind(StrEnum):
    """What the verdict is about."""

    LEVEL = "level"
    SAFEGUARD = "safeguard"
    OVER_RATED = "over_rated"
    RECORD = "record"
    QUALITY = "quality"
    SOUND = "sound"


class Condition(StrEnum):
    """The named conditions that a row may use; `rubrics.verdict` says when each holds."""

    LEVEL_UNDER_AND_GRAVE = "level_under_and_grave"
    LEVEL_UNDER = "level_under"
    EXTRA_CASE_UNDER = "extra_case_under"
    SAFEGUARD_MISSING = "safeguard_missing"
    LEVEL_OVER = "level_over"
    RECORD_MISSING = "record_missing"
    QUALITY_RECHECK = "quality_recheck"
    QUALITY_ACTIONS = "quality_actions"
    OTHERWISE = "otherwise"


class Threshold(Frozen):
    """A number of the policy and where it comes from."""

    value: int = Field(ge=0)
    source: str = Field(min_length=1)


class Thresholds(Frozen):
    """Every number of the outcome policy; percentages are of the officer's score, 0-100."""

    pass_score_pct: Threshold
    recheck_score_pct: Threshold
    max_cannot_tell: Threshold
    critical_no_for_recheck: Threshold
    critical_no_for_actions: Threshold


class Row(Frozen):
    """One row of the outcome table."""

    severity: Severity
    when: Condition
    verdict: Verdict
    kind: Kind
    is_urgent: bool
    source: str = Field(min_length=1)


class VerdictPolicy(Frozen):
    """One published version of the outcome policy; the first row that holds decides."""

    id: str
    version: str
    published_on: date
    source: str = Field(min_length=1)
    digest: str
    thresholds: Thresholds
    rows: tuple[Row, ...]
