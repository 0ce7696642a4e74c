"""Do several readers agree, with gaps: Gwet's AC1 and Krippendorff's alpha, each with limits.

References
----------
Gwet, K. L. (2008), Computing inter-rater reliability in the presence of high agreement, BJMSP 61, 29-48.
Gwet, K. L. (2014), Handbook of Inter-Rater Reliability, fourth edition, Advanced Analytics.
Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania.
"""

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sampling.columns import Floats, read_array, read_numbers, refuse_outside
from sampling.errors import EstimationError
from sampling.estimate import Estimate

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def gwet_ac1(
    ratings: ArrayLike, *, categories: ArrayLike | None = None, confidence: float = 0.95
) -> Estimate:
    """Estimate Gwet's AC1, steady where nearly all cases pass.

    Parameters
    ----------
    ratings : array_like of shape (n_raters, n_units)
        Category codes; nan where a reader did not read.
    categories : array_like of shape (q,), optional
        All codes that could be given; those seen when not given. Agreement by chance, and so AC1, depends
        on how many there are.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        Standard error over units (readers taken as given); Student's t limits, at most 1 (-1 to 1 when
        readers never differ: then show `observed_agreement`).

    Raises
    ------
    EstimationError
        When no unit has two readings, there is one category, or a reading is none of them.

    Notes
    -----
    The variance is Gwet's for raw ratings, with n(n - 1) below (irrCAC's `gwet.ac1.raw`); his function for a
    table of two readers, `gwet.ac1.table`, has n**2, so that its error is sqrt((n - 1) / n) of this one.
    Where findings are few, limits fall short: at 7 in 100, 91 times of 100 with 50 units, 92 with 100.
    """
    refuse_outside(confidence, "confidence")
    counts = _counts(ratings, categories)
    read = counts.sum(axis=1)
    counts, read = counts[read > 0], read[read > 0]
    twice = read >= 2
    n, n_twice, q = len(counts), int(twice.sum()), counts.shape[1]
    if n_twice < 2 or q < 2:
        raise EstimationError("AC1 needs two units read twice and two categories; show agreement instead")
    pairs = np.where(twice, read * (read - 1), 1)
    agreement = np.where(twice, np.sum(counts * (counts - 1), axis=1) / pairs, 0.0)
    shares = counts / read[:, None]
    use = shares.mean(axis=0)
    chance = float(np.sum(use * (1 - use))) / (q - 1)
    value = (float(agreement.sum()) / n_twice - chance) / (1 - chance)
    per_unit = np.where(twice, n / n_twice * (agreement - chance) / (1 - chance), 0.0)
    unit_chance = shares @ (1 - use) / (q - 1)
    influence = per_unit - 2 * (1 - value) * (unit_chance - chance) / (1 - chance)
    se = math.sqrt(float(np.sum((influence - value) ** 2)) / (n - 1) / n)
    return _with_limits(value, se, n, "Gwet AC1", confidence)


def krippendorff_alpha(ratings: ArrayLike, level: Level = "nominal", *, confidence: float = 0.95) -> Estimate:
    """Estimate Krippendorff's alpha for any number of readers and gaps.

    Parameters
    ----------
    ratings : array_like of shape (n_raters, n_units)
        Numbers; nan where a reader did not read.
    level : str
        `nominal`, `ordinal` (levels of risk), `interval` or `ratio`.
    confidence : float
        In (0, 1).

    Returns
    -------
    Estimate
        1 - observed / expected disagreement; standard error by jackknife over units, Student's t limits on
        Fisher's scale (-1 to 1 when readers never differ, or one unit alone decides).

    Raises
    ------
    EstimationError
        When no unit has two readings or all readings of units read twice are equal.
    """
    refuse_outside(confidence, "confidence")
    if level not in get_args(Level):
        raise EstimationError(f"level {level!r} is not known; give one of {', '.join(get_args(Level))}")
    counts, values = _counts(ratings), _values(ratings)
    counts = counts[counts.sum(axis=1) >= 2]
    if len(counts) < 2 or np.count_nonzero(counts.sum(axis=0)) < 2:
        raise EstimationError(
            "alpha needs two units read twice and two different readings; show agreement instead"
        )
    read = counts.sum(axis=1)
    per_unit = (counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))) / (
        read[:, None, None] - 1
    )
    together = per_unit.sum(axis=0)
    alpha = float(_alpha(together, values, level))
    without = np.array([_alpha(together - one, values, level) for one in per_unit])
    n = len(counts)
    known = without[np.isfinite(without)]  # without a unit too few, all others may be read alike
    se = _jackknife(known, n) if len(known) >= 2 else math.inf
    low, high = -1.0, 1.0
    if 0 < se < math.inf and abs(alpha) < 1:
        inside = np.clip(known, -1 + 1e-9, 1 - 1e-9)
        half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * _jackknife(np.arctanh(inside), n)
        low, high = math.tanh(math.atanh(alpha) - half), math.tanh(math.atanh(alpha) + half)
    method = f"Krippendorff's alpha ({level}), jackknife on Fisher's scale"
    return Estimate(alpha, se, low, high, n, float(n), method, confidence)


def _jackknife(without: Floats, n: int) -> float:
    return math.sqrt((n - 1) / n * float(np.sum((without - without.mean()) ** 2)))


def _with_limits(value: float, se: float, n: int, method: str, confidence: float) -> Estimate:
    """Student's t limits within -1 and 1; both of these where readers who never differ leave no spread."""
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * se if se > 0 else math.inf
    return Estimate(
        value, se, max(-1.0, value - half), min(1.0, value + half), n, float(n), method, confidence
    )


def _alpha(together: Floats, values: Floats, level: Level) -> float:
    """Alpha from the coincidences of values, shape (q, q)."""
    use = together.sum(axis=1)
    distance = _distances(values, use, level)
    expected = float(use @ distance @ use)
    observed = float(np.sum(together * distance))
    return 1 - (use.sum() - 1) * observed / expected if expected > 0 else math.nan


def _distances(values: Floats, use: Floats, level: Level) -> Floats:
    """Squared differences between values, shape (q, q)."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    place = np.cumsum(use) - use / 2 if level == "ordinal" else values
    gaps: Floats = np.subtract.outer(place, place) ** 2
    if level != "ratio":
        return gaps
    sums = np.add.outer(values, values) ** 2
    relative = np.zeros_like(gaps)
    np.divide(gaps, sums, out=relative, where=sums > 0)
    return relative


def _values(ratings: ArrayLike) -> Floats:
    array = read_array(ratings, "ratings")
    values: Floats = np.unique(array[~np.isnan(array)])
    return values


def _counts(ratings: ArrayLike, categories: ArrayLike | None = None) -> Floats:
    """How many readers gave each value, or each category, to each unit, shape (n_units, q)."""
    array = read_array(ratings, "ratings")
    if array.ndim != 2 or len(array) < 2:
        raise EstimationError(
            f"ratings have shape {array.shape}; give (n_raters, n_units) with two raters or more"
        )
    if np.any(np.isinf(array)):
        raise EstimationError("ratings hold an infinite value; give nan where a reader did not read")
    values = _values(array)
    known = values if categories is None else np.unique(read_numbers(categories, "categories"))
    unknown = np.setdiff1d(values, known)
    if unknown.size:
        raise EstimationError(f"reading {unknown[0]:g} is not among the categories; add it")
    counts: Floats = (array[:, :, None] == known).sum(axis=0).astype(np.float64)
    return counts
