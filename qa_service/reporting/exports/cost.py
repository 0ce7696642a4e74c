"""What checks cost and found in each area, by the way they were chosen; arms are never pooled."""

from sqlmodel import Session

from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.cost import ArmCost
from qa_service.reporting.exports.definition import NOT_PROMISED, Column, Definition, Row, Wanted
from qa_service.reporting.exports.rates import (
    AREA_COLUMNS,
    TOO_FEW,
    area_columns,
    figures_of,
    window_columns,
)
from qa_service.reporting.hours import told_hours
from qa_service.reporting.published_cost import published_costs
from qa_service.reporting.releases import release_of

_HIDDEN = "suppressed, or no scorable check; the method says which"
_NONE_FOUND = "suppressed, or none was found"
_FEW = "suppressed"


def cost_export(session: Session, wanted: Wanted, policy: Policy) -> list[Row]:
    """Return a row for each area and way of choosing that was read."""
    tree, release = area_tree(session), release_of(wanted.level, wanted.at, policy.rates)
    costs = published_costs(session, tree, release, policy=policy)
    return [
        {
            **area_columns(wanted.level, area),
            **window_columns(release),
            "arm": arm.arm.value,
            **_work(arm),
            **figures_of(arm.too_low),
            "note": TOO_FEW
            if arm.too_low.n < policy.rates.too_few_to_compare_n and not arm.is_hidden
            else "",
        }
        for area in sorted(tree.areas(wanted.level, wanted.pdus), key=lambda area: (area.name, area.code))
        for arm in costs[area.code].arms
    ]


def _work(arm: ArmCost) -> Row:
    """Return what an arm took, and what each level that it found took."""
    per_error, caseloads = arm.hours_per_error, arm.caseload_years_per_error
    low, high = arm.hours_per_error_limits or (None, None)
    work = {
        "n_reads": arm.n_reads,
        "n_moderations": arm.n_moderations,
        "reviewer_hours": told_hours(arm.hours),
        "caseload_years": round(arm.caseload_years, 3),
        "hours_per_error": None if per_error is None else told_hours(per_error),
        "low_hours_per_error": None if low is None else told_hours(low),
        "high_hours_per_error": None if high is None else told_hours(high),
        "caseload_years_per_error": None if caseloads is None else round(caseloads, 4),
    }
    return dict.fromkeys(work) if arm.is_hidden else work


COST = Definition(
    name="cost",
    what="Planning hours of reads, and the levels that they found too low, by the way cases were chosen",
    levels=tuple(AreaLevel),
    columns=(
        *AREA_COLUMNS,
        Column("window_from_on", "date, YYYY-MM-DD", "first day that counts"),
        Column(
            "window_to_on",
            "date, YYYY-MM-DD",
            "last day that counts: of a finished half-year, of a PDU a finished year",
        ),
        Column("arm", "text", "how the cases were chosen; only random tells of the area, no two are added"),
        Column("n_reads", "whole number", "reads submitted in these days", _FEW, may_be_left_out=True),
        Column("n_moderations", "whole number", "moderations decided in it", _FEW, may_be_left_out=True),
        Column(
            "reviewer_hours",
            "number, hours",
            "reads and moderations times the policy's planning hours; nobody's time is measured",
            _FEW,
        ),
        Column(
            "caseload_years",
            "number, years",
            "the hours in caseloads that one officer carries a year",
            _FEW,
            may_be_left_out=True,
        ),
        Column("n", "whole number", "scorable final checks", "suppressed"),
        Column("k", "whole number", "checks of these whose level was too low", _HIDDEN),
        Column("value_rate", "number, 0 to 1", "k of n: the yield of this way of choosing", _HIDDEN),
        Column("low_rate", "number, 0 to 1", "lower end of the 95% interval", _HIDDEN),
        Column("high_rate", "number, 0 to 1", "upper end of the 95% interval", _HIDDEN),
        Column("method", "text", "how the yield and its interval were worked out, or why they are not given"),
        Column("hours_per_error", "number, hours", "for each level found too low", _NONE_FOUND),
        Column(
            "low_hours_per_error",
            "number, hours",
            "lower end of its 95% interval, by the interval of the yield",
            _NONE_FOUND,
        ),
        Column(
            "high_hours_per_error",
            "number, hours",
            "upper end of its 95% interval",
            f"{_NONE_FOUND}, or it has no upper end",
        ),
        Column(
            "caseload_years_per_error",
            "number, years",
            "for each level found too low",
            _NONE_FOUND,
            may_be_left_out=True,
        ),
        Column("note", "text", "too few to compare: do not set beside other areas", "nothing to say"),
    ),
    rows=cost_export,
    suppression=lambda policy: (
        f"where a number of levels too low, of others, of reads of a kind or of moderations is from 1 to"
        f" {policy.rates.suppress_below - 1}, or would give such a number away, no figure is given."
        f" {NOT_PROMISED}"
    ),
    release=lambda wanted, policy: release_of(wanted.level, wanted.at, policy.rates),
)
