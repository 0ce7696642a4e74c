"""Planted errors: does a method find highs recorded as medium, whatever decides which are missed.

The protocol: take cases whose level is taken as true, record some highs as medium, review a random share of
the recorded mediums, rank the others, and compare with what was planted.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from models.offset_ridge import DESIGN_CANDIDATES
from models.ranker import MisclassificationClassifier
from models.synthetic import NOISE_KINDS, Floats, Pool, assess_with_errors, draw_reviews

BUDGET_SHARE = 0.10


@dataclass(frozen=True)
class Trial:
    """One planting and one draw of reviews.

    Attributes
    ----------
    features : ndarray of shape (n_cases, n_features)
        What every method may use.
    assessed_high : ndarray of bool of shape (n_cases,)
        Recorded levels, with the planted errors.
    reviewed_high : ndarray of shape (n_cases,)
        1, 0, or nan where not reviewed.
    unreviewed : ndarray of int of shape (n_ranked,)
        Rows of the recorded mediums that were not reviewed: the ones to rank.
    levels : MisclassificationClassifier
        Fitted on the recorded levels alone, once for all draws of reviews of one planting.
    """

    features: Floats
    assessed_high: NDArray[np.bool_]
    reviewed_high: Floats
    unreviewed: NDArray[np.intp]
    levels: MisclassificationClassifier


Method = Callable[[Trial], Floats]


def ranker(trial: Trial) -> Floats:
    """Score the unreviewed mediums by this package's ranker; array of shape (n_ranked,)."""
    model = trial.levels.with_reviews(trial.features, trial.assessed_high, reviewed_high=trial.reviewed_high)
    return model.rank(trial.features[trial.unreviewed])


def ranker_as_designed(trial: Trial) -> Floats:
    """Score by the ranker with the grid of its design, without caution; array of shape (n_ranked,)."""
    designed = copy(trial.levels)
    designed.candidates, designed.n_trusted = DESIGN_CANDIDATES, 0.0
    model = designed.with_reviews(trial.features, trial.assessed_high, reviewed_high=trial.reviewed_high)
    return model.rank(trial.features[trial.unreviewed])


def label_model(trial: Trial) -> Floats:
    """Score by the recorded levels alone, cross-fitted; array of shape (n_ranked,)."""
    return trial.levels.rank(trial.features[trial.unreviewed])


def reviewed_model(trial: Trial) -> Floats:
    """Score by the reviews alone (logistic regression); no order where they are of one kind."""
    features = trial.features
    spread = np.where(features.std(axis=0) > 0, features.std(axis=0), 1.0)
    standardised = (features - features.mean(axis=0)) / spread
    reviewed = np.flatnonzero(~np.isnan(trial.reviewed_high))
    found = trial.reviewed_high[reviewed]
    if len(np.unique(found)) < 2:
        return np.zeros(len(trial.unreviewed))
    scores: Floats = (
        LogisticRegression(C=1.0, max_iter=1000)
        .fit(standardised[reviewed], found)
        .decision_function(standardised[trial.unreviewed])
    )
    return scores


def rank_average(trial: Trial) -> Floats:
    """Score by the mean rank of the two parts; array of shape (n_ranked,)."""
    ranks: Floats = rankdata(label_model(trial)) + rankdata(reviewed_model(trial))
    return ranks


METHODS: Mapping[str, Method] = {
    "ranker": ranker,
    "as_designed": ranker_as_designed,
    "label": label_model,
    "reviewed": reviewed_model,
    "rank_average": rank_average,
}


def recall_at_budget(scores: Floats, truly_high: NDArray[np.bool_], share: float = BUDGET_SHARE) -> float:
    """Share of the wrong mediums found when the highest-scored share of the pool is read.

    Parameters
    ----------
    scores : ndarray of shape (n_ranked,)
        Higher is read first; ties in the order given.
    truly_high : ndarray of bool of shape (n_ranked,)
        Which are wrong.
    share : float
        Budget over pool, in (0, 1].

    Returns
    -------
    float
        Between 0 and 1.
    """
    read = np.argsort(-scores, kind="stable")[: round(share * len(scores))]
    return float(truly_high[read].sum() / truly_high.sum())


def run_cell(
    pool: Pool,
    *,
    wrong_share: float,
    noise: str,
    reviewed_share: float,
    seeds: range,
    n_draws: int = 1,
    methods: Mapping[str, Method] = METHODS,
) -> Iterator[dict[str, float | str]]:
    """Plant, review and rank once per seed and draw, all methods on the same cases.

    Parameters
    ----------
    pool : Pool
        Cases with their truth.
    wrong_share, reviewed_share : float
        Shares of the recorded mediums that are wrong and that are reviewed.
    noise : str
        What decides which highs are missed: one of :data:`models.synthetic.NOISE_KINDS`.
    seeds : range
        One planting for each.
    n_draws : int
        Draws of reviews for each planting.
    methods : mapping of str to callable
        What to compare.

    Yields
    ------
    dict
        seed, method, auprc and recall (at a tenth of the pool) over the unreviewed mediums.
    """
    for seed in seeds:
        rng = np.random.default_rng([seed, round(wrong_share * 1000), NOISE_KINDS.index(noise)])
        assessed_high = assess_with_errors(pool, wrong_share=wrong_share, noise=noise, rng=rng)
        levels = MisclassificationClassifier().fit(pool.features, assessed_high)
        for _ in range(n_draws):
            reviewed_high = draw_reviews(pool.truly_high, assessed_high, share=reviewed_share, rng=rng)
            unreviewed = np.flatnonzero(~assessed_high & np.isnan(reviewed_high))
            trial = Trial(pool.features, assessed_high, reviewed_high, unreviewed, levels)
            truth = pool.truly_high[unreviewed]
            for name, method in methods.items():
                scores = method(trial)
                yield {
                    "seed": seed,
                    "method": name,
                    "auprc": float(average_precision_score(truth, scores)),
                    "recall": recall_at_budget(scores, truth),
                }


def ratio_to_better_part(trials: pd.DataFrame, measure: str, method: str = "ranker") -> float:
    """Mean of a method over the better of the two parts' means.

    Parameters
    ----------
    trials : DataFrame
        Rows of :func:`run_cell` for one cell.
    measure : {"auprc", "recall"}
        Which column.
    method : str
        Which method.

    Returns
    -------
    float
        1 means as good as the better part, which nobody knows beforehand.
    """
    means = trials.groupby("method")[measure].mean()
    return float(means[method] / max(means["label"], means["reviewed"]))


def jackknife_error(trials: pd.DataFrame, measure: str, method: str = "ranker") -> float:
    """Estimate the standard error of :func:`ratio_to_better_part` over plantings, leaving each out in turn.

    Parameters
    ----------
    trials : DataFrame
        Rows of :func:`run_cell` for one cell.
    measure : {"auprc", "recall"}
        Which column.
    method : str
        Which method.

    Returns
    -------
    float
        nan for a single planting.

    References
    ----------
    Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 11.2.
    """
    seeds = trials["seed"].unique()
    if len(seeds) < 2:
        return float("nan")
    left_out = np.array(
        [ratio_to_better_part(trials[trials["seed"] != seed], measure, method) for seed in seeds]
    )
    return float(np.sqrt((len(seeds) - 1) / len(seeds) * ((left_out - left_out.mean()) ** 2).sum()))
