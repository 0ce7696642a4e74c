"""Few clusters, odd weights, levels in words: an estimate says less rather than something false."""

import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from sampling import (
    EstimationError,
    cohen_kappa,
    correct_for_reviewer_error,
    difference_estimate,
    estimate_mean,
    estimate_ratio,
    estimate_total,
    funnel_limits,
    in_rolling_window,
    krippendorff_alpha,
    pool_rates,
    shrink_rates,
    wilson_interval,
)

LEVELS = ["LOW", "MEDIUM", "HIGH", "VERY_HIGH"]
FIRST, SECOND = LEVELS * 3, ["LOW", "MEDIUM", "HIGH", "HIGH"] * 3


def test_a_total_under_weights_below_one_keeps_its_lower_limit():
    mean = estimate_total([1] * 9 + [0] * 128, weights=[1 / 137] * 137)
    others_weigh_nothing = estimate_total([1] * 15 + [0] * 45, weights=[0] * 10 + [2] * 50)

    assert mean.value == pytest.approx(9 / 137)
    assert mean.low < 0.04
    assert others_weigh_nothing.low == estimate_total([1] * 5 + [0] * 45, weights=[2] * 50).low == 5


def test_what_weighs_nothing_is_no_sample():
    with_noughts = estimate_mean([1.5, 2, 4, 9, 9], weights=[1, 2, 3, 0, 0])

    assert (with_noughts.n, with_noughts.n_eff) == (3, pytest.approx(36 / 14))
    # R 4.2, survey 4.1: degf(subset(svydesign(~1, weights = ~w, data = d), w > 0)) is 2.
    assert with_noughts.high - with_noughts.value == pytest.approx(4.302653 * with_noughts.se, rel=1e-6)


@pytest.mark.parametrize("hits", [0, 1, 20])
def test_a_ratio_that_is_a_share_has_the_limits_of_a_rate(hits):
    counted = np.array([1] * 20 + [0] * 5)
    found = np.array([1] * hits + [0] * (25 - hits))

    ratio = estimate_ratio(found, counted)
    rate = estimate_mean(found, domain=counted)

    assert (ratio.value, ratio.se, ratio.n, ratio.low, ratio.high) == (
        rate.value,
        rate.se,
        rate.n,
        rate.low,
        rate.high,
    )
    assert ratio.low >= 0
    assert ratio.high - ratio.low > 0.1


def test_a_ratio_of_all_there_are_is_certain_and_one_of_amounts_keeps_students_limits():
    assert estimate_ratio([0] * 5, [1] * 5, fpc=[5] * 5).high == 0
    assert estimate_ratio([1, 2, 4], [2, 2, 2]).method == "ratio, Taylor, t"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([1, 2, 3, 4.0, 5, 6], id="no rounding"),
        pytest.param([1.1, 2.3, 0.7, 4, 5, 6], id="rounding"),
    ],
)
def test_one_cluster_says_nothing_of_others(values):
    one = estimate_mean(values, clusters=[0, 0, 0, 1, 2, 3], domain=[1, 1, 1, 0, 0, 0])

    assert (one.low, one.high) == (-math.inf, math.inf)
    assert estimate_mean([5.3, 4, 5, 6], domain=[1, 0, 0, 0]).high == math.inf


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_levels_in_words_are_weighed_in_their_order_or_not_at_all(weights):
    ordered = [pd.Categorical(one, categories=LEVELS, ordered=True) for one in (FIRST, SECOND)]
    by_code = cohen_kappa(ordered[0].codes, ordered[1].codes, weights=weights)

    assert cohen_kappa(*ordered, weights=weights) == by_code
    assert cohen_kappa(*map(pd.Series, ordered), weights=weights) == by_code
    assert cohen_kappa(FIRST, SECOND, weights=weights, categories=LEVELS) == by_code
    assert cohen_kappa(
        pd.array([1, 2, 1, 2]), pd.array([1, 2, 2, 2]), weights=weights
    ).value == pytest.approx(0.5)
    with pytest.raises(EstimationError, match="from the lowest to the highest"):
        cohen_kappa(FIRST, SECOND, weights=weights)
    with pytest.raises(EstimationError, match="from the lowest to the highest"):
        cohen_kappa(
            ordered[0], pd.Categorical(SECOND, categories=LEVELS[::-1], ordered=True), weights=weights
        )


def test_alpha_of_units_that_were_all_read_alike_is_refused_whatever_was_read_once():
    with pytest.raises(EstimationError, match="two different readings"):
        krippendorff_alpha([[1, 1, 1, 2], [1, 1, 1, np.nan]])


def test_an_effective_n_that_is_whole_but_for_rounding_is_whole():
    n_eff = estimate_mean([1, 0, 1, 1, 0, 1, 0, 0], strata=list("aaaabbbb")).n_eff

    assert n_eff == pytest.approx(8)
    assert funnel_limits([n_eff, 7.9], 0.066).n.tolist() == [8, 7]


def test_a_corrected_rate_of_nought_still_rests_on_its_checks():
    corrected = correct_for_reviewer_error(0, 100, sensitivity=(45, 50), specificity=(441, 450))

    assert (corrected.value, corrected.n_eff) == (0, 100)
    assert pool_rates([corrected, corrected], [10, 20]).high == pytest.approx(wilson_interval(0, 180).high)


def test_the_textbooks_difference_estimator_has_a_multiplier_of_one():
    y, score, everybody = [9.0, 14, 7, 29, 45], [10.0, 12, 8, 26, 47], [10, 12, 8, 26, 47, 20, 31, 6]

    plain = difference_estimate(y, score, everybody, fpc=[8] * 5, multiplier=1)

    differences = np.subtract(y, score)
    assert plain.value == pytest.approx(np.mean(everybody) + differences.mean())
    assert plain.se == pytest.approx(math.sqrt((1 - 5 / 8) * differences.var(ddof=1) / 5))
    with pytest.raises(EstimationError, match="multiplier"):
        difference_estimate(y, score, everybody, multiplier="1")


def test_groups_that_differ_utterly_share_hardly_anything():
    shrunk = shrink_rates([0, 20, 0, 20, 3, 18], [20] * 6)

    # By Nelder and Mead's method on the beta-binomial likelihood, from other starts.
    assert shrunk.prior_n == pytest.approx(0.244, abs=0.001)
    assert shrunk.value[0] == pytest.approx(0.0061, abs=0.0001)


def test_a_moment_is_no_day_of_a_draw():
    with pytest.raises(EstimationError, match="no moment"):
        in_rolling_window([datetime(2026, 1, 1, 9, tzinfo=UTC)], date(2026, 6, 1), 12)


def test_one_person_is_no_two_witnesses_however_the_name_is_typed():
    from sampling import DiceReading, SeedError, SeedPlan, combine_seed

    rolls = "48152903761128573940"
    readings = (DiceReading("Zoë Ray", rolls), DiceReading("Zoe\u0308  Ray", rolls))

    with pytest.raises(SeedError, match="two different named witnesses"):
        combine_seed(SeedPlan(dice=True), dice=readings)


def test_a_score_of_minus_nought_is_nought():
    from sampling import Frame, Unit

    assert Frame("r", (Unit("p", "o", "", -0.0),)).digest == Frame("r", (Unit("p", "o", "", 0.0),)).digest
