"""Where to stop reading: by reviewer capacity, or by how many wrong mediums must be found."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from models.errors import ModelError, NotEnoughCasesError
from models.evaluation import ReviewedScores
from models.intervals import Floats, effective_number


@dataclass(frozen=True)
class Threshold:
    """Cases scored at or above are flagged.

    Attributes
    ----------
    score : float
        Log odds; infinite where nothing is flagged.
    basis : str
        Why it is there, for the page and the card.
    """

    score: float
    basis: str


@dataclass(frozen=True)
class RecallTarget:
    """How many of the wrong cases must be found, and how sure of it one wants to be.

    Attributes
    ----------
    recall : float
        Share of the wrong cases to be flagged, in (0, 1).
    confidence : float
        Probability over samples of reviews that this share is reached, in (0, 1).
    """

    recall: float
    confidence: float


@dataclass(frozen=True)
class ShareToFind:
    """What a recall target would cost.

    Attributes
    ----------
    target : RecallTarget
        What is to be found.
    flagged_share : float
        Of the mediums, how many would have to be flagged; nan where too few were found to promise it.
    n_found : int
        Mediums that reviews drawn at random found too low: what the promise rests on.
    sentence : str
        The same in words, for the page and the card.
    """

    target: RecallTarget
    flagged_share: float
    n_found: int
    sentence: str


def threshold_by_capacity(scores: Floats, n_reviews: int) -> Threshold:
    """Flag as many of the highest scores as reviewers can read, never more.

    Parameters
    ----------
    scores : ndarray of shape (n_cases,)
        The cases that may be flagged.
    n_reviews : int
        Reviews that can be done.

    Returns
    -------
    Threshold
        Where scores tie across the limit, none of the tied is flagged: nobody is chosen by the order of rows.

    Raises
    ------
    ModelError
        When a score is nan, or fewer than no reviews are asked for.
    """
    _refuse_gaps(scores)
    if n_reviews < 0:
        raise ModelError(f"{n_reviews} reviews cannot be done; give 0 or more.")
    descending = np.sort(scores)[::-1]
    fitting = descending[:n_reviews]
    if len(descending) > n_reviews > 0:
        fitting = fitting[fitting > descending[n_reviews]]
    score = float(fitting[-1]) if len(fitting) else np.inf
    return Threshold(score, f"the {len(fitting)} highest of {len(scores)} cases, for {n_reviews} reviews")


def _refuse_gaps(scores: Floats) -> None:
    n_unscored = int(np.isnan(scores).sum())
    if n_unscored:
        raise ModelError(f"{n_unscored} scores are nan; leave out what has no score.")


def threshold_by_recall(
    scores: Floats,
    *,
    recall: float,
    confidence: float,
    weight: Floats | None = None,
) -> Threshold:
    """Find the highest threshold that keeps a share of the wrong cases flagged, with a stated confidence.

    Parameters
    ----------
    scores : ndarray of shape (n_found,)
        Scores of the reviewed cases that were found too low, by a model that never saw their review.
    recall : float
        Share of such cases to be flagged, in (0, 1).
    confidence : float
        Probability over samples of reviews that this share is reached, in (0, 1).
    weight : ndarray of shape (n_found,), optional
        Inverse inclusion probabilities of these cases.

    Returns
    -------
    Threshold
        An order statistic of ``scores``.

    Raises
    ------
    NotEnoughCasesError
        When even the lowest score would not give that confidence; says how many are needed.
    ModelError
        When recall or confidence is no share between 0 and 1, or a score is nan.

    Notes
    -----
    The share of such cases below the j-th smallest of n scores is Beta(j, n - j + 1), whatever the scores'
    distribution: so j is the largest with P(Bin(n, 1 - recall) >= j) >= confidence, which is exact. With
    weights, n is the effective number and j the weighted rank: approximate, exact again for equal weights.

    References
    ----------
    David and Nagaraja 2003, Order Statistics, section 7.1.
    """
    _refuse_gaps(scores)
    for name, share in (("recall", recall), ("confidence", confidence)):
        if not 0 < share < 1:
            raise ModelError(f"{name} is {share}; it must lie between 0 and 1: nothing finite finds all.")
    weight = np.ones(len(scores)) if weight is None else weight
    order = np.argsort(scores, kind="stable")
    n = effective_number(weight)
    ranks = np.cumsum(weight[order]) / weight.sum() * n if len(scores) else np.empty(0)
    sure = np.flatnonzero(beta.cdf(1 - recall, ranks, n - ranks + 1) >= confidence - 1e-12)
    if not len(sure):
        needed = int(np.ceil(np.log(1 - confidence) / np.log(recall)))
        raise NotEnoughCasesError(
            f"{len(scores)} cases found too low (effectively {n:.0f}) cannot show a recall of {recall:.0%} "
            f"with {confidence:.0%} confidence; at least {needed} are needed. Review more cases at random."
        )
    return Threshold(
        float(scores[order[sure[-1]]]),
        f"finds {recall:.0%} or more of the wrong ones with {confidence:.0%} confidence, from {len(scores)}",
    )


def share_to_find(pool_scores: Floats, cases: ReviewedScores, target: RecallTarget) -> ShareToFind:
    """Say which share of the mediums would have to be flagged to find so many of the wrong ones.

    Parameters
    ----------
    pool_scores : ndarray of shape (n_mediums,)
        All mediums, by models that saw no case of their officer.
    cases : ReviewedScores
        A probability sample of them.
    target : RecallTarget
        What is to be found.

    Returns
    -------
    ShareToFind
        From :func:`threshold_by_recall`; without a share where that finds no threshold.
    """
    found = cases.found_high
    try:
        line = threshold_by_recall(
            cases.score[found],
            recall=target.recall,
            confidence=target.confidence,
            weight=cases.weight[found],
        )
    except NotEnoughCasesError as error:
        told = f"Too few reviewed checks to promise that enough wrong mediums are found: {error}"
        return ShareToFind(target, np.nan, int(found.sum()), told)
    share = float((pool_scores >= line.score).mean())
    told = (
        f"To find at least {target.recall:.0%} of the wrong mediums with {target.confidence:.0%} confidence, "
        f"{share:.0%} of mediums would have to be flagged (from {found.sum()} that random checks found "
        "too low)."
    )
    return ShareToFind(target, share, int(found.sum()), told)
