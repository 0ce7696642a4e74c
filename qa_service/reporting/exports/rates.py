"""Rates of areas without small counts, and without what would give them away.

Suppression is decided over every area of a level, whoever asks: two people's files laid beside each other
tell no more than one.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import Area, AreaLevel, AreaTree, area_tree
from qa_service.reporting.exports.definition import Column, Definition, Row, Wanted
from qa_service.reporting.exports.suppression import (
    Cells,
    Counts,
    Difference,
    Hidden,
    figures_of,
    hide_small,
)
from qa_service.reporting.rates import AreaRates, NamedRate, Rate, RateName, rates_by
from qa_service.reporting.reader_error import reader_skills, with_corrections

AnArea = TypeVar("AnArea", Area, AreaRates)
_HIDDEN = "suppressed, or no scorable check; the method says which"
AREA_COLUMNS = (
    Column("area_level", "pdu, region or national", "what the area is", may_be_left_out=True),
    Column("area_code", "text", "nDelius code of the area; E&W for the nation"),
    Column("area_name", "text", "name of the area", may_be_left_out=True),
)
FIGURE_COLUMNS = (
    Column("arm", "text", "random: only cases drawn at random, final after any appeal, enter a rate"),
    Column("window_from_on", "date, YYYY-MM-DD", "first day of the rolling window"),
    Column("window_to_on", "date, YYYY-MM-DD", "last day of the rolling window"),
    Column("n", "whole number", "scorable checks that the rate is about", "suppressed"),
    Column("k", "whole number", "checks of these in which it was found", _HIDDEN, may_be_left_out=True),
    Column("value_rate", "number, 0 to 1", "the rate", _HIDDEN),
    Column("low_rate", "number, 0 to 1", "lower end of the 95% interval", _HIDDEN),
    Column("high_rate", "number, 0 to 1", "upper end of the 95% interval", _HIDDEN),
    Column("method", "text", "how value and interval were worked out, or why they are not given"),
    Column("note", "text", "too few to compare: do not set beside other areas", "nothing to say"),
)
RATE_MEANINGS = (
    "medium_should_be_high_rate: agreed high or above, of assessed medium; underclassified_rate and"
    " overclassified_rate: agreed above or below assessed, of all; insufficient_rate: recheck or fail, of all"
)
BY_OFFICER_AND_CASE = (
    "by_officer: one case an officer counts once; by_case: weighted by the inverse chance of being drawn,"
    " beside the cases that could not be drawn because the same assessment had been checked in an earlier"
    " round, as they were found then (neither k nor n holds these)"
)
_READING = Column(
    "reading",
    "by_officer, by_case or corrected",
    f"{BY_OFFICER_AND_CASE}; corrected: by_case, as it would be if readers never erred",
)


def rates_export(session: Session, wanted: Wanted, policy: Policy) -> list[Row]:
    """Return the rates of a level for the areas that some PDUs lie in, or for all."""
    tree = area_tree(session)
    shown = {area.code for area in tree.areas(wanted.level, wanted.pdus)}
    everywhere = rates_by(session, wanted.level, at=wanted.at, policy=policy.rates)
    skills = reader_skills(session, at=wanted.at, policy=policy)
    rows = []
    for group in published_together(tree, wanted.level, everywhere):
        corrected = [
            with_corrections(area, skills, policy.rates.too_few_to_compare_n) if area.code in shown else area
            for area in group
        ]
        rows += rows_of(corrected, wanted.level, to_on=day_of(wanted.at), least=policy.rates.suppress_below)
    return sorted(
        (row for row in rows if row["area_code"] in shown),
        key=lambda row: (str(row["area_name"]), str(row["area_code"])),
    )


def published_together(tree: AreaTree, level: AreaLevel, areas: Sequence[AnArea]) -> list[list[AnArea]]:
    """Group areas whose total is published too: the PDUs of a region, the regions of the nation."""
    groups: dict[str, list[AnArea]] = defaultdict(list)
    for area in areas:
        groups[tree.region_of(area.code).code if level is AreaLevel.PDU else ""].append(area)
    return list(groups.values())


def rows_of(areas: Sequence[AreaRates], level: AreaLevel, *, to_on: date, least: int) -> list[Row]:
    """Return the rows of areas that add up to another, suppressed as one table."""
    hidden = hidden_of(areas, least)
    return [
        {
            **area_columns(level, area),
            "rate": named.name.value,
            "reading": reading,
            "arm": "random",
            "window_from_on": day_of(area.since),
            "window_to_on": to_on,
            **figures_of(rate, hidden[named.name], (place, 0), least),
            "note": "too few to compare" if area.is_too_few else "",
        }
        for place, area in enumerate(areas)
        for named in area.rates
        for reading, rate in _readings(named)
    ]


def area_columns(level: AreaLevel, area: Area | AreaRates) -> dict[str, object]:
    """Return what says which area a row is about."""
    return {"area_level": level.value, "area_code": area.code, "area_name": area.name}


def hidden_of(areas: Sequence[AreaRates], least: int) -> dict[str, Hidden]:
    """Decide what of each rate is hidden in which of some areas."""

    def column(name: RateName, count: Callable[[Rate], int]) -> Counts:
        return np.array([[count(area.rate(name).by_officer)] for area in areas], dtype=np.int64)

    cells: dict[str, Cells] = {
        name: Cells(column(name, lambda rate: rate.k or 0), column(name, lambda rate: rate.n))
        for name in RateName
    }
    return hide_small(cells, least, differences=differences_of(cells))


def differences_of(cells: Mapping[str, Cells]) -> list[Difference]:
    """List what RULES 10's rates give away together: levels that were right, and too low but not medium."""
    under, over, medium = (
        cells[name]
        for name in (RateName.UNDERCLASSIFIED, RateName.OVERCLASSIFIED, RateName.MEDIUM_SHOULD_BE_HIGH)
    )
    return [
        Difference(RateName.OVERCLASSIFIED, RateName.UNDERCLASSIFIED, under.n - under.k - over.k),
        Difference(RateName.MEDIUM_SHOULD_BE_HIGH, RateName.UNDERCLASSIFIED, under.k - medium.k),
    ]


def _readings(named: NamedRate) -> list[tuple[str, Rate]]:
    corrected = [("corrected", named.corrected)] if named.corrected else []
    return [("by_officer", named.by_officer), ("by_case", named.by_case), *corrected]


RATES = Definition(
    name="rates",
    what="Rates of wrong risk levels found by blind reading (random arm)",
    levels=tuple(AreaLevel),
    columns=(*AREA_COLUMNS, Column("rate", "text", RATE_MEANINGS), _READING, *FIGURE_COLUMNS),
    rows=rates_export,
    suppression=lambda policy: (
        f"counts from 1 to {policy.rates.suppress_below - 1} are not given, nor any other count from which"
        " one could be worked out"
    ),
)
