"""Only the contract's columns become features, in one order; anything else is refused by name."""

import numpy as np
import pandas as pd
import pytest

from models.columns import AUDIT, check_columns, inputs
from models.errors import ColumnsRefusedError
from models.features import build_features, features


@pytest.mark.parametrize("leak", ["reviewed_level", "verdict", "cut_points", "serious_further_offence"])
def test_a_column_from_a_review_or_from_after_is_refused_by_name(records, leak):
    with pytest.raises(ColumnsRefusedError, match=f"{leak} is not in the contract"):
        build_features(records.assign(**{leak: 1.0}))


@pytest.mark.parametrize("moment", ["known_until_at", "assessed_at"])
def test_a_row_that_does_not_say_when_it_was_known_is_refused(records, moment):
    records.loc[3, moment] = pd.NaT

    with pytest.raises(ColumnsRefusedError, match=r"1 rows do not say by when they were known, .* at row 3"):
        build_features(records)


def test_a_row_that_holds_something_recorded_later_is_refused(records):
    records.loc[3, "known_until_at"] += pd.Timedelta(seconds=1)

    with pytest.raises(ColumnsRefusedError, match=r"1 rows hold something recorded after .* at row 3"):
        build_features(records)


def test_all_faults_of_a_table_are_named_at_once(records):
    records.loc[5, "violent_predictor_pct"] = 101

    with pytest.raises(ColumnsRefusedError) as refusal:
        check_columns(records.drop(columns="n_words"))

    assert "n_words is missing" in str(refusal.value)
    assert "violent_predictor_pct is 101 at row 5, outside 0 to 100 percent (1 rows)" in str(refusal.value)


def test_sex_ethnicity_age_officer_and_place_are_never_inputs(records):
    changed = records.assign(**dict.fromkeys(AUDIT, "someone else"))

    pd.testing.assert_frame_equal(build_features(changed), build_features(records))


def test_the_recorded_levels_are_never_inputs(records):
    changed = records.assign(assessed_overall=3.0, assessed_children=0.0, register_level_at_completion=3.0)

    pd.testing.assert_frame_equal(build_features(changed), build_features(records))


def test_features_have_one_order_whatever_the_order_of_the_columns(records):
    backwards = records[records.columns[::-1]]

    built = build_features(backwards)

    assert tuple(built.columns) == tuple(feature.name for feature in features())
    pd.testing.assert_frame_equal(built, build_features(records))


def test_an_empty_value_is_its_own_feature(records):
    records.loc[0, "violent_predictor_pct"] = np.nan

    built = build_features(records)

    assert built.loc[0, "violent_predictor_pct__missing"] == 1
    assert built.loc[1, "violent_predictor_pct__missing"] == 0
    assert not built.isna().any(axis=None)


def test_every_input_says_its_unit_range_meaning_of_empty_and_where_to_look():
    for column in inputs():
        assert column.unit, column.name
        assert column.missing, column.name
        assert column.low < column.high, column.name
        assert column.item[0] in "ABCDEFG", column.name
        assert bool(column.absent) == column.is_fact, column.name


def test_some_of_the_rows_have_the_features_that_they_have_among_all(records):
    everything = build_features(records)

    some = build_features(records.iloc[[7, 3, 400]])

    pd.testing.assert_frame_equal(some, everything.iloc[[7, 3, 400]])
