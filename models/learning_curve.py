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
from models.validation import Fold, reviewed_scores

BUDGET_SHARE = 0.10
GROWTH_SHARES = (0.25, 0.5, 0.75, 1.0)
CURVE_SHARES = (0.0, 0.125, 0.25, 0.5, 1.0)
_NOTHING_BOUGHT = "Nobody can say yet what more reviews buy: too few were found high."


@dataclass(frozen=True)
class CurvePoint:
    """How good the ranking is when it learns from so many reviews.

    Attributes
    ----------
    n_reviews, n_found_high : int
        Reviews of cases assessed below high, and how many of them found high.
    auprc, recall : Estimate
        Average precision, and share of the wrong ones found when a tenth is read.
    gain : Estimate
        Recall less that of the point before, on the same resamples; nan for the first.
    """

    n_reviews: int
    n_found_high: int
    auprc: Estimate
    recall: Estimate
    gain: Estimate


@dataclass(frozen=True)
class LearningCurve:
    """What more reviews have bought.

    Attributes
    ----------
    points : list of CurvePoint
        From no review to all.
    sentence : str
        What the last ones bought, for the page and the card.
    """

    points: list[CurvePoint]
    sentence: str


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
    features: pd.DataFrame,
    labels: Labels,
    folds: list[Fold],
    *,
    officer: NDArray[np.object_],
    seed: int,
    shares: Sequence[float] = CURVE_SHARES,
) -> LearningCurve:
    """Judge, on the random arm, rankings that learnt from fewer reviews and from none of the case's officer.

    Parameters
    ----------
    features : DataFrame of shape (n_cases, n_features)
        As built.
    labels : Labels
        For the same rows.
    folds : list of Fold
        From :func:`models.validation.fit_without_officers`, for the same rows.
    officer : ndarray of shape (n_cases,)
        Who held each case.
    seed : int
        Of which reviews are kept, and of the intervals.
    shares : sequence of float
        Which shares of the reviews are kept, rising; the smaller sets are within the larger ones.

    Returns
    -------
    LearningCurve
        A point for each share that is another number of reviews; none where there are no reviews to judge by.
    """
    reviewed = np.flatnonzero(~np.isnan(labels.reviewed_high) & ~labels.assessed_high)
    order = np.random.default_rng(seed).permutation(reviewed)
    sizes = sorted({round(share * len(order)) for share in shares})
    rows = np.flatnonzero(labels.judges)
    if not len(rows):
        return LearningCurve([], _NOTHING_BOUGHT)
    scores = {size: np.zeros(len(features)) for size in sizes}
    values = features.to_numpy()
    for fold in folds:
        for size in sizes:
            fewer = _with_first(fold.model, values, labels, order[:size], ~fold.held_out)
            scores[size][fold.held_out] = fewer.decision_function(values[fold.held_out])
    every = [reviewed_scores(scores[size], labels, officer, rows) for size in sizes]
    figures = bootstrap_all(partial(_measures, every), every[0].officer, seed=seed)
    points = [
        CurvePoint(size, int((labels.reviewed_high[order[:size]] == 1).sum()), *figures[place : place + 3])
        for size, place in zip(sizes, range(0, len(figures), 3), strict=True)
    ]
    return LearningCurve(points, _bought(points))


def _measures(every: list[ReviewedScores], drawn: NDArray[np.intp]) -> list[float]:
    figures: list[float] = []
    before = np.nan
    for cases in every:
        some = cases.among(drawn)
        recall = precision_and_recall(some, BUDGET_SHARE)[1]
        figures += [weighted_auprc(some), recall, recall - before]
        before = recall
    return figures


def _bought(points: list[CurvePoint]) -> str:
    if len(points) < 2 or not points[-1].gain.low < points[-1].gain.high:
        return _NOTHING_BOUGHT
    before, last = points[-2], points[-1]
    gain, least, most = (round(100 * x) for x in (last.gain.value, last.gain.low, last.gain.high))
    chance = " That may be chance." if last.gain.low <= 0 <= last.gain.high else ""
    found, found_before = (round(100 * point.recall.value) for point in (last, before))
    n_last = last.n_reviews - before.n_reviews
    return (
        f"Reading a tenth finds about {found} of 100 wrong ones with all {last.n_reviews:,} reviews and "
        f"about {found_before} with {before.n_reviews:,} of them: {gain:+} ({least:+} to {most:+}) by the "
        f"last {n_last:,}.{chance} Such curves flatten: expect no more from as many again."
    )


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
    used = np.sort(kept[rows[kept]])
    reviewed_high = labels.reviewed_high[used]
    if not len(used):  # an estimator wants a case; without a review it has no say
        used, reviewed_high = np.flatnonzero(rows)[:1], np.array([np.nan])
    return model.with_reviews(
        values[used],
        labels.assessed_high[used],
        reviewed_high=reviewed_high,
        sample_weight=labels.weight[used],
    )
