"""What leaves the service: rates of areas without small counts, and without what would give them away.

Suppression is decided over every area of a level, whoever asks: two people's files laid beside each other
tell no more than one. Small are counts from 1 to below the policy's least, of hits, of the rest, and of what
is left when one published count is taken from another.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.area_rates import SUPPRESSED, SUPPRESSED_BESIDE
from qa_service.reporting.areas import AreaLevel, AreaTree, area_tree
from qa_service.reporting.rates import AreaRates, Rate, RateName, rates_by
from sampling import never_alone, suppressed_cells

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class ExportRow:
    """One rate of one area in one reading; empty is suppressed, or without a scorable check."""

    area_level: str
    area_code: str
    area_name: str
    rate: str
    reading: str
    arm: str
    window_from_on: date
    window_to_on: date
    n: int | None
    k: int | None
    value_rate: float | None
    low_rate: float | None
    high_rate: float | None
    method: str
    note: str


@dataclass(frozen=True)
class Entry:
    """One line of the data dictionary."""

    column: str
    kind: str
    meaning: str
    empty_means: str = "never empty"


_HIDDEN = "suppressed, or no scorable check; the method says which"
DICTIONARY = (
    Entry("area_level", "pdu, region or national", "what the area is"),
    Entry("area_code", "text", "nDelius code of the area; E&W for the nation"),
    Entry("area_name", "text", "name of the area"),
    Entry(
        "rate",
        "text",
        "medium_should_be_high_rate: agreed high or above, of assessed medium; underclassified_rate and"
        " overclassified_rate: agreed above or below assessed, of all; insufficient_rate: recheck or fail, of"
        " all",
    ),
    Entry(
        "reading",
        "by_officer or by_case",
        "by_officer: one case an officer counts once; by_case: weighted by the inverse chance of being drawn",
    ),
    Entry("arm", "text", "random: only cases drawn at random, final after any appeal, enter a rate"),
    Entry("window_from_on", "date, YYYY-MM-DD", "first day of the rolling window"),
    Entry("window_to_on", "date, YYYY-MM-DD", "last day of the rolling window"),
    Entry("n", "whole number", "scorable checks that the rate is about", "suppressed"),
    Entry("k", "whole number", "checks of these in which it was found", _HIDDEN),
    Entry("value_rate", "number, 0 to 1", "the rate", _HIDDEN),
    Entry("low_rate", "number, 0 to 1", "lower end of the 95% interval", _HIDDEN),
    Entry("high_rate", "number, 0 to 1", "upper end of the 95% interval", _HIDDEN),
    Entry("method", "text", "how value and interval were worked out, or why they are not given"),
    Entry("note", "text", "too few to compare: do not set beside other areas", "nothing to say"),
)


@dataclass(frozen=True)
class Export:
    """Rows to write, what each column means, and what holds for all of them."""

    rows: tuple[ExportRow, ...]
    about: Mapping[str, str]


def export_rates(
    session: Session,
    level: AreaLevel,
    *,
    at: datetime,
    policy: RatePolicy,
    pdus: Collection[str] | None = None,
) -> Export:
    """Return the rates of a level for the areas that some PDUs lie in, or for all, without small counts."""
    tree = area_tree(session)
    wanted = {area.code for area in tree.areas(level, pdus)}
    everywhere = rates_by(session, level, at=at, policy=policy)
    rows = [
        row
        for group in _published_together(tree, level, everywhere)
        for row in rows_of(group, level, at=at, policy=policy)
        if row.area_code in wanted
    ]
    about = {
        "what": "Rates of wrong risk levels found by blind reading (random arm)",
        "made_at": at.isoformat(),
        "suppression": f"counts from 1 to {policy.suppress_below - 1} are not given, nor any other count from"
        " which one could be worked out",
        "intervals": "95%; areas whose intervals overlap are not told apart",
    }
    return Export(tuple(sorted(rows, key=lambda row: (row.area_name, row.area_code))), about)


def _published_together(
    tree: AreaTree, level: AreaLevel, areas: Sequence[AreaRates]
) -> list[list[AreaRates]]:
    """Group areas whose total is published too: the PDUs of a region, the regions of the nation."""
    groups: dict[str, list[AreaRates]] = defaultdict(list)
    for area in areas:
        groups[tree.region_of(area.code).code if level is AreaLevel.PDU else ""].append(area)
    return list(groups.values())


def rows_of(
    areas: Sequence[AreaRates], level: AreaLevel, *, at: datetime, policy: RatePolicy
) -> list[ExportRow]:
    """Return the rows of areas that add up to another, suppressed as one table."""
    least = policy.suppress_below
    ks = {name: _column(areas, name, lambda rate: rate.k or 0) for name in RateName}
    ns = {name: _column(areas, name, lambda rate: rate.n) for name in RateName}
    hides, hides_n = _hidden(ks, ns, least)
    rows = []
    for place, area in enumerate(areas):
        for named in area.rates:
            is_small = 0 < ks[named.name][place] < least
            why = SUPPRESSED.format(least=least) if is_small else SUPPRESSED_BESIDE
            for reading, rate in (("by_officer", named.by_officer), ("by_case", named.by_case)):
                is_hidden = bool(hides[named.name][place])
                rows.append(
                    ExportRow(
                        area_level=level.value,
                        area_code=area.code,
                        area_name=area.name,
                        rate=named.name.value,
                        reading=reading,
                        arm="random",
                        window_from_on=day_of(area.since),
                        window_to_on=day_of(at),
                        n=None if hides_n[named.name][place] else rate.n,
                        k=None if is_hidden or not rate.n else rate.k,
                        value_rate=None if is_hidden else rate.value,
                        low_rate=None if is_hidden else rate.low,
                        high_rate=None if is_hidden else rate.high,
                        method=why if is_hidden else rate.method,
                        note="too few to compare" if area.is_too_few else "",
                    )
                )
    return rows


def _column(areas: Sequence[AreaRates], name: RateName, count: Callable[[Rate], int]) -> Counts:
    return np.array([count(area.rate(name).by_officer) for area in areas], dtype=np.int64)


def _hidden(
    ks: Mapping[RateName, Counts], ns: Mapping[RateName, Counts], least: int
) -> tuple[dict[RateName, Mask], dict[RateName, Mask]]:
    """Decide for each rate in which areas its count of hits is hidden, and in which its n."""
    under, over, medium = (
        RateName.UNDERCLASSIFIED,
        RateName.OVERCLASSIFIED,
        RateName.MEDIUM_SHOULD_BE_HIGH,
    )
    n_all = ns[under]
    both = _cells([ks[under], ks[over], n_all - ks[under] - ks[over]], least)
    insufficient = _cells([ks[RateName.INSUFFICIENT], n_all - ks[RateName.INSUFFICIENT]], least)
    of_medium = _cells([ks[medium], ns[medium] - ks[medium]], least)
    # Medium rated too low is part of all rated too low: the difference must not give a small count away.
    rest = ks[under] - ks[medium]
    is_nested = (rest > 0) & (rest < least) & ~both[:, 0]
    hides_all = never_alone(both[:, -1] | insufficient[:, -1], n_all)
    hides_n = dict.fromkeys(RateName, hides_all)
    hides_n[medium] = never_alone(of_medium[:, -1], ns[medium])
    small = {
        under: both[:, 0],
        over: both[:, 1],
        RateName.INSUFFICIENT: insufficient[:, 0],
        medium: of_medium[:, 0] | is_nested,
    }
    # A rate without its n is no rate.
    return {name: never_alone(mask | hides_n[name], ks[name]) for name, mask in small.items()}, hides_n


def _cells(parts: Sequence[Counts], least: int) -> Mask:
    """Mark what is hidden of exclusive parts (columns) of areas (rows); the last column is for n."""
    counts = np.column_stack([*parts, np.sum(parts, axis=0)])
    return suppressed_cells(np.vstack([counts, counts.sum(axis=0)]), least)[:-1]


COLUMNS = tuple(field.name for field in fields(ExportRow))
