"""A manager sees what more checks would buy, and how far the checks contradict the recorded levels."""

import numpy as np
import pytest

from models.features import build_features
from models.labels import build_labels
from models.learning_curve import evidence_growth, learning_curve
from models.validation import cross_validated_scores, fit_without_officers, fitted_on


@pytest.fixture(name="prepared", scope="module")
def fixture_prepared(build):
    records, truly_high = build.records()
    labels = build_labels(records, build.reviews(records, truly_high.to_numpy()))
    features, officer = build_features(records), records["officer"].to_numpy(dtype=object)
    return records, features, labels, officer, fit_without_officers(features, labels, officer)


def test_more_reviews_are_compared_on_the_same_cases_with_intervals(prepared):
    _, features, labels, officer, folds = prepared
    n_reviewed = int((~np.isnan(labels.reviewed_high) & ~labels.assessed_high).sum())

    points = learning_curve(features, labels, folds, officer=officer, seed=1).points

    assert [point.n_reviews for point in points] == [
        round(share * n_reviewed) for share in (0, 0.125, 0.25, 0.5, 1)
    ]
    assert [point.n_found_high for point in points] == sorted(point.n_found_high for point in points)
    assert points[-1].n_found_high == np.nansum(labels.reviewed_high[~labels.assessed_high])
    assert {point.auprc.n for point in points} == {labels.judges.sum()}
    for point in points:
        assert point.auprc.low < point.auprc.value < point.auprc.high
        assert 0 <= point.recall.low <= point.recall.value <= point.recall.high <= 1


def test_what_the_last_reviews_bought_is_said_with_its_interval_from_the_same_resamples(prepared):
    _, features, labels, officer, folds = prepared

    curve = learning_curve(features, labels, folds, officer=officer, seed=1)

    half, last = curve.points[-2:]
    assert last.gain.value == pytest.approx(last.recall.value - half.recall.value)
    # the same cases in both: the difference is known better than two figures of different cases would be
    assert last.gain.high - last.gain.low < (last.recall.high - last.recall.low) * np.sqrt(2)
    gain, least, most = (round(100 * x) for x in (last.gain.value, last.gain.low, last.gain.high))
    assert f"{gain:+} ({least:+} to {most:+}) by the last {last.n_reviews - half.n_reviews}" in curve.sentence
    assert ("That may be chance" in curve.sentence) == (last.gain.low <= 0 <= last.gain.high)


def test_the_curve_runs_from_the_recorded_levels_alone_to_the_validated_figure(prepared):
    _, features, labels, officer, folds = prepared
    scores, label_scores = cross_validated_scores(features, folds)
    rows = labels.judges

    points = learning_curve(features, labels, folds, officer=officer, seed=1).points

    for point, expected in zip((points[0], points[-1]), (label_scores, scores), strict=True):
        found = labels.reviewed_high[rows][np.argsort(-expected[rows])]
        precision = np.cumsum(found) / np.arange(1, len(found) + 1)
        assert point.auprc.value == pytest.approx((precision * found).sum() / found.sum(), abs=1e-6)


def test_the_beliefs_are_told_after_each_quarter_of_the_reviews(prepared):
    records, features, labels, officer, folds = prepared
    model = fitted_on(features, labels, np.ones(len(features), dtype=bool))
    _, label_scores = cross_validated_scores(features, folds)

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
    records, features, _, officer, folds = prepared
    labels = build_labels(records, build.reviews(records, np.zeros(600, dtype=bool)).iloc[:0])
    model = fitted_on(features, labels, np.ones(600, dtype=bool))

    growth = evidence_growth(
        model, features, labels, np.zeros(600), assessed_at=records["assessed_at"], officer=officer, seed=1
    )

    assert growth == []
    curve = learning_curve(features, labels, folds, officer=officer, seed=1)
    assert curve.points == []
    assert curve.sentence == "Nobody can say yet what more reviews buy: too few were found high."
