"""What a stranger may hand the ranker: read rightly, or refused in words."""

import numpy as np
import pandas as pd
import pytest
from factories.reviewed_pool import reviewed_pool

from models.errors import UnusableReviewsError
from models.ranker import MisclassificationClassifier


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_only_the_ratio_of_inclusion_probabilities_counts_however_small_they_are(scale):
    pool, assessed_high, reviewed_high = reviewed_pool()
    weight = 1.0 + np.arange(1200) % 5

    def ranked(weights):
        model = MisclassificationClassifier()
        model.fit(pool.features, assessed_high, reviewed_high=reviewed_high, sample_weight=weights)
        return model.rank(pool.features)

    np.testing.assert_allclose(ranked(weight * scale), ranked(weight), atol=1e-9)


@pytest.mark.parametrize("unit", [1e160, 1e-170])
def test_a_column_in_a_very_large_or_small_unit_is_not_lost(unit):
    pool, assessed_high, reviewed_high = reviewed_pool()
    in_unit = pool.features.copy()
    in_unit[:, 0] *= unit

    plain = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    other = MisclassificationClassifier().fit(in_unit, assessed_high, reviewed_high=reviewed_high)

    np.testing.assert_allclose(other.rank(in_unit), plain.rank(pool.features), atol=1e-7)


@pytest.mark.parametrize("words", [("High", "Medium"), ("HIGH", "LOW"), ("very_high", "x")])
def test_words_in_which_high_would_count_as_lower_are_refused(words):
    pool, assessed_high, _ = reviewed_pool()

    with pytest.raises(ValueError, match="Give True or 1 for cases assessed high"):
        MisclassificationClassifier().fit(pool.features, np.where(assessed_high, *words))


def test_truth_values_kept_as_objects_are_read_as_truth_values():
    pool, assessed_high, _ = reviewed_pool()

    kept = MisclassificationClassifier().fit(pool.features, assessed_high.astype(object))

    plain = MisclassificationClassifier().fit(pool.features, assessed_high)
    assert (kept.rank(pool.features) == plain.rank(pool.features)).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"label_c": 0}, "label_c"),
        ({"candidates": ()}, "candidates"),
        ({"n_trusted": -1.0}, "n_trusted"),
        ({"n_trusted": np.nan}, "n_trusted"),
    ],
)
def test_a_parameter_that_can_mean_nothing_is_refused(wrong, message):
    pool, assessed_high, _ = reviewed_pool()

    with pytest.raises(ValueError, match=message):
        MisclassificationClassifier(**wrong).fit(pool.features, assessed_high)


def test_other_labels_than_those_of_the_fit_are_refused_with_other_reviews():
    pool, assessed_high, reviewed_high = reviewed_pool()
    fitted = MisclassificationClassifier().fit(pool.features, assessed_high)

    with pytest.raises(ValueError, match="other classes than the fit"):
        fitted.with_reviews(pool.features, assessed_high.astype(int) + 1, reviewed_high=reviewed_high)


@pytest.mark.parametrize("dtype", ["object", "boolean", "Float64", "Int8"])
def test_missing_reviews_may_be_written_in_any_of_the_usual_ways(dtype):
    pool, assessed_high, reviewed_high = reviewed_pool()
    written = pd.Series(reviewed_high).astype(dtype).where(~np.isnan(reviewed_high), pd.NA)

    plain = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    other = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=written)

    np.testing.assert_array_equal(other.rank(pool.features), plain.rank(pool.features))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reviewed_high": [0.5] * 1200}, r"reviewed_high\[0\] is 0.5; use 1, 0, or nan"),
        ({"reviewed_high": ["high"] * 1200}, "cannot be read .* use 1, 0, or nan"),
        ({"reviewed_high": [1.0] * 7}, r"reviewed_high has shape \(7,\)"),
        ({"reviewed_high": np.full(1200, np.datetime64("2026-11-22"))}, "cannot be read"),
        ({"sample_weight": [1.0] * 7}, r"sample_weight has shape \(7,\)"),
        ({"sample_weight": [0.0] * 1200}, r"sample_weight\[\d+\] is 0.0 on a reviewed case"),
    ],
    ids=["half high", "words", "too few", "days", "too few weights", "never drawn"],
)
def test_reviews_that_cannot_be_learnt_from_are_refused(change, message):
    pool, assessed_high, reviewed_high = reviewed_pool()

    with pytest.raises(UnusableReviewsError, match=message):
        MisclassificationClassifier().fit(
            pool.features, assessed_high, **{"reviewed_high": reviewed_high, **change}
        )


def test_a_wrong_number_of_learnable_columns_is_refused():
    pool, assessed_high, _ = reviewed_pool()

    with pytest.raises(ValueError, match="learnable has 3 entries; give one for each of 8 columns"):
        MisclassificationClassifier(learnable=(True,) * 3).fit(pool.features, assessed_high)
