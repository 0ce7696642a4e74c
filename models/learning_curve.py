"""What more reviews buy, and how far those so far contradict the recorded levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.evaluation import ReviewedScores, label_auc, precision_and_recall, weighted_auprc
from models.intervals import Estimate, Floats, bootstrap_all
from models.labels import Labels
from models.ranker import MisclassificationClassifier
from models.validation import fitted_on, officer_folds, reviewed_scores

BUDGET_SHARE = 0.10
GROWTH_SHARES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class CurvePoint:
    """How good the ranking is when it learns from so many reviews.

    Attributes
    ----------
    n_reviews : int
        Reviews of cases assessed below high.
    auprc, recall : Estimate
        Average precision, and share of the wrong ones found when a tenth is read.
    """

    n_reviews: int
    auprc: Estimate
    recall: Estimate


@dataclass(frozen=True)
class Growth:
    """What some of the reviews, the first by date of assessment, say about the recorded levels.

    Attributes
    ----------
    n_reviews, n_found_high : int
        Reviews of cases assessed below high, and how many of them found high.
    trust_weights, tau_weights : dict of float to float
        Belief in each trust in recorded levels, and in each size of correction.
    label_auc : Estimate
        AUC of the recorded levels alone on those of the random arm.
    """

    n_reviews: int
    n_found_high: int
    trust_weights: dict[float, float]
    tau_weights: dict[float, float]
    label_auc: Estimate


def learning_curve(
    features: pd.DataFrame, labels: Labels, officer: NDArray[np.object_], *, sizes: Sequence[int], seed: int
) -> list[CurvePoint]:
    """Judge, on the random arm, rankings that learnt from fewer reviews and from none of the case's officer.

    Parameters
    ----------
    features : DataFrame of shape (n_cases, n_features)
        As built.
    labels : Labels
        For the same rows.
    officer : ndarray of shape (n_cases,)
        Who held each case.
    sizes : sequence of int
        How many reviews; smaller sets are within larger ones.
    seed : int
        Of which reviews are kept, and of the intervals.

    Returns
    -------
    list of CurvePoint
        One for each size that there are reviews for.
    """
    reviewed = np.flatnonzero(~np.isnan(labels.reviewed_high) & ~labels.assessed_high)
    order = np.random.default_rng(seed).permutation(reviewed)
    kept = [size for size in sizes if size <= len(order)]
    scores = {size: np.zeros(len(features)) for size in kept}
    values = features.to_numpy()
    for held_out in officer_folds(officer):
        model = fitted_on(features, labels, ~held_out)
        for size in kept:
            fewer = _with_first(model, values, labels, order[:size], ~held_out)
            scores[size][held_out] = fewer.decision_function(values[held_out])
    rows = np.flatnonzero(labels.judges)
    points = []
    for size in kept:
        cases = reviewed_scores(scores[size], labels, officer, rows)
        points.append(CurvePoint(size, *bootstrap_all(partial(_measures, cases), cases.officer, seed=seed)))
    return points


def _measures(cases: ReviewedScores, drawn: NDArray[np.intp]) -> list[float]:
    some = cases.among(drawn)
    return [weighted_auprc(some), precision_and_recall(some, BUDGET_SHARE)[1]]


def evidence_growth(
    model: MisclassificationClassifier,
    features: pd.DataFrame,
    labels: Labels,
    label_scores: Floats,
    *,
    assessed_at: pd.Series,
    officer: NDArray[np.object_],
    seed: int,
) -> list[Growth]:
    """Follow the beliefs as reviews come in.

    Parameters
    ----------
    model : MisclassificationClassifier
        Fitted on all of them.
    features : DataFrame of shape (n_cases, n_features)
        As built.
    labels : Labels
        For the same rows.
    label_scores : ndarray of shape (n_cases,)
        By the recorded levels alone, officers held out.
    assessed_at : Series of shape (n_cases,)
        When each assessment was completed.
    officer : ndarray of shape (n_cases,)
        Who held each case.
    seed : int
        Of the intervals.

    Returns
    -------
    list of Growth
        After a quarter, half, three quarters and all of the reviews; empty where there are none.
    """
    reviewed = np.flatnonzero(~np.isnan(labels.reviewed_high) & ~labels.assessed_high)
    order = reviewed[np.argsort(assessed_at.to_numpy()[reviewed], kind="stable")]
    told = []
    for share in GROWTH_SHARES if len(order) else ():
        first = order[: max(1, round(share * len(order)))]
        fitted = _with_first(model, features.to_numpy(), labels, first, np.ones(len(features), dtype=bool))
        judging = np.sort(first[labels.judges[first]])
        cases = reviewed_scores(label_scores, labels, officer, judging)
        told.append(
            Growth(
                fitted.n_reviewed_,
                fitted.n_reviewed_high_,
                fitted.trust_weights_,
                fitted.tau_weights_,
                label_auc(cases, seed=seed),
            )
        )
    return told


def _with_first(
    model: MisclassificationClassifier,
    values: Floats,
    labels: Labels,
    kept: NDArray[np.intp],
    rows: NDArray[np.bool_],
) -> MisclassificationClassifier:
    """Refit on the kept reviews among the rows of the fit."""
    fewer = np.full(len(values), np.nan)
    fewer[kept] = labels.reviewed_high[kept]
    return model.with_reviews(
        values[rows], labels.assessed_high[rows], reviewed_high=fewer[rows], sample_weight=labels.weight[rows]
    )
