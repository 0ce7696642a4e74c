"""Whoever holds the files of all three levels, and knows how counts hang together, works out no small count.

The attack is exact: a whole-number programme asks of each count that is not given the least and the most that
it can be, given every count that is. One value left would be a count worked out.
"""

from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.rates import rows_of
from qa_service.reporting.rates import AreaRates, NamedRate, RateName, share_of

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
LEAST = load_policy().rates.suppress_below
REGIONS = (("A1", "A2", "A3"), ("B1", "B2", "B3"))
# Checks, mediums among them, and found: high instead of medium, too low, too high, insufficient
COUNTS = ("n", "n_medium", "medium", "under", "over", "insufficient")
N_AND_K = {
    RateName.MEDIUM_SHOULD_BE_HIGH: ("n_medium", "medium"),
    RateName.UNDERCLASSIFIED: ("n", "under"),
    RateName.OVERCLASSIFIED: ("n", "over"),
    RateName.INSUFFICIENT: ("n", "insufficient"),
}
PDUS = [pdu for region in REGIONS for pdu in region]


def _nation(number):
    """Give a tiny nation's counts by PDU: all sizes, from nobody checked to no count that is small."""
    told = {}
    for place, pdu in enumerate(PDUS):
        step = number * 7 + place * 11
        n = (3, 9, 24, 40, 0, 31)[(step + number) % 6]
        medium = min(n * 3 // 5, step % 8)
        under = min(n, medium + step % 5 % (n - n * 3 // 5 + 1))
        over = min(n - under, step * 3 % 9)
        told[pdu] = dict(zip(COUNTS, (n, n * 3 // 5, medium, under, over, min(n, step % 14)), strict=True))
    return told


def _area(code, counts):
    rates = tuple(NamedRate(name, *[share_of(counts[k], counts[n])] * 2) for name, (n, k) in N_AND_K.items())
    return AreaRates(code, code, AT, rates, 0, counts["n"], counts["n"], is_too_few=False)


def _sum(parts):
    return {name: sum(part[name] for part in parts) for name in COUNTS}


def _areas(told):
    """Return the areas of each file that are suppressed together: PDUs of a region, regions, the nation."""
    regions = {f"R{place}": _sum([told[pdu] for pdu in pdus]) for place, pdus in enumerate(REGIONS)}
    return [
        *((AreaLevel.PDU, {pdu: told[pdu] for pdu in pdus}) for pdus in REGIONS),
        (AreaLevel.REGION, regions),
        (AreaLevel.NATIONAL, {"E&W": _sum(told.values())}),
    ]


def _given(told):
    """Return {(area, count): value} of what the three files give, and the true value of everything."""
    given, true = {}, {}
    for level, areas in _areas(told):
        rows = rows_of(
            [_area(code, counts) for code, counts in areas.items()], level, to_on=AT.date(), least=LEAST
        )
        true |= {(code, name): value for code, counts in areas.items() for name, value in counts.items()}
        for row in rows:
            names = N_AND_K[RateName(row["rate"])]
            for name, value in zip(names, (row["n"], row["k"]), strict=True):
                if value is not None:
                    given[row["area_code"], name] = value
    return given, true


def _weights(area, name):
    """Tell which of the PDUs' counts add up to an area's count."""
    members = {"E&W": PDUS, "R0": REGIONS[0], "R1": REGIONS[1]}.get(area, (area,))
    return np.array([float(pdu in members and one == name) for pdu in PDUS for one in COUNTS])


# What anybody knows of every PDU: each row adds up to nought or more.
KNOWN_OF_A_PDU = (
    {"n": 1, "n_medium": -1},
    {"n_medium": 1, "medium": -1},
    {"under": 1, "medium": -1},
    {"n": 1, "n_medium": -1, "under": -1, "medium": 1},
    {"n": 1, "under": -1, "over": -1},
    {"n": 1, "insufficient": -1},
)


# What is left when one count is taken from another is a count of people too.
LEFT = {"low_found_higher": {"under": 1, "medium": -1}, "right": {"n": 1, "under": -1, "over": -1}}


def _range(area, name, given):
    """Return the least and the most that a count can be, given the others."""
    rows = [
        sum(sign * _weights(pdu, one) for one, sign in rule.items())
        for pdu in PDUS
        for rule in KNOWN_OF_A_PDU
    ]
    constraints = [LinearConstraint(np.array(rows), lb=0)]
    if given:
        told = np.array([_weights(*cell) for cell in given])
        values = np.array(list(given.values()), dtype=float)
        constraints.append(LinearConstraint(told, lb=values, ub=values))
    aim = sum(sign * _weights(area, one) for one, sign in LEFT.get(name, {name: 1}).items())
    options = {"constraints": constraints, "integrality": np.ones(len(aim)), "bounds": Bounds(0, 60)}
    least, most = milp(aim, **options), milp(-aim, **options)
    assert least.success, least.message
    assert most.success, most.message
    return round(least.fun), round(-most.fun)


def _small(true):
    """List the counts that RULES 10 hide: those that are small, or of whose checks they leave a small count."""
    small = []
    for (area, name), count in true.items():
        rest = true[area, "n_medium" if name == "medium" else "n"] - count
        if 0 < count < LEAST or (name not in {"n", "n_medium"} and 0 < rest < LEAST):
            small.append((area, name))
    for area in {area for area, _ in true}:
        for name, parts in LEFT.items():
            if 0 < sum(sign * true[area, one] for one, sign in parts.items()) < LEAST:
                small.append((area, name))
    return small


@pytest.mark.parametrize("number", range(8))
def test_no_small_count_is_given_and_none_can_be_worked_out_from_the_files_of_all_levels(number):
    given, true = _given(_nation(number))

    small = _small(true)
    assert small
    assert not set(small) & set(given)
    ranges = {cell: _range(*cell, given) for cell in small}
    assert {cell: found for cell, found in ranges.items() if found[0] == found[1]} == {}


def test_the_attack_works_out_a_lone_hidden_count():
    """So that the test above would see one."""
    told = _nation(0)
    _, true = _given(told)
    given = {cell: value for cell, value in true.items() if cell != ("A1", "under")}

    assert _range("A1", "under", given) == (true["A1", "under"],) * 2
