"""A manager sees what more checks would buy, and how far the checks contradict the recorded levels."""

import numpy as np
import pytest

from models.features import build_features
from models.labels import build_labels
from models.learning_curve import evidence_growth, learning_curve
from models.validation import cross_validated_scores, fitted_on


@pytest.fixture(name="prepared", scope="module")
def fixture_prepared(build):
    records, truly_high = build.records()
    labels = build_labels(records, build.reviews(records, truly_high.to_numpy()))
    return records, build_features(records), labels, records["officer"].to_numpy(dtype=object)


def test_more_reviews_are_compared_on_the_same_cases_with_intervals(prepared):
    _, features, labels, officer = prepared

    points = learning_curve(features, labels, officer, sizes=[0, 50, 200, 10_000], seed=1)

    assert [point.n_reviews for point in points] == [0, 50, 200]  # there are no 10,000 reviews
    assert {point.auprc.n for point in points} == {labels.judges.sum()}
    for point in points:
        assert point.auprc.low < point.auprc.value < point.auprc.high
        assert 0 <= point.recall.low <= point.recall.value <= point.recall.high <= 1


def test_with_every_review_the_curve_ends_at_the_validated_figure(prepared):
    _, features, labels, officer = prepared
    n_reviewed = int((~np.isnan(labels.reviewed_high) & ~labels.assessed_high).sum())
    scores, label_scores = cross_validated_scores(features, labels, officer)
    rows = labels.judges

    ends = learning_curve(features, labels, officer, sizes=[0, n_reviewed], seed=1)

    for point, expected in zip(ends, (label_scores, scores), strict=True):
        found = labels.reviewed_high[rows][np.argsort(-expected[rows])]
        precision = np.cumsum(found) / np.arange(1, len(found) + 1)
        assert point.auprc.value == pytest.approx((precision * found).sum() / found.sum(), abs=1e-6)


def test_the_beliefs_are_told_after_each_quarter_of_the_reviews(prepared):
    records, features, labels, officer = prepared
    model = fitted_on(features, labels, np.ones(len(features), dtype=bool))
    _, label_scores = cross_validated_scores(features, labels, officer)

    growth = evidence_growth(
        model, features, labels, label_scores, assessed_at=records["assessed_at"], officer=officer, seed=1
    )

    assert [step.n_reviews for step in growth] == [
        round(share * model.n_reviewed_) for share in (0.25, 0.5, 0.75, 1)
    ]
    assert growth[-1].tau_weights == model.tau_weights_
    assert (
        growth[-1].label_auc.high - growth[-1].label_auc.low
        < growth[0].label_auc.high - growth[0].label_auc.low
    )
    assert all(sum(step.trust_weights.values()) == pytest.approx(1) for step in growth)


def test_without_reviews_nothing_is_told(build, prepared):
    records, features, _, officer = prepared
    labels = build_labels(records, build.reviews(records, np.zeros(600, dtype=bool)).iloc[:0])
    model = fitted_on(features, labels, np.ones(600, dtype=bool))

    growth = evidence_growth(
        model, features, labels, np.zeros(600), assessed_at=records["assessed_at"], officer=officer, seed=1
    )

    assert growth == []
