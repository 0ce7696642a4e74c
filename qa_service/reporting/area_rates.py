"""The rates that somebody may see: their own PDUs, and the whole regions and the nation these belong to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.rates import AreaLevel, AreaRates, NamedRate, Rate, rates_by
from sampling import never_alone, suppressed_cells

SUPPRESSED = "suppressed: a count under {least}"
SUPPRESSED_BESIDE = "suppressed: it would give a small count beside it away"


def rates_in_reach(
    session: Session, user: CurrentUser, level: AreaLevel, *, at: datetime, policy: RatePolicy
) -> list[AreaRates]:
    """Return the rates of a level for somebody; an analyst's carry no small counts (RULES 8 and 10)."""
    tree = area_tree(session)
    own = tree.reach_of(user)
    if not own:
        return []
    areas = {area.code: area for area in tree.areas(level, own)}
    return [
        found
        if tree.sees_small_counts(user, areas[found.code])
        else suppress_small(found, policy.suppress_below)
        for found in rates_by(session, level, at=at, policy=policy, pdus=own)
    ]


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
    return hidden(rate, SUPPRESSED.format(least=least))


def suppress_together(rates: Sequence[Rate], least: int) -> list[Rate]:
    """Hide the small counts of parts whose total is shown too, and as many beside them as it takes.

    With one hidden count and the total the hidden one could be worked out: then the next smallest goes too.
    """
    counts = np.array([[rate.k or 0, rate.n - (rate.k or 0)] for rate in rates], dtype=int).reshape(-1, 2)
    with_n = np.column_stack([counts, counts.sum(axis=1)])
    cells = suppressed_cells(np.vstack([with_n, with_n.sum(axis=0)]), least)[:-1, :2].max(axis=1)
    # The total is shown elsewhere, so it cannot be what keeps a lone hidden part from being worked out.
    cells = never_alone(cells, counts[:, 0]).tolist()
    is_small = ((counts > 0) & (counts < least)).max(axis=1).tolist()
    why = [SUPPRESSED.format(least=least) if small else SUPPRESSED_BESIDE for small in is_small]
    return [
        hidden(rate, reason) if is_hidden else rate
        for rate, is_hidden, reason in zip(rates, cells, why, strict=True)
    ]


def hidden(rate: Rate, why: str) -> Rate:
    """Return a rate of which only its n is shown."""
    return replace(rate, k=None, value=None, low=None, high=None, method=why, n_eff=0.0)
