"""Rates by what is recorded of the people supervised and of the officers checked, for equality monitoring.

Of the random arm only, too high beside too low (POLICY 5). A region's figures are hidden wherever the
nation's are; those of ethnicity and sex together are told of the nation alone, and hidden wherever one of the
two alone is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from qa_service.policy.numbers import Policy, RatePolicy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.exports.characteristics import (
    CHARACTERISTICS,
    Monitored,
    list_monitored,
)
from qa_service.reporting.exports.definition import NOT_PROMISED, Column, Definition, Row, Wanted
from qa_service.reporting.exports.rates import (
    AREA_COLUMNS,
    BY_OFFICER_AND_CASE,
    FIGURE_COLUMNS,
    RANDOM_ARM,
    RATE_MEANINGS,
    TOO_FEW,
    area_columns,
    window_columns,
)
from qa_service.reporting.exports.secondary import FAIL, FLAGGED, hide_what_follows
from qa_service.reporting.exports.suppression import Cells, Hidden, Mask, figures_of, hide_small
from qa_service.reporting.queries import Found
from qa_service.reporting.rates import RateName, no_readings, readings_by_group
from qa_service.reporting.releases import equality_release

# Each rate: of the checks that are all of the first, those that are also the second.
_MEASURES: Mapping[str, tuple[Found, Found]] = {
    RateName.UNDERCLASSIFIED: (Found.SCORABLE, Found.UNDER),
    RateName.MEDIUM_SHOULD_BE_HIGH: (Found.SCORABLE | Found.MEDIUM, Found.HIGH_INSTEAD),
    RateName.OVERCLASSIFIED: (Found.SCORABLE, Found.OVER),
    RateName.INSUFFICIENT: (Found.SCORABLE, Found.INSUFFICIENT),
    FAIL: (Found.SCORABLE, Found.FAIL),
    FLAGGED: (Found.SCORED, Found.FLAGGED),
}
Hides = Mapping[str, Hidden]


@dataclass(frozen=True, eq=False)
class _Table:
    """Checks in cells of areas (rows) and the groups of one characteristic (columns)."""

    checks: Monitored
    groups: NDArray[np.str_]
    area: NDArray[np.int64]
    group: NDArray[np.int64]
    n_areas: int

    def cells(self, measure: str) -> Cells:
        """Count a rate in every cell."""
        asked, hits = self.of(measure)
        drawn = asked & ~self.is_known
        return Cells(self._count(drawn & hits), self._count(drawn))

    def of(self, measure: str) -> tuple[Mask, Mask]:
        """Tell of each check whether a rate asks about it, and whether it was found."""
        asks, finds = _MEASURES[measure]
        return (self.checks.found & asks) == asks, (self.checks.found & finds) > 0

    @property
    def is_known(self) -> Mask:
        """Tell of each row whether it is no check of its round, but a case in cool-off."""
        return (self.checks.found & Found.KNOWN) > 0

    @property
    def cell(self) -> NDArray[np.int64]:
        """Return the number of each check's cell, row by row."""
        return self.area * len(self.groups) + self.group

    def _count(self, checks: Mask) -> NDArray[np.int64]:
        size = self.n_areas * len(self.groups)
        return np.bincount(self.cell[checks], minlength=size).reshape(self.n_areas, -1)


def equality_export(session: Session, wanted: Wanted, policy: Policy) -> list[Row]:
    """Return the rates of every group of every characteristic in the areas that somebody may see."""
    tree, least = area_tree(session), policy.rates.suppress_equality_below
    areas = tree.areas(wanted.level)
    shown = {area.code for area in tree.areas(wanted.level, wanted.pdus)}
    release = equality_release(wanted.at, policy.rates)
    checks = list_monitored(session, since=release.since, at=release.until, policy=policy)
    # Checks of a region that is no more have a row that nobody is shown.
    codes = [area.code for area in tree.areas(AreaLevel.REGION)]
    regions = _tables(checks, [*codes, *sorted(set(checks.region.tolist()).difference(codes))])
    nation = _tables(checks)
    of_nation, of_regions = _hide(nation, regions, least)
    is_of_regions = wanted.level is AreaLevel.REGION
    tables, hidden = (regions, of_regions) if is_of_regions else (nation, of_nation)
    return [
        {
            **area_columns(wanted.level, area),
            "of_whom": key[0],
            "characteristic": key[1],
            "arm": "random",
            **window_columns(release),
            **cell,
        }
        for place, area in enumerate(areas)
        if area.code in shown
        for key, table in tables.items()
        for cell in _rows(table, place, hidden[key], policy.rates)
    ]


def _tables(checks: Monitored, regions: Sequence[str] = ("",)) -> dict[tuple[str, str], _Table]:
    """Lay the checks out by characteristic in the cells of regions, or of the nation when there are none.

    What is made of two characteristics is told of the nation alone: cut three ways, so few checks are left
    that what is hidden follows from other totals.
    """
    place = np.array([regions.index(code) for code in checks.region.tolist()] if any(regions) else 0)
    area = np.broadcast_to(place, checks.region.shape).astype(np.int64)
    tables = {}
    for one in CHARACTERISTICS:
        if any(regions) and one.made_of:
            continue
        groups, group = np.unique(checks.groups[one.key], return_inverse=True)
        tables[one.key] = _Table(checks, groups, area, group.astype(np.int64), len(regions))
    return tables


def _hide(
    nation: Mapping[tuple[str, str], _Table], regions: Mapping[tuple[str, str], _Table], least: int
) -> tuple[dict[tuple[str, str], Hides], dict[tuple[str, str], Hides]]:
    """Decide what is hidden of the nation and of regions: together, because whoever reads one reads both."""
    of_nation: dict[tuple[str, str], Hides] = {}
    of_regions: dict[tuple[str, str], Hides] = {}
    for one in CHARACTERISTICS:
        told = _told(nation[one.key])
        if one.made_of:
            parts = [(nation[one.of_whom, part], of_nation[one.of_whom, part]) for part in one.made_of]
            of_nation[one.key] = _hide_made_of(nation[one.key], parts, least)
            continue
        told_of_regions = _told(regions[one.key])
        all_told = hide_small(told, least)
        small = hide_small(told_of_regions, least, totals=[all_told])
        n_regions, n_groups = told_of_regions[FAIL].n.shape
        rows = np.kron(np.eye(n_regions + 1, dtype=np.int64), np.ones(n_groups, dtype=np.int64))
        columns = np.kron(np.array([-1] + [1] * n_regions), np.eye(n_groups, dtype=np.int64))
        of_nation[one.key], of_regions[one.key] = hide_what_follows(
            [(told, all_told), (told_of_regions, small)], np.vstack([rows, columns]), least
        )
    return of_nation, of_regions


def _hide_made_of(table: _Table, parts: Sequence[tuple[_Table, Hides]], least: int) -> Hides:
    """Decide what is hidden of groups that are made of two characteristics, beside what is of each alone."""
    told, totals, lines = _told(table), [], []
    for position, (part, hides) in enumerate(parts):
        names = part.groups.tolist()
        places = np.array([names.index(group.split(", ")[position]) for group in table.groups.tolist()])
        totals.append({name: one.of_groups(places.tolist()) for name, one in hides.items()})
        lines.append((places == np.arange(len(names))[:, np.newaxis]).astype(np.int64))
    of_parts = [np.flatnonzero(line) for of in lines for line in of]
    small = hide_small(told, least, totals=totals, lines=of_parts)
    n_of_part = [len(of) for of in lines]
    sums = np.hstack([-np.eye(sum(n_of_part), dtype=np.int64), np.vstack(lines)])
    # Each characteristic alone adds up to everybody.
    whole_lines = np.zeros((2, sums.shape[1]), dtype=np.int64)
    whole_lines[0, : n_of_part[0]] = whole_lines[1, n_of_part[0] : sum(n_of_part)] = 1
    tables = [*((_told(part), hides) for part, hides in parts), (told, small)]
    return hide_what_follows(tables, np.vstack([sums, whole_lines]), least, n_decided=len(parts))[-1]


def _told(table: _Table) -> dict[str, Cells]:
    """Count every rate, and what rates give away together: as it is with the rates of areas (`published`)."""
    cells = {name: table.cells(name) for name in _MEASURES}
    under, over, medium, poor = (
        cells[name]
        for name in (
            RateName.UNDERCLASSIFIED,
            RateName.OVERCLASSIFIED,
            RateName.MEDIUM_SHOULD_BE_HIGH,
            RateName.INSUFFICIENT,
        )
    )
    others, others_low = under.n - medium.n, under.k - medium.k
    return {
        **cells,
        RateName.OVERCLASSIFIED: replace(
            over, told_by_k=(np.abs(under.n - under.k - over.k),), beside=RateName.UNDERCLASSIFIED
        ),
        RateName.MEDIUM_SHOULD_BE_HIGH: replace(
            medium,
            told_by_n=(others,),
            told_by_k=(np.abs(others_low), np.abs(others - others_low)),
            beside=RateName.UNDERCLASSIFIED,
        ),
        FAIL: replace(cells[FAIL], told_by_k=(poor.k - cells[FAIL].k,), beside=RateName.INSUFFICIENT),
    }


def _rows(table: _Table, area: int, hidden: Hides, policy: RatePolicy) -> Iterator[dict[str, object]]:
    """Give the figures of an area, group by group."""
    own = table.area == area
    for name in _MEASURES:
        no_n = hidden[name].n
        asked, hits = (part & own for part in table.of(name))
        found = readings_by_group(
            hits[asked],
            table.checks.weight[asked],
            table.groups[table.group[asked]],
            table.is_known[asked],
            table.checks.years[asked],
        )
        for column, group in enumerate(table.groups.tolist()):
            for reading, rate in found.get(group, no_readings()).items():
                yield {
                    "group": group,
                    "rate": str(name),
                    "reading": reading,
                    **figures_of(rate, hidden[name], (area, column), policy.suppress_equality_below),
                    # Not where n is hidden: that there were fewer would tell a nought from what it hides.
                    "note": TOO_FEW
                    if rate.n < policy.too_few_to_compare_n and not no_n[area, column]
                    else "",
                }


EQUALITY = Definition(
    name="equality",
    what="Rates by what is recorded of the people supervised and of the officers checked (random arm)",
    levels=(AreaLevel.REGION, AreaLevel.NATIONAL),
    columns=(
        *AREA_COLUMNS,
        Column(
            "of_whom", "person_supervised or officer", "whose characteristic it is; officers as when drawn"
        ),
        Column(
            "characteristic",
            "text",
            "what the groups are made by; age_band: years at the assessment, an officer's at the draw;"
            " ethnicity_and_sex: of England and Wales alone; disability is not in the feed",
        ),
        Column("group", "text", "the group, as recorded; not recorded is a group too"),
        Column(
            "rate",
            "text",
            f"{RATE_MEANINGS}; {FAIL}: fail, of all; {FLAGGED}: flagged by the classifier in force, of those"
            " that it scores",
        ),
        Column(
            "reading",
            "by_officer or by_case",
            BY_OFFICER_AND_CASE,
        ),
        RANDOM_ARM,
        *FIGURE_COLUMNS,
    ),
    rows=equality_export,
    suppression=lambda policy: (
        f"counts from 1 to {policy.rates.suppress_equality_below - 1} are not given, nor any other count from"
        " which one could be worked out; files of two years share no check, so that none comes out by taking"
        f" one from the other. {NOT_PROMISED}; what is recorded of somebody later than the file"
    ),
    release=lambda wanted, policy: equality_release(wanted.at, policy.rates),
)
