"""Where to stop reading keeps its promise to reviewers, and to the people who would be missed."""

import numpy as np
import pytest
from scipy.stats import binom

from models.errors import ModelError, NotEnoughCasesError
from models.thresholds import threshold_by_capacity, threshold_by_recall


def test_no_more_cases_are_flagged_than_can_be_reviewed():
    scores = np.array([0.3, 2.0, 1.0, -1.0])

    threshold = threshold_by_capacity(scores, 2)

    assert (scores >= threshold.score).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: threshold_by_capacity(np.array([1.0, np.nan]), 1),
        lambda: threshold_by_capacity(np.array([1.0, 2.0]), -1),
        lambda: threshold_by_recall(np.arange(50.0), recall=1.0, confidence=0.9),
        lambda: threshold_by_recall(np.arange(50.0), recall=0.8, confidence=1.0),
        lambda: threshold_by_recall(np.array([np.nan, 1.0]), recall=0.8, confidence=0.9),
    ],
    ids=["no score", "fewer than no reviews", "all of them", "for certain", "no score among those found"],
)
def test_what_no_line_can_promise_is_refused_by_name(wrong):
    with pytest.raises(ModelError):
        wrong()


def test_tied_cases_are_not_chosen_between_by_their_place_in_a_file():
    scores = np.array([2.0, 1.0, 1.0, 1.0, 0.0])

    threshold = threshold_by_capacity(scores, 2)

    assert (scores >= threshold.score).sum() == 1


@pytest.mark.parametrize(
    ("n_reviews", "n_flagged"), [(0, 0), (9, 4)], ids=["no reviewers", "more than cases"]
)
def test_the_ends_of_capacity(n_reviews, n_flagged):
    scores = np.array([0.3, 2.0, 1.0, -1.0])

    assert (scores >= threshold_by_capacity(scores, n_reviews).score).sum() == n_flagged


@pytest.mark.parametrize("n_found", [16, 63, 256])
def test_the_order_statistic_is_the_one_the_binomial_gives(n_found):
    scores = np.random.default_rng(0).permutation(n_found).astype(float)
    largest = max(j for j in range(1, n_found + 1) if binom.sf(j - 1, n_found, 0.2) >= 0.9)

    threshold = threshold_by_recall(scores, recall=0.8, confidence=0.9)

    assert threshold.score == largest - 1  # the j-th smallest of 0, 1, 2, ...


@pytest.mark.parametrize("unequal", [False, True], ids=["equal chances", "unequal chances"])
def test_the_recall_promised_is_reached_in_nine_samples_of_ten(unequal):
    rng = np.random.default_rng(4)
    reached = []
    for _ in range(800):
        scores = rng.normal(size=400)
        chance = np.where(scores > 0.5, 0.9, 0.3) if unequal else np.full(400, 0.5)
        drawn = rng.random(400) < chance

        threshold = threshold_by_recall(scores[drawn], recall=0.8, confidence=0.9, weight=1 / chance[drawn])

        a_fifth_lie_below = -0.8416212335729143  # of a normal population
        reached.append(threshold.score <= a_fifth_lie_below)

    assert np.mean(reached) > 0.88
    assert np.mean(reached) < 0.97


def test_too_few_found_cases_promise_nothing_and_say_how_many_are_needed():
    with pytest.raises(NotEnoughCasesError, match="at least 11 are needed"):
        threshold_by_recall(np.arange(10.0), recall=0.8, confidence=0.9)

    assert threshold_by_recall(np.arange(11.0), recall=0.8, confidence=0.9).score == 0.0
