"""Every possible sample of a tiny service, one by one: estimates and their variances average to the truth."""

import math
from itertools import combinations, permutations, product

import numpy as np
import pytest

from sampling import (
    Combined,
    Frame,
    PerOfficer,
    PoissonTargeted,
    TakeAllTop,
    Unit,
    difference_estimate,
    draw_round,
    estimate_mean,
    estimate_ratio,
    estimate_total,
    follow_up,
    not_scorable_bounds,
    pool_rates,
)

Y = np.array([3.0, 5, 10, 1, 8, 2])
X = np.array([2.0, 4, 7, 1, 5, 3])
MIDDLE = np.array([True, False, True, True, False, True])
FRAME = Frame(
    "r",
    tuple(
        Unit(f"p{place}", officer, stratum, score)
        for place, (officer, stratum, score) in enumerate([
            ("oA", "high", 0.5), ("oA", "low", 0.2), ("oA", "low", 0.3), ("oA", "low", 0.1), ("oB", "high", 0.4),
            ("oB", "low", 0.6),
        ])
    ),
)  # fmt: skip


def every_simple_sample(n):
    for rows in combinations(range(len(Y)), n):
        yield np.array(rows), [len(Y)] * n


def moments(estimates, probabilities=None):
    """Mean of the values, mean of the stated variances, and the values' true variance."""
    values = np.array([estimate.value for estimate in estimates])
    stated = np.array([estimate.se**2 for estimate in estimates])
    mean = np.average(values, weights=probabilities)
    return (
        mean,
        np.average(stated, weights=probabilities),
        np.average((values - mean) ** 2, weights=probabilities),
    )


@pytest.mark.parametrize(
    "design",
    [
        pytest.param(PerOfficer(), id="one per officer"),
        pytest.param(PerOfficer(k=2), id="two per officer"),
        pytest.param(PerOfficer(within_strata=True), id="one per officer and level"),
        pytest.param(TakeAllTop(1, n_rest=2), id="the top and some of the rest"),
        pytest.param(follow_up(2), id="follow-up"),
    ],
)
def test_over_every_order_of_tickets_the_total_of_the_drawn_averages_to_the_truth(design):
    chances = design.inclusion_probabilities(FRAME)
    totals = []

    for tickets in permutations(range(6)):
        picks = design.pick(FRAME, np.array(tickets, dtype=np.uint64))
        groups = zip(picks.offsets.tolist()[:-1], picks.n_selected.tolist(), strict=True)
        drawn = np.concatenate([picks.order[start : start + n] for start, n in groups])
        totals.append(float(np.sum(Y[drawn] / chances[drawn])))

    assert np.mean(totals) == pytest.approx(Y.sum())


def test_two_cases_of_each_officer_state_their_variance_without_bias():
    estimates = [
        estimate_total([*Y[list(first)], *Y[list(second)]], strata=["oA", "oA", "oB", "oB"], fpc=[4, 4, 2, 2])
        for first, second in product(combinations(range(4), 2), [(4, 5)])
    ]

    mean, stated, true = moments(estimates)

    assert mean == pytest.approx(Y.sum())
    assert stated == pytest.approx(true)


def test_a_take_all_stratum_adds_no_doubt_and_the_rest_states_its_own():
    estimates = [
        estimate_total([Y[5], *Y[list(rest)]], strata=["top", "rest", "rest"], fpc=[1, 5, 5])
        for rest in combinations(range(5), 2)
    ]

    mean, stated, true = moments(estimates)

    assert mean == pytest.approx(Y.sum())
    assert stated == pytest.approx(true)


def test_one_stage_clusters_state_their_variance_without_bias():
    teams = [np.array([1.0, 4]), np.array([6.0]), np.array([2.0, 2, 9]), np.array([0.0, 3])]
    estimates = []
    for drawn in combinations(range(4), 2):
        y = np.concatenate([teams[i] for i in drawn])
        names = np.repeat(drawn, [len(teams[i]) for i in drawn])
        estimates.append(estimate_total(y, clusters=names, fpc=[4] * len(y)))

    mean, stated, true = moments(estimates)

    assert mean == pytest.approx(27)
    assert stated == pytest.approx(true)


def test_the_mean_of_a_simple_sample_states_its_variance_without_bias():
    mean, stated, true = moments([estimate_mean(Y[rows], fpc=fpc) for rows, fpc in every_simple_sample(3)])

    assert mean == pytest.approx(Y.mean())
    assert stated == pytest.approx(true)


def test_the_total_of_a_domain_states_its_variance_without_bias_though_its_size_is_chance():
    estimates = [  # three of six cannot miss all four of the domain
        estimate_total(Y[rows], fpc=fpc, domain=MIDDLE[rows]) for rows, fpc in every_simple_sample(3)
    ]

    mean, stated, true = moments(estimates)

    assert mean == pytest.approx(Y[MIDDLE].sum())
    assert stated == pytest.approx(true)


def test_the_mean_of_a_domain_averages_to_the_domains_mean():
    means = [estimate_mean(Y[rows], domain=MIDDLE[rows]).value for rows, _ in every_simple_sample(3)]

    assert np.mean(means) == pytest.approx(Y[MIDDLE].mean())


def test_a_ratio_errs_on_average_by_exactly_its_covariance_with_the_denominator():
    # Hartley and Ross (1954): E(r) - R = -Cov(r, mean of x) / mean of X, an identity over all samples
    ratios = np.array([estimate_ratio(Y[rows], X[rows]).value for rows, _ in every_simple_sample(3)])
    below = np.array([X[rows].mean() for rows, _ in every_simple_sample(3)])

    bias = ratios.mean() - Y.sum() / X.sum()

    assert bias == pytest.approx(-np.cov(ratios, below, ddof=0)[0, 1] / X.mean())


def test_the_stated_variance_of_a_ratio_is_near_its_mean_squared_error():
    x = np.array([2.3, 2.9, 5.2, 4.3, 2.4, 3.7, 4.4, 2.2, 2.6, 4.9, 2.8, 3.9])
    y = np.array([4.1, 6.0, 11.9, 8.4, 3.9, 8.0, 7.6, 4.6, 5.9, 9.1, 5.4, 8.6])
    estimates = [
        estimate_ratio(y[list(rows)], x[list(rows)], fpc=[12] * 6) for rows in combinations(range(12), 6)
    ]

    _, stated, _ = moments(estimates)

    error = np.mean([(estimate.value - y.sum() / x.sum()) ** 2 for estimate in estimates])
    assert stated == pytest.approx(error, rel=0.1)


def every_poisson_sample(chances):
    for hits in product([False, True], repeat=len(chances)):
        drawn = np.array(hits)
        yield np.flatnonzero(drawn), float(np.prod(np.where(drawn, chances, 1 - chances)))


def test_the_total_of_a_targeted_poisson_sample_states_its_variance_without_bias():
    chances = PoissonTargeted(n=3, floor=0.2).inclusion_probabilities(FRAME)
    mean = stated = square = 0.0

    for rows, probability in every_poisson_sample(chances):
        if rows.size:  # of the empty sample total and variance are nought
            total = estimate_total(Y[rows], weights=1 / chances[rows], poisson=True)
            mean += probability * total.value
            stated += probability * total.se**2
            square += probability * total.value**2

    assert mean == pytest.approx(Y.sum())
    assert stated == pytest.approx(square - mean**2)
    assert stated == pytest.approx(np.sum((1 - chances) / chances * Y**2))


def test_a_domain_of_a_poisson_sample_states_its_variance_without_bias():
    chances = np.array([0.5, 0.9, 0.25, 0.4, 1.0, 0.7])
    mean = stated = square = 0.0

    for rows, probability in every_poisson_sample(chances):
        if MIDDLE[rows].any():
            total = estimate_total(Y[rows], weights=1 / chances[rows], domain=MIDDLE[rows], poisson=True)
            mean += probability * total.value
            stated += probability * total.se**2
            square += probability * total.value**2

    assert mean == pytest.approx(Y[MIDDLE].sum())
    assert stated == pytest.approx(square - mean**2)


def test_a_fixed_size_formula_would_misstate_a_poisson_sample():
    chances = np.full(6, 0.5)
    fixed = poisson = 0.0

    for rows, probability in every_poisson_sample(chances):
        if rows.size > 1:
            weights = 1 / chances[rows]
            fixed += probability * estimate_total(Y[rows], weights=weights).se ** 2
            poisson += probability * estimate_total(Y[rows], weights=weights, poisson=True).se ** 2

    assert fixed < 0.9 * poisson


def test_hits_of_two_arms_with_multiplicity_weights_average_to_the_truth():
    draw = draw_round(FRAME, Combined((PerOfficer(), PoissonTargeted(2, 0.2))), "any")
    weights, poisson = draw.multiplicity_weights, draw.arms[1].inclusion_probabilities
    mean = 0.0

    for first, second in product(range(4), range(4, 6)):
        for rows, probability in every_poisson_sample(poisson):
            hits = np.concatenate([[first, second], rows])
            mean += probability / 8 * float(np.sum(Y[hits] * weights[hits]))

    assert mean == pytest.approx(Y.sum())


def test_the_difference_estimator_states_its_variance_without_bias_where_its_multiplier_is_held_at_one():
    # drawn with replacement, two of each stratum; y rises with the score so steeply that 1 is its multiplier
    y, score = np.array([[3.0, 7, 4], [50, 61, 58]]), np.array([[0.0, 1, 0.5], [10, 12, 11]])
    estimates = [
        difference_estimate(
            [*y[0, list(a)], *y[1, list(b)]],
            [*score[0, list(a)], *score[1, list(b)]],
            score.ravel(),
            weights=[1.5] * 4,
            strata=["low", "low", "high", "high"],
        )
        for a, b in product(product(range(3), repeat=2), repeat=2)
    ]

    mean, stated, true = moments(estimates)

    assert mean == pytest.approx(y.mean())
    assert stated == pytest.approx(true)


def test_pooled_rounds_average_to_the_window_and_state_their_variance_without_bias():
    first, second = np.array([1, 0, 0, 1, 0]), np.array([0, 1, 1, 0])
    pooled = [
        pool_rates(
            [estimate_mean(first[list(a)], fpc=[5] * 3), estimate_mean(second[list(b)], fpc=[4] * 2)], [5, 4]
        )
        for a, b in product(combinations(range(5), 3), combinations(range(4), 2))
    ]

    mean, stated, true = moments(pooled)

    assert mean == pytest.approx(4 / 9)
    assert stated == pytest.approx(true)


@pytest.mark.parametrize("answers", list(product([0, 1], repeat=3)))
def test_whatever_the_unscorable_cases_were_the_rate_lies_within_its_bounds(answers):
    scorable, weights = np.array([1, 1, 0, 1, 0, 0], dtype=bool), np.array([4, 1, 2, 3, 1, 5])
    truth = np.array([1, 0, 0, 1, 0, 0])
    truth[~scorable] = answers

    bounds = not_scorable_bounds(np.where(scorable, truth, -1), scorable, weights=weights)

    full = estimate_mean(truth, weights=weights).value
    assert bounds.all_right.value <= full + 1e-12
    assert full <= bounds.all_wrong.value + 1e-12


def test_a_census_leaves_nothing_to_chance():
    everybody = estimate_mean([1, 0, 0, 1], fpc=[4] * 4)
    some = estimate_mean([1, 0, 0, 1], fpc=[5] * 4)

    assert (everybody.low, everybody.value, everybody.high, everybody.se) == (0.5, 0.5, 0.5, 0)
    assert some.low < 0.5 < some.high


def test_one_poisson_case_has_a_variance_but_no_limits():
    total = estimate_total([7], weights=[2], poisson=True)

    assert total.se == pytest.approx(math.sqrt(0.5 * 49 / 0.25))
    assert (total.low, total.high) == (-math.inf, math.inf)
