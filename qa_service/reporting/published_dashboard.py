"""The dashboard of whoever may not see small counts: what is published of an area and of those around it.

What else the page shows of an area changes from day to day, or is about a few checks: quarters of the draw,
what is not final yet, bounds of the not scorable, how far readers agree, further offences of an area. It is
left out; after further offences, one figure of the nation a year is published.
"""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import Area, AreaLevel, AreaTree
from qa_service.reporting.comparison import compare_areas, shrink
from qa_service.reporting.dashboard import AreaLine, RatesDashboard
from qa_service.reporting.published import Published, published
from qa_service.reporting.published_offences import published_of_pdus
from qa_service.reporting.rates import NamedRate, Rate, RateName, named_rate, no_rate
from qa_service.reporting.reader_error import correct, skill_of
from qa_service.reporting.readers import list_read_twice
from qa_service.reporting.releases import release_of


def published_dashboard(
    session: Session, tree: AreaTree, area: Area, name: RateName, *, at: datetime, policy: Policy
) -> RatesDashboard:
    """Return what is published of one rate of an area, as it stood when its last period ended."""
    release, is_pdu = release_of(area.level, at, policy.rates), area.level is AreaLevel.PDU
    with seeing_everything(session):
        peers_told, missed = published_of_pdus(session, tree, at=at, policy=policy.rates)
        told = peers_told if is_pdu else published(session, tree, release, policy=policy.rates)
        reads = list_read_twice(session, since=release.edges[0], at=release.until, policy=policy.reads)
    skill, least = skill_of(name, reads, policy.reads), policy.rates.too_few_to_compare_n
    rates = {code: peers_told.rate(name, tree.pdus[code]) for code in tree.pdus}
    shrunk = shrink(rates)

    def line(of: Area) -> AreaLine:
        rate = told.rate(name, of)
        return AreaLine(
            of, rate, _is_few(rate, least), shrunk.get(of.code), correct(rate.by_case, skill, least)
        )

    peers = area.pdus if area.level is not AreaLevel.PDU else tree.region_of(area.code).pdus
    regions = tree.regions.values() if area.level is AreaLevel.NATIONAL else []
    nation = _nation(peers_told, name)
    return RatesDashboard(
        area=area,
        name=name,
        since=release.since,
        until=release.until,
        pdus_since=peers_told.release.since,
        pdus_until=peers_told.release.until,
        own=line(area),
        bounds=None,
        unfinished=None,
        is_all_final=True,
        around=tuple(line(above) for above in reversed(tree.above(area))),
        regions=tuple(line(region) for region in regions),
        pdus=tuple(
            AreaLine(tree.pdus[code], rates[code], _is_few(rates[code], least), shrunk.get(code))
            for code in peers
        ),
        comparison=compare_areas({code: rates[code] for code in peers}, nation, least=least),
        trend=None,
        agreement=None,
        n_read_again=None,
        offences=(),
        copied=told.copied(area),
        copied_in_nation=told.copied(tree.nation),
        missed=missed,
    )


def _is_few(rate: NamedRate, least: int) -> bool:
    return rate.by_officer.k is not None and rate.by_officer.n < least


def _nation(told: Published, name: RateName) -> Rate:
    """Return the nation's rate over the PDUs' window; where it is closed nothing is compared."""
    nation = no_rate(name) if told.closed[name].nation.any() else named_rate(name, told.checks)
    return nation.by_officer
