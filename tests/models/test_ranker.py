"""The ranker keeps scikit-learn's rules and depends on nothing it should not."""

import numpy as np
import pytest
from factories.reviewed_pool import reviewed_pool
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.utils.estimator_checks import check_estimator

from models.offset_ridge import fit_ridge
from models.ranker import MisclassificationClassifier
from models.synthetic import assess_with_errors, make_pool

# Its second argument is called assessed_high, because that is what it is.
NAME_OF_Y = {
    "check_fit_score_takes_y": "the second argument of fit is called assessed_high",
    "check_sample_weight_equivalence_on_dense_data": "passes y by that name; held below under a renamed argument",
}


class NamedAsInScikitLearn(MisclassificationClassifier):
    def fit(self, X, y, sample_weight=None):  # noqa: N803
        return super().fit(X, y, sample_weight=sample_weight)


def test_scikit_learns_own_checks_pass_but_for_the_name_of_the_labels():
    results = check_estimator(
        MisclassificationClassifier(), expected_failed_checks=NAME_OF_Y, on_fail=None, on_skip=None
    )

    statuses = {result["check_name"]: result["status"] for result in results}
    assert {name for name, status in statuses.items() if status == "xfail"} == set(NAME_OF_Y)
    assert [name for name, status in statuses.items() if status == "failed"] == []


def test_scikit_learns_own_checks_all_pass_under_its_name_for_the_labels():
    results = check_estimator(NamedAsInScikitLearn(), on_fail=None, on_skip=None)

    assert [result["check_name"] for result in results if result["status"] == "failed"] == []


@pytest.mark.parametrize("penalty", [0.5, 10.0, 300.0])
def test_without_an_offset_the_ridge_is_scikit_learns_logistic_regression(penalty):
    pool, assessed_high, _ = reviewed_pool()
    oracle = LogisticRegression(C=1 / penalty, tol=1e-12, solver="newton-cholesky", max_iter=1000)
    oracle.fit(pool.features, assessed_high)

    fit = fit_ridge(
        pool.features,
        assessed_high.astype(float),
        offset=np.zeros(1200),
        weight=np.ones(1200),
        penalty=penalty,
        intercept_penalty=0.0,
    )

    assert np.abs(fit.coef - oracle.coef_[0]).max() < 2e-9
    assert abs(fit.intercept - oracle.intercept_[0]) < 2e-9


def test_the_order_of_the_cases_changes_no_score():
    pool, assessed_high, reviewed_high = reviewed_pool()
    shuffled = np.random.default_rng(1).permutation(1200)

    straight = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    mixed = MisclassificationClassifier().fit(
        pool.features[shuffled], assessed_high[shuffled], reviewed_high=reviewed_high[shuffled]
    )

    np.testing.assert_allclose(mixed.rank(pool.features), straight.rank(pool.features), atol=1e-9)
    np.testing.assert_allclose(
        mixed.predict_proba(pool.features), straight.predict_proba(pool.features), atol=1e-9
    )


def test_measuring_a_feature_in_other_units_changes_no_score():
    pool, assessed_high, reviewed_high = reviewed_pool()
    in_other_units = pool.features * 10.0 ** np.arange(-4, 4) + 7

    plain = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    other = MisclassificationClassifier().fit(in_other_units, assessed_high, reviewed_high=reviewed_high)

    np.testing.assert_allclose(other.rank(in_other_units), plain.rank(pool.features), atol=1e-7)


@pytest.mark.parametrize("place", [0, 8])
def test_a_column_that_never_varies_changes_nothing(place):
    pool, assessed_high, reviewed_high = reviewed_pool()
    with_constant = np.insert(pool.features, place, 0.1, axis=1)

    plain = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    other = MisclassificationClassifier().fit(with_constant, assessed_high, reviewed_high=reviewed_high)

    np.testing.assert_allclose(other.rank(with_constant), plain.rank(pool.features), atol=1e-12)
    assert other.coef_[0, place] == 0


def test_a_case_of_weight_three_counts_as_three_cases():
    pool, assessed_high, _ = reviewed_pool()
    weight = np.arange(1200) % 4

    weighted = MisclassificationClassifier().fit(pool.features, assessed_high, sample_weight=weight)
    repeated = MisclassificationClassifier().fit(
        np.repeat(pool.features, weight, axis=0), np.repeat(assessed_high, weight)
    )

    np.testing.assert_allclose(
        weighted.predict_proba(pool.features), repeated.predict_proba(pool.features), atol=1e-9
    )
    np.testing.assert_allclose(weighted.rank(pool.features), repeated.rank(pool.features), atol=1e-9)


def test_a_case_of_weight_three_counts_as_three_where_equal_records_have_different_levels():
    rng = np.random.default_rng(3)
    records = rng.integers(0, 3, size=(400, 2)).astype(float)
    assessed_high = rng.random(400) < 0.3 + 0.2 * records[:, 0] / 2
    weight = np.arange(400) % 4

    weighted = MisclassificationClassifier().fit(records, assessed_high, sample_weight=weight)
    repeated = MisclassificationClassifier().fit(
        np.repeat(records, weight, axis=0), np.repeat(assessed_high, weight)
    )

    np.testing.assert_allclose(weighted.rank(records), repeated.rank(records), atol=1e-9)


def test_a_training_case_given_in_single_precision_is_still_ranked_by_a_model_that_never_saw_it():
    pool, assessed_high, reviewed_high = reviewed_pool()
    fitted = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)

    np.testing.assert_allclose(
        fitted.rank(pool.features.astype(np.float32)), fitted.rank(pool.features), atol=1e-4
    )


def test_equal_inclusion_probabilities_are_as_good_as_none():
    pool, assessed_high, reviewed_high = reviewed_pool()

    none = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    equal = MisclassificationClassifier().fit(
        pool.features, assessed_high, reviewed_high=reviewed_high, sample_weight=np.full(1200, 37.0)
    )

    np.testing.assert_allclose(equal.rank(pool.features), none.rank(pool.features), atol=1e-12)


def test_two_runs_are_identical_to_the_last_bit():
    pool, assessed_high, reviewed_high = reviewed_pool()

    runs = [
        MisclassificationClassifier()
        .fit(pool.features, assessed_high, reviewed_high=reviewed_high)
        .rank(pool.features)
        for _ in range(2)
    ]

    assert runs[0].tobytes() == runs[1].tobytes()


@pytest.mark.parametrize(
    "found", [None, 0.0, 1.0], ids=["nothing reviewed", "none found high", "all found high"]
)
def test_without_reviews_of_both_kinds_the_order_is_the_label_models(found):
    pool, assessed_high, reviewed_high = reviewed_pool()
    reviewed = np.full(1200, np.nan)
    if found is not None:
        reviewed[~np.isnan(reviewed_high)] = found

    label = MisclassificationClassifier().fit(pool.features, assessed_high).rank(pool.features)
    model = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed)

    np.testing.assert_array_equal(np.argsort(model.rank(pool.features)), np.argsort(label))
    assert not model.correction_.coef.any()
    assert model.tau_weights_[0.0] == 1.0


def test_a_training_case_is_ranked_by_a_model_that_never_saw_its_level():
    noise = np.random.default_rng(2).normal(size=(150, 60))
    assessed_high = np.random.default_rng(3).random(150) < 0.5

    model = MisclassificationClassifier(label_c=10.0).fit(noise, assessed_high)

    assert roc_auc_score(assessed_high, model.decision_function(noise)) > 0.85  # learnt by heart
    assert roc_auc_score(assessed_high, model.rank(noise)) < 0.65  # nothing to learn


def test_a_training_case_keeps_its_rank_wherever_it_stands():
    pool, assessed_high, reviewed_high = reviewed_pool()
    mediums = np.flatnonzero(~assessed_high)[::-1]

    model = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)

    np.testing.assert_allclose(
        model.rank(pool.features[mediums]), model.rank(pool.features)[mediums], atol=1e-12
    )


def test_reviews_of_cases_already_assessed_high_change_nothing():
    pool, assessed_high, reviewed_high = reviewed_pool()
    with_highs = np.where(assessed_high, 1.0, reviewed_high)

    plain = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    other = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=with_highs)

    assert other.n_reviewed_ == plain.n_reviewed_
    np.testing.assert_array_equal(other.rank(pool.features), plain.rank(pool.features))


def test_the_beliefs_say_when_reviews_contradict_the_recorded_levels():
    _, assessed_high, agreeing = reviewed_pool(noise="uniform", share=1.0)
    pool, _, _ = reviewed_pool(noise="uniform", share=1.0)
    contrary = np.where(
        np.isnan(agreeing), np.nan, pool.features[:, 0] < np.quantile(pool.features[:, 0], 0.2)
    )

    unrelated = np.where(np.isnan(agreeing), np.nan, np.random.default_rng(9).random(1200) < 0.2)

    calm, torn, deaf = (
        MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviews)
        for reviews in (agreeing, contrary, unrelated)
    )

    assert sum(calm.tau_weights_.values()) == pytest.approx(1)
    assert calm.trust_weights_[1.0] > 0.9
    assert sum(calm.tau_weights_[tau] for tau in (2.0, 4.0, 8.0)) < 0.1
    assert sum(torn.tau_weights_[tau] for tau in (2.0, 4.0, 8.0)) > 0.9
    assert deaf.trust_weights_[1.0] < 0.01
    assert deaf.correction_.trust < 0.3


def test_the_probability_of_reviewed_cases_matches_the_share_found_high():
    pool, assessed_high, reviewed_high = reviewed_pool(share=0.5)
    reviewed = ~np.isnan(reviewed_high)

    model = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)

    expected = model.predict_proba(pool.features[reviewed])[:, 1].mean()
    assert expected == pytest.approx(reviewed_high[reviewed].mean(), abs=0.01)


def test_reviews_drawn_with_unequal_chances_are_weighted_back_to_the_pool():
    pool = make_pool(6000, 6, seed=5)
    rng = np.random.default_rng(5)
    assessed_high = assess_with_errors(pool, wrong_share=0.2, noise="uniform", rng=rng)
    weight = 1 / np.where(pool.truly_high, 0.8, 0.2)  # targeted on something that no feature shows
    reviewed_high = np.where(rng.random(6000) < 1 / weight, pool.truly_high.astype(float), np.nan)
    reviewed_high[assessed_high] = np.nan
    reviewed = ~np.isnan(reviewed_high)

    model = MisclassificationClassifier().fit(
        pool.features, assessed_high, reviewed_high=reviewed_high, sample_weight=weight
    )

    horvitz_thompson = np.average(reviewed_high[reviewed], weights=weight[reviewed])
    chance = model.predict_proba(pool.features[reviewed])[:, 1]
    assert np.average(chance, weights=weight[reviewed]) == pytest.approx(horvitz_thompson, abs=0.005)
    assert reviewed_high[reviewed].mean() > horvitz_thompson + 0.2


def test_a_national_years_reviews_can_be_fitted():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(18_000, 60))
    assessed_high = features[:, 0] + rng.logistic(size=18_000) > 1
    reviewed_high = np.where(assessed_high, np.nan, features[:, 1] + rng.logistic(size=18_000) > 2.7)

    model = MisclassificationClassifier().fit(features, assessed_high, reviewed_high=reviewed_high)

    assert average_precision_score(features[:, 1] > 1, model.rank(features)) > 0.5


def test_recorded_levels_are_not_learnt_from_what_follows_from_them():
    pool, assessed_high, reviewed_high = reviewed_pool()
    disagrees = np.random.default_rng(8).random(1200) < 0.1
    restated = np.column_stack(
        [pool.features, assessed_high ^ disagrees]
    )  # a register that repeats the level
    learnable = (*[True] * 8, False)
    mediums = ~assessed_high

    without = MisclassificationClassifier().fit(pool.features, assessed_high)
    taken_in = MisclassificationClassifier().fit(restated, assessed_high)
    kept_out = MisclassificationClassifier(learnable=learnable).fit(restated, assessed_high)
    reviewed = MisclassificationClassifier(learnable=learnable).fit(
        restated, assessed_high, reviewed_high=reviewed_high
    )

    auprc = [
        average_precision_score(pool.truly_high[mediums], model.rank(cases)[mediums])
        for model, cases in ((without, pool.features), (taken_in, restated), (kept_out, restated))
    ]
    assert kept_out.coef_[0, 8] == 0
    assert auprc[2] == pytest.approx(auprc[0], abs=0.01)
    assert auprc[1] < auprc[0] - 0.03
    assert reviewed.label_model_.coef[8] == 0
    assert reviewed.coef_[0, 8] != 0


def test_learning_from_other_reviews_of_the_same_cases_is_a_fit_on_them():
    pool, assessed_high, reviewed_high = reviewed_pool()
    fewer = np.where(np.arange(1200) % 2 == 0, reviewed_high, np.nan)
    weight = 1.0 + np.arange(1200) % 3

    first = MisclassificationClassifier().fit(pool.features, assessed_high, reviewed_high=reviewed_high)
    before = first.rank(pool.features)
    other = first.with_reviews(pool.features, assessed_high, reviewed_high=fewer, sample_weight=weight)
    fitted = MisclassificationClassifier().fit(
        pool.features, assessed_high, reviewed_high=fewer, sample_weight=weight
    )

    np.testing.assert_array_equal(other.rank(pool.features), fitted.rank(pool.features))
    np.testing.assert_array_equal(first.rank(pool.features), before)
