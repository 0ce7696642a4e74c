"""Variance of a linearised total under strata, clusters in stages and finite populations.

The formulas and their behaviour are those of R's `survey` package (Lumley 2004).

References
----------
Lumley, T. (2004), Analysis of complex survey samples, Journal of Statistical Software 9(8).
Särndal, C.-E., Swensson, B. and Wretman, J. (1992), Model Assisted Survey Sampling, chapters 4-5.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.columns import read_array, read_names, read_numbers
from sampling.errors import EstimationError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SampleDesign:
    """The sample's weights and structure; arrays of one row per sampled unit.

    `clusters` has shape (n, n_stages); `fractions`, of the same shape or None, the share of each stage's
    units (of the stratum, then of the cluster above) that was drawn.
    """

    weights: Floats
    strata: Codes
    clusters: Codes
    fractions: Floats | None
    is_poisson: bool = False

    def variance(self, z: Floats) -> float:
        """Variance of sum(z), where z holds the weighted linearised values; shape (n,)."""
        if self.is_poisson:
            return float(np.sum((1 - 1 / self.weights) * z**2))
        total, parent = 0.0, self.strata
        multiplier = np.ones(len(z))
        for stage in range(self.clusters.shape[1] if self.fractions is not None else 1):
            fraction = np.zeros(len(z)) if self.fractions is None else self.fractions[:, stage]
            variances = _between_clusters(z, parent, self.clusters[:, stage], fraction)
            per_parent = np.zeros(int(parent.max()) + 1)
            per_parent[parent] = multiplier * (1 - fraction)
            total += float(np.sum(per_parent * variances))
            multiplier = multiplier * fraction
            parent = self.clusters[:, stage]
        return total

    def df(self, inside: NDArray[np.bool_] | None = None) -> int:
        """Degrees of freedom: first-stage clusters minus strata, among units inside of weight above 0."""
        rows = self.weights > 0 if inside is None else inside & (self.weights > 0)
        return len(np.unique(self.clusters[rows, 0])) - len(np.unique(self.strata[rows]))

    def is_census(self, inside: NDArray[np.bool_]) -> bool:
        """Whether every unit that could be inside was drawn, so that nothing is left to chance."""
        if self.is_poisson:
            return bool(np.all(self.weights[inside] == 1))
        return self.fractions is not None and bool(np.all(self.fractions[inside] == 1))

    @cached_property
    def n(self) -> int:
        """Number of sampled units."""
        return len(self.weights)


def sample_design(
    n: int,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
    fpc: ArrayLike | None,
    *,
    poisson: bool = False,
) -> SampleDesign:
    """Read the design arguments that every estimator takes.

    Parameters
    ----------
    n : int
        Number of sampled units.
    weights : array_like of shape (n,), optional
        Inverse inclusion probabilities; from `fpc` when that is given, else all 1.
    strata : array_like of shape (n,), optional
        One stratum when not given.
    clusters : array_like of shape (n,) or (n, n_stages), optional
        Each unit its own cluster when not given; names need be unique only within the level above.
    fpc : array_like of the shape of clusters, optional
        Population counts, the same for all of a stratum (infinite where it was drawn with replacement);
        without it the first stage is treated as drawn with replacement.
    poisson : bool
        Whether each unit was drawn on its own ticket, so that the sample's size was chance too
        (`PoissonTargeted`). Then the weights say all, and strata, clusters and fpc have no place.

    Returns
    -------
    SampleDesign
        Checked and coded.

    Raises
    ------
    EstimationError
        When a shape or a value does not fit.
    """
    if n == 0:
        raise EstimationError("there is nothing to estimate from; widen the window or the area")
    stratum = np.zeros(n, dtype=np.int64) if strata is None else _strata(strata, n)
    coded = _nested(stratum, np.arange(n) if clusters is None else read_names(clusters, "clusters", n))
    fractions = None if fpc is None else _fractions(stratum, coded, _sizes(fpc, coded.shape))
    if weights is not None:
        used = read_numbers(weights, "weights", n)
    elif fractions is None:
        used = np.ones(n)
    elif np.all(fractions > 0):
        used = 1 / fractions.prod(axis=1)
    else:
        raise EstimationError("an infinite fpc gives no weights; give the weights too")
    if np.any(used < 0) or not np.any(used > 0):
        raise EstimationError("weights are negative or all 0; check the inclusion probabilities")
    if poisson and (strata is not None or clusters is not None or fpc is not None or weights is None):
        raise EstimationError("a Poisson sample needs weights alone, without strata, clusters or fpc")
    if poisson and np.any(used < 1):
        raise EstimationError("a Poisson sample's weights are 1 / inclusion probability, so at least 1")
    return SampleDesign(used, stratum, coded, fractions, poisson)


def _strata(strata: ArrayLike, n: int) -> Codes:
    names = read_names(strata, "strata", n)
    if names.ndim != 1:
        raise EstimationError(f"strata have shape {names.shape}; give one name per case")
    return _codes(names)


def _nested(stratum: Codes, clusters: NDArray[np.generic]) -> Codes:
    """Code clusters within strata, stage by stage, so that equal names in two places stay apart."""
    n, above, columns = len(stratum), stratum, []
    for names in clusters.reshape(n, -1).T:
        above = _codes(above * (n + 1) + _codes(names))
        columns.append(above)
    return np.column_stack(columns)


def _sizes(fpc: ArrayLike, shape: tuple[int, ...]) -> Floats:
    sizes = read_array(fpc, "fpc")
    if sizes.shape[:1] != shape[:1]:
        raise EstimationError(f"fpc has shape {sizes.shape} for {shape[0]} values; give one count per case")
    sizes = sizes.reshape(shape[0], -1)
    if sizes.shape != shape:
        raise EstimationError(f"fpc has {sizes.shape[1]} columns for {shape[1]} stages; give one per stage")
    return sizes


def _fractions(stratum: Codes, clusters: Codes, sizes: Floats) -> Floats:
    """Share drawn of each stage's units, per sampled unit; shape (n, n_stages)."""
    shares, parent = np.empty_like(sizes), stratum
    for stage, cluster in enumerate(clusters.T):
        drawn = np.bincount(parent[np.unique(cluster, return_index=True)[1]])[parent]
        size = sizes[:, stage]
        if not np.all(size >= drawn):
            raise EstimationError(
                "fpc is smaller than the number drawn; give the population count of the stratum"
            )
        stated = np.zeros(int(parent.max()) + 1)
        stated[parent] = size
        if np.any(stated[parent] != size):
            raise EstimationError("fpc differs within a stratum or cluster; give each its one count")
        shares[:, stage] = drawn / size
        parent = cluster
    return shares


def _between_clusters(z: Floats, parent: Codes, cluster: Codes, fraction: Floats) -> Floats:
    """Variance within each parent from its clusters' totals, as drawn with replacement."""
    n_parents = int(parent.max()) + 1
    totals = np.bincount(cluster, weights=z)
    parent_of = np.zeros(len(totals), dtype=np.int64)
    parent_of[cluster] = parent
    drawn = np.bincount(parent_of, minlength=n_parents)
    if np.any((drawn[parent] == 1) & (fraction < 1)):
        raise EstimationError(
            "a stratum or cluster has a single unit drawn of several; merge it with a like one"
        )
    means = np.bincount(parent_of, weights=totals, minlength=n_parents) / drawn
    squares = np.bincount(parent_of, weights=(totals - means[parent_of]) ** 2, minlength=n_parents)
    variances: Floats = drawn / np.maximum(drawn - 1, 1) * squares
    return variances


def _codes(values: NDArray[np.generic]) -> Codes:
    codes: Codes = np.unique(values, return_inverse=True)[1].astype(np.int64)
    return codes
