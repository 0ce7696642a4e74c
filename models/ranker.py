# ruff: noqa: N803 - scikit-learn's and the field's name for the feature matrix is a capital X
"""The ranker: which of the cases assessed below high most deserve a second look.

Two things are known: the level every officer recorded, and the level a reviewer found in the few cases that
were checked. Neither alone is safe to learn from. A label model learns who is recorded high; the reviews then
correct it, by as much as they give reason to (:mod:`models.offset_ridge`).
"""

from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from models.caution import Pool, lean_on_levels
from models.label_model import fit_label_model
from models.offset_ridge import CANDIDATES, Candidate, Floats, average_correction
from models.reviews import as_high, as_reviews, effective_weight, plain_labels


class MisclassificationClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # sklearn is untyped
    """Rank cases by how likely a reviewer is to find them high although they were assessed lower.

    Parameters
    ----------
    label_c : float, default=0.3
        Inverse penalty of the label model, on standardised features.
    candidates : tuple of Candidate
        How reviews may relate to recorded levels, averaged by the evidence for each.
    n_trusted : float, default=2
        Findings at which reviews and recorded levels weigh the same in the order (:mod:`models.caution`).
    learnable : tuple of bool of length n_features, optional
        Columns the label model may learn from; all by default. Leave out what repeats an earlier level or
        tells how the assessment was done: it follows from the level, so it tells who was recorded high and
        not who is. Such columns enter through the reviews only.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two values of ``assessed_high``; the second means high.
    coef_ : ndarray of shape (1, n_features)
        Label model plus correction, log odds per unit of each feature.
    intercept_ : ndarray of shape (1,)
        Log odds where every feature is nought.
    mean_, scale_ : ndarray of shape (n_features,)
        Over all cases; the scale of a constant column is infinite, so that it says nothing.
    label_model_ : LabelModel
        Who is recorded high, per standard deviation of each feature.
    correction_ : Correction
        What the reviews add to it, per standard deviation of each feature, and less while they found little.
    pool_ : Pool
        The cases assessed below high, in moments.
    trust_weights_, tau_weights_ : dict of float to float
        Belief in each trust in recorded levels and in each size of correction: how far the reviews contradict
        the recorded levels.
    n_reviewed_, n_reviewed_high_ : int
        Reviews of cases assessed below high that were used, and how many of them found high.

    Notes
    -----
    Score = trust x label log odds + b + d'x, and nearer the label model's own order while few reviews found
    anything (:mod:`models.caution`). Deterministic; the order of rows, the units of columns and
    columns that never vary have no say. The weak spot: where recorded levels carry no or reversed
    information and fewer than about 30 reviews found high, they are trusted too long; so show the label
    model's AUC on reviewed cases (:func:`models.evaluation.label_auc`) beside the two weights.
    """

    def __init__(
        self,
        label_c: float = 0.3,
        candidates: tuple[Candidate, ...] = CANDIDATES,
        n_trusted: float = 2.0,
        learnable: tuple[bool, ...] | None = None,
    ) -> None:
        self.label_c = label_c
        self.candidates = candidates
        self.n_trusted = n_trusted
        self.learnable = learnable

    def fit(
        self,
        X: ArrayLike,
        assessed_high: ArrayLike,
        *,
        reviewed_high: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Learn from every recorded level and from the reviewed cases.

        Parameters
        ----------
        X : array-like of shape (n_cases, n_features)
            What was known at the assessment; no missing values.
        assessed_high : array-like of shape (n_cases,)
            Two classes; the larger in sort order means assessed high or above.
        reviewed_high : array-like of shape (n_cases,), optional
            1 where the review found high or above, 0 where it found lower, nan where there was no review.
            Reviews of cases assessed high are not used: they say nothing on who is too low.
        sample_weight : array-like of shape (n_cases,), optional
            With ``reviewed_high``: inverse inclusion probabilities of the reviewed cases, scaled here to
            their effective number; other rows' weights are ignored (recorded levels are all known).
            Without it: a whole number counts as that many repetitions of the recorded case.

        Returns
        -------
        MisclassificationClassifier
            This estimator.

        Raises
        ------
        ValueError
            When X or ``assessed_high`` cannot be used (scikit-learn's words), or the reviews or their weights
            cannot (:class:`~models.errors.UnusableReviewsError`).
        """
        self._check_parameters()
        cases, labels = validate_data(
            self, X, plain_labels(assessed_high), dtype=np.float64, ensure_min_samples=2
        )
        reviews = as_reviews(reviewed_high, len(cases))
        weight = np.ones(len(cases))
        if reviewed_high is None and sample_weight is not None:
            weight = _check_sample_weight(sample_weight, cases, dtype=np.float64, ensure_non_negative=True)
            counted = weight > 0
            cases, labels, weight, reviews = (one[counted] for one in (cases, labels, weight, reviews))
        self.classes_, high = as_high(labels)
        standardised = self._standardise_on(cases, weight)
        self.label_model_ = fit_label_model(
            cases, standardised * self._learnable(), high=high, weight=weight, c=self.label_c
        )
        below = high == 0
        labels_below = self.label_model_.out_of_fold(cases[below], standardised[below])
        self.pool_ = Pool.of(labels_below, standardised[below])
        self._correct(cases, high, reviews, None if reviewed_high is None else sample_weight)
        return self

    def with_reviews(
        self,
        X: ArrayLike,
        assessed_high: ArrayLike,
        *,
        reviewed_high: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Learn from other reviews of the fitted cases: as :meth:`fit`, without learning the levels again.

        Parameters
        ----------
        X, assessed_high, reviewed_high, sample_weight
            As in :meth:`fit`, for the cases of the fit or some of them: those without a review have no say.

        Returns
        -------
        MisclassificationClassifier
            Another estimator; this one stays as it is.
        """
        check_is_fitted(self)
        cases, labels = validate_data(self, X, plain_labels(assessed_high), dtype=np.float64, reset=False)
        if not np.isin(labels, self.classes_).all():
            raise ValueError(
                f"assessed_high holds other classes than the fit, which had {self.classes_.tolist()}."
            )
        other = copy(self)
        high = (labels == self.classes_[1]).astype(np.float64)
        reviews = as_reviews(reviewed_high, len(cases))
        other._correct(cases, high, reviews, sample_weight)  # noqa: SLF001 - one of this class
        return other

    def _correct(self, cases: Floats, high: Floats, reviews: Floats, sample_weight: ArrayLike | None) -> None:
        used = np.flatnonzero(~np.isnan(reviews) & (high == 0))
        standardised = self._standardise(cases[used])
        self._fit_correction(
            standardised,
            reviews[used],
            offset=self.label_model_.out_of_fold(cases[used], standardised),
            weight=effective_weight(sample_weight, used, len(high)),
        )
        trust = self.correction_.trust
        self.coef_ = ((trust * self.label_model_.coef + self.correction_.coef) / self.scale_)[None, :]
        average = trust * self.label_model_.intercept + self.correction_.intercept
        self.intercept_ = np.array([average - float(self.coef_[0] @ self.mean_)])

    def _check_parameters(self) -> None:
        if not self.label_c > 0:
            raise ValueError(f"label_c is {self.label_c}; it must be above 0.")
        if not 0 <= self.n_trusted < np.inf:
            raise ValueError(f"n_trusted is {self.n_trusted}; it must be 0 or more.")
        if not self.candidates:
            raise ValueError("candidates is empty; give at least one (trust, tau, prior).")

    def _learnable(self) -> Floats:
        everything = (True,) * self.n_features_in_
        learnable = np.array(everything if self.learnable is None else self.learnable, dtype=np.float64)
        if learnable.shape != (self.n_features_in_,):
            raise ValueError(
                f"learnable has {learnable.size} entries; give one for each of {self.n_features_in_} columns."
            )
        return learnable

    def _standardise_on(self, cases: Floats, weight: Floats) -> Floats:
        varies = cases.max(axis=0) > cases.min(axis=0)
        self.mean_ = np.where(varies, np.average(cases, axis=0, weights=weight), cases[0])
        # In units of the largest: squares of very large or small numbers are no numbers.
        largest = np.abs(cases - self.mean_).max(axis=0)
        units = np.where(varies & (largest > 0), largest, 1.0)
        deviation = units * np.sqrt(np.average(((cases - self.mean_) / units) ** 2, axis=0, weights=weight))
        self.scale_ = np.where(varies & (deviation > 0), deviation, np.inf)
        return self._standardise(cases)

    def _standardise(self, cases: Floats) -> Floats:
        standardised: Floats = (cases - self.mean_) / self.scale_
        return standardised

    def _fit_correction(
        self, standardised: Floats, reviews: Floats, *, offset: Floats, weight: Floats
    ) -> None:
        found = average_correction(
            standardised,
            reviews,
            offset=offset,
            weight=weight,
            varies=np.isfinite(self.scale_),
            candidates=self.candidates,
        )
        self.correction_ = lean_on_levels(found, reviews, pool=self.pool_, n_trusted=self.n_trusted)
        self.trust_weights_: dict[float, float] = {}
        self.tau_weights_: dict[float, float] = {}
        for (trust, tau, _), belief in self.correction_.beliefs.items():
            self.trust_weights_[trust] = self.trust_weights_.get(trust, 0.0) + belief
            self.tau_weights_[tau] = self.tau_weights_.get(tau, 0.0) + belief
        self.n_reviewed_, self.n_reviewed_high_ = len(reviews), int(reviews.sum())

    def rank(self, X: ArrayLike) -> Floats:
        """Score cases for the order in which to look at them, higher first.

        A case that was in the fit is scored by a label model that never saw it, wherever it stands in X; a
        new case by the label model of all cases. The correction is the same for all.

        Parameters
        ----------
        X : array-like of shape (n_cases, n_features)
            As in :meth:`fit`.

        Returns
        -------
        ndarray of shape (n_cases,)
            Log odds of being found high on review, or of being recorded high where nothing was reviewed.
        """
        check_is_fitted(self)
        cases = validate_data(self, X, dtype=np.float64, reset=False)
        standardised = self._standardise(cases)
        labels = self.label_model_.out_of_fold(cases, standardised)
        return (
            self.correction_.trust * labels
            + self.correction_.intercept
            + standardised @ self.correction_.coef
        )

    def decision_function(self, X: ArrayLike) -> Floats:
        """Log odds of being high, as for a new case; array of shape (n_cases,)."""
        check_is_fitted(self)
        cases = validate_data(self, X, dtype=np.float64, reset=False)
        log_odds: Floats = cases @ self.coef_[0] + self.intercept_[0]
        return log_odds

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probabilities of not high and high, as for a new case; array of shape (n_cases, 2)."""
        chance = expit(self.decision_function(X))
        return np.column_stack([1 - chance, chance])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the likelier class of each case; array of shape (n_cases,). No decision rests on it."""
        is_high = (self.decision_function(X) > 0).astype(int)
        likelier: NDArray[Any] = self.classes_[is_high]
        return likelier

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
