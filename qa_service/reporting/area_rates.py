"""The rates that somebody may see: their own PDUs, and the whole regions and the nation these belong to."""

from datetime import datetime

from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.published import published
from qa_service.reporting.rates import AreaLevel, AreaRates, rates_by
from qa_service.reporting.releases import release_of


def rates_in_reach(
    session: Session, user: CurrentUser, level: AreaLevel, *, at: datetime, policy: RatePolicy
) -> list[AreaRates]:
    """Return the rates of a level for somebody; an analyst's carry no small counts (RULES 8 and 10)."""
    tree = area_tree(session)
    areas = tree.areas(level, own) if (own := tree.reach_of(user)) else []
    managed = {area.code for area in areas if tree.sees_small_counts(user, area)}
    found = rates_by(session, level, at=at, policy=policy, pdus=own) if managed else []
    rates = {one.code: one for one in found if one.code in managed}
    if len(managed) < len(areas):
        told = published(session, tree, release_of(level, at, policy), policy=policy)
        rates |= {area.code: told.rates(area) for area in areas if area.code not in managed}
    return [rates[area.code] for area in areas]
