"""Intervals for rates: published figures, statsmodels, and coverage counted exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from sampling import (
    clopper_pearson_interval,
    jeffreys_interval,
    korn_graubard_interval,
    logit_interval,
    wilson_interval,
)
from sampling.errors import EstimationError

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def in_pct(interval):
    return tuple(round(100 * limit, 3) for limit in interval)


@pytest.mark.parametrize(
    ("interval", "k", "n", "limits_pct"),
    [
        (wilson_interval, 9, 137, (3.494, 12.013)),
        (clopper_pearson_interval, 9, 137, (3.048, 12.104)),
        (jeffreys_interval, 9, 137, (3.300, 11.645)),
        (wilson_interval, 0, 20, (0, 16.113)),
        (clopper_pearson_interval, 0, 20, (0, 16.843)),
    ],
)
def test_the_inspectors_nine_of_137_and_nought_of_20(interval, k, n, limits_pct):
    assert in_pct(interval(k, n)) == pytest.approx(limits_pct, abs=0.0006)


@given(counts, st.sampled_from([0.8, 0.95, 0.998]))
def test_intervals_equal_those_of_statsmodels(count, confidence):
    k, n = count

    for interval, method in (
        (wilson_interval, "wilson"), (clopper_pearson_interval, "beta"), (jeffreys_interval, "jeffreys"),
    ):  # fmt: skip
        low, high = interval(k, n, confidence)
        told_low, told_high = proportion_confint(k, n, 1 - confidence, method)
        if not (method == "jeffreys" and k == 0):  # statsmodels leaves Jeffreys unmodified at the ends
            assert low == pytest.approx(told_low, abs=1e-9)
        if not (method == "jeffreys" and k == n):
            assert high == pytest.approx(told_high, abs=1e-9)


@given(counts)
def test_hits_and_misses_mirror_each_other(count):
    k, n = count

    for interval in (wilson_interval, clopper_pearson_interval, jeffreys_interval, korn_graubard_interval):
        low, high = interval(k, n)
        mirrored_low, mirrored_high = interval(n - k, n)
        assert (low, high) == pytest.approx((1 - mirrored_high, 1 - mirrored_low), abs=1e-9)
        assert 0 <= low <= k / n <= high <= 1


@pytest.mark.parametrize(
    ("n", "wilson", "clopper_pearson", "jeffreys"),
    [
        (20, 0.961, 0.992, 0.961),
        (83, 0.930, 0.956, 0.956),
        (167, 0.959, 0.973, 0.939),
        (334, 0.940, 0.953, 0.953),
    ],
)
def test_coverage_at_one_in_fifteen_is_what_the_design_page_states(n, wilson, clopper_pearson, jeffreys):
    rate, every_k = 0.066, range(n + 1)

    def coverage(interval):
        held = [low <= rate <= high for low, high in (interval(k, n) for k in every_k)]
        return float(stats.binom.pmf(np.array(every_k), n, rate)[held].sum())

    assert coverage(wilson_interval) == pytest.approx(wilson, abs=0.0006)
    assert coverage(clopper_pearson_interval) == pytest.approx(clopper_pearson, abs=0.0006)
    assert coverage(jeffreys_interval) == pytest.approx(jeffreys, abs=0.0006)


def test_korn_graubard_is_clopper_pearson_on_the_effective_sample():
    effective = korn_graubard_interval(9, 137, n_eff=100)

    assert list(effective) == pytest.approx(list(clopper_pearson_interval(9 / 1.37, 100)))
    assert list(korn_graubard_interval(9, 137)) == pytest.approx(list(clopper_pearson_interval(9, 137)))


def test_few_degrees_of_freedom_widen_a_korn_graubard_interval():
    many, few = korn_graubard_interval(9, 137, df=136), korn_graubard_interval(9, 137, df=5)

    assert few.high - few.low > many.high - many.low


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda: wilson_interval(3, 2), id="more hits than checks"),
        pytest.param(lambda: wilson_interval(-1, 2), id="negative"),
        pytest.param(lambda: jeffreys_interval(0, 0), id="no checks"),
        pytest.param(lambda: clopper_pearson_interval(1, 2, 95), id="confidence in per cent"),
        pytest.param(lambda: korn_graubard_interval(1, 2, df=0), id="no degrees of freedom"),
        pytest.param(lambda: logit_interval(0, 0.1), id="log-odds of nought"),
    ],
)
def test_what_is_no_proportion_is_refused(attempt):
    with pytest.raises(EstimationError):
        attempt()
