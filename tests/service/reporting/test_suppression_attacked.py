"""Whoever holds what is published of all levels and periods, and knows how counts hang together, works out none.

The attack is exact: a whole-number programme asks of each small count the least and the most that it can be,
given everything that is shown. One value left would be a count worked out.
"""

from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from factories.attack import Attack

from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel, AreaTree
from qa_service.reporting.published import publish
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import RateName
from qa_service.reporting.releases import release_of

POLICY = load_policy().rates
LEAST = POLICY.suppress_below
REGIONS = {"A": ("A1", "A2", "A3"), "B": ("B1", "B2")}
PDUS = [pdu for pdus in REGIONS.values() for pdu in pdus]
TREE = AreaTree(
    tuple(
        SimpleNamespace(code=pdu, name=pdu, region_code=region, region_name=region, successor_code=None)
        for region, pdus in REGIONS.items()
        for pdu in pdus
    )
)
# The half-years of three years: the programme begins with the first, so that its windows only grow at first.
HALVES = list(product((2024, 2025, 2026), (1, 7)))
COUNTS = ("n", "n_medium", "medium", "under", "over", "insufficient")
N_AND_K = {
    RateName.MEDIUM_SHOULD_BE_HIGH: ("n_medium", "medium"),
    RateName.UNDERCLASSIFIED: ("n", "under"),
    RateName.OVERCLASSIFIED: ("n", "over"),
    RateName.INSUFFICIENT: ("n", "insufficient"),
}
# Every count of people that a figure tells, alone or when one is taken from another.
TOLD = {
    **{name: {name: 1} for name in COUNTS},
    "rest of under": {"n": 1, "under": -1},
    "rest of over": {"n": 1, "over": -1},
    "rest of insufficient": {"n": 1, "insufficient": -1},
    "rest of medium": {"n_medium": 1, "medium": -1},
    "right": {"n": 1, "under": -1, "over": -1},
    "low found higher": {"under": 1, "medium": -1},
    "not medium": {"n": 1, "n_medium": -1},
    "not medium and not low": {"n": 1, "n_medium": -1, "under": -1, "medium": 1},
}
SIZES = (3, 19, 44, 60, 0, 31)


def _cells(number):
    """Give a tiny nation's counts by half-year and PDU: all sizes, from nobody checked to no count small."""
    told = {}
    for half, (year, month) in enumerate(HALVES):
        for place, pdu in enumerate(PDUS):
            step = number * 7 + place * 11 + half * 5
            n = SIZES[(step + number) % 6]
            n_medium = n * 3 // 5
            medium = min(n_medium, (0, 6, 2, 9, 12)[step % 5])
            under = min(n, medium + (0, 7, 1, 8)[step % 4]) if n > n_medium else medium
            under = min(under, medium + n - n_medium)
            over = min(n - under, (5, 0, 8, 3, 12, 6, 1)[step % 7])
            insufficient = min(n, (7, 2, 11, 0, 9)[(step + half) % 5])
            told[year, month, pdu] = dict(
                zip(COUNTS, (n, n_medium, medium, under, over, insufficient), strict=True)
            )
    return told


def _checks(told):
    """Lay the counts out as checks, each decided in the third month of its half-year."""
    found, places, moments = [], [], []
    for (year, month, pdu), one in told.items():
        flags = np.full(one["n"], int(Found.SCORABLE))
        flags[: one["n_medium"]] |= Found.MEDIUM
        flags[: one["medium"]] |= Found.HIGH_INSTEAD | Found.UNDER
        others = one["under"] - one["medium"]
        flags[one["n_medium"] : one["n_medium"] + others] |= Found.UNDER
        right = np.flatnonzero((flags & Found.UNDER) == 0)
        flags[right[: one["over"]]] |= Found.OVER
        flags[: one["insufficient"]] |= Found.INSUFFICIENT
        found.append(flags)
        places += [pdu] * one["n"]
        moments += [datetime(year, month + 2, 9, tzinfo=UTC).timestamp()] * one["n"]
    pdus, moments = np.array(places), np.array(moments)
    return CheckArrays(
        pdu=pdus,
        region=np.array([pdu[0] for pdu in places]),
        rubric=np.full(len(pdus), "1"),
        found=np.concatenate(found).astype(np.int64),
        weight=np.ones(len(pdus)),
        at=moments,
        drawn_at=moments,
    )


def _given(told):
    """Return {(area, first half-year, number of them, count): value} of everything that is ever shown."""
    checks, given = _checks(told), {}
    asked = [datetime(year, month, 1, 12, tzinfo=UTC) for year, month in [*HALVES[1:], (2027, 1)]]
    for at, level in product(asked, AreaLevel):
        release = release_of(level, at, POLICY)
        decided = (checks.at >= release.edges[0].timestamp()) & (checks.at <= release.until.timestamp())
        shown = publish(checks.take(decided), TREE, release, policy=POLICY)
        last = release.until.year * 2 + (release.until.month > 6) - 2 * 2024
        # A page shows the areas around its own too.
        for area in [one for seen in AreaLevel if level in {seen, "pdu"} for one in TREE.areas(seen)]:
            n_halves = release.n_window
            for name, (n, k) in N_AND_K.items():
                rate = shown.rate(name, area).by_officer
                if rate.k is not None:
                    given[area.code, last - n_halves + 1, n_halves, k] = rate.k
                    given[area.code, last - n_halves + 1, n_halves, n] = rate.n
    return given


def _weights(code, first, n_halves, name):
    """Tell which counts of half-years and PDUs add up to an area's count."""
    pdus = REGIONS.get(code, (code,)) if code in REGIONS or code in PDUS else PDUS
    halves = range(first, first + n_halves)
    return np.array(
        [
            float(half in halves and pdu in pdus and one == name)
            for half in range(len(HALVES))
            for pdu in PDUS
            for one in COUNTS
        ]
    )


def _form(code, first, n_halves, parts):
    return sum(sign * _weights(code, first, n_halves, name) for name, sign in parts.items())


def _attack(given):
    never_negative = [
        _form(pdu, half, 1, parts) for half in range(len(HALVES)) for pdu in PDUS for parts in TOLD.values()
    ]
    return Attack([(_weights(*cell), value) for cell, value in given.items()], never_negative, most=60)


def _small(told):
    """List the small counts of each area in each of its units: half-years, and years of a PDU."""
    true = np.array([one[name] for one in told.values() for name in COUNTS], dtype=float)
    units = [
        *((code, half, 1) for code in ("E&W", *REGIONS) for half in range(len(HALVES))),
        *((pdu, half, 2) for pdu in PDUS for half in range(0, len(HALVES), 2)),
    ]
    aims = {(*unit, name): _form(*unit, parts) for unit in units for name, parts in TOLD.items()}
    return {cell: aim for cell, aim in aims.items() if 0 < true @ aim < LEAST}


@pytest.mark.parametrize("number", range(3))
def test_no_small_count_can_be_worked_out_from_all_that_is_published_of_all_levels_and_periods(number):
    told = _cells(number)
    given, small = _given(told), _small(told)

    assert len(given) > 20
    assert len(small) > 20
    attack = _attack(given)
    ranges = {cell: attack.range_of(aim) for cell, aim in small.items()}
    assert {cell: found for cell, found in ranges.items() if found[0] == found[1]} == {}


def test_the_attack_works_out_a_lone_hidden_count():
    """So that the test above would see one."""
    attack = _attack({("A", 0, 2, "under"): 24, ("A1", 0, 2, "under"): 9, ("A2", 0, 2, "under"): 13})

    assert attack.range_of(_weights("A3", 0, 2, "under")) == (2, 2)


def test_the_attack_works_out_the_half_year_by_which_two_files_differ():
    attack = _attack({("A", -1, 2, "under"): 24, ("A", 0, 2, "under"): 27})

    assert attack.range_of(_weights("A", 1, 1, "under")) == (3, 3)
