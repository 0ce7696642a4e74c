"""The ranker is near the better of its two parts, whichever that is; on average, never on one seed."""

import numpy as np
import pandas as pd
import pytest

from models.benchmark import METHODS, jackknife_error, ratio_to_better_part, recall_at_budget, run_cell
from models.synthetic import assess_with_errors, draw_reviews, make_pool

CELLS = [
    (wrong_share, noise, reviewed_share)
    for wrong_share in (0.066, 0.2)
    for noise in ("uniform", "feature")
    for reviewed_share in (0.01, 0.05, 0.075, 0.25)
]
PARTS = {name: METHODS[name] for name in ("ranker", "label", "reviewed")}


@pytest.fixture(scope="module")
def trials():
    pool = make_pool(1600, 12)
    return {
        cell: pd.DataFrame(
            run_cell(
                pool,
                wrong_share=cell[0],
                noise=cell[1],
                reviewed_share=cell[2],
                seeds=range(15),
                methods=PARTS,
            )
        )
        for cell in CELLS
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "worst", "average"), [("auprc", 0.91, 0.98), ("recall", 0.86, 0.99)], ids=["auprc", "recall"]
)
def test_in_no_kind_of_error_is_the_ranker_far_from_its_better_part(trials, measure, worst, average):
    ratios = {cell: ratio_to_better_part(rows, measure) for cell, rows in trials.items()}

    assert min(ratios.values()) >= worst, ratios
    assert np.mean(list(ratios.values())) >= average, ratios


@pytest.mark.slow
def test_neither_part_alone_is_safe(trials):
    means = [rows.groupby("method")["auprc"].mean() for rows in trials.values()]

    assert min(mean["reviewed"] / mean["label"] for mean in means) < 0.5
    assert min(mean["label"] / mean["reviewed"] for mean in means) < 0.95


def test_the_stated_share_of_recorded_mediums_is_wrong():
    pool = make_pool()

    assessed_high = assess_with_errors(pool, wrong_share=0.066, noise="feature", rng=np.random.default_rng(3))

    assert pool.truly_high[~assessed_high].mean() == pytest.approx(0.066, abs=0.0005)
    assert not assessed_high[~pool.truly_high].any()


def test_errors_that_depend_on_the_record_fall_on_light_records():
    pool = make_pool()

    assessed_high = assess_with_errors(pool, wrong_share=0.2, noise="feature", rng=np.random.default_rng(3))

    wrong = pool.truly_high & ~assessed_high
    assert pool.weight_of_record[wrong].mean() < pool.weight_of_record[pool.truly_high].mean() - 0.3


def test_only_recorded_mediums_are_reviewed_and_found_as_they_are():
    pool = make_pool()
    assessed_high = assess_with_errors(pool, wrong_share=0.2, noise="uniform", rng=np.random.default_rng(3))

    reviewed_high = draw_reviews(pool.truly_high, assessed_high, share=0.25, rng=np.random.default_rng(4))

    reviewed = ~np.isnan(reviewed_high)
    assert not assessed_high[reviewed].any()
    assert reviewed.sum() == round(0.25 * (~assessed_high).sum())
    np.testing.assert_array_equal(reviewed_high[reviewed] == 1, pool.truly_high[reviewed])


def test_recall_counts_the_wrong_mediums_among_those_read():
    scores = np.array([0.1, 0.9, 0.8, 0.2, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0])
    truly_high = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], dtype=bool)

    assert recall_at_budget(scores, truly_high, share=0.2) == 0.5


def test_the_error_of_a_ratio_is_found_by_leaving_out_each_planting():
    trials = pd.DataFrame(
        {
            "seed": np.repeat([0, 1, 2], 3),
            "method": ["ranker", "label", "reviewed"] * 3,
            "auprc": [0.30, 0.20, 0.10, 0.22, 0.20, 0.10, 0.20, 0.20, 0.10],
        }
    )

    ratio, error = ratio_to_better_part(trials, "auprc"), jackknife_error(trials, "auprc")

    by_hand = np.array([0.21 / 0.20, 0.25 / 0.20, 0.26 / 0.20])
    assert ratio == pytest.approx(0.24 / 0.20)
    assert error == pytest.approx(np.sqrt(2 / 3 * ((by_hand - by_hand.mean()) ** 2).sum()))
    assert np.isnan(jackknife_error(trials[trials["seed"] == 0], "auprc"))
