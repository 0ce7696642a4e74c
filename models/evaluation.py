"""How good the ranking is on cases that were reviewed, weighted back to the pool, with intervals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.intervals import Estimate, Floats, bootstrap, weighted_share

N_LINES = 20


@dataclass(frozen=True)
class ReviewedScores:
    """Reviewed cases with scores by a model that saw neither their review nor their officer.

    Attributes
    ----------
    score : ndarray of shape (n_reviewed,)
        Higher is looked at first.
    found_high : ndarray of bool of shape (n_reviewed,)
        What the review found.
    weight : ndarray of shape (n_reviewed,)
        Inverse inclusion probabilities.
    officer : ndarray of shape (n_reviewed,)
        Who held the case: cases of one officer are resampled together.
    """

    score: Floats
    found_high: NDArray[np.bool_]
    weight: Floats
    officer: NDArray[np.generic]

    def among(self, rows: NDArray[np.intp]) -> "ReviewedScores":
        """Return the chosen rows, repeats kept."""
        return ReviewedScores(self.score[rows], self.found_high[rows], self.weight[rows], self.officer[rows])

    @property
    def has_both_kinds(self) -> bool:
        """Whether some were found high and some not: without that no ranking can be judged."""
        return bool(self.found_high.any() and not self.found_high.all())


def weighted_auprc(cases: ReviewedScores) -> float:
    """Area under the precision-recall curve (average precision); nan without both kinds."""
    if not cases.has_both_kinds:
        return np.nan
    mass, found = _by_tied_score(cases)
    precision = np.cumsum(found) / np.cumsum(mass)
    return float((precision * found).sum() / found.sum())


def weighted_auc(cases: ReviewedScores) -> float:
    """Chance that a case found high is scored above one that was not; nan without both kinds."""
    if not cases.has_both_kinds:
        return np.nan
    mass, found = _by_tied_score(cases)
    others = mass - found
    above = np.cumsum(found) - found / 2  # of two with one score, either may come first
    return float((above * others).sum() / (found.sum() * others.sum()))


def _by_tied_score(cases: ReviewedScores) -> tuple[Floats, Floats]:
    """Sum weights, and weights of cases found high, by score from the highest; ties in one sum.

    The same figures by scikit-learn take thirty times as long, which intervals from resamples pay 500 times.
    """
    order = np.argsort(-cases.score, kind="stable")
    starts = np.flatnonzero(np.diff(cases.score[order], prepend=np.inf))
    weight = cases.weight[order]
    return np.add.reduceat(weight, starts), np.add.reduceat(weight * cases.found_high[order], starts)


def precision_and_recall(cases: ReviewedScores, budget_share: float) -> tuple[float, float]:
    """Estimate both measures when the highest-scored share of the pool is read.

    Parameters
    ----------
    cases : ReviewedScores
        A probability sample of the pool.
    budget_share : float
        Cases read over cases in the pool, in (0, 1].

    Returns
    -------
    precision, recall : float
        In [0, 1]; nan for no cases, and recall where none was found high. Tied scores share the budget left.
    """
    if not len(cases.score):
        return np.nan, np.nan
    _, tie = np.unique(-cases.score, return_inverse=True)
    mass = np.bincount(tie, cases.weight)
    found = np.bincount(tie, cases.weight * cases.found_high)
    budget = budget_share * mass.sum()
    read_share = np.clip((budget - (np.cumsum(mass) - mass)) / mass, 0, 1)
    hits = float((found * read_share).sum())
    return hits / float(budget), hits / float(found.sum()) if found.sum() else np.nan


def label_auc(cases: ReviewedScores, *, seed: int) -> Estimate:
    """AUC, on reviewed cases, of the model of recorded levels alone: below a half, the levels mislead.

    Parameters
    ----------
    cases : ReviewedScores
        Scored by the label model.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate
        In [0, 1]. An interval wholly below one half says: use the reviews, not the recorded levels.
    """
    return _of_ranking(weighted_auc, cases, seed)


def average_precision(cases: ReviewedScores, *, seed: int) -> Estimate:
    """Average precision of a ranking on reviewed cases, in [0, 1]; `seed` is that of the bootstrap."""
    return _of_ranking(weighted_auprc, cases, seed)


def _of_ranking(measure: Callable[[ReviewedScores], float], cases: ReviewedScores, seed: int) -> Estimate:
    n_found = int(cases.found_high.sum())
    return bootstrap(lambda rows: measure(cases.among(rows)), cases.officer, n_found=n_found, seed=seed)


def remaining_below(cases: ReviewedScores, threshold: float, n_below: int) -> Estimate:
    """Estimate how many wrong cases remain among those scored below a threshold: where to stop a sweep.

    Parameters
    ----------
    cases : ReviewedScores
        A probability sample of the pool.
    threshold : float
        Cases below it are not read.
    n_below : int
        Cases of the pool below it.

    Returns
    -------
    Estimate
        A number of cases, with Wilson's limits between officers: resampling the few wrong ones made the upper
        limit too low. Nought to all of them where none below was reviewed.
    """
    lower = cases.among(np.flatnonzero(cases.score < threshold))
    if not len(lower.score):
        return Estimate(0.0, 0.0, float(n_below), 0)
    rate = weighted_share(lower.found_high, lower.weight, lower.officer)
    return Estimate(rate.value * n_below, rate.low * n_below, rate.high * n_below, rate.n)


@dataclass(frozen=True)
class RemainingRate:
    """How many of the cases scored below a line are wrong.

    Attributes
    ----------
    score : float
        The line, log odds.
    wrong_rate : Estimate
        Wrong cases over all cases below it.
    """

    score: float
    wrong_rate: Estimate


def remaining_rates(cases: ReviewedScores, *, n_lines: int = N_LINES) -> list[RemainingRate]:
    """Tabulate :func:`remaining_below` as rates, so that a page can look its line up.

    Parameters
    ----------
    cases : ReviewedScores
        A probability sample of the pool.
    n_lines : int
        Lines, at about equal numbers of cases apart.

    Returns
    -------
    list of RemainingRate
        From the lowest line to the highest, which has every case below it; empty for no cases.
    """
    if not len(cases.score):
        return []
    lines = np.unique(np.quantile(cases.score, np.linspace(0, 1, n_lines + 1)[1:]))
    lines[-1] = np.nextafter(lines[-1], np.inf)
    return [
        RemainingRate(float(line), remaining_below(cases, float(line), 1))
        for line in lines
        if (cases.score < line).any()
    ]


def compare_methods(
    scores: dict[str, Floats], reviewed: ReviewedScores, *, budget_share: float, seed: int
) -> pd.DataFrame:
    """Set methods side by side on the same reviewed cases.

    Parameters
    ----------
    scores : dict of str to ndarray of shape (n_reviewed,)
        Each method's scores of the cases in ``reviewed``.
    reviewed : ReviewedScores
        Their reviews; its own scores are not used.
    budget_share : float
        Cases read over cases in the pool, in (0, 1].
    seed : int
        Of the bootstrap of AUPRC.

    Returns
    -------
    DataFrame
        Indexed by method: auprc, low, high, precision, recall.
    """

    def judged(score: Floats) -> dict[str, float]:
        cases = ReviewedScores(score, reviewed.found_high, reviewed.weight, reviewed.officer)
        auprc = average_precision(cases, seed=seed)
        precision, recall = precision_and_recall(cases, budget_share)
        return {
            "auprc": auprc.value,
            "low": auprc.low,
            "high": auprc.high,
            "precision": precision,
            "recall": recall,
        }

    return pd.DataFrame.from_dict({name: judged(score) for name, score in scores.items()}, orient="index")
