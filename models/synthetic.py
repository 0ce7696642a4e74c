"""Small synthetic pools whose truth is known, for tests and for the learning curve.

They show that a method does what it says; they are no evidence about real casework.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError

Floats = NDArray[np.float64]

#: What decides which highs are missed: nothing; a light record; a heavy one; a light one, strongly; any
#: direction of all features; three of them.
NOISE_KINDS = ("uniform", "feature", "reverse", "strong", "direction", "three")


@dataclass(frozen=True)
class Pool:
    """Cases that are medium or high, with the truth.

    Attributes
    ----------
    features : ndarray of shape (n_cases, n_features)
        What was known at the assessment.
    truly_high : ndarray of bool of shape (n_cases,)
        The level a perfect reader would give.
    weight_of_record : ndarray of shape (n_cases,)
        How heavy the visible record is, mean 0 and standard deviation 1: heavy records are under-rated less
        where errors depend on features.
    """

    features: Floats
    truly_high: NDArray[np.bool_]
    weight_of_record: Floats


def make_pool(n_cases: int = 2700, n_features: int = 24, *, share_high: float = 0.4, seed: int = 0) -> Pool:
    """Make a pool in which a third of the features tell highs from mediums, the first one most.

    Parameters
    ----------
    n_cases, n_features : int
        Size of the pool.
    share_high : float
        About this share is truly high, in (0, 1).
    seed : int
        The same seed makes the same pool.

    Returns
    -------
    Pool
        Half of the features are yes-or-no facts, half are amounts.
    """
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n_cases, n_features)) + 0.4 * rng.normal(size=(n_cases, 1))
    features = np.where(np.arange(n_features) % 2 == 0, latent, latent > 1.0)
    n_telling = max(1, n_features // 3)
    slopes = np.zeros(n_features)
    slopes[:n_telling] = np.linspace(0.9, 0.2, n_telling)
    pull = features @ slopes
    threshold = np.quantile(pull + rng.logistic(size=n_cases), 1 - share_high)
    truly_high = pull - threshold + rng.logistic(size=n_cases) > 0
    record = (features[:, 0] - features[:, 0].mean()) / features[:, 0].std()
    return Pool(features, truly_high, record)


def assess_with_errors(
    pool: Pool, *, wrong_share: float, noise: str, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Record some highs as medium, until that share of the recorded mediums is wrong.

    Parameters
    ----------
    pool : Pool
        Cases with their truth.
    wrong_share : float
        Wrong mediums over all recorded mediums, in [0, 1).
    noise : str
        One of ``NOISE_KINDS``.
    rng : numpy.random.Generator
        Chooses which.

    Returns
    -------
    ndarray of bool of shape (n_cases,)
        Whether each case is assessed high.

    Raises
    ------
    ModelError
        When the kind of noise is unknown.
    """
    if noise not in NOISE_KINDS:
        raise ModelError(f"There is no noise {noise!r}; use one of {', '.join(NOISE_KINDS)}.")
    highs = np.flatnonzero(pool.truly_high)
    n_wrong = round(wrong_share * (len(pool.truly_high) - len(highs)) / (1 - wrong_share))
    odds = np.exp(_ease_of_missing(pool, noise, rng)[highs])
    assessed_high = pool.truly_high.copy()
    assessed_high[rng.choice(highs, n_wrong, replace=False, p=odds / odds.sum())] = False
    return assessed_high


def _ease_of_missing(pool: Pool, noise: str, rng: np.random.Generator) -> Floats:
    """Log odds of being missed, up to a constant."""
    along_record = {"uniform": 0.0, "feature": -1.0, "reverse": 1.0, "strong": -2.0}
    if noise in along_record:
        ease: Floats = along_record[noise] * pool.weight_of_record
        return ease
    spread = pool.features.std(axis=0)
    varying = (pool.features - pool.features.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    pull = rng.normal(size=varying.shape[1])
    if noise == "three":
        chosen = rng.choice(len(pull), 3, replace=False)
        pull = np.where(np.isin(np.arange(len(pull)), chosen), np.sign(pull), 0.0)
    pulled: Floats = varying @ pull
    pulled /= pulled.std()
    return pulled


def draw_reviews(
    truly_high: NDArray[np.bool_], assessed_high: NDArray[np.bool_], *, share: float, rng: np.random.Generator
) -> Floats:
    """Review a simple random share of the recorded mediums without error.

    Parameters
    ----------
    truly_high, assessed_high : ndarray of bool of shape (n_cases,)
        Truth, and what was recorded.
    share : float
        Reviewed share of the recorded mediums, in [0, 1].
    rng : numpy.random.Generator
        Chooses which.

    Returns
    -------
    ndarray of shape (n_cases,)
        1 or 0 where reviewed, nan elsewhere.
    """
    mediums = np.flatnonzero(~assessed_high)
    drawn = rng.choice(mediums, round(share * len(mediums)), replace=False)
    reviewed_high = np.full(len(truly_high), np.nan)
    reviewed_high[drawn] = truly_high[drawn]
    return reviewed_high
