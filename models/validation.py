"""Honest scores: no case is scored by a model that saw a case of its officer, or a later one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.evaluation import ReviewedScores
from models.features import learnable
from models.intervals import Floats
from models.labels import Labels
from models.ranker import MisclassificationClassifier

N_OFFICER_FOLDS = 5
LATEST_SHARE = 0.25

Rows = NDArray[np.bool_]


def fitted_on(features: pd.DataFrame, labels: Labels, rows: Rows) -> MisclassificationClassifier:
    """Fit the ranker on some of the rows."""
    return MisclassificationClassifier(learnable=learnable(features.columns)).fit(
        features.to_numpy()[rows],
        labels.assessed_high[rows],
        reviewed_high=labels.reviewed_high[rows],
        sample_weight=labels.weight[rows],
    )


@dataclass(frozen=True)
class Fold:
    """A fifth of the officers, and the ranker that saw none of their cases.

    Attributes
    ----------
    held_out : ndarray of bool of shape (n_cases,)
        The cases of these officers.
    model : MisclassificationClassifier
        Fitted on the others.
    """

    held_out: Rows
    model: MisclassificationClassifier


def fit_without_officers(features: pd.DataFrame, labels: Labels, officer: NDArray[np.object_]) -> list[Fold]:
    """Fit the ranker without each fifth of the officers in turn.

    Parameters
    ----------
    features : DataFrame of shape (n_cases, n_features)
        As built.
    labels : Labels
        For the same rows.
    officer : ndarray of shape (n_cases,)
        Who held each case.

    Returns
    -------
    list of Fold
        Every case is held out once.
    """
    return [Fold(held_out, fitted_on(features, labels, ~held_out)) for held_out in officer_folds(officer)]


def cross_validated_scores(features: pd.DataFrame, folds: list[Fold]) -> tuple[Floats, Floats]:
    """Score each case by a model that saw no case of its officer.

    Parameters
    ----------
    features : DataFrame of shape (n_cases, n_features)
        As built.
    folds : list of Fold
        From :func:`fit_without_officers`, for the same rows.

    Returns
    -------
    scores, label_scores : ndarray of shape (n_cases,)
        By the ranker, and by its label model alone; log odds.
    """
    scores, label_scores = np.zeros(len(features)), np.zeros(len(features))
    for fold in folds:
        model, values = fold.model, features.to_numpy()[fold.held_out]
        scores[fold.held_out] = model.decision_function(values)
        standardised = (values - model.mean_) / model.scale_
        label_scores[fold.held_out] = model.label_model_.intercept + standardised @ model.label_model_.coef
    return scores, label_scores


def latest_scores(
    features: pd.DataFrame, labels: Labels, assessed_at: pd.Series, officer: NDArray[np.object_]
) -> ReviewedScores:
    """Score the latest quarter of the judging reviews by a model of everything assessed before them."""
    judged_at = assessed_at[labels.judges]
    is_late = (
        (assessed_at > judged_at.quantile(1 - LATEST_SHARE)).to_numpy()
        if len(judged_at)
        else np.zeros(len(features), dtype=bool)
    )
    rows = np.flatnonzero(is_late & labels.judges)
    early_levels = labels.assessed_high[~is_late]
    score = np.zeros(len(rows))
    if len(rows) and early_levels.any() and not early_levels.all():
        score = fitted_on(features, labels, ~is_late).decision_function(features.to_numpy()[rows])
    every = np.zeros(len(features))
    every[rows] = score
    return reviewed_scores(every, labels, officer, rows)


def reviewed_scores(
    scores: Floats, labels: Labels, officer: NDArray[np.object_], rows: NDArray[np.intp]
) -> ReviewedScores:
    """Pair the scores of some judging reviews with what they found."""
    return ReviewedScores(
        scores[rows], labels.reviewed_high[rows] == 1, labels.judging_weight[rows], officer[rows].astype(str)
    )


def officer_folds(officer: NDArray[np.object_]) -> Iterator[Rows]:
    """Deal officers into folds of about equal cases, the largest caseloads first."""
    names, code, n_cases = np.unique(officer.astype(str), return_inverse=True, return_counts=True)
    fold = np.empty(len(names), dtype=int)
    fold[np.argsort(-n_cases, kind="stable")] = np.arange(len(names)) % N_OFFICER_FOLDS
    for number in range(min(N_OFFICER_FOLDS, len(names))):
        yield fold[code] == number
