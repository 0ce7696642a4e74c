"""Each design states every unit's chance, and enumerating every outcome gives exactly those chances."""

import json
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling import (
    COOL_OFF_STRATUM,
    Combined,
    Frame,
    PerOfficer,
    PoissonTargeted,
    TakeAllTop,
    Unit,
    draw_round,
    follow_up,
    inclusion_probabilities,
    multiplicity_weights,
    union_probability,
)
from sampling.errors import DesignError

# tests/golden/sampling/inclusion.R wrote it: R sampling 2.9, R 4.2.2
R_SAMPLING = json.loads((Path(__file__).parents[1] / "golden/sampling/inclusion.json").read_text("utf-8"))
FRAME = Frame(
    "r",
    (
        Unit("p1", "oA", "high", 0.5),
        Unit("p2", "oA", "high", 0.2),
        Unit("p3", "oA", "low", 0.2),
        Unit("p4", "oB", "low", 0.1),
        Unit("p5", "oB", COOL_OFF_STRATUM, 0.9),
        Unit("p6", "oC", COOL_OFF_STRATUM, 0.9),
    ),
)


def chosen(design, frame, tickets):
    picks = design.pick(frame, np.array(tickets, dtype=np.uint64))
    for start, n_selected in zip(picks.offsets.tolist()[:-1], picks.n_selected.tolist(), strict=True):
        yield from picks.order[start : start + n_selected].tolist()


def frequencies(design, frame, all_tickets):
    hits, outcomes = np.zeros(len(frame.units), dtype=int), 0
    for tickets in all_tickets:
        hits[list(chosen(design, frame, tickets))] += 1
        outcomes += 1
    return [Fraction(int(h), outcomes) for h in hits]


@pytest.mark.parametrize(
    ("design", "chances"),
    [
        pytest.param(PerOfficer(), ["1/3", "1/3", "1/3", "1", "0", "0"], id="one per officer"),
        pytest.param(PerOfficer(k=2), ["2/3", "2/3", "2/3", "1", "0", "0"], id="two per officer"),
        pytest.param(
            PerOfficer(within_strata=True), ["1/2", "1/2", "1", "1", "0", "0"], id="one per officer and level"
        ),
        pytest.param(follow_up(), ["2/3", "2/3", "2/3", "1", "0", "0"], id="follow-up of two"),
    ],
)
def test_every_order_of_tickets_gives_exactly_the_stated_chances(design, chances):
    stated = design.inclusion_probabilities(FRAME)

    counted = frequencies(design, FRAME, permutations(range(6)))

    assert counted == [Fraction(chance) for chance in chances]
    assert stated.tolist() == [float(Fraction(chance)) for chance in chances]


def test_poisson_chances_are_met_exactly_over_a_grid_of_all_tickets():
    design = PoissonTargeted(n=1, floor=0.2)
    grid = [int((j + 0.5) / 10 * 2**64) for j in range(10)]
    every_ticket = ((*four, 0, 0) for four in product(grid, repeat=4))

    counted = frequencies(design, FRAME, every_ticket)

    assert counted == [Fraction(1, 2), Fraction(1, 5), Fraction(1, 5), Fraction(1, 5), 0, 0]
    assert design.inclusion_probabilities(FRAME).tolist() == [0.5, 0.2, 0.2, 0.2, 0, 0]


def test_uncertainty_targets_the_cases_nearest_an_even_chance():
    chances = PoissonTargeted(n=1, floor=0.01, size="uncertainty").inclusion_probabilities(FRAME)

    assert chances[:4].tolist() == pytest.approx([0.5 / 1.6, 0.4 / 1.6, 0.4 / 1.6, 0.3 / 1.6])


def test_take_all_takes_the_highest_scores_for_certain_and_recent_checks_never():
    design = TakeAllTop(2)

    assert design.inclusion_probabilities(FRAME).tolist() == [1, 1, 0, 0, 0, 0]
    assert list(chosen(design, FRAME, [9, 9, 0, 0, 0, 0])) == [0, 1]


def test_beside_the_top_some_of_the_rest_are_drawn_each_with_its_stated_chance():
    design = TakeAllTop(1, n_rest=1)

    counted = frequencies(design, FRAME, permutations(range(6)))

    assert counted == [1, Fraction(1, 3), Fraction(1, 3), Fraction(1, 3), 0, 0]
    assert design.inclusion_probabilities(FRAME).tolist() == [float(chance) for chance in counted]


def test_the_rest_can_be_drawn_from_one_stratum_only():
    design = TakeAllTop(1, n_rest=1, rest_stratum="low")

    assert design.inclusion_probabilities(FRAME).tolist() == [1, 0, 0.5, 0.5, 0, 0]
    assert list(chosen(design, FRAME, [0, 0, 9, 3, 0, 0])) == [0, 3]
    with pytest.raises(DesignError, match="3 cannot be drawn from the rest of 2"):
        TakeAllTop(1, n_rest=3, rest_stratum="low").inclusion_probabilities(FRAME)


def test_two_arms_together_have_the_union_probability_and_multiplicity_weights():
    design = Combined((PerOfficer(), PoissonTargeted(n=1, floor=0.2)))

    draw = draw_round(FRAME, design, "any seed")

    assert draw.inclusion_probabilities.tolist() == pytest.approx(
        [1 - 2 / 3 * 0.5, 1 - 2 / 3 * 0.8, 1 - 2 / 3 * 0.8, 1, 0, 0]
    )
    assert draw.multiplicity_weights.tolist() == pytest.approx(
        [1 / (1 / 3 + 0.5), 1 / (1 / 3 + 0.2), 1 / (1 / 3 + 0.2), 1 / 1.2, np.inf, np.inf]
    )


def test_both_weightings_of_two_arms_are_unbiased_over_every_outcome():
    chances, values = np.array([[0.5, 0.25], [0.25, 0.75]]), np.array([3.0, 10.0])
    union, multiplicity = union_probability(*chances), multiplicity_weights(*chances)
    by_union = by_multiplicity = 0.0

    for hits in product([0, 1], repeat=4):
        drawn = np.array(hits).reshape(2, 2)
        probability = np.prod(np.where(drawn, chances, 1 - chances))
        by_union += probability * float(np.sum(values * drawn.any(axis=0) / union))
        by_multiplicity += probability * float(np.sum(values * drawn.sum(axis=0) * multiplicity))

    assert (by_union, by_multiplicity) == (pytest.approx(13), pytest.approx(13))


def test_a_unit_too_large_for_its_share_is_certain_and_the_rest_share_what_is_left():
    chances = inclusion_probabilities([1, 1, 1, 7], 2)

    assert chances.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1])


@pytest.mark.parametrize("name", sorted(R_SAMPLING["cases"]))
def test_probabilities_proportional_to_size_are_those_of_rs_sampling_package(name):
    told = R_SAMPLING["cases"][name]

    assert inclusion_probabilities(told["size"], told["n"]).tolist() == pytest.approx(told["chances"])


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=40), st.data())
def test_probabilities_proportional_to_size_add_up_to_n(sizes, data):
    n = data.draw(st.integers(1, len(sizes)))

    chances = inclusion_probabilities(sizes, n)

    assert chances.sum() == pytest.approx(n)
    assert ((chances > 0) & (chances <= 1)).all()
    assert (np.diff(chances[np.argsort(sizes)]) >= -1e-12).all()


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        pytest.param(
            lambda: inclusion_probabilities([1, 0], 2), "2 units cannot be drawn from 1", id="too many"
        ),
        pytest.param(lambda: inclusion_probabilities([1, -1], 1), "none negative", id="negative size"),
        pytest.param(lambda: inclusion_probabilities([np.nan], 1), "finite", id="unknown size"),
        pytest.param(lambda: PerOfficer(k=0), "0 cases per officer is no draw", id="no case"),
        pytest.param(lambda: PoissonTargeted(1, 0), "every case needs a chance", id="no floor"),
        pytest.param(lambda: Combined(()), "at least one", id="no arm"),
        pytest.param(
            lambda: Combined((PerOfficer(), PerOfficer(k=2))), "equal names share tickets", id="same arm"
        ),
        pytest.param(
            lambda: TakeAllTop(5).inclusion_probabilities(FRAME), "top 5 cannot be taken from 4", id="top"
        ),
        pytest.param(
            lambda: PoissonTargeted(1, 0.1).inclusion_probabilities(Frame("r", (Unit("p", "o"),))),
            "1 drawable units have no score",
            id="no score",
        ),
    ],
)
def test_a_design_that_cannot_state_its_chances_is_refused(attempt, message):
    with pytest.raises(DesignError, match=message):
        attempt()
