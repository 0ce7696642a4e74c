"""The rates that somebody may see: their own PDUs, and the whole regions and the nation these belong to."""

from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.rates import AreaLevel, AreaRates, NamedRate, Rate, rates_by
from qa_service.reporting.reach import RATE_READERS
from sampling import suppressed_cells

SUPPRESSED = "suppressed: a count under {least}"
SUPPRESSED_BESIDE = "suppressed: it would give a small count beside it away"


def sees_suppressed(user: CurrentUser) -> bool:
    """Tell whether somebody reads rates as an analyst only, without small counts (RULES 8 and 10)."""
    return user.roles.isdisjoint(set(RATE_READERS) - {Role.ANALYST})


def rates_in_reach(
    session: Session, user: CurrentUser, level: AreaLevel, *, at: datetime, policy: RatePolicy
) -> list[AreaRates]:
    """Return the rates of a level for somebody; an analyst's carry no small counts."""
    own = area_tree(session).reach_of(user)
    if not own:
        return []
    found = rates_by(session, level, at=at, policy=policy, pdus=own)
    return [suppress_small(area, policy.suppress_below) for area in found] if sees_suppressed(user) else found


def suppress_small(area: AreaRates, least: int) -> AreaRates:
    """Hide counts from 1 to below `least`, of hits and of the rest, and whatever would give them away."""
    return replace(
        area,
        rates=tuple(
            NamedRate(rate.name, suppress(rate.by_officer, least), suppress(rate.by_case, least))
            for rate in area.rates
        ),
    )


def suppress(rate: Rate, least: int) -> Rate:
    """Hide a rate whose count of hits, or of the rest, is small."""
    if rate.k is None or not any(0 < count < least for count in (rate.k, rate.n - rate.k)):
        return rate
    return _hidden(rate, SUPPRESSED.format(least=least))


def suppress_together(rates: list[NamedRate], least: int) -> list[NamedRate]:
    """Hide the small counts of areas whose total is shown too, and as many beside them as it takes.

    With one hidden count and the total the hidden one could be worked out: then the next smallest goes too.
    """
    if not rates or any(rate.by_officer.k is None for rate in rates):
        return rates
    counts = np.array([[rate.by_officer.k, rate.by_officer.n - (rate.by_officer.k or 0)] for rate in rates])
    with_n = np.column_stack([counts, counts.sum(axis=1)])
    hidden = suppressed_cells(np.vstack([with_n, with_n.sum(axis=0)]), least)
    is_small = ((counts > 0) & (counts < least)).max(axis=1).tolist()
    return [
        _hide(rate, SUPPRESSED.format(least=least) if small else SUPPRESSED_BESIDE)
        if hidden[row, :2].any()
        else rate
        for row, (rate, small) in enumerate(zip(rates, is_small, strict=True))
    ]


def _hide(rate: NamedRate, why: str) -> NamedRate:
    return NamedRate(rate.name, _hidden(rate.by_officer, why), _hidden(rate.by_case, why))


def _hidden(rate: Rate, why: str) -> Rate:
    return replace(rate, k=None, value=None, low=None, high=None, method=why, n_eff=0.0)
