"""Logistic ridge around a fixed offset, and the average over how strong the correction may be.

Answers: given what the recorded levels already say about each reviewed case (the offset), how far do the
reviews call for a correction? scikit-learn's ``LogisticRegression`` takes no offset, hence these lines.
With an offset of nought the fit is ``LogisticRegression(C=1 / penalty)``.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

Floats = NDArray[np.float64]


class Candidate(NamedTuple):
    """One way in which reviews may relate to recorded levels, and the belief in it beforehand.

    Attributes
    ----------
    trust : float
        Slope of the label model's log odds: 1 takes recorded levels at their word, 0 not at all.
    tau : float
        Standard deviation, across cases, of the correction's log odds; 0 is no correction.
    prior : float
        Relative weight before any review is seen.
    """

    trust: float
    tau: float
    prior: float


#: Chosen on public data and on a synthetic area, November 2026; neither the plantings nor the area are those
#: reported in docs/classifier.md. Strong corrections need strong evidence, or they hurt while few cases are
#: reviewed. Less than full trust is for recorded levels that mislead, and for columns that all but repeat the
#: level: then the label model's log odds are far too steep for the cases left below high.
SIZES = ((0.0, 1.0), (0.25, 1.0), (0.5, 1.0), (1.0, 1.0), (2.0, 0.25), (4.0, 0.06), (8.0, 0.015))
CANDIDATES = tuple(
    Candidate(trust, tau, trusted * sized)
    for trust, trusted, sizes in (
        (1.0, 0.80, SIZES),
        (0.5, 0.08, SIZES[:1] + SIZES[2:6]),
        (0.25, 0.04, SIZES[:1] + SIZES[2:6]),
        (0.1, 0.04, SIZES[:1] + SIZES[2:6]),
        (0.0, 0.04, SIZES[:1] + SIZES[2:6]),
    )
    for tau, sized in sizes
)
#: The grid the method was designed with: full trust, and no correction above 2.
DESIGN_CANDIDATES = tuple(
    Candidate(1.0, tau, prior)
    for tau, prior in ((0.0, 1.0), (0.25, 1.0), (0.5, 1.0), (1.0, 1.0), (2.0, 0.25))
)
#: The intercept follows the reviewed share of highs: as good as unpenalised, but with a proper prior.
INTERCEPT_PENALTY = 0.001
_MAX_STEPS = 100
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class RidgeFit:
    """A penalised logistic fit and the log evidence for its penalty.

    Attributes
    ----------
    intercept : float
        In log odds.
    coef : ndarray of shape (n_features,)
        In log odds per unit of each column.
    log_evidence : float
        Laplace approximation, up to a constant shared by all penalties on the same data.
    """

    intercept: float
    coef: Floats
    log_evidence: float


@dataclass(frozen=True)
class Correction:
    """What the reviews add to the label model, averaged over the candidates.

    Attributes
    ----------
    trust : float
        Slope of the label model's log odds.
    intercept : float
        In log odds.
    coef : ndarray of shape (n_features,)
        In log odds per standard deviation of each feature.
    beliefs : dict of Candidate to float
        Share of belief in each candidate; sums to one.
    """

    trust: float
    intercept: float
    coef: Floats
    beliefs: dict[Candidate, float]


def fit_ridge(
    design: Floats,
    target: Floats,
    *,
    offset: Floats,
    weight: Floats,
    penalty: float,
    intercept_penalty: float,
    start: RidgeFit | None = None,
) -> RidgeFit:
    """Fit a logistic ridge by Newton's method around a fixed offset.

    Parameters
    ----------
    design : ndarray of shape (n_cases, n_features)
        Features, usually standardised.
    target, offset, weight : ndarray of shape (n_cases,)
        0 or 1; log odds each case starts from, with a slope fixed at one; weight of its log likelihood.
    penalty, intercept_penalty : float
        Coefficients of half the squared slopes and half the squared intercept.
    start : RidgeFit, optional
        Where to begin: a similar fit saves steps and changes nothing else.

    Returns
    -------
    RidgeFit
        The penalised maximum and its Laplace evidence.

    Notes
    -----
    Evidence = -(penalised loss) + half the sum of log penalties - half the log determinant of the Hessian.
    An unpenalised intercept (nought) is left out of the sum. Memory grows with n_features squared.
    """
    rows = np.column_stack([np.ones(len(target)), design])
    penalties = np.array([intercept_penalty, *[penalty] * design.shape[1]])
    beta = np.zeros(rows.shape[1]) if start is None else np.array([start.intercept, *start.coef])
    objective = _Objective(rows, target, offset, weight, penalties)
    current = objective.loss(beta)
    for _ in range(_MAX_STEPS):
        gradient, factor = objective.slope_and_curve(beta)
        step = cho_solve(factor, gradient)
        is_converged = float(gradient @ step) < _TOLERANCE * max(1.0, abs(current))
        scale = 1.0
        while not is_converged and objective.loss(beta - scale * step) > current:
            scale /= 2
        beta = beta - scale * step
        current = objective.loss(beta)
        if is_converged:
            break
    half_log_det = float(np.log(np.diag(factor[0])).sum())  # of the last step, too small to matter
    evidence = -current + 0.5 * float(np.log(penalties[penalties > 0]).sum()) - half_log_det
    return RidgeFit(float(beta[0]), beta[1:], evidence)


@dataclass(frozen=True)
class _Objective:
    rows: Floats
    target: Floats
    offset: Floats
    weight: Floats
    penalties: Floats

    def loss(self, beta: Floats) -> float:
        eta = self.offset + self.rows @ beta
        log_likelihood = self.weight @ (self.target * eta - np.logaddexp(0.0, eta))
        return float(-log_likelihood + 0.5 * self.penalties @ beta**2)

    def slope_and_curve(self, beta: Floats) -> tuple[Floats, tuple[Floats, bool]]:
        """Gradient, and the Hessian's Cholesky factor."""
        chance = expit(self.offset + self.rows @ beta)
        gradient = self.rows.T @ (self.weight * (chance - self.target)) + self.penalties * beta
        # One array times its own transpose: half the work of two arrays.
        scaled = self.rows * np.sqrt(self.weight * chance * (1 - chance))[:, None]
        return gradient, cho_factor(scaled.T @ scaled + np.diag(self.penalties))


def average_correction(
    standardised: Floats,
    reviewed_high: Floats,
    *,
    offset: Floats,
    weight: Floats,
    varies: NDArray[np.bool_],
    candidates: tuple[Candidate, ...] = CANDIDATES,
) -> Correction:
    """Average over candidates by how well each explains the reviews.

    Parameters
    ----------
    standardised : ndarray of shape (n_reviewed, n_features)
        Features of the reviewed cases, with mean 0 and standard deviation 1 over all cases.
    reviewed_high, offset, weight : ndarray of shape (n_reviewed,)
        1 where found high, else 0; out-of-fold log odds of the label model; inverse inclusion probabilities
        scaled to their effective number, or ones.
    varies : ndarray of bool of shape (n_features,)
        False for features that are constant over all cases: they get no correction and do not count.
    candidates : tuple of Candidate
        What to average over.

    Returns
    -------
    Correction
        Full trust and no correction when the reviews are of one kind only.

    Notes
    -----
    logit P(high on review) = trust x offset + b + d'x, d ~ N(0, tau^2 / n_features): a penalty of n_features
    / tau^2, so that tau is the standard deviation of the correction across cases, whatever their features.
    """
    coef = np.zeros(len(varies))
    if not (reviewed_high.any() and (1 - reviewed_high).any()):
        return Correction(1.0, 0.0, coef, {Candidate(1.0, 0.0, 1.0): 1.0})
    fits: list[RidgeFit] = []
    for trust, tau, _ in candidates:
        columns = standardised[:, varies if tau else []]
        similar = fits[-1] if fits and len(fits[-1].coef) == columns.shape[1] else None
        fits.append(
            fit_ridge(
                columns,
                reviewed_high,
                offset=trust * offset,
                weight=weight,
                penalty=max(1, varies.sum()) / tau**2 if tau else 1.0,
                intercept_penalty=INTERCEPT_PENALTY,
                start=similar,
            )
        )
    log_prior = np.log([candidate.prior for candidate in candidates])
    log_belief = log_prior + [fit.log_evidence for fit in fits]
    belief = np.exp(log_belief - log_belief.max())
    belief /= belief.sum()
    coef[varies] = sum(q * fit.coef for q, fit in zip(belief, fits, strict=True) if len(fit.coef))
    return Correction(
        trust=float(belief @ [candidate.trust for candidate in candidates]),
        intercept=float(belief @ [fit.intercept for fit in fits]),
        coef=coef,
        beliefs=dict(zip(candidates, belief.tolist(), strict=True)),
    )
