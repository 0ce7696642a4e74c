"""The flag is compared between groups, as an independent tool would, and no small count can be worked out."""

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate
from sklearn.metrics import precision_score, recall_score

from models.fairness import FlaggedCases, fairness_table

FIGURES = ["flag_rate", "wrong_rate", "precision", "recall", "false_flag_rate"]


def test_the_fairness_table_agrees_with_fairlearn():
    rng = np.random.default_rng(2)
    flagged, found_high = rng.random(3000) < 0.3, rng.random(3000) < 0.4
    cases = FlaggedCases(flagged, found_high, rng.integers(1, 5, size=3000).astype(float))
    group = pd.Series(rng.choice(["A", "B", "C"], 3000))
    oracle = MetricFrame(
        metrics={
            "flag_rate": selection_rate,
            "precision": precision_score,
            "recall": recall_score,
            "false_flag_rate": false_positive_rate,
        },
        y_true=cases.found_high,
        y_pred=flagged,
        sensitive_features=group,
        sample_params={
            name: {"sample_weight": cases.weight}
            for name in ("flag_rate", "precision", "recall", "false_flag_rate")
        },
    ).by_group

    table = fairness_table(cases, group)

    for name in oracle.columns:
        np.testing.assert_allclose(table[name], oracle[name].astype(float), atol=1e-12)


def test_small_groups_are_shown_as_too_few_to_compare():
    group = pd.Series(["many"] * 60 + ["some"] * 15 + ["few"] * 5)
    half = np.arange(80) % 2 == 0

    table = fairness_table(FlaggedCases(half, half, np.ones(80)), group)

    assert table.loc["some", "note"] == table.loc["few", "note"] == "too few to compare"
    assert table.loc[["some", "few"], ["flag_rate", "precision", "recall"]].isna().all(axis=None)
    assert pd.isna(table.loc["few", "n"])
    assert table.loc["many", "note"] == ""


def test_a_figure_that_rests_on_under_ten_cases_is_withheld():
    found_high = np.arange(60) < 6

    table = fairness_table(
        FlaggedCases(np.ones(60, dtype=bool), found_high, np.ones(60)), pd.Series(["A"] * 60)
    )

    assert np.isnan(table.loc["A", "recall"])
    assert table.loc["A", "precision"] == pytest.approx(0.1)


def test_cases_without_a_recorded_group_are_their_own_group():
    table = fairness_table(
        FlaggedCases(np.ones(4, dtype=bool), np.ones(4, dtype=bool), np.ones(4)),
        pd.Series(["A", None, np.nan, "A"]),
    )

    assert list(table.index) == ["A", "not recorded"]


def groups(**counts):
    """Of each group so many cases neither flagged nor found high, only flagged, only found high, both."""
    kinds = [(0, 0), (1, 0), (0, 1), (1, 1)]
    rows = [
        (name, *kind)
        for name, n in counts.items()
        for kind, times in zip(kinds, n, strict=True)
        for _ in range(times)
    ]
    name, flagged, found_high = zip(*rows, strict=True)
    cases = FlaggedCases(np.array(flagged) == 1, np.array(found_high) == 1, np.ones(len(rows)))
    return fairness_table(cases, pd.Series(name))


def test_a_share_that_one_to_four_cases_make_up_is_withheld_and_the_next_smallest_with_it():
    # given: in group A 3 of 100 are flagged, in B 10, in C 40; 20 found high in each, 0, 5 and 15 of them flagged
    table = groups(A=(77, 3, 20, 0), B=(75, 5, 15, 5), C=(55, 25, 5, 15))

    # then: A's 3 cannot be worked out from a total, since B's 10 are not shown either
    assert table["flag_rate"].isna().to_dict() == {"A": True, "B": True, "C": False}
    assert table.loc["C", "flag_rate"] == pytest.approx(0.4)
    # and nothing else lets B's flagged be worked out
    assert table.loc[["A", "B"], ["precision", "false_flag_rate"]].isna().all(axis=None)
    assert table["wrong_rate"].notna().all()


def test_flagged_and_found_high_in_one_to_four_cases_hides_all_three_shares_that_tell_it():
    table = groups(A=(60, 18, 20, 2), B=(60, 15, 15, 10), C=(60, 10, 10, 20))

    for figure in ("precision", "recall", "false_flag_rate"):
        assert table[figure].isna().to_dict() == {"A": True, "B": True, "C": False}
    assert table[["flag_rate", "wrong_rate"]].notna().all(axis=None)


def test_none_of_many_is_no_small_count():
    table = groups(A=(60, 20, 20, 0), B=(60, 15, 15, 10))

    assert table.loc["A", ["precision", "recall"]].tolist() == [0, 0]


def test_a_lone_group_under_ten_takes_the_next_smallest_with_it():
    table = groups(A=(4, 1, 1, 1), B=(20, 5, 5, 5), C=(60, 10, 10, 20))

    assert pd.isna(table.loc["A", "n"])
    assert pd.isna(table.loc["B", "n"])
    assert table.loc["C", "n"] == 100
    assert table["note"].tolist() == ["too few to compare", "would give a smaller group away", ""]
    assert table.loc[["A", "B"], FIGURES].isna().all(axis=None)


def test_cases_without_a_recorded_group_cost_no_group_its_figures():
    rng = np.random.default_rng(4)
    found = rng.random(202) < 0.5
    group = pd.Series(["A"] * 100 + ["B"] * 100 + [None] * 2)

    table = fairness_table(FlaggedCases(rng.random(202) < 0.5, found, np.ones(202)), group)

    assert table.loc[["A", "B"], ["n", *FIGURES]].notna().all(axis=None)
    assert pd.isna(table.loc["not recorded", "n"])


def test_where_all_others_have_none_one_of_them_is_not_shown_either():
    table = groups(A=(77, 3, 20, 0), B=(80, 0, 20, 0), C=(80, 0, 20, 0))

    assert table["flag_rate"].isna().to_dict() == {"A": True, "B": True, "C": False}
