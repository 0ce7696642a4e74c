"""The rates that somebody may see: their own PDUs, and the whole regions and the nation these belong to."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.estate import service as estate
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.rates import AreaLevel, AreaRates, NamedRate, Rate, rates_by
from qa_service.reporting.reach import RATE_READERS, reach_of

SUPPRESSED = "suppressed: a count under {least}"


def rates_in_reach(
    session: Session, user: CurrentUser, level: AreaLevel, *, at: datetime, policy: RatePolicy
) -> list[AreaRates]:
    """Return the rates of a level for somebody; an analyst's carry no small counts (RULES 8 and 10)."""
    own = reach_of(session, user, RATE_READERS).pdus
    if not own:
        return []
    pdus: list[str] | None = list(own)
    if level is AreaLevel.REGION:
        regions = {estate.region_of_pdu(session, pdu).code for pdu in own}
        pdus = [pdu.code for region in sorted(regions) for pdu in estate.pdus(session, region)]
    elif level is AreaLevel.NATIONAL:
        pdus = None
    found = rates_by(session, level, at=at, policy=policy, pdus=pdus)
    is_analyst = user.roles.isdisjoint(set(RATE_READERS) - {Role.ANALYST})
    return [suppress_small(area, policy.suppress_below) for area in found] if is_analyst else found


def suppress_small(area: AreaRates, least: int) -> AreaRates:
    """Hide counts from 1 to below `least`, of hits and of the rest, and whatever would give them away."""
    return replace(
        area,
        rates=tuple(
            NamedRate(rate.name, _suppress(rate.by_officer, least), _suppress(rate.by_case, least))
            for rate in area.rates
        ),
    )


def _suppress(rate: Rate, least: int) -> Rate:
    if rate.k is None or not any(0 < count < least for count in (rate.k, rate.n - rate.k)):
        return rate
    return replace(rate, k=None, value=None, low=None, high=None, method=SUPPRESSED.format(least=least))
