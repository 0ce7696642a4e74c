"""One rate of one area with everything it takes to read it rightly: in six statements, for 10,000 officers.

The area's own rate in its window (raw, by case, corrected, with bounds), what is not final yet, the areas
around it, its PDUs against the nation, its quarters, and how far readers agree. An analyst's carries no small
counts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import Area, AreaLevel, AreaTree
from qa_service.reporting.comparison import Comparison, compare_areas, shrink
from qa_service.reporting.further_offences import (
    OffenceCounts,
    offences_in,
)
from qa_service.reporting.published_offences import MissedInYear
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rate_rows import list_rate_rows
from qa_service.reporting.rates import (
    HITS,
    NamedRate,
    Rate,
    RateName,
    asked_of,
    checks_of,
    named_rate,
    named_rates,
    no_rate,
    window_start,
    with_known,
)
from qa_service.reporting.reader_error import correct, skill_of
from qa_service.reporting.readers import Agreement, agreement_of, list_read_twice
from qa_service.reporting.shares import copied_share
from qa_service.reporting.trend import Trend, quarter_of, trend_of
from qa_service.reporting.unfinished import (
    Unfinished,
    unfinished_of,
    waiting_in,
)
from sampling import not_scorable_bounds


@dataclass(frozen=True)
class AreaLine:
    """One area in a table: its rate in its own window; `shrunk` and `corrected` where they are worked out."""

    area: Area
    rate: NamedRate
    is_too_few: bool
    shrunk: Rate | None = None
    corrected: Rate | None = None

    @property
    def is_hidden(self) -> bool:
        """Tell whether the count is small and the reader may not see it."""
        return self.rate.by_officer.k is None


@dataclass(frozen=True)
class Bounds:
    """The case-weighted rate if every case that nobody could score was right, and if every one was wrong."""

    n_not_scorable: int
    all_right: Rate
    all_wrong: Rate


@dataclass(frozen=True)
class RatesDashboard:
    """One rate of one area, ready to be said in words; `is_all_final` is of the whole nation's checks.

    What whoever may not see small counts is not told is empty; `missed` is for them alone.
    """

    area: Area
    name: RateName
    since: datetime
    until: datetime
    pdus_since: datetime
    pdus_until: datetime
    own: AreaLine
    bounds: Bounds | None
    unfinished: Unfinished | None
    is_all_final: bool
    around: tuple[AreaLine, ...]
    regions: tuple[AreaLine, ...]
    pdus: tuple[AreaLine, ...]
    comparison: Comparison | None
    trend: Trend | None
    agreement: Agreement | None
    n_read_again: tuple[int, int] | None
    offences: tuple[OffenceCounts, ...]
    copied: Rate
    copied_in_nation: Rate
    missed: MissedInYear | None = None


def rates_dashboard(
    session: Session,
    tree: AreaTree,
    area: Area,
    name: RateName,
    *,
    at: datetime,
    policy: Policy,
) -> RatesDashboard:
    """Return one rate of an area for somebody who manages some of it; others see `published_dashboard`."""
    since = window_start(AreaLevel.PDU, at, policy.rates)
    with seeing_everything(session):
        rows = list_rate_rows(session, tree, since=since, at=at, policy=policy.rates)
        reads = list_read_twice(session, since=since, at=at, policy=policy.reads)
    checks, skill = rows.checks, skill_of(name, reads, policy.reads)
    least = policy.rates.too_few_to_compare_n
    # What stands beside an area is of the same months as the area itself.
    within = checks.since(window_start(area.level, at, policy.rates))
    own_checks = checks_of(area, within)
    waiting = waiting_in(area, name, rows.waiting)
    quarters = {one.quarter for one in waiting}
    known = named_rates(name, checks, checks.pdu)
    rates = {code: known.get(code, no_rate(name)) for code in tree.pdus}
    shrunk = shrink(rates)
    nation = named_rate(name, checks).by_officer
    peers = area.pdus if area.level is not AreaLevel.PDU else tree.region_of(area.code).pdus

    def line(of: Area, part: CheckArrays) -> AreaLine:
        rate = named_rate(name, part)
        return AreaLine(
            of, rate, rate.by_officer.n < least, shrunk.get(of.code), correct(rate.by_case, skill, least)
        )

    return RatesDashboard(
        area=area,
        name=name,
        since=window_start(area.level, at, policy.rates),
        until=at,
        pdus_since=since,
        pdus_until=at,
        own=line(area, own_checks),
        bounds=bounds_of(name, own_checks),
        unfinished=unfinished_of(name, own_checks, waiting, least=policy.rates.suppress_below),
        is_all_final=not waiting_in(tree.nation, name, rows.waiting),
        around=tuple(line(above, checks_of(above, within)) for above in reversed(tree.above(area))),
        regions=tuple(_regions(tree, area, name, within, least)),
        pdus=tuple(
            AreaLine(tree.pdus[code], rates[code], rates[code].by_officer.n < least, shrunk.get(code))
            for code in peers
        ),
        comparison=compare_areas({code: rates[code] for code in peers}, nation, least=least),
        trend=trend_of(name, checks_of(area, checks).drawn, quarter_of(at), least=least, waiting=quarters),
        agreement=agreement_of(reads),
        n_read_again=(skill.n_wrong, skill.n_right),
        copied=copied_share(own_checks),
        copied_in_nation=copied_share(within),
        offences=tuple(offences_in(one, rows.offences) for one in (area, *reversed(tree.above(area)))),
    )


def _regions(tree: AreaTree, area: Area, name: RateName, within: CheckArrays, least: int) -> list[AreaLine]:
    if area.level is not AreaLevel.NATIONAL:
        return []
    known = named_rates(name, within, within.region)
    rates = [(region, known.get(region.code, no_rate(name))) for region in tree.regions.values()]
    return [AreaLine(region, rate, rate.by_officer.n < least) for region, rate in rates]


def bounds_of(name: RateName, checks: CheckArrays) -> Bounds | None:
    """Work out what the case-weighted rate of an area's checks is between; None where all were scorable."""
    both = checks.take(asked_of(name, checks))
    asked, known = both.drawn, both.take(both.has(Found.KNOWN))
    scorable = asked.has(Found.SCORABLE)
    n_not = int((~scorable).sum())
    if not n_not or len(asked) < 2:
        return None
    weights = asked.weight * asked.years
    found = not_scorable_bounds(asked.has(HITS[name]), scorable, weights=weights)
    rates = (
        with_known(
            Rate(None, len(asked), one.value, one.low, one.high, f"{one.method} 95%", one.n_eff),
            float(weights.sum()),
            known.has(HITS[name]),
            known.years,
        )
        for one in (found.all_right, found.all_wrong)
    )
    return Bounds(n_not, *rates)
