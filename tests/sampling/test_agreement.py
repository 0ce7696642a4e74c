"""Agreement of readers: published examples and independent packages."""

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from sampling import cohen_kappa, gwet_ac1, krippendorff_alpha, observed_agreement, positive_agreement
from sampling.errors import EstimationError

NAN = np.nan
# Krippendorff (2011), Computing Krippendorff's alpha-reliability, example C: 4 observers, 12 units
CANONICAL = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
# 137 double-read mediums: 118 both pass, 3 both fail, 16 disagree
FIRST = np.repeat([0, 1, 1, 0], [118, 3, 6, 10])
SECOND = np.repeat([0, 1, 0, 1], [118, 3, 6, 10])
readings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=40)


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_krippendorffs_own_example(level, alpha):
    estimate = krippendorff_alpha(CANONICAL, level=level)

    assert estimate.value == pytest.approx(alpha, abs=5e-7)
    assert estimate.low < alpha < estimate.high <= 1


def test_gwets_ac1_of_the_same_example_with_its_standard_error():
    estimate = gwet_ac1(CANONICAL)

    assert (round(estimate.value, 5), round(estimate.se, 5)) == (0.77544, 0.14295)


def test_ac1_counts_the_levels_that_nobody_happened_to_give():
    first, second = [1] * 8 + [1, 2], [1] * 8 + [2, 2]

    seen, of_four = gwet_ac1([first, second]), gwet_ac1([first, second], categories=range(4))

    # By hand: 9 of 10 agree, 17 and 3 of 20 readings; chance is 2 x .85 x .15 / (q - 1).
    assert seen.value == pytest.approx((0.9 - 0.255) / (1 - 0.255))
    assert of_four.value == pytest.approx((0.9 - 0.085) / (1 - 0.085))


def test_nearly_all_pass_gives_low_kappa_and_high_ac1_on_the_same_reads():
    together = [FIRST, SECOND]

    ac1 = gwet_ac1(together)

    assert round(observed_agreement(FIRST, SECOND).value, 3) == 0.883
    assert round(cohen_kappa(FIRST, SECOND).value, 3) == 0.212
    assert round(krippendorff_alpha(together).value, 3) == 0.212
    assert round(ac1.value, 3) == 0.863
    assert (ac1.low, ac1.high) == pytest.approx((0.792, 0.934), abs=0.0006)
    assert round(positive_agreement(FIRST, SECOND).value, 2) == 0.27


@given(readings, st.sampled_from(["none", "linear", "quadratic"]))
def test_kappa_and_its_standard_error_are_those_of_sklearn_and_statsmodels(pairs, weights):
    first, second = np.array(pairs).T
    assume(len(set(first.tolist()) | set(second.tolist())) > 1)

    kappa = cohen_kappa(first, second, weights=weights, categories=range(4))

    named = None if weights == "none" else weights
    assert kappa.value == pytest.approx(
        cohen_kappa_score(first, second, labels=range(4), weights=named), abs=1e-9
    )
    table = np.zeros((4, 4))
    np.add.at(table, (first, second), 1)
    scheme = {"none": None, "linear": "linear", "quadratic": "quadratic"}[weights]
    with np.errstate(invalid="ignore"):  # statsmodels divides by a standard error of nought
        told = cohens_kappa(table, weights=np.arange(4), wt=scheme) if scheme else cohens_kappa(table)
    assert kappa.se**2 == pytest.approx(told.var_kappa, abs=1e-9)


@given(st.lists(st.lists(st.sampled_from([1.0, 2, 3, 4, NAN]), min_size=3, max_size=3), min_size=4, max_size=20),
       st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))  # fmt: skip
@settings(max_examples=60)
def test_alpha_is_that_of_the_krippendorff_package(rows, level):
    ratings = np.array(rows).T
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    assume(len(np.unique(paired[~np.isnan(paired)])) > 1)

    told = krippendorff.alpha(ratings, level_of_measurement=level)

    assert krippendorff_alpha(ratings, level=level).value == pytest.approx(told, abs=1e-9)


def test_limits_of_kappa_hold_as_often_as_promised_where_findings_are_few():
    rng = np.random.default_rng(4)
    finds, both = 0.066, 0.035
    cells = [both, finds - both, finds - both, 1 - 2 * finds + both]
    chance = finds**2 + (1 - finds) ** 2
    truth = (both + cells[3] - chance) / (1 - chance)

    held = []
    for table in rng.multinomial(300, cells, 400):
        kappa = cohen_kappa(np.repeat([1, 1, 0, 0], table), np.repeat([1, 0, 1, 0], table))
        held.append(kappa.low <= truth <= kappa.high)

    assert 0.93 <= np.mean(held) <= 0.98


def test_readers_who_never_differ_leave_kappa_unbounded():
    kappa = cohen_kappa([0, 1, 1], [0, 1, 1])

    assert (kappa.value, kappa.low, kappa.high) == (1, -1, 1)


def test_a_reader_who_knows_one_level_only_leaves_kappa_unbounded():
    first, second = [1] * 10, [1] * 6 + [0, 2, 2, 3]

    for weights in ("none", "linear", "quadratic"):
        kappa = cohen_kappa(first, second, weights=weights, categories=range(4))
        assert kappa.value == pytest.approx(0, abs=1e-12)
        assert (kappa.low, kappa.high) == (-1, 1)


def test_two_steps_apart_count_four_times_in_quadratic_kappa():
    near = cohen_kappa([0, 1, 2, 3] * 5, [0, 1, 2, 2] * 5, weights="quadratic")
    far = cohen_kappa([0, 1, 2, 3] * 5, [0, 1, 2, 1] * 5, weights="quadratic")

    assert far.value < near.value


def test_positive_agreement_keeps_its_limits_within_nought_and_one():
    none_shared = positive_agreement([1, 0, 1], [0, 1, 0])
    all_shared = positive_agreement([1, 0], [1, 0])

    assert (none_shared.value, none_shared.low) == (0, 0)
    assert none_shared.high > 0.5
    assert (all_shared.value, all_shared.high) == (1, 1)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        pytest.param(lambda: cohen_kappa([1, 1], [1, 1]), "single category", id="one category"),
        pytest.param(lambda: cohen_kappa([1], [1, 2]), "give the same cases", id="unequal"),
        pytest.param(
            lambda: cohen_kappa([1], [9], categories=[1, 2]), "9 is not among the categories", id="unknown"
        ),
        pytest.param(lambda: gwet_ac1([[1, 1], [1, 1]]), "two categories", id="AC1 of one category"),
        pytest.param(
            lambda: gwet_ac1([[1, 9], [1, 2]], categories=[1, 2]), "9 is not among", id="AC1 of an unknown"
        ),
        pytest.param(lambda: gwet_ac1([1, 2]), "n_raters, n_units", id="one reader"),
        pytest.param(lambda: krippendorff_alpha([[1, NAN], [NAN, 2]]), "read twice", id="nothing read twice"),
        pytest.param(
            lambda: positive_agreement([0, 0], [0, 0]), "a finding by at least one", id="no finding"
        ),
    ],
)
def test_reads_that_cannot_be_compared_are_refused(attempt, message):
    with pytest.raises(EstimationError, match=message):
        attempt()
