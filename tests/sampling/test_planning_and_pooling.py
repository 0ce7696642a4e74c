"""Planning a round, pooling rounds, shrinking small PDUs and correcting for readers' error."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sampling import (
    ReadingTimes,
    clopper_pearson_interval,
    correct_for_reviewer_error,
    detection_probability,
    estimate_mean,
    in_rolling_window,
    jeffreys_interval,
    not_scorable_bounds,
    pool_rates,
    reviewer_hours,
    rogan_gladen,
    sample_size,
    shrink_rates,
    wilson_interval,
)
from sampling.errors import EstimationError

# tests/golden/sampling/shrinkage.R wrote it: R VGAM 1.1.7, R 4.2.2
VGAM = json.loads((Path(__file__).parents[1] / "golden/sampling/shrinkage.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "corrected_pct"),
    [(0.9, 0.98, 5.19), (0.8, 0.98, 5.86), (0.9, 0.95, 1.85), (0.8, 0.95, 2.09)],
)
def test_the_inspectors_rate_corrected_for_known_reader_error(sensitivity, specificity, corrected_pct):
    corrected = rogan_gladen(9 / 137, sensitivity, specificity)

    assert 100 * corrected == pytest.approx(corrected_pct, abs=0.0051)


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "limits_pct"),
    [
        pytest.param((45, 50), (441, 450), (3.41, 6.63), id="500 gold reads"),
        pytest.param((180, 200), (1764, 1800), (4.33, 6.04), id="2,000 gold reads"),
        pytest.param((45, 50), (427, 450), (0, 3.868), id="lower specificity"),
    ],
)
def test_doubt_about_the_readers_widens_the_corrected_rate(sensitivity, specificity, limits_pct):
    corrected = correct_for_reviewer_error(1188, 18000, sensitivity=sensitivity, specificity=specificity)

    # Monte Carlo figures with numpy (2 million draws for the last): good to about 0.04 points
    assert (100 * corrected.low, 100 * corrected.high) == pytest.approx(limits_pct, abs=0.06)
    assert corrected.low <= corrected.value <= corrected.high


def test_corrected_limits_are_the_same_on_every_call():
    first, second = (
        correct_for_reviewer_error(20, 300, sensitivity=(18, 20), specificity=(95, 100)) for _ in range(2)
    )

    assert first == second


def test_perfect_readers_leave_the_rate_as_it_was():
    assert rogan_gladen(0.07, 1, 1) == pytest.approx(0.07)
    corrected = correct_for_reviewer_error(70, 1000, sensitivity=(10**7, 10**7), specificity=(10**7, 10**7))
    assert (corrected.low, corrected.high) == pytest.approx(
        tuple(clopper_pearson_interval(70, 1000)), abs=2e-4
    )


def test_readers_no_better_than_chance_correct_nothing():
    with pytest.raises(EstimationError, match="no better than chance"):
        rogan_gladen(0.1, 0.5, 0.5)
    with pytest.raises(EstimationError, match="sensitivity: 3 of 2"):
        correct_for_reviewer_error(1, 10, sensitivity=(3, 2), specificity=(9, 10))


def test_a_share_of_a_small_frame_is_at_least_one_wrong_case():
    # 1 in 100 of 40 cases is one case, met by 10 of 40; 7 in 100 of 100 are 7 in spite of floating point.
    assert detection_probability(10, 0.01, n_population=40) == pytest.approx(10 / 40)
    assert detection_probability(94, 0.07, n_population=100) == 1
    assert detection_probability(93, 0.07, n_population=100) < 1
    assert detection_probability(10, 0.0, n_population=40) == 0


def test_small_groups_shrink_further_towards_the_common_rate():
    shrunk = shrink_rates([0, 2, 10, 30, 4, 3], [10, 10, 100, 300, 80, 50])

    raw = np.array([0, 0.2, 0.1, 0.1, 0.05, 0.06])
    pulled = np.abs(shrunk.value - raw)
    assert pulled[1] > pulled[2]
    assert ((shrunk.low < shrunk.value) & (shrunk.value < shrunk.high)).all()
    assert 0 < shrunk.value[0] < shrunk.prior_mean


def test_the_prior_is_the_maximum_of_the_integrated_likelihood():
    k, n = np.array([1, 4, 9, 2, 15, 0]), np.array([20, 30, 40, 25, 50, 22])

    shrunk = shrink_rates(k, n)

    def likelihood(mean, size):
        return np.prod(stats.betabinom.pmf(k, n, mean * size, (1 - mean) * size))

    best = likelihood(shrunk.prior_mean, shrunk.prior_n)
    for mean, size in ((1.05, 1), (0.95, 1), (1, 1.1), (1, 0.9)):
        assert likelihood(shrunk.prior_mean * mean, shrunk.prior_n * size) < best


def test_the_shrunk_rates_of_seventy_one_groups_are_those_of_rs_vgam_whose_limits_forget_the_priors_doubt():
    shrunk = shrink_rates(VGAM["k"], VGAM["n"])

    shapes = (shrunk.prior_mean * shrunk.prior_n, (1 - shrunk.prior_mean) * shrunk.prior_n)
    assert shapes == pytest.approx(VGAM["shapes"], rel=1e-3)
    assert shrunk.value.tolist() == pytest.approx(VGAM["value"], rel=1e-4)
    assert shrunk.low == pytest.approx(VGAM["low"], abs=0.004)
    assert shrunk.high == pytest.approx(VGAM["high"], abs=0.011)
    told = np.subtract(VGAM["high"], VGAM["low"])
    assert np.mean((shrunk.high - shrunk.low) / told) > 1.01


def test_error_and_limits_average_over_all_common_distributions_by_their_likelihood():
    k, n = np.array([1, 4, 9]), np.array([20, 30, 40])

    # An independent sum over the whole plane, evenly in the mean and in size**-0.5, where the prior is flat.
    mean, root = np.meshgrid(np.arange(0.0005, 1, 0.001), np.arange(0.0025, 1, 0.005))
    a, b = mean / root**2, (1 - mean) / root**2
    weight = np.prod([stats.betabinom.pmf(h, t, a, b) for h, t in zip(k, n, strict=True)], axis=0)
    means = [(a + h) / (a + b + t) for h, t in zip(k, n, strict=True)]
    value = [np.average(m, weights=weight) for m in means]
    squares = [
        np.average(m * (1 - m) / (a + b + t + 1) + m**2, weights=weight)
        for m, t in zip(means, n, strict=True)
    ]

    shrunk = shrink_rates(k, n)
    variance = np.subtract(squares, np.square(value))
    worth = np.multiply(value, np.subtract(1, value)) / variance - 1
    limits = stats.beta(value * worth, np.subtract(1, value) * worth).ppf([[0.025], [0.975]])
    assert shrunk.se**2 == pytest.approx(variance, rel=0.01)
    assert np.stack([shrunk.low, shrunk.high]) == pytest.approx(limits, abs=0.002)


@pytest.mark.parametrize("n_hits", [0, 60])
def test_where_no_group_differs_from_another_each_keeps_its_own_limits(n_hits):
    shrunk, own = shrink_rates([n_hits] * 5, [60] * 5), jeffreys_interval(n_hits, 60)

    assert (shrunk.low[0], shrunk.high[0]) == pytest.approx((own.low, own.high), abs=1e-3)


@pytest.mark.parametrize("n_areas", [2, 5, 9, 18, 109])
def test_limits_of_shrunk_rates_hold_nine_times_of_ten_however_few_areas_there_are(n_areas):
    rng = np.random.default_rng(8)
    held = []
    for _ in range(40 if n_areas > 100 else 100):
        truth = rng.beta(3.25, 46, n_areas)
        k = rng.binomial(56, truth)
        if k.any():
            shrunk = shrink_rates(k, np.full(n_areas, 56))
            held.append(np.mean((shrunk.low <= truth) & (truth <= shrunk.high)))

    assert np.mean(held) >= 0.9


def test_equal_groups_share_one_rate():
    shrunk = shrink_rates([7, 7, 7, 7], [100, 100, 100, 100])

    assert shrunk.prior_n > 10_000
    assert shrunk.value == pytest.approx([0.07] * 4, abs=0.001)
    assert (shrunk.high < 0.133).all()  # Wilson's for 7 of 100 alone is 0.137


@pytest.mark.parametrize(
    ("k", "n"),
    [([1], [2]), ([3, 1], [2, 2]), ([1, 1], [2])],
    ids=["one", "k>n", "shapes"],
)
def test_counts_that_cannot_be_shrunk_are_refused(k, n):
    with pytest.raises(EstimationError):
        shrink_rates(k, n)


def test_pooled_rounds_weigh_by_the_size_of_their_frames():
    small, large = estimate_mean([1, 0, 0, 0]), estimate_mean([0] * 9 + [1])

    pooled = pool_rates([small, large], [100, 300])

    assert pooled.value == pytest.approx(0.25 * 0.25 + 0.75 * 0.1)
    assert pooled.se == pytest.approx(np.hypot(0.25 * small.se, 0.75 * large.se))
    assert pooled.n == 14
    assert pooled.n_eff == pytest.approx(1 / (0.0625 / small.n_eff + 0.5625 / large.n_eff))


def test_equal_rounds_pool_to_one_larger_round():
    one = estimate_mean([1, 0, 0, 0] * 5)

    pooled = pool_rates([one, one], [50, 50])

    assert pooled.n_eff == pytest.approx(2 * one.n_eff)
    with pytest.raises(EstimationError, match="widen the window"):
        pool_rates([], [])


def test_a_rolling_window_ends_on_its_day_and_begins_after_the_same_day_months_before():
    days = [date(2024, 11, 30), date(2024, 12, 1), date(2026, 11, 30), date(2026, 12, 1)]

    inside = in_rolling_window(days, date(2026, 11, 30), 24)

    assert inside.tolist() == [False, True, True, False]
    assert in_rolling_window([date(2024, 2, 29)], date(2024, 3, 31), 1).tolist() == [False]
    assert in_rolling_window([date(2024, 3, 1)], date(2024, 3, 31), 1).tolist() == [True]


def test_what_could_not_be_scored_is_bounded_by_all_right_and_all_wrong():
    bounds = not_scorable_bounds([1, 0, np.nan, 0, np.nan], [True, True, False, True, False])

    assert (bounds.all_right.value, bounds.all_wrong.value) == (0.2, 0.6)
    assert bounds.n_not_scorable == 2


@pytest.mark.parametrize("rate", [0, 0.066, 0.5])
def test_the_sample_size_is_the_first_that_is_narrow_enough(rate):
    n = sample_size(rate, 0.05)

    def half_width(size):
        low, high = wilson_interval(rate * size, size)
        return (high - low) / 2

    assert half_width(n) <= 0.05 < half_width(n - 1)


def test_a_design_effect_needs_more_checks_and_a_small_frame_fewer():
    plain = sample_size(0.066, 0.03)

    assert sample_size(0.066, 0.03, design_effect=1.32) == pytest.approx(1.32 * plain, abs=1)
    assert sample_size(0.066, 0.03, n_population=400) < 400
    assert sample_size(0.066, 0.03, n_population=400) < plain


def test_one_random_case_finds_a_poor_officer_seldom_and_three_not_often():
    assert detection_probability(3, 0.2) == pytest.approx(1 - 0.8**3)
    assert detection_probability(2, 0.5, n_population=4) == pytest.approx(5 / 6)
    assert detection_probability(5, 0.0) == 0


def test_reviewer_hours_count_second_reads_and_moderation():
    times = ReadingTimes(2.5, 2.0, 1.0, 0.10, 0.02)

    assert reviewer_hours(12_400, times) == pytest.approx(12_400 * (2.5 + 0.2 + 0.02))


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: sample_size(0.1, 0),
        lambda: sample_size(2, 0.1),
        lambda: detection_probability(5, 0.1, n_population=4),
    ],
    ids=["no width", "rate over 1", "more than there are"],
)
def test_plans_that_cannot_be_met_are_refused(attempt):
    with pytest.raises(EstimationError):
        attempt()
