"""Published worked examples come out right to the digits that were printed."""

import math

import numpy as np
import pytest

from sampling import (
    benjamini_hochberg,
    clopper_pearson_interval,
    cohen_kappa,
    detection_probability,
    estimate_mean,
    estimate_total,
    gwet_ac1,
    jeffreys_interval,
    krippendorff_alpha,
    observed_agreement,
    rogan_gladen,
    wilson_interval,
)


def readings_of(table):
    counts = np.array(table)
    rows, columns = np.indices(counts.shape)
    return [np.repeat(place.ravel(), counts.ravel()) for place in (rows, columns)]


@pytest.mark.parametrize(
    ("k", "n", "wilson", "clopper_pearson"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombes_four_proportions(k, n, wilson, clopper_pearson):
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, Table I, methods 3 and 5
    assert tuple(round(limit, 4) for limit in wilson_interval(k, n)) == wilson
    assert tuple(round(limit, 4) for limit in clopper_pearson_interval(k, n)) == clopper_pearson


def test_jeffreys_limits_of_two_of_seven():
    # Brown, Cai and DasGupta (2001), Table 5
    assert tuple(round(limit, 3) for limit in jeffreys_interval(2, 7)) == (0.065, 0.648)


def test_lohrs_grade_point_averages_of_five_suites_of_a_hundred():
    # Lohr, Sampling: Design and Analysis, example 5.2: all four students of 5 of 100 suites
    suites = [
        (3.08, 2.60, 3.44, 3.04), (2.36, 3.04, 3.28, 2.68), (2.00, 2.56, 2.52, 1.88), (3.00, 2.88, 3.44, 3.64),
        (2.68, 1.92, 3.28, 3.20),
    ]  # fmt: skip
    design = {"clusters": np.repeat(range(5), 4), "fpc": [100] * 20}

    mean, total = estimate_mean(np.ravel(suites), **design), estimate_total(np.ravel(suites), **design)

    assert (round(mean.value, 3), round(mean.se, 3)) == (2.826, 0.164)
    assert round(total.value, 1) == 1130.4


def test_hours_of_television_in_two_towns_and_the_country_around_them():
    # Scheaffer, Mendenhall and Ott, Elementary Survey Sampling, example 5.1: 155, 62 and 93 households
    town_a = [35, 43, 36, 39, 28, 28, 29, 25, 38, 27, 26, 32, 29, 40, 35, 41, 37, 31, 45, 34]
    town_b, rural = [27, 15, 4, 41, 49, 25, 10, 30], [8, 14, 12, 15, 30, 32, 21, 20, 34, 7, 11, 24]

    mean = estimate_mean(
        town_a + town_b + rural,
        strata=["A"] * 20 + ["B"] * 8 + ["rural"] * 12,
        fpc=[155] * 20 + [62] * 8 + [93] * 12,
    )

    assert (round(mean.value, 1), round(mean.se**2, 2)) == (27.7, 1.97)


@pytest.mark.parametrize(
    ("first", "second", "alpha"),
    [
        pytest.param("0100000010", "1110010000", 0.095, id="A: two observers, yes or no"),
        pytest.param("aabbdcccedda", "babbbccceddd", 0.692, id="B: two observers, five categories"),
    ],
)
def test_krippendorffs_examples_without_gaps(first, second, alpha):
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, examples A and B
    ratings = [[ord(letter) for letter in reader] for reader in (first, second)]

    assert round(krippendorff_alpha(ratings).value, 3) == alpha


@pytest.mark.parametrize(
    ("table", "weights", "kappa"),
    [
        pytest.param([[53, 5, 2], [11, 14, 5], [1, 6, 3]], "none", 0.429, id="two raters, three classes"),
        pytest.param(
            [[5, 8, 1, 2, 4, 2], [3, 5, 3, 5, 5, 0], [1, 2, 6, 11, 2, 1],
             [0, 1, 5, 4, 3, 3], [0, 0, 1, 2, 5, 2], [0, 0, 1, 2, 1, 4]],
            "linear", 0.316, id="six ordered classes",
        ),
    ],
)  # fmt: skip
def test_kappa_as_rs_irr_printed_it(table, weights, kappa):
    # irr's kappa2, unweighted and "equal", as printed in RExRepos, interRaterICC (D. Wollschlaeger)
    assert round(cohen_kappa(*readings_of(table), weights=weights).value, 3) == kappa


def test_gwets_abstractors():
    # Gwet (2014), Handbook of Inter-Rater Reliability; irrCAC overview, cont3x3abstractors
    first, second = readings_of([[13, 0, 0], [0, 20, 7], [0, 4, 56]])

    kappa = cohen_kappa(first, second)

    assert (round(kappa.value, 7), round(kappa.se, 8)) == (0.7964094, 0.05891072)
    ac1 = gwet_ac1([first, second])
    assert round(ac1.value, 4) == 0.8493
    # irrCAC prints the error of its function for tables, which divides by n where that for ratings has n - 1.
    assert round(ac1.se * math.sqrt(99 / 100), 8) == 0.04321747
    assert observed_agreement(first, second).value == 0.89


def test_gwets_paradox_of_high_agreement_and_a_kappa_below_nought():
    # Gwet (2002), Kappa statistic is not satisfactory for assessing the extent of agreement
    first, second = readings_of([[118, 5], [2, 0]])

    assert observed_agreement(first, second).value == 0.944
    assert round(cohen_kappa(first, second).value, 4) == -0.0234
    assert round(gwet_ac1([first, second]).value, 4) == 0.9408


def test_benjamini_and_hochbergs_fifteen_p_values_give_four_discoveries():
    # Benjamini and Hochberg (1995), section 4.1, at 0.05
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0000,
    ]  # fmt: skip

    found = benjamini_hochberg(p_values)

    assert found.listed.tolist() == [True] * 4 + [False] * 11


def test_brucellosis_in_twenty_three_of_a_hundred_and_fifty_cows():
    # epiR's manual, epi.prev: sensitivity 96%, specificity 89%; true prevalence 5.1 in 100
    assert round(100 * rogan_gladen(23 / 150, 0.96, 0.89), 1) == 5.1


def test_fifty_nine_checks_are_the_fewest_that_find_one_in_twenty_with_95_per_cent():
    # the auditors' and epidemiologists' table of discovery samples: log(0.05) / log(0.95) = 58.4
    assert detection_probability(58, 0.05) < 0.95 <= detection_probability(59, 0.05)
