"""Whoever holds both equality files of a year and every total of the rates works out no small count of a group.

The attack is that on the rates: a whole-number programme asks of each small count the least and the most that it
can be, given everything that is shown.
"""

from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from factories.attack import Attack

from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel, AreaTree
from qa_service.reporting.exports import equality
from qa_service.reporting.exports.characteristics import CHARACTERISTICS, PERSON, Monitored
from qa_service.reporting.exports.definition import Wanted
from qa_service.reporting.queries import Found
from qa_service.reporting.rates import RateName

POLICY = load_policy()
LEAST, LEAST_OF_TOTALS = POLICY.rates.suppress_equality_below, POLICY.rates.suppress_below
IN_JANUARY = datetime(2027, 1, 4, 10, tzinfo=UTC)
REGIONS, SEXES, ETHNICITIES = ("A", "B", "C"), ("F", "M"), ("ASIAN", "BLACK", "WHITE")
CELLS = list(product(REGIONS, ETHNICITIES, SEXES))
TREE = AreaTree(
    tuple(
        SimpleNamespace(code=f"{one}1", name=one, region_code=one, region_name=one, successor_code=None)
        for one in REGIONS
    )
)
COUNTS = ("n", "n_medium", "medium", "under", "over", "insufficient", "fail")
N_AND_K = {
    RateName.MEDIUM_SHOULD_BE_HIGH: ("n_medium", "medium"),
    RateName.UNDERCLASSIFIED: ("n", "under"),
    RateName.OVERCLASSIFIED: ("n", "over"),
    RateName.INSUFFICIENT: ("n", "insufficient"),
    equality.FAIL: ("n", "fail"),
}
# Every count of people that a figure tells, alone or when one is taken from another.
TOLD = {
    **{name: {name: 1} for name in COUNTS},
    **{f"rest of {k}": {n: 1, k: -1} for n, k in N_AND_K.values()},
    "right": {"n": 1, "under": -1, "over": -1},
    "low found higher": {"under": 1, "medium": -1},
    "not medium": {"n": 1, "n_medium": -1},
    "not medium and not low": {"n": 1, "n_medium": -1, "under": -1, "medium": 1},
    "recheck": {"insufficient": 1, "fail": -1},
}
SIZES = (13, 64, 29, 88, 41, 7, 0, 52)


def _cells(number):
    """Give each group of people in each region its counts, from nobody to no count small."""
    told = {}
    for place, cell in enumerate(CELLS):
        step = number * 7 + place * 5
        n = SIZES[(step + number) % 8]
        n_medium = n * (3, 2, 4)[step % 3] // 5
        medium = min(n_medium, (0, 14, 4, 19, 11)[step % 5])
        under = medium + min(n - n_medium, (0, 12, 3, 15)[step % 4])
        over = min(n - under, (12, 0, 17, 6, 11)[(step + 2) % 5])
        insufficient = min(n, (14, 5, 23, 0)[(step + 1) % 4])
        fail = min(insufficient, (2, 11, 0)[step % 3])
        told[cell] = dict(zip(COUNTS, (n, n_medium, medium, under, over, insufficient, fail), strict=True))
    return told


def _monitored(told):
    found, cells = [], []
    for cell, one in told.items():
        flags = np.full(one["n"], int(Found.SCORABLE))
        flags[: one["n_medium"]] |= Found.MEDIUM
        flags[: one["medium"]] |= Found.HIGH_INSTEAD | Found.UNDER
        flags[one["n_medium"] : one["n_medium"] + one["under"] - one["medium"]] |= Found.UNDER
        right = np.flatnonzero((flags & Found.UNDER) == 0)
        flags[right[: one["over"]]] |= Found.OVER
        flags[: one["insufficient"]] |= Found.INSUFFICIENT
        flags[: one["fail"]] |= Found.FAIL
        found.append(flags)
        cells += [cell] * one["n"]
    regions, ethnicities, sexes = (np.array(part) for part in zip(*cells, strict=True))
    groups = {one.key: np.full(len(cells), "not recorded") for one in CHARACTERISTICS}
    groups[PERSON, "sex"], groups[PERSON, "ethnicity"] = sexes, ethnicities
    groups[PERSON, "ethnicity_and_sex"] = np.array([f"{e}, {s}" for _, e, s in cells])
    return Monitored(regions, np.concatenate(found).astype(np.int64), np.ones(len(cells)), groups)


def _form(region, group, parts):
    """Weigh the unknown counts that add up to those of a group in a region; None is all of either."""
    parts_of_group = set() if group is None else set(group.split(", "))
    return np.array(
        [
            float(region in {None, cell[0]} and parts_of_group <= set(cell[1:])) * parts.get(name, 0)
            for cell in CELLS
            for name in COUNTS
        ]
    )


def _shown(monkeypatch, told):
    """Return what both files show, and of the totals what the rates of the year may."""
    monkeypatch.setattr(equality, "area_tree", lambda _session: TREE)
    monkeypatch.setattr(equality, "list_monitored", lambda *_, **_options: _monitored(told))
    shown = {}
    for level in (AreaLevel.NATIONAL, AreaLevel.REGION):
        for row in equality.equality_export(None, Wanted(level, IN_JANUARY), POLICY):
            is_of_both = row["of_whom"] == PERSON and row["characteristic"] != "age_band"
            if not is_of_both or row["reading"] != "by_officer" or row["rate"] not in N_AND_K:
                continue
            region = row["area_code"] if level is AreaLevel.REGION else None
            for name, value in zip(N_AND_K[row["rate"]], (row["n"], row["k"]), strict=True):
                if value is not None:
                    shown[region, row["group"], name] = value
    true = _true(told)
    # Nobody is told how many of the random arm failed.
    rates = [counts for name, counts in N_AND_K.items() if name != equality.FAIL]
    for region, (n, k) in product((None, *REGIONS), rates):
        of_n, of_k = (int(true @ _form(region, None, {name: 1})) for name in (n, k))
        if not any(0 < count < LEAST_OF_TOTALS for count in (of_n, of_k, of_n - of_k)):
            shown |= {(region, None, n): of_n, (region, None, k): of_k}
    return shown


def _true(told):
    return np.array([told[cell][name] for cell in CELLS for name in COUNTS], dtype=float)


def _small(told):
    """List the small counts of each group in each region and in the nation."""
    groups = [*SEXES, *ETHNICITIES, *(f"{e}, {s}" for e, s in product(ETHNICITIES, SEXES))]
    aims = {
        (region, group, name): _form(region, group, parts)
        for region, group, (name, parts) in product((None, *REGIONS), groups, TOLD.items())
    }
    true = _true(told)
    return {cell: aim for cell, aim in aims.items() if 0 < true @ aim < LEAST}


def _attack(shown):
    never_negative = [
        _form(region, f"{e}, {s}", parts) for (region, e, s), parts in product(CELLS, TOLD.values())
    ]
    forms = [(_form(region, group, {name: 1}), value) for (region, group, name), value in shown.items()]
    return Attack(forms, never_negative, most=100)


def _worked_out(shown, told):
    """List the small counts that can be one number only."""
    attack = _attack(shown)
    ranges = {cell: attack.range_of(aim) for cell, aim in _small(told).items()}
    return {cell: found for cell, found in ranges.items() if found[0] == found[1]}


@pytest.mark.parametrize("number", range(3))
def test_no_small_count_of_a_group_can_be_worked_out_from_both_files_of_a_year_and_the_rates(
    monkeypatch, number
):
    told = _cells(number)
    shown = _shown(monkeypatch, told)

    assert len([cell for cell in shown if cell[1]]) > 20
    assert len(_small(told)) > 20
    assert _worked_out(shown, told) == {}


# In B and C everybody is of one group, as where a characteristic is not recorded.
OF_ONE_GROUP = {
    "few people of it elsewhere": {
        ("A", "WHITE", "F"): {"n": 2},
        ("A", "WHITE", "M"): {"n": 1},
        ("A", "ASIAN", "F"): {"n": 40},
        ("A", "ASIAN", "M"): {"n": 40},
        ("B", "WHITE", "F"): {"n": 50},
        ("B", "WHITE", "M"): {"n": 40},
        ("C", "WHITE", "F"): {"n": 45},
        ("C", "WHITE", "M"): {"n": 45},
    },
    "few found of it elsewhere": {
        ("A", "WHITE", "F"): {"n": 30, "under": 2},
        ("A", "WHITE", "M"): {"n": 30, "under": 1},
        ("A", "ASIAN", "F"): {"n": 40, "under": 12},
        ("A", "ASIAN", "M"): {"n": 40, "under": 11},
        ("B", "WHITE", "F"): {"n": 50, "under": 13},
        ("B", "WHITE", "M"): {"n": 40, "under": 14},
        ("C", "WHITE", "F"): {"n": 45, "under": 12},
        ("C", "WHITE", "M"): {"n": 45, "under": 15},
    },
    # 8 in C are shown as its rate, to which 5 is the least.
    "few found in a region of it": {
        ("A", "WHITE", "F"): {"n": 60, "under": 14},
        ("A", "ASIAN", "F"): {"n": 40, "under": 12},
        ("A", "ASIAN", "M"): {"n": 40, "under": 11},
        ("B", "WHITE", "F"): {"n": 50, "under": 13},
        ("B", "WHITE", "M"): {"n": 40, "under": 14},
        ("C", "WHITE", "F"): {"n": 45, "under": 4},
        ("C", "WHITE", "M"): {"n": 45, "under": 4},
    },
}


def _of_one_group(name):
    return {cell: dict.fromkeys(COUNTS, 0) | OF_ONE_GROUP[name].get(cell, {}) for cell in CELLS}


@pytest.mark.parametrize("name", OF_ONE_GROUP)
def test_regions_in_which_all_are_of_one_group_give_away_no_small_count_of_another_region(monkeypatch, name):
    told = _of_one_group(name)
    shown = _shown(monkeypatch, told)

    assert len([cell for cell in shown if cell[1]]) > 20
    assert _worked_out(shown, told) == {}


def test_a_hidden_number_of_people_is_not_noted_as_too_few_to_compare(monkeypatch):
    """A nought that is hidden beside it would be told from what it hides."""
    _shown(monkeypatch, _of_one_group("few people of it elsewhere"))

    rows = equality.equality_export(None, Wanted(AreaLevel.REGION, IN_JANUARY), POLICY)

    hidden = [row for row in rows if row["n"] is None]
    assert {row["group"] for row in hidden if row["area_code"] == "A"} >= {"ASIAN", "WHITE"}
    assert {row["note"] for row in hidden} == {""}
    assert {row["note"] for row in rows} == {"", "too few to compare"}


def test_the_attack_works_out_the_region_that_a_file_of_the_nation_gives_away():
    """So that the test above would see one."""
    shown = {(None, "BLACK, F", "under"): 24, ("A", "BLACK, F", "under"): 11, ("B", "BLACK, F", "under"): 10}

    assert _attack(shown).range_of(_form("C", "BLACK, F", {"under": 1})) == (3, 3)
