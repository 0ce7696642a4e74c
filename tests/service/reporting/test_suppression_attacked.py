"""Whoever holds the files of all three levels, and knows how counts hang together, works out no small count.

The attack is exact: a whole-number programme asks of each count that is not given the least and the most that
it can be, given every count that is. One value left would be a count worked out.
"""

from dataclasses import fields
from datetime import UTC, datetime

import numpy as np
import pytest
from factories.estate import make_area, make_national_post
from scipy.optimize import Bounds, LinearConstraint, milp

from qa_service.estate.tables import Pdu
from qa_service.policy.numbers import load_policy
from qa_service.reporting import queries
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.definition import Wanted
from qa_service.reporting.exports.rates import rates_export
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import RateName

AT, DECIDED_AT = datetime(2026, 1, 15, 10, tzinfo=UTC), datetime(2025, 10, 1, 10, tzinfo=UTC)
POLICY = load_policy()
LEAST = POLICY.rates.suppress_below
REGIONS = {"N07": ("A1", "A2", "A3"), "W01": ("B1", "B2", "B3")}
# Checks, mediums among them, and found: high instead of medium, too low, too high, insufficient
COUNTS = ("n", "n_medium", "medium", "under", "over", "insufficient")
N_AND_K = {
    RateName.MEDIUM_SHOULD_BE_HIGH: ("n_medium", "medium"),
    RateName.UNDERCLASSIFIED: ("n", "under"),
    RateName.OVERCLASSIFIED: ("n", "over"),
    RateName.INSUFFICIENT: ("n", "insufficient"),
}
PDUS = [pdu for pdus in REGIONS.values() for pdu in pdus]


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


def _checks(told):
    """Lay the counts out as checks, each with what was found in it; all decided in one finished year."""
    rows = []
    for region, pdus in REGIONS.items():
        for pdu in pdus:
            counts = told[pdu]
            n, n_medium = counts["n"], counts["n_medium"]
            others_under = counts["under"] - counts["medium"]
            for number in range(n):
                is_medium = number < n_medium
                is_under = number < counts["medium"] or n_medium <= number < n_medium + others_under
                found = Found.SCORABLE + Found.MEDIUM * is_medium + Found.UNDER * is_under
                found += Found.HIGH_INSTEAD * (number < counts["medium"])
                found += Found.INSUFFICIENT * (number < counts["insufficient"])
                rows.append([pdu, region, found, is_under])
            right = [row for row in rows[len(rows) - n :] if not row[3]]
            for row in right[: counts["over"]]:
                row[2] += Found.OVER
    told_of = {
        "pdu": np.array([row[0] for row in rows]),
        "region": np.array([row[1] for row in rows]),
        "rubric": np.full(len(rows), "1"),
        "found": np.array([int(row[2]) for row in rows]),
        "weight": np.full(len(rows), 10.0),
    }
    decided_at = np.full(len(rows), DECIDED_AT.timestamp())
    return CheckArrays(**{part.name: told_of.get(part.name, decided_at) for part in fields(CheckArrays)})


@pytest.fixture
def export(session, monkeypatch):
    """Return a function: the rows of the three files of a nation with such counts."""
    make_national_post(session)
    for region, pdus in REGIONS.items():
        for place, pdu in enumerate(pdus):
            if place == 0:
                make_area(session, region=region, pdu=pdu, teams=())
            else:
                session.add(Pdu(code=pdu, name=f"PDU {pdu}", region_code=region))
    session.flush()

    def make(told):
        monkeypatch.setattr(queries, "list_final_checks", lambda *_, **__: _checks(told))
        return [row for level in AreaLevel for row in rates_export(session, Wanted(level, AT), POLICY)]

    return make


def _given(rows):
    """Return {(area, count): value} of what the three files give."""
    return {
        (row["area_code"], name): value
        for row in rows
        for name, value in zip(N_AND_K[RateName(row["rate"])], (row["n"], row["k"]), strict=True)
        if value is not None
    }


def _true(told):
    """Return {(area, count): value} of everything."""
    areas = {**{pdu: (pdu,) for pdu in PDUS}, **REGIONS, "E&W": PDUS}
    return {
        (area, name): sum(told[pdu][name] for pdu in pdus) for area, pdus in areas.items() for name in COUNTS
    }


def _weights(area, name):
    """Tell which of the PDUs' counts add up to an area's count."""
    members = {"E&W": PDUS, **REGIONS}.get(area, (area,))
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
def test_no_small_count_is_given_and_none_can_be_worked_out_from_the_files_of_all_levels(export, number):
    told = _nation(number)
    given, true = _given(export(told)), _true(told)

    small = _small(true)
    assert all(true[cell] == value for cell, value in given.items())
    assert small
    assert not set(small) & set(given)
    ranges = {cell: _range(*cell, given) for cell in small}
    assert {cell: found for cell, found in ranges.items() if found[0] == found[1]} == {}


def test_the_attack_works_out_a_lone_hidden_count():
    """So that the test above would see one."""
    true = _true(_nation(0))
    given = {cell: value for cell, value in true.items() if cell != ("A1", "under")}

    assert _range("A1", "under", given) == (true["A1", "under"],) * 2
