"""Train for one target, and report how good the result is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from models.baselines import compare_with_baselines
from models.calibration import expected_calibration_error, reliability_table
from models.columns import Purpose
from models.errors import NotEnoughCasesError
from models.evaluation import (
    RemainingRate,
    average_precision,
    label_auc,
    remaining_rates,
)
from models.fairness import FlaggedCases, fairness_table
from models.features import build_features
from models.intervals import Estimate, Floats, weighted_share
from models.labels import Labels
from models.leaks import refuse_leaks
from models.learning_curve import Growth, LearningCurve, evidence_growth, learning_curve
from models.ranker import MisclassificationClassifier
from models.thresholds import RecallTarget, ShareToFind, Threshold, share_to_find, threshold_by_capacity
from models.validation import (
    cross_validated_scores,
    fit_without_officers,
    fitted_on,
    latest_scores,
    reviewed_scores,
)
from models.yields import BudgetYield, yield_at_budgets

MEDIUM = 1.0
GROUPED_BY = ("region_code", "grade", "sex", "ethnicity", "age_band")


@dataclass(frozen=True)
class TrainingReport:
    """What is known about one trained classifier.

    Attributes
    ----------
    target : str
        Which level it is about.
    n_cases, n_assessed_high, n_reviewed, n_reviewed_high : int
        What it learnt from; reviews of cases assessed below high.
    n_judging, n_judging_high : int
        Reviews of the random arm that the figures below rest on, and how many of them found high.
    trust_weights, tau_weights : dict of float to float
        How far the reviews contradict the recorded levels.
    label_auc, auprc, auprc_on_latest, wrong_rate : Estimate
        AUC of the recorded levels alone; average precision by officer-grouped validation and on the latest
        quarter; share of the cases assessed below high that reviews found high.
    baselines : DataFrame
        Chance, predictor, register disagreement and recorded levels alone on the same reviews.
    growth : list of Growth
        The two weights and the AUC of the recorded levels after each quarter of the reviews.
    curve : LearningCurve
        What more reviews have bought.
    yields : list of BudgetYield
        What reading each share of the pool finds.
    remaining : list of RemainingRate
        Of the cases assessed medium and scored below a line, how many are wrong: where to stop a sweep.
    reliability : DataFrame
        Stated and observed shares.
    calibration_error : float
        Average distance of the two.
    threshold : Threshold
        Where flagging begins.
    to_find : ShareToFind or None
        How many would have to be flagged to find a stated share of the wrong mediums; None: not asked.
    fairness : dict of str to DataFrame
        The flag by region, grade, sex, ethnicity and age band.
    seed : int
        Of the bootstrap intervals.
    """

    target: str
    n_cases: int
    n_assessed_high: int
    n_reviewed: int
    n_reviewed_high: int
    n_judging: int
    n_judging_high: int
    trust_weights: dict[float, float]
    tau_weights: dict[float, float]
    label_auc: Estimate
    auprc: Estimate
    auprc_on_latest: Estimate
    wrong_rate: Estimate
    baselines: pd.DataFrame
    growth: list[Growth]
    curve: LearningCurve
    yields: list[BudgetYield]
    remaining: list[RemainingRate]
    reliability: pd.DataFrame
    calibration_error: float
    threshold: Threshold
    to_find: ShareToFind | None
    fairness: dict[str, pd.DataFrame]
    seed: int


def train(
    records: pd.DataFrame,
    labels: Labels,
    *,
    target: str,
    n_reviews: int,
    seed: int,
    purpose: Purpose = Purpose.FLAG,
    to_find: RecallTarget | None = None,
) -> tuple[MisclassificationClassifier, TrainingReport]:
    """Fit on all cases, and judge by validation on the random arm.

    Parameters
    ----------
    records : DataFrame of shape (n_cases, n_columns)
        The input contract of the purpose.
    labels : Labels
        For the same rows.
    target : str
        Which level it is about; for the report.
    n_reviews : int
        Extra checks that can be done: the flag's threshold.
    seed : int
        Of the bootstrap intervals only; the fit has none.
    purpose : Purpose
        The flag, or the score that also looks at what was recorded since.
    to_find : RecallTarget, optional
        A share of the wrong mediums whose price in flags is to be told.

    Returns
    -------
    MisclassificationClassifier
        Fitted on everything.
    TrainingReport
        Its figures.

    Raises
    ------
    ColumnsRefusedError
        When the table breaks the contract, or one feature gives the findings away.
    NotEnoughCasesError
        When no case is assessed high, or none below.
    """
    features = build_features(records, purpose)
    refuse_leaks(features, labels)
    if labels.assessed_high.all() or not labels.assessed_high.any():
        raise NotEnoughCasesError("Every case has the same recorded level; load cases high and below high.")
    model = fitted_on(features, labels, np.ones(len(features), dtype=bool))
    threshold = threshold_by_capacity(model.rank(features.to_numpy())[~labels.assessed_high], n_reviews)
    officer = records["officer"].astype(object).where(records["officer"].notna(), "unknown").to_numpy()
    assessed_at = records["assessed_at"]
    latest = latest_scores(features, labels, assessed_at, officer)
    folds = fit_without_officers(features, labels, officer)
    scores, label_scores = cross_validated_scores(features, folds)
    by_levels = reviewed_scores(label_scores, labels, officer, np.flatnonzero(labels.judges))
    is_medium = (records[f"assessed_{target}"] == MEDIUM).to_numpy()
    mediums = reviewed_scores(scores, labels, officer, np.flatnonzero(labels.judges & is_medium))
    report = TrainingReport(
        target=target,
        n_cases=len(features),
        n_assessed_high=int(labels.assessed_high.sum()),
        n_reviewed=model.n_reviewed_,
        n_reviewed_high=model.n_reviewed_high_,
        trust_weights=model.trust_weights_,
        tau_weights=model.tau_weights_,
        label_auc=label_auc(by_levels, seed=seed),
        baselines=compare_with_baselines(records, labels, scores, label_scores, officer=officer, seed=seed),
        growth=evidence_growth(
            model, features, labels, label_scores, assessed_at=assessed_at, officer=officer, seed=seed
        ),
        curve=learning_curve(features, labels, folds, officer=officer, seed=seed),
        auprc_on_latest=average_precision(latest, seed=seed),
        remaining=remaining_rates(mediums),
        threshold=threshold,
        to_find=share_to_find(scores[is_medium], mediums, to_find) if to_find else None,
        seed=seed,
        **_judged(records, scores, labels, officer, n_reviews=n_reviews, seed=seed),
    )
    return model, report


def _judged(
    records: pd.DataFrame,
    scores: Floats,
    labels: Labels,
    officer: NDArray[np.object_],
    *,
    n_reviews: int,
    seed: int,
) -> dict[str, Any]:
    """Figures of the report that rest on officer-grouped validation."""
    rows = np.flatnonzero(labels.judges)
    cases = reviewed_scores(scores, labels, officer, rows)
    reliability = reliability_table(expit(cases.score), cases.found_high, cases.weight)
    line = threshold_by_capacity(scores[~labels.assessed_high], n_reviews).score
    flagged = FlaggedCases(cases.score >= line, cases.found_high, cases.weight)
    return {
        "n_judging": len(rows),
        "n_judging_high": int(cases.found_high.sum()),
        "auprc": average_precision(cases, seed=seed),
        "wrong_rate": weighted_share(cases.found_high, cases.weight),
        "yields": yield_at_budgets(cases, seed=seed),
        "reliability": reliability,
        "calibration_error": expected_calibration_error(reliability),
        "fairness": {name: fairness_table(flagged, records[name].iloc[rows]) for name in GROUPED_BY},
    }
