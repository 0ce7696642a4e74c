"""What checks cost and found, as whoever may not see small counts is told it: by way of choosing."""

from collections import Counter
from dataclasses import replace

import numpy as np
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import Area, AreaTree
from qa_service.reporting.cost import ArmCost, Cost, cost_from, count_cost
from qa_service.reporting.disclosure import Closed, Places, close_cells
from qa_service.reporting.published import hidden, published
from qa_service.reporting.rates import RateName
from qa_service.reporting.releases import Release
from qa_service.rounds.tables import Arm

# Reads, moderations and hours tell of each other how many second reads there were.
_COUNTED = ("n", "n_too_low", "n_first", "n_second", "n_moderations")


def published_costs(session: Session, tree: AreaTree, release: Release, *, policy: Policy) -> dict[str, Cost]:
    """Return the costs of the areas of a release's level by code; what is hidden of a rate is hidden here."""
    codes, places = list(tree.pdus), _places(tree)
    edges = release.seconds
    with seeing_everything(session):
        rates = published(session, tree, release, policy=policy.rates)
        counts = count_cost(
            session, tree.drawn_in(tree.nation), since=release.edges[0], at=release.until, edges=edges
        )
    told = {arm: np.zeros((len(_COUNTED), len(edges) - 1, len(codes)), dtype=np.int64) for arm in Arm}
    for (drawn, part, arm), counted in counts.items():
        if drawn not in tree.current_code:
            continue  # closed without a successor
        place = codes.index(tree.current_code[drawn])
        told[Arm(arm)][:, part - 1, place] += [counted[name] for name in _COUNTED]
    least = policy.rates.suppress_below
    of_under = rates.closed[RateName.UNDERCLASSIFIED]
    closed = {
        arm: close_cells(
            tree,
            release,
            places,
            np.concatenate([of_arm, np.abs(of_arm[:1] - of_arm[1:2])]),
            least,
            beside=of_under if arm is Arm.RANDOM else None,
        )
        for arm, of_arm in told.items()
    }
    found = {}
    for area in tree.areas(release.level):
        here = [codes.index(code) for code in area.pdus]
        totals = {
            arm.value: dict(zip(_COUNTED, of_arm[:, -release.n_window :, here].sum(axis=(1, 2)), strict=True))
            for arm, of_arm in told.items()
        }
        read = {
            arm: Counter({name: int(n) for name, n in one.items()})
            for arm, one in totals.items()
            if any(one.values())
        }
        cost = cost_from(read, release.since, release.until, policy)
        found[area.code] = replace(
            cost, arms=tuple(_told(one, closed[one.arm], area, least) for one in cost.arms)
        )
    return found


def _places(tree: AreaTree) -> Places:
    return Places.of(tree, [tree.region_of(code).code for code in tree.pdus], list(tree.pdus))


def _told(found: ArmCost, closed: Closed, area: Area, least: int) -> ArmCost:
    """Leave out how many failed, beside which rechecks could be counted; or all that an arm tells."""
    is_hidden = closed.hides(area)
    too_low = hidden(found.too_low, least) if is_hidden else found.too_low
    return replace(found, too_low=too_low, n_fails=None, is_hidden=is_hidden)
