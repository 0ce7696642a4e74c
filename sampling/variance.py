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

from sampling.errors import EstimationError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SampleDesign:
    """The sample's weights and structure; arrays of one row per sampled unit.

    `clusters` has shape (n, n_stages); `fpc`, of the same shape or None, the number of units of each
    stage in the population of the stratum (stage 1) or of the cluster above.
    """

    weights: Floats
    strata: Codes
    clusters: Codes
    fpc: Floats | None

    def variance(self, z: Floats) -> float:
        """Variance of sum(z), where z holds the weighted linearised values; shape (n,)."""
        total, parent = 0.0, self.strata
        multiplier = np.ones(len(z))
        for stage in range(self.clusters.shape[1] if self.fpc is not None else 1):
            size = None if self.fpc is None else self.fpc[:, stage]
            variances, fraction = _stage(z, parent, self.clusters[:, stage], size)
            per_parent = np.zeros(int(parent.max()) + 1)
            per_parent[parent] = multiplier
            total += float(np.sum(per_parent * variances))
            multiplier = multiplier * fraction[parent]
            parent = self.clusters[:, stage]
        return total

    def df(self, inside: NDArray[np.bool_] | None = None) -> int:
        """Degrees of freedom: first-stage clusters minus strata, among the units inside."""
        rows = slice(None) if inside is None else inside
        return len(np.unique(self.clusters[rows, 0])) - len(np.unique(self.strata[rows]))

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
        Population counts; without it the first stage is treated as drawn with replacement.

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
    stratum = np.zeros(n, dtype=np.int64) if strata is None else _codes(_rows(strata, n, "strata"))
    coded = _nested(stratum, np.arange(n) if clusters is None else _rows(clusters, n, "clusters"))
    sizes = None if fpc is None else np.asarray(_rows(fpc, n, "fpc"), dtype=np.float64).reshape(n, -1)
    if sizes is not None and sizes.shape != coded.shape:
        raise EstimationError(
            f"fpc has {sizes.shape[1]} columns for {coded.shape[1]} stages; give one per stage"
        )
    if weights is None:
        used = np.ones(n) if sizes is None else _weights_from_counts(stratum, coded, sizes)
    else:
        used = np.asarray(_rows(weights, n, "weights"), dtype=np.float64)
    if not np.all(np.isfinite(used)) or np.any(used < 0) or not np.any(used > 0):
        raise EstimationError(
            "weights must be finite, not negative and not all 0; check the inclusion probabilities"
        )
    return SampleDesign(used, stratum, coded, sizes)


def _nested(stratum: Codes, clusters: NDArray[np.generic]) -> Codes:
    """Code clusters within strata, stage by stage, so that equal names in two places stay apart."""
    n, above, columns = len(stratum), stratum, []
    for names in clusters.reshape(n, -1).T:
        above = _codes(above * (n + 1) + _codes(names))
        columns.append(above)
    return np.column_stack(columns)


def _stage(z: Floats, parent: Codes, cluster: Codes, size: Floats | None) -> tuple[Floats, Floats]:
    """Variance within each parent from its clusters' totals, and the share of them that was drawn."""
    n_parents, n_clusters = int(parent.max()) + 1, int(cluster.max()) + 1
    totals = np.bincount(cluster, weights=z, minlength=n_clusters)
    parent_of = np.zeros(n_clusters, dtype=np.int64)
    parent_of[cluster] = parent
    drawn = np.bincount(parent_of, minlength=n_parents)
    fraction = np.zeros(n_parents)
    if size is not None:
        population = np.zeros(n_parents)
        population[parent] = size
        if np.any(population < drawn):
            raise EstimationError(
                "fpc is smaller than the number drawn; give the population count of the stratum"
            )
        fraction = drawn / population
    if np.any((drawn == 1) & (fraction < 1)):
        raise EstimationError(
            "a stratum or cluster has a single unit drawn of several; merge it with a like one"
        )
    means = np.bincount(parent_of, weights=totals, minlength=n_parents) / drawn
    squares = np.bincount(parent_of, weights=(totals - means[parent_of]) ** 2, minlength=n_parents)
    return (1 - fraction) * drawn / np.maximum(drawn - 1, 1) * squares, fraction


def _weights_from_counts(stratum: Codes, clusters: Codes, sizes: Floats) -> Floats:
    weights, parent = np.ones(len(stratum)), stratum
    for stage in range(clusters.shape[1]):
        pairs = np.unique(np.column_stack([parent, clusters[:, stage]]), axis=0)
        drawn = np.bincount(pairs[:, 0])
        weights = weights * sizes[:, stage] / drawn[parent]
        parent = clusters[:, stage]
    return weights


def _rows(values: ArrayLike, n: int, what: str) -> NDArray[np.generic]:
    array: NDArray[np.generic] = np.asarray(values)
    if array.shape[:1] != (n,):
        raise EstimationError(
            f"{what} has {array.shape[0] if array.ndim else 0} rows for {n} values; align them"
        )
    return array


def _codes(values: NDArray[np.generic]) -> Codes:
    codes: Codes = np.unique(values, return_inverse=True)[1].astype(np.int64)
    return codes
