"""Only usable reviews teach, only random ones judge, and nothing is judged by what it was taught on."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from models.errors import ColumnsRefusedError, ModelError, NotEnoughCasesError, UnusableReviewsError
from models.features import build_features
from models.labels import build_labels
from models.leaks import refuse_leaks
from models.thresholds import RecallTarget
from models.training import train
from models.validation import cross_validated_scores, fit_without_officers, latest_scores, reviewed_scores


def test_reviews_that_are_not_final_or_not_scorable_or_sent_by_someone_teach_nothing(records_and_reviews):
    records, reviews = records_and_reviews
    reviews.loc[0, "is_final"] = False
    reviews.loc[1, "is_scorable"] = False
    reviews.loc[2, "arm"] = "self_referral"
    left_out = records["assessment_id"].isin(reviews["assessment_id"][:3]).to_numpy()

    labels = build_labels(records, reviews)

    assert np.isnan(labels.reviewed_high[left_out]).all()
    assert (~np.isnan(labels.reviewed_high)).sum() == len(reviews) - 3


def test_targeted_checks_teach_by_their_chance_of_being_drawn_but_never_judge(records_and_reviews):
    records, reviews = records_and_reviews
    reviews["arm"], reviews["inclusion_probability"] = "targeted", 0.25

    labels = build_labels(records, reviews)

    assert not labels.judges.any()
    assert set(labels.weight[~np.isnan(labels.reviewed_high)]) == {4.0}
    assert set(labels.weight[np.isnan(labels.reviewed_high)]) == {1.0}


def test_a_case_that_two_arms_could_draw_teaches_by_both_chances_and_judges_by_the_random_one(
    records_and_reviews,
):
    records, reviews = records_and_reviews
    reviews["inclusion_probability"], reviews["union_probability"] = 0.05, 1.0
    reviews.loc[:9, "arm"] = "targeted"

    labels = build_labels(records, reviews)

    reviewed = ~np.isnan(labels.reviewed_high)
    assert set(labels.weight[reviewed]) == {1.0}
    assert set(labels.judging_weight[labels.judges]) == {20.0}
    rows = np.flatnonzero(labels.judges)
    judged = reviewed_scores(np.zeros(len(records)), labels, records["officer"].to_numpy(), rows)
    assert set(judged.weight) == {20.0}


def test_a_chance_over_all_arms_that_cannot_be_is_refused(records_and_reviews):
    records, reviews = records_and_reviews
    reviews["union_probability"] = 1.5

    with pytest.raises(UnusableReviewsError, match=r"union probability of assessment A\d+ is 1.5"):
        build_labels(records, reviews)


def test_each_group_of_people_at_risk_has_its_own_labels(records_and_reviews):
    records, reviews = records_and_reviews
    records["assessed_children"] = 0.0
    reviews["reviewed_children"] = 2.0

    labels = build_labels(records, reviews, "children")

    assert not labels.assessed_high.any()
    assert np.nansum(labels.reviewed_high) == len(reviews)


def test_a_check_read_twice_without_one_superseding_the_other_is_refused(records_and_reviews):
    records, reviews = records_and_reviews

    with pytest.raises(UnusableReviewsError, match="has two final reviews"):
        build_labels(records, pd.concat([reviews, reviews.iloc[:1]]))


@pytest.mark.parametrize("chance", [0.0, 1.2, np.nan])
def test_a_review_without_a_known_chance_of_being_drawn_is_refused(records_and_reviews, chance):
    records, reviews = records_and_reviews
    reviews.loc[0, "inclusion_probability"] = chance

    with pytest.raises(UnusableReviewsError, match="must be above 0 and at most 1"):
        build_labels(records, reviews)


def test_an_unknown_target_is_refused(records_and_reviews):
    with pytest.raises(ModelError, match="use one of overall, children"):
        build_labels(*records_and_reviews, "prisoners")


def test_a_planted_leak_under_an_innocent_name_is_refused(records_and_reviews):
    records, reviews = records_and_reviews
    labels = build_labels(records, reviews)
    records["n_supervision_notes"] = np.nan_to_num(labels.reviewed_high, nan=0.5) * 2

    with pytest.raises(ColumnsRefusedError, match="n_supervision_notes give away what the reviews found"):
        refuse_leaks(build_features(records), labels)


@pytest.mark.parametrize(("n_high", "is_refused"), [(5, True), (3, False)])
def test_few_findings_are_given_away_by_a_feature_that_no_other_order_explains(
    records_and_reviews, n_high, is_refused
):
    records, reviews = records_and_reviews
    found = build_labels(records, reviews)
    high = np.flatnonzero((found.reviewed_high == 1) & ~found.assessed_high)[n_high:]
    labels = replace(
        found, reviewed_high=np.where(np.isin(np.arange(len(records)), high), np.nan, found.reviewed_high)
    )
    records["n_supervision_notes"] = np.nan_to_num(labels.reviewed_high, nan=0.5) * 2

    with pytest.raises(ColumnsRefusedError) if is_refused else nullcontext():
        refuse_leaks(build_features(records), labels)


def test_a_column_that_is_filled_for_reviewed_cases_alone_is_refused(records_and_reviews):
    records, reviews = records_and_reviews
    labels = build_labels(records, reviews)
    records["n_supervision_notes"] = np.where(
        np.isnan(labels.reviewed_high), np.nan, np.arange(len(records)) % 4
    )

    with pytest.raises(ColumnsRefusedError, match="n_supervision_notes are filled for reviewed cases alone"):
        refuse_leaks(build_features(records), labels)


def test_an_officers_own_reviews_have_no_say_in_the_scores_of_their_cases(records_and_reviews):
    records, reviews = records_and_reviews
    features, labels = build_features(records), build_labels(records, reviews)
    officer = records["officer"].to_numpy(dtype=object)
    theirs = officer == "O7"
    contrary = build_labels(records, reviews)
    contrary.reviewed_high[theirs] = 1 - contrary.reviewed_high[theirs]

    before, _ = cross_validated_scores(features, fit_without_officers(features, labels, officer))
    after, _ = cross_validated_scores(features, fit_without_officers(features, contrary, officer))

    np.testing.assert_array_equal(after[theirs], before[theirs])
    assert (after != before).any()


def test_the_latest_quarter_is_judged_by_what_was_known_before_it(records_and_reviews):
    records, reviews = records_and_reviews
    features, labels = build_features(records), build_labels(records, reviews)
    officer = records["officer"].to_numpy(dtype=object)

    judged = latest_scores(features, labels, records["assessed_at"], officer)
    late = records["assessed_at"] > records["assessed_at"][labels.judges].quantile(0.75)
    changed = build_labels(records, reviews)
    changed.assessed_high[late & ~changed.judges] ^= True
    again = latest_scores(features, changed, records["assessed_at"], officer)

    assert len(judged.score) == pytest.approx(labels.judges.sum() / 4, abs=1)
    np.testing.assert_array_equal(again.score, judged.score)


def test_a_report_says_what_was_learnt_and_how_good_it_is(records_and_reviews):
    records, reviews = records_and_reviews
    labels = build_labels(records, reviews)

    model, report = train(records, labels, target="overall", n_reviews=40, seed=1)

    ranked = model.rank(build_features(records).to_numpy())
    assert (ranked[~labels.assessed_high] >= report.threshold.score).sum() == 40
    assert report.n_judging == report.n_reviewed == labels.judges.sum()
    assert report.wrong_rate.low < labels.reviewed_high[labels.judges].mean() < report.wrong_rate.high
    assert report.auprc.low > report.wrong_rate.value  # better than chance
    assert report.label_auc.low > 0.5
    assert report.baselines.loc["this classifier", "auprc"] == report.auprc.value
    assert report.baselines.loc["chance", "recall"] == pytest.approx(0.1)
    assert set(report.baselines.index) > {"register above the assessment", "recorded levels alone"}
    assert [part.budget_share for part in report.yields] == [0.02, 0.05, 0.1, 0.2, 0.4]
    assert report.curve.points[-1].n_reviews == report.n_reviewed
    assert report.curve.points[-1].recall == report.yields[2].recall
    assert set(report.fairness) == {"region_code", "grade", "sex", "ethnicity", "age_band"}


def test_without_any_review_the_report_claims_nothing(records_and_reviews):
    records, reviews = records_and_reviews

    _, report = train(
        records, build_labels(records, reviews.iloc[:0]), target="overall", n_reviews=40, seed=1
    )

    assert report.n_judging == 0
    assert np.isnan([report.auprc.value, report.wrong_rate.value, report.calibration_error]).all()
    assert report.tau_weights[0.0] == 1.0
    assert "nobody can say" in report.yields[0].sentence(100)


def test_levels_that_are_all_the_same_cannot_be_learnt_from(records_and_reviews):
    records, reviews = records_and_reviews
    records["assessed_overall"] = 1.0

    with pytest.raises(NotEnoughCasesError, match="same recorded level"):
        train(records, build_labels(records, reviews), target="overall", n_reviews=40, seed=1)


def test_a_training_tells_what_finding_most_of_the_wrong_mediums_would_take(records_and_reviews):
    records, reviews = records_and_reviews
    records.loc[records.index % 7 == 0, "assessed_overall"] = 0.0  # lows are not asked about
    labels = build_labels(records, reviews)
    target = RecallTarget(0.8, 0.9)

    _, report = train(records, labels, target="overall", n_reviews=40, seed=1, to_find=target)

    is_medium = (records["assessed_overall"] == 1).to_numpy()
    features, officer = build_features(records), records["officer"].to_numpy()
    scores, _ = cross_validated_scores(features, fit_without_officers(features, labels, officer))
    found = scores[is_medium & labels.judges & (labels.reviewed_high == 1)]
    # the largest j with P(Bin(n, 0.2) >= j) >= 0.9, as in the binomial's own table
    least = max(j for j in range(1, len(found) + 1) if binom.sf(j - 1, len(found), 0.2) >= 0.9)
    share = (scores[is_medium] >= np.sort(found)[least - 1]).mean()
    assert report.to_find.n_found == len(found)
    assert report.to_find.flagged_share == pytest.approx(share)
    assert report.to_find.sentence == (
        "To find at least 80% of the wrong mediums with 90% confidence, "
        f"{share:.0%} of mediums would have to be flagged (from {len(found)} that random checks found too low)."
    )


def test_too_few_reviews_promise_nothing_and_say_how_many_it_takes(records_and_reviews):
    records, reviews = records_and_reviews
    labels = build_labels(records, reviews.iloc[:20])

    _, report = train(records, labels, target="overall", n_reviews=40, seed=1, to_find=RecallTarget(0.8, 0.9))

    assert np.isnan(report.to_find.flagged_share)
    assert report.to_find.sentence.startswith(
        "Too few reviewed checks to promise that enough wrong mediums are found: "
    )
    assert "at least 11 are needed" in report.to_find.sentence
