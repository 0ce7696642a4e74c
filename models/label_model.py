# ruff: noqa: N803 - scikit-learn's and the field's name for the feature matrix is a capital X
"""The label model: who is recorded high, judged for each case by a model that never saw that case."""

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.offset_ridge import Floats, RidgeFit, fit_ridge

N_FOLDS = 5


@dataclass(frozen=True)
class LabelModel:
    """Logistic regression of the recorded levels, fitted on all cases and on all but each fold.

    Attributes
    ----------
    intercept : float
        Log odds of an average case, all cases used.
    coef : ndarray of shape (n_features,)
        Log odds per standard deviation, all cases used.
    fold_models : dict of int to RidgeFit
        The fit without each fold; a fold whose absence leaves one class only is missing.
    fold_of_row : dict of bytes to int
        The fold of each row's content.
    """

    intercept: float
    coef: Floats
    fold_models: dict[int, RidgeFit] = field(repr=False)
    fold_of_row: dict[bytes, int] = field(repr=False)

    def out_of_fold(self, X: Floats, standardised: Floats) -> Floats:
        """Log odds of being recorded high, for training cases by the model without their fold.

        Parameters
        ----------
        X, standardised : ndarray of shape (n_cases, n_features)
            The same cases as given and standardised.

        Returns
        -------
        ndarray of shape (n_cases,)
            Log odds; by the model of all cases where a row was not in the fit.
        """
        folds = self._folds_of(X, np.float64)
        unknown = np.flatnonzero(folds < 0)
        folds[unknown] = self._folds_of(X[unknown], np.float32)
        log_odds: Floats = self.intercept + standardised @ self.coef
        for fold, model in self.fold_models.items():
            log_odds[folds == fold] = model.intercept + standardised[folds == fold] @ model.coef
        return log_odds

    def _folds_of(self, X: Floats, precision: type[np.floating[Any]]) -> NDArray[np.intp]:
        """Find the fold of each row that was in the fit; -1 for others."""
        return np.array([self.fold_of_row.get(key, -1) for key in _row_keys(X, precision)], dtype=np.intp)


def fit_label_model(X: Floats, standardised: Floats, *, high: Floats, weight: Floats, c: float) -> LabelModel:
    """Fit the label model; the same for any order of rows and any units of columns.

    Parameters
    ----------
    X, standardised : ndarray of shape (n_cases, n_features)
        The same cases as given and standardised.
    high, weight : ndarray of shape (n_cases,)
        1 where recorded high, and how often each case counts.
    c : float
        Inverse penalty, as in scikit-learn's ``LogisticRegression``.

    Returns
    -------
    LabelModel
        With one model per fold, and one of all cases.
    """
    varies = np.abs(standardised).max(axis=0) > 0
    varying = standardised if varies.all() else standardised[:, varies]

    def fitted(rows: NDArray[np.bool_], start: RidgeFit | None = None) -> RidgeFit:
        return fit_ridge(
            varying[rows],
            high[rows],
            offset=np.zeros(rows.sum()),
            weight=weight[rows],
            penalty=1 / c,
            intercept_penalty=0.0,
            start=start,
        )

    def of_all_columns(fit: RidgeFit) -> RidgeFit:
        coef = np.zeros(len(varies))
        coef[varies] = fit.coef
        return replace(fit, coef=coef)

    whole = fitted(np.ones(len(high), dtype=bool))
    folds = _folds(X, high, weight)
    kept = {fold: folds != fold for fold in range(N_FOLDS)}
    fold_models = {
        fold: of_all_columns(fitted(rows, start=whole))
        for fold, rows in kept.items()
        if 0 < high[rows].sum() < rows.sum() < len(rows)
    }
    # A case that comes back in single precision is still the case that was fitted.
    fold_of_row = {
        key: fold
        for precision in (np.float32, np.float64)
        for key, fold in zip(_row_keys(X, precision), folds.tolist(), strict=True)
    }
    return LabelModel(whole.intercept, of_all_columns(whole).coef, fold_models, fold_of_row)


def _folds(X: Floats, high: Floats, weight: Floats) -> NDArray[np.intp]:
    """Deal cases into folds by content: equal rows together, highs spread evenly."""
    _, group = np.unique(X, axis=0, return_inverse=True)
    share_high = np.bincount(group, high * weight) / np.bincount(group, weight)
    dealt = np.empty(len(share_high), dtype=np.intp)
    dealt[np.argsort(share_high, kind="stable")] = np.arange(len(share_high)) % N_FOLDS
    return dealt[group]


def _row_keys(X: Floats, precision: type[np.floating[Any]]) -> list[bytes]:
    with np.errstate(over="ignore"):
        # Adding nought turns -0.0 into 0.0: they compare equal but differ in bytes.
        rows = np.ascontiguousarray((X + 0.0).astype(precision))
    return [blake2b(row, digest_size=12).digest() for row in rows]
