"""Over every possible sample of a tiny service, estimates average to the truth."""

from itertools import combinations, product

import numpy as np
import pytest

from sampling import (
    Combined,
    Estimate,
    Frame,
    PerOfficer,
    PoissonTargeted,
    TakeAllTop,
    Unit,
    difference_estimate,
    draw_round,
    estimate_mean,
    estimate_rates_by_group,
    estimate_ratio,
    estimate_total,
    wilson_interval,
)
from sampling.errors import EstimationError

CASELOADS = {"oA": [1, 0, 0], "oB": [1, 1], "oC": [0, 0, 0, 1]}
TRUTH = 4 / 9


def every_sample_of_one_per_officer():
    for picks in product(*CASELOADS.values()):
        yield np.array(picks), np.array([len(cases) for cases in CASELOADS.values()])


def test_totals_from_one_case_per_officer_average_to_the_truth():
    totals = [estimate_total(y, weights=n).value for y, n in every_sample_of_one_per_officer()]

    assert np.mean(totals) == pytest.approx(4)


def test_unweighted_officer_averages_do_not_estimate_the_caseload():
    unweighted = [estimate_mean(y).value for y, _ in every_sample_of_one_per_officer()]

    officer_average = np.mean([np.mean(cases) for cases in CASELOADS.values()])
    assert np.mean(unweighted) == pytest.approx(officer_average)
    assert abs(officer_average - TRUTH) > 0.05


def test_weights_that_add_up_to_the_caseload_make_the_mean_exact_on_average():
    # the weights of every sample add up to 9, so the Hajek mean is the total divided by 9
    means = [estimate_mean(y, weights=n).value for y, n in every_sample_of_one_per_officer()]

    assert np.mean(means) == pytest.approx(TRUTH)


def test_variance_of_a_stratified_sample_without_replacement_is_unbiased():
    strata = [np.array([3.0, 5, 10, 1]), np.array([2.0, 2, 7])]
    outcomes = []
    for first, second in product(combinations(strata[0], 2), combinations(strata[1], 2)):
        total = estimate_total(
            [*first, *second], weights=[2, 2, 1.5, 1.5], strata=[0, 0, 1, 1], fpc=[4, 4, 3, 3]
        )
        outcomes.append((total.value, total.se**2))

    values, variances = np.array(outcomes).T

    assert values.mean() == pytest.approx(30)
    assert variances.mean() == pytest.approx(values.var())


def test_variance_of_a_two_stage_sample_is_unbiased():
    offices = [np.array([1.0, 4, 5]), np.array([2.0, 2, 9]), np.array([0.0, 3, 1])]
    outcomes = []
    for (i, a), (j, b) in combinations(enumerate(offices), 2):
        for first, second in product(combinations(a, 2), combinations(b, 2)):
            total = estimate_total(
                [*first, *second],
                clusters=[[i, 0], [i, 1], [j, 0], [j, 1]],
                fpc=[[3, 3]] * 4,
            )
            outcomes.append((total.value, total.se**2))

    values, variances = np.array(outcomes).T

    assert values.mean() == pytest.approx(27)
    assert variances.mean() == pytest.approx(values.var())


def test_two_arms_weighted_by_their_union_probability_average_to_the_truth():
    y, scores = np.array([1, 0, 0, 1, 1.0]), [0.5, 0.1, 0.1, 0.2, 0.1]
    frame = Frame("r", tuple(Unit(f"p{i}", f"o{i // 3}", "", s) for i, s in enumerate(scores)))
    draw = draw_round(frame, Combined((PerOfficer(), PoissonTargeted(1, 0.2))), "any")
    union, poisson = draw.inclusion_probabilities, draw.arms[1].inclusion_probabilities
    expected = 0.0

    for a, b, hits in product(range(3), range(3, 5), product([False, True], repeat=5)):
        drawn = np.array(hits) | np.isin(np.arange(5), [a, b])
        probability = 1 / 6 * np.prod(np.where(hits, poisson, 1 - poisson))
        expected += probability * estimate_total(np.where(drawn, y, 0), weights=1 / union).value

    assert expected == pytest.approx(3)


def test_a_take_all_arm_is_unbiased_only_as_a_stratum_of_its_own():
    y = np.array([1, 1, 0, 0, 1.0])
    frame = Frame("r", tuple(Unit(f"p{i}", "o", "", s) for i, s in enumerate([0.9, 0.8, 0.3, 0.2, 0.1])))
    draw = draw_round(frame, Combined((TakeAllTop(2), PerOfficer())), "any")
    chances = draw.inclusion_probabilities
    rights, naives = [], []

    for random_pick in range(5):
        drawn = np.array([place < 2 or place == random_pick for place in range(5)])
        rights.append(estimate_total(np.where(drawn, y, 0), weights=1 / chances).value)
        naives.append(estimate_mean(y[drawn]).value)

    assert np.mean(rights) == pytest.approx(3)
    assert np.mean(naives) > 0.6 + 0.15


def test_the_difference_estimator_averages_to_the_truth_with_a_fixed_multiplier_of_one():
    y, score = np.array([0.0, 1, 2, 5, 7]), np.array([0.1, 0.9, 2.2, 4.8, 7.1])
    estimates = [
        difference_estimate(y[list(s)], score[list(s)], score).value for s in combinations(range(5), 3)
    ]

    assert np.mean(estimates) == pytest.approx(3, abs=0.02)


def test_a_good_score_narrows_and_a_useless_score_costs_nothing():
    y = np.array([0, 0, 1, 0, 1, 0, 0, 0, 1, 0] * 6)
    plain = estimate_mean(y)

    good = difference_estimate(y, y * 0.8 + 0.1, np.tile([0.1, 0.9, 0.1], 100))
    useless = difference_estimate(y, np.full(60, 0.5), np.full(300, 0.5))

    assert good.se < plain.se / 2
    assert good.n_eff > plain.n_eff
    assert (useless.value, useless.se) == pytest.approx((plain.value, plain.se))


def test_cross_fitted_scores_use_each_folds_own_model_for_the_population():
    y, score, folds = np.array([1.0, 0, 3, 2]), np.array([1.0, 0.5, 2, 1.5]), [0, 1, 0, 1]
    slope = np.polyfit(score, y, 1)[0]

    estimate = difference_estimate(y, score, [[1.0, 3.0], [2.0, 4.0]], folds=folds)

    assert estimate.value == pytest.approx(min(slope, 1) * 2.5 + (y - min(slope, 1) * score).mean())


def test_a_rate_sharpened_by_a_score_stays_between_nought_and_one_with_limits_on_both_sides():
    below = difference_estimate([0] * 18 + [1, 1], [0.1] * 18 + [0.9, 0.95], [0.01] * 100)
    perfect = difference_estimate([0, 1] * 10, [0, 1] * 10, [0, 1, 0, 0] * 10)

    assert (below.value, below.low, below.high) == (0, 0, wilson_interval(0, 20).high)
    assert (perfect.value, perfect.n_eff) == (0.25, 20)
    assert (perfect.low, perfect.high) == pytest.approx([*wilson_interval(5, 20)])


def test_groups_in_one_pass_equal_the_estimates_one_by_one():
    y = np.array([1, 0, 0, 1, 0, 1, 1, 0, 0, 0])
    group = np.array(["b", "a", "b", "b", "a", "a", "c", "c", "d", "d"])
    weights, officers = np.array([3, 5, 2, 8, 4, 4, 1, 2, 7, 3.0]), np.array([1, 2, 3, 3, 4, 5, 6, 7, 8, 9])

    together = estimate_rates_by_group(y, group, weights=weights, clusters=officers)

    assert together.groups.tolist() == ["a", "b", "c", "d"]
    for place, name in enumerate("abcd"):
        rows = group == name
        alone = estimate_mean(y[rows], weights=weights[rows], clusters=officers[rows])
        told = [getattr(together, part)[place] for part in ("value", "se", "low", "high", "n", "n_eff")]
        assert told == pytest.approx([alone.value, alone.se, alone.low, alone.high, alone.n, alone.n_eff])


def test_a_rate_of_nought_still_has_an_upper_limit():
    rate = estimate_mean([0, 0, 0, 0], weights=[1, 1, 1, 5])

    assert (rate.value, rate.se, rate.low) == (0, 0, 0)
    assert rate.n_eff == pytest.approx(64 / 28)
    assert rate.high > 0.5


def test_noughts_of_two_officers_are_worth_two_checks_however_many_cases_each_had():
    rate = estimate_mean([0] * 10, clusters=[1] * 5 + [2] * 5)

    assert rate.n_eff == 2
    assert rate.high == wilson_interval(0, 2).high
    assert estimate_rates_by_group([0] * 10, ["a"] * 10, clusters=[1] * 5 + [2] * 5).n_eff[0] == 2


def test_a_count_of_nought_still_has_an_upper_limit_and_a_census_none():
    none_found = estimate_total([0] * 10, weights=[30] * 10)

    assert (none_found.value, none_found.low) == (0, 0)
    assert none_found.high == pytest.approx(300 * wilson_interval(0, 10).high)
    assert estimate_total([0] * 10, weights=[1] * 10, fpc=[10] * 10).high == 0
    assert estimate_total([1] * 10, weights=[30] * 10).low == pytest.approx(300 * wilson_interval(10, 10).low)


def test_a_count_is_never_below_the_cases_found():
    count = estimate_total([1] + [0] * 19, weights=[10] * 20)

    assert (count.value, count.low) == (10, 1)


def test_an_estimate_says_what_it_rests_on():
    rate = estimate_mean([1, 0, 0, 0])

    assert isinstance(rate, Estimate)
    assert (rate.n, rate.method, rate.confidence) == (4, "Hajek, Taylor, Wilson on effective n", 0.95)
    assert float(rate) == 0.25


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        pytest.param(lambda: estimate_mean([]), "nothing to estimate from", id="no cases"),
        pytest.param(lambda: estimate_mean([1, np.nan]), "y has 1 gaps", id="gap"),
        pytest.param(
            lambda: estimate_mean([1, 0], weights=[1]), "weights has 1 rows for 2", id="weights short"
        ),
        pytest.param(
            lambda: estimate_mean([1, 0], weights=[1, -1]), "negative or all 0", id="negative weight"
        ),
        pytest.param(lambda: estimate_mean([1, 0], weights=[1, np.inf]), "infinite values", id="no chance"),
        pytest.param(
            lambda: estimate_mean([1, 0], fpc=[1, 1]), "fpc is smaller than the number", id="fpc as share"
        ),
        pytest.param(
            lambda: estimate_mean([1, 0], strata=["a", "b"]), "merge it with a like one", id="lonely"
        ),
        pytest.param(
            lambda: estimate_mean([1, 0], domain=[False, False]), "no checked case", id="empty domain"
        ),
        pytest.param(
            lambda: estimate_mean([1, 0], domain=[True]), "domain has 1 rows for 2", id="domain short"
        ),
        pytest.param(
            lambda: estimate_mean([1, 0], fpc=[[4, 4], [4, 4]]), "one per stage", id="fpc of two stages"
        ),
        pytest.param(lambda: estimate_ratio([1, 2], [0, 0]), "adds up to 0", id="nothing to divide by"),
        pytest.param(lambda: estimate_ratio([1, 2], [1]), "align them", id="unequal lengths"),
        pytest.param(lambda: estimate_rates_by_group([2], ["a"]), "true or false", id="no rate"),
        pytest.param(
            lambda: difference_estimate([1, 0], [1], [1]), "score has 1 rows for 2", id="scores short"
        ),
        pytest.param(
            lambda: difference_estimate([1, 0], [1, 0], [[1], [0]]), "give folds", id="folds missing"
        ),
        pytest.param(
            lambda: difference_estimate([1, 0], [1, 0], [[1], [0]], folds=[0, 2]),
            "correct them",
            id="wrong fold",
        ),
    ],
)
def test_data_that_allow_no_estimate_are_refused_with_the_way_out(attempt, message):
    with pytest.raises(EstimationError, match=message):
        attempt()
