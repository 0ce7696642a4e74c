"""The rates as whoever may not see small counts is told them: on pages, over the API and in files alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sqlmodel import Session

from qa_service.policy.numbers import RatePolicy
from qa_service.reporting import queries
from qa_service.reporting.areas import Area, AreaTree
from qa_service.reporting.disclosure import Closed, Places, Told, close_cells
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import (
    AreaRates,
    NamedRate,
    Rate,
    RateName,
    area_rates,
    checks_of,
    named_rate,
)
from qa_service.reporting.releases import Release
from qa_service.reporting.shares import copied_share

HIDDEN = "not shown: a count under {least}, or one that would give such a count away"
COPIED = "copied_text"


@dataclass(frozen=True, eq=False)
class Published:
    """Checks of a release, and what of each figure is closed."""

    release: Release
    checks: CheckArrays
    closed: Mapping[str, Closed]
    policy: RatePolicy

    def checks_of(self, area: Area) -> CheckArrays:
        """Return an area's checks in its window."""
        return checks_of(area, self.checks).since(self.release.since)

    def rate(self, name: RateName, area: Area) -> NamedRate:
        """Return a rate of an area, hidden or not."""
        return self.hide(named_rate(name, self.checks_of(area)), area)

    def hide(self, found: NamedRate, area: Area) -> NamedRate:
        """Leave out the figures of a rate that is not shown."""
        if not self.closed[found.name].hides(area):
            return found
        least = self.policy.suppress_below
        return NamedRate(found.name, hidden(found.by_officer, least), hidden(found.by_case, least))

    def rates(self, area: Area) -> AreaRates:
        """Return every rate of an area without small counts, nor numbers from which they follow."""
        since, until = self.release.since, self.release.until
        found = area_rates(area, self.checks_of(area), self.policy, since=since, until=until)
        return replace(found, rates=tuple(self.hide(rate, area) for rate in found.rates), n_not_scorable=None)

    def copied(self, area: Area) -> Rate:
        """Return in how many cases the text was mostly carried over."""
        share = copied_share(self.checks_of(area))
        return hidden(share, self.policy.suppress_below) if self.closed[COPIED].hides(area) else share


def hidden(rate: Rate, least: int) -> Rate:
    """Return a rate of which nothing is shown but that it is not."""
    return replace(
        rate, k=None, n=0, value=None, low=None, high=None, method=HIDDEN.format(least=least), n_eff=0.0
    )


def published(session: Session, tree: AreaTree, release: Release, *, policy: RatePolicy) -> Published:
    """Return the rates of a release, as verdicts stood when it ended."""
    since, until = release.edges[0], release.until
    checks = queries.list_final_checks(
        session, since=since, at=until, current_code=tree.current_code, policy=policy
    )
    return publish(checks, tree, release, policy=policy)


def publish(checks: CheckArrays, tree: AreaTree, release: Release, *, policy: RatePolicy) -> Published:
    """Decide what is told of the checks that were decided in a release's parts."""
    return Published(release, checks, _close(tree, release, checks.drawn, policy.suppress_below), policy)


def _close(tree: AreaTree, release: Release, drawn: CheckArrays, least: int) -> dict[str, Closed]:
    """Decide what of each rate is closed; what one is taken from is decided before it."""
    pairs, place = np.unique(np.stack([drawn.region, drawn.pdu]), axis=1, return_inverse=True)
    places = Places.of(tree, *pairs.tolist())
    n_places, n_parts = len(places.pdus), len(release.edges) - 1
    cell = release.part_of(drawn.at) * n_places + place.reshape(-1)

    def count(all_of: int, none_of: int = 0) -> Told:
        has = (drawn.found & (all_of | none_of)) == all_of
        return np.bincount(cell[has], minlength=n_parts * n_places).reshape(n_parts, n_places)

    def split(among: Found, found: Found) -> tuple[Told, Told, Told]:
        return count(among), count(among | found), count(among, found)

    def close(*told: Told, beside: Closed | None = None) -> Closed:
        return close_cells(tree, release, places, np.stack(told), least, beside=beside)

    scorable, medium = Found.SCORABLE, Found.SCORABLE | Found.MEDIUM
    of_under = close(*split(scorable, Found.UNDER))
    # Beside the levels that are too low, those too high tell how many were right; the mediums that should be
    # high, how many other levels were too low and how many others were not.
    right = count(scorable, Found.UNDER | Found.OVER)
    too_low = count(scorable | Found.UNDER)
    high = count(medium | Found.HIGH_INSTEAD)
    other, not_low = count(scorable, Found.MEDIUM), count(scorable, Found.UNDER)
    others = (other, np.abs(too_low - high), np.abs(not_low - count(medium, Found.HIGH_INSTEAD)))
    return {
        RateName.UNDERCLASSIFIED: of_under,
        RateName.OVERCLASSIFIED: close(*split(scorable, Found.OVER), right, beside=of_under),
        RateName.MEDIUM_SHOULD_BE_HIGH: close(*split(medium, Found.HIGH_INSTEAD), *others, beside=of_under),
        RateName.INSUFFICIENT: close(*split(scorable, Found.INSUFFICIENT)),
        COPIED: close(*split(Found.COMPARED, Found.COPIED)),
    }
