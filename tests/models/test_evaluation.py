"""Figures on the classifier's pages are weighted, have intervals, and agree with independent tools."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from scipy.stats import t
from sklearn.metrics import average_precision_score, roc_auc_score

from models.calibration import expected_calibration_error, reliability_table
from models.drift import drift_table, stability_index
from models.evaluation import (
    ReviewedScores,
    compare_methods,
    label_auc,
    precision_and_recall,
    remaining_below,
    remaining_rates,
    weighted_auc,
    weighted_auprc,
)
from models.intervals import Estimate, bootstrap, effective_number, weighted_share
from models.natural_frequencies import of_hundred
from models.yields import BudgetYield, yield_at_budgets


def reviewed(n=600, seed=0):
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    found_high = rng.random(n) < 1 / (1 + np.exp(2 - 1.5 * score))
    weight = rng.integers(1, 5, size=n).astype(float)
    return ReviewedScores(score, found_high, weight, rng.integers(0, 80, size=n))


def test_a_weight_of_three_is_three_cases_in_every_measure():
    cases = reviewed()
    repeated = cases.among(np.repeat(np.arange(600), cases.weight.astype(int)))
    repeated = ReviewedScores(
        repeated.score, repeated.found_high, np.ones(len(repeated.score)), repeated.officer
    )

    assert weighted_auprc(cases) == pytest.approx(
        average_precision_score(repeated.found_high, repeated.score), abs=1e-12
    )
    assert weighted_auc(cases) == pytest.approx(weighted_auc(repeated), abs=1e-12)
    assert precision_and_recall(cases, 0.1) == pytest.approx(precision_and_recall(repeated, 0.1), abs=1e-12)


@pytest.mark.parametrize("n_digits", [0, 1, 8], ids=["many ties", "some ties", "no ties"])
def test_the_weighted_measures_are_scikit_learns(n_digits):
    cases = reviewed()
    score = np.round(cases.score, n_digits)
    tied = ReviewedScores(score, cases.found_high, cases.weight, cases.officer)

    oracle = {"y_true": cases.found_high, "y_score": score, "sample_weight": cases.weight}
    assert weighted_auprc(tied) == pytest.approx(average_precision_score(**oracle), abs=1e-12)
    assert weighted_auc(tied) == pytest.approx(roc_auc_score(**oracle), abs=1e-12)


def test_precision_and_recall_at_a_budget_by_hand():
    cases = ReviewedScores(
        np.array([5.0, 4, 3, 2, 1]), np.array([1, 0, 1, 0, 1], dtype=bool), np.ones(5), np.arange(5)
    )

    assert precision_and_recall(cases, 0.4) == (0.5, pytest.approx(1 / 3))
    assert precision_and_recall(cases, 1.0) == (pytest.approx(0.6), 1.0)


def test_tied_scores_share_the_budget_whatever_their_order():
    found_high = np.array([1, 0, 0, 0], dtype=bool)
    tied = ReviewedScores(np.zeros(4), found_high, np.ones(4), np.arange(4))

    assert precision_and_recall(tied, 0.5) == (0.25, 0.5)
    assert precision_and_recall(tied.among(np.array([3, 2, 1, 0])), 0.5) == (0.25, 0.5)


def test_the_interval_covers_the_truth_and_the_seed_decides_it():
    cases = reviewed()

    first, again = (yield_at_budgets(cases, seed=3, budget_shares=[0.1])[0] for _ in range(2))

    assert first == again
    assert first.precision.low < first.precision.value < first.precision.high
    assert first.recall.low < first.recall.value < first.recall.high


def share_resampled(is_so, officer, n_found):
    return bootstrap(lambda rows: float(is_so[rows].mean()), officer, n_found=n_found, seed=0)


def test_cases_of_one_officer_are_resampled_together():
    is_so = np.repeat([0.0, 1.0], 100)
    alone = share_resampled(is_so, np.arange(200), 100)
    in_two_caseloads = share_resampled(is_so, np.repeat([0, 1], 100), 100)

    assert alone.high - alone.low < 0.2
    assert in_two_caseloads.high - in_two_caseloads.low > 0.85


def test_the_limits_of_a_ranking_are_students_on_its_log_odds():
    is_so, officer = np.arange(200) < 60, np.arange(200)
    found = share_resampled(is_so, officer, 9)
    standard_error = (0.3 * 0.7 / 200) ** 0.5 / (0.3 * 0.7)  # of the log odds, as resamples estimate it
    half = t.ppf(0.975, 8) * standard_error

    assert found.value == 0.3
    assert logit(found.low) == pytest.approx(logit(0.3) - half, abs=0.05)
    assert logit(found.high) == pytest.approx(logit(0.3) + half, abs=0.05)
    assert share_resampled(is_so, officer, 5).high > found.high  # the fewer were found, the wider


@pytest.mark.parametrize(("is_so", "n_found"), [(np.ones(9), 9), (np.zeros(9), 0), (np.eye(9)[0], 1)])
def test_where_nothing_varies_or_one_was_found_the_limits_are_those_of_the_resamples(is_so, n_found):
    found = share_resampled(is_so, np.arange(9), n_found)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.n == 9


def test_the_sentence_says_how_many_need_a_higher_level_and_how_many_are_missed():
    told = BudgetYield(0.1, Estimate(0.18, 0.12, 0.25, 400), Estimate(0.36, 0.27, 0.45, 400))

    assert told.sentence(5000) == (
        "Of 100 flagged, about 18 (12 to 25) will need a higher level; about 64% (55% to 73%) of all wrong "
        "ones are not among the 500 flagged."
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ((0.26, 0.234, 0.284), "26 (23 to 28)"),
        ((0.002, 0.001, 0.004), "0 (0 to 1)"),
        ((0.997, 0.996, 0.999), "100 (99 to 100)"),
        ((0.0, 0.0, 0.0), "0 (too few to give an interval)"),
        ((0.4, float("nan"), float("nan")), "40 (too few to give an interval)"),
    ],
)
def test_a_share_is_never_said_to_lie_between_a_number_and_itself(share, said):
    assert of_hundred(*share) == said


def test_where_no_flag_was_right_the_interval_still_says_how_little_is_known():
    cases = ReviewedScores(np.arange(200.0), np.arange(200) < 20, np.ones(200), np.arange(200))

    highest = yield_at_budgets(cases, seed=1, budget_shares=[0.1])[0]

    # of the 20 read none was right: Wilson's upper limit for 0 of 20, and for 0 of the 20 that were wrong
    assert highest.precision.value == highest.recall.value == highest.precision.low == 0
    assert highest.precision.high == highest.recall.high == pytest.approx(0.1611, abs=1e-4)
    assert highest.precision.n == 200


def test_a_label_model_that_is_right_the_wrong_way_round_is_told_from_a_good_one():
    cases = reviewed()
    reversed_ = ReviewedScores(-cases.score, cases.found_high, cases.weight, cases.officer)

    assert label_auc(cases, seed=0).low > 0.5
    assert label_auc(reversed_, seed=0).high < 0.5


def test_a_sweep_knows_how_many_wrong_cases_lie_below_its_line():
    cases = reviewed(6000)
    n_below = int((cases.score < 0).sum())

    remaining = remaining_below(cases, 0.0, n_below)
    truth = cases.found_high[cases.score < 0].sum()

    assert remaining.low < truth < remaining.high


def test_finding_nothing_below_the_line_is_not_proof_of_nothing():
    cases = ReviewedScores(np.arange(40.0), np.arange(40) >= 20, np.ones(40), np.arange(40))

    remaining = remaining_below(cases, 20.0, 1000)

    assert remaining.value == 0
    assert remaining.high == pytest.approx(161.1, abs=0.1)  # Wilson's upper limit for 0 of 20


def test_of_few_wrong_cases_below_the_line_the_limits_hold_as_often_as_they_say():
    rng, n_rounds, held = np.random.default_rng(3), 400, 0
    for _ in range(n_rounds):
        officer = np.repeat(np.arange(150), 2)
        risk = np.repeat(rng.beta(0.6, 39.4, 150), 2)  # 15 in 1,000, alike within an officer
        cases = ReviewedScores(np.zeros(300), rng.random(300) < risk, rng.uniform(10, 60, 300), officer)
        rate = remaining_below(cases, 1.0, 1)
        held += rate.low <= 0.015 <= rate.high

    assert held / n_rounds > 0.94  # by resampling officers .885


def test_one_officers_cases_are_worth_less_than_as_many_officers():
    is_so = np.array([True] * 10 + [False] * 90)

    alone = weighted_share(is_so, np.ones(100), np.arange(100))
    together = weighted_share(is_so, np.ones(100), np.repeat(np.arange(10), 10))

    # By hand: the variance between ten totals of which one is 9 and nine are -1 is 1 in 100.
    n_eff = 0.1 * 0.9 / 0.01
    z = 1.959964
    middle, width = (0.1 + z**2 / (2 * n_eff)) / (1 + z**2 / n_eff), (1 + z**2 / n_eff)
    half = z * math.sqrt(0.09 / n_eff + z**2 / (4 * n_eff**2)) / width
    assert (together.low, together.high) == pytest.approx((max(0, middle - half), middle + half))
    assert alone.high < together.high


def test_methods_are_compared_on_the_same_reviews():
    cases = reviewed()

    table = compare_methods({"flag": cases.score, "chance": np.zeros(600)}, cases, budget_share=0.1, seed=0)

    assert table.loc["flag", "auprc"] > table.loc["chance", "auprc"]
    assert table.loc["chance", "recall"] == pytest.approx(0.1)


def test_wilsons_interval_is_the_published_one_for_nine_of_137():
    share = weighted_share(np.arange(137) < 9, np.ones(137))

    assert (round(share.low, 5), round(share.high, 5)) == (0.03494, 0.12013)
    assert share.value == pytest.approx(9 / 137)


def test_unequal_weights_count_for_fewer_cases():
    assert effective_number(np.full(50, 7.0)) == pytest.approx(50)
    assert effective_number(np.array([1.0, 0.0001])) == pytest.approx(1, abs=0.001)
    assert effective_number(np.empty(0)) == 0


def test_stated_and_observed_shares_agree_where_probabilities_are_true():
    rng = np.random.default_rng(1)
    probability = rng.random(20_000)

    true = reliability_table(probability, rng.random(20_000) < probability, np.ones(20_000))
    boastful = reliability_table(probability, rng.random(20_000) < probability / 2, np.ones(20_000))

    assert len(true) == 10
    assert expected_calibration_error(true) < 0.015
    assert expected_calibration_error(boastful) == pytest.approx(0.25, abs=0.02)
    assert ((true["low"] <= true["stated_rate"]) & (true["stated_rate"] <= true["high"])).sum() >= 9


def test_the_stability_index_by_hand():
    assert stability_index(np.array([0.5, 0.5]), np.array([0.25, 0.75])) == pytest.approx(
        0.25 * np.log(2) + 0.25 * np.log(1.5)
    )
    assert stability_index(np.array([0.3, 0.7]), np.array([0.3, 0.7])) == 0


def test_drift_names_the_feature_that_moved():
    rng = np.random.default_rng(0)
    reference = pd.DataFrame({"steady": rng.normal(size=4000), "fact": rng.random(4000) < 0.3})
    present = pd.DataFrame({"steady": rng.normal(size=4000), "fact": rng.random(4000) < 0.6})

    table = drift_table(reference.astype(float), present.astype(float))

    assert table["reading"].to_dict() == {"fact": "retrain", "steady": "steady"}
    assert table.index[0] == "fact"


def test_the_table_of_lines_says_what_asking_for_each_line_says():
    cases = reviewed()

    table = remaining_rates(cases, n_lines=10)

    assert [row.score for row in table] == sorted(row.score for row in table)
    assert table[4].wrong_rate == remaining_below(cases, table[4].score, 1)
    everything = np.average(cases.found_high, weights=cases.weight)
    assert table[-1].wrong_rate.value == pytest.approx(everything)  # the last line has every case below it
    assert remaining_rates(cases.among(np.array([], dtype=int))) == []
