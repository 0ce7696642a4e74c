"""What checks cost and found in each area, by the way they were chosen; arms are never pooled."""

import numpy as np
from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.cost import Cost, costs_of
from qa_service.reporting.exports.definition import Column, Definition, Row, Wanted
from qa_service.reporting.exports.rates import AREA_COLUMNS, area_columns, published_together
from qa_service.reporting.exports.suppression import Cells, Hidden, figures_of, hide_small
from qa_service.reporting.rates import share_of
from qa_service.rounds.tables import Arm

_HIDDEN = "suppressed, or no scorable check; the method says which"
_NONE_FOUND = "suppressed, or none was found"
_FEW = "suppressed with n"


def cost_export(session: Session, wanted: Wanted, policy: Policy) -> list[Row]:
    """Return a row for each area and way of choosing that was read."""
    tree = area_tree(session)
    shown = {area.code for area in tree.areas(wanted.level, wanted.pdus)}
    everywhere = tree.areas(wanted.level)
    found = costs_of(session, tree, everywhere, at=wanted.at, policy=policy)
    costs = {area.code: cost for area, cost in zip(everywhere, found, strict=True)}
    rows: list[Row] = []
    for group in published_together(tree, wanted.level, everywhere):
        for arm in Arm:
            hidden = _hidden([costs[area.code] for area in group], arm, policy.rates.suppress_below)
            rows += [
                {
                    **area_columns(wanted.level, area),
                    "window_from_on": day_of(costs[area.code].since),
                    "window_to_on": day_of(wanted.at),
                    **_row(costs[area.code], arm, hidden, place, policy),
                }
                for place, area in enumerate(group)
                if area.code in shown and any(one.arm is arm for one in costs[area.code].arms)
            ]
    return sorted(rows, key=lambda row: (str(row["area_name"]), str(row["area_code"])))


def _hidden(costs: list[Cost], arm: Arm, least: int) -> Hidden:
    """Decide in which areas what an arm found is hidden."""
    found = [next((one.too_low for one in cost.arms if one.arm is arm), share_of(0, 0)) for cost in costs]
    k, n = (np.array([[getattr(one, name) or 0] for one in found], dtype=np.int64) for name in ("k", "n"))
    return hide_small({"too_low": Cells(k, n)}, least)["too_low"]


def _row(cost: Cost, arm: Arm, hidden: Hidden, place: int, policy: Policy) -> Row:
    found = next(one for one in cost.arms if one.arm is arm)
    figures = figures_of(found.too_low, hidden, (place, 0), policy.rates.suppress_below)
    is_known = figures["k"] is not None
    per_error = found.hours_per_error if is_known else None
    caseloads = found.caseload_years_per_error if is_known else None
    work = {
        "n_reads": found.n_reads,
        "n_moderations": found.n_moderations,
        "reviewer_hours": float(found.hours),
        "caseload_years": round(found.caseload_years, 3),
    }
    return {
        "arm": arm.value,
        # So few checks that their number is hidden are not counted out by their reads either.
        **(dict.fromkeys(work) if hidden.n[place, 0] else work),
        **figures,
        "hours_per_error": None if per_error is None else round(per_error, 1),
        "caseload_years_per_error": None if caseloads is None else round(caseloads, 4),
        "note": "too few to compare" if found.too_low.n < policy.rates.too_few_to_compare_n else "",
    }


COST = Definition(
    name="cost",
    what="Planning hours of reads, and the levels that they found too low, by the way cases were chosen",
    levels=tuple(AreaLevel),
    columns=(
        *AREA_COLUMNS,
        Column("window_from_on", "date, YYYY-MM-DD", "first day of the rolling window"),
        Column("window_to_on", "date, YYYY-MM-DD", "last day of the rolling window"),
        Column("arm", "text", "how the cases were chosen; only random tells of the area, no two are added"),
        Column("n_reads", "whole number", "reads submitted in the window", _FEW, may_be_left_out=True),
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
        f"numbers of levels found too low from 1 to {policy.rates.suppress_below - 1} are not given, nor any"
        " other number from which one could be worked out"
    ),
)
