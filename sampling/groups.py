"""Rates of many groups at once (every PDU of the country in one pass over the arrays)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sampling.columns import read_flags, read_names, read_numbers, refuse_outside
from sampling.errors import EstimationError
from sampling.variance import Codes, Floats, sample_design


@dataclass(frozen=True, eq=False)
class GroupRates:
    """One row per group, in sorted order of their names; arrays of shape (n_groups,)."""

    groups: NDArray[np.generic]
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]
    n_eff: Floats
    confidence: float
    method: str = "Hajek, Taylor, Wilson on effective n"


def estimate_rates_by_group(
    y: ArrayLike,
    groups: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> GroupRates:
    """Estimate the rate of every group: what `estimate_mean` gives for each group's rows alone.

    Parameters
    ----------
    y : array_like of shape (n,)
        0 or 1.
    groups : array_like of shape (n,)
        Name or number of each unit's group (PDU at the draw).
    weights : array_like of shape (n,), optional
        Inverse inclusion probabilities.
    clusters : array_like of shape (n,), optional
        What was drawn together (the officer, when several cases were checked).
    confidence : float
        In (0, 1).

    Returns
    -------
    GroupRates
        With standard errors nan where a group has a single cluster.

    Raises
    ------
    EstimationError
        When a value is neither 0 nor 1, or the arrays do not fit.
    """
    values = read_numbers(y, "y")
    read_flags(values, "y")
    refuse_outside(confidence, "confidence")
    names = read_names(groups, "groups", len(values))
    design = sample_design(len(values), weights, names, clusters, None)
    code, drawn_with = design.strata, design.clusters[:, 0]
    total = np.bincount(code, weights=design.weights)
    if np.any(total == 0):
        raise EstimationError("a group's weights are all 0; check its inclusion probabilities")
    rate = np.clip(np.bincount(code, weights=design.weights * values) / total, 0, 1)
    se = _standard_errors(design.weights * (values - rate[code]) / total[code], code, drawn_with)
    n = np.bincount(code)
    n_clusters = np.bincount(code[np.unique(drawn_with, return_index=True)[1]])
    n_eff = np.minimum(n_clusters, total**2 / np.bincount(code, weights=design.weights**2))
    known = se > 1e-12
    n_eff[known] = np.minimum(n[known], rate[known] * (1 - rate[known]) / se[known] ** 2)
    low, high = _wilson(rate, n_eff, confidence)
    return GroupRates(np.unique(names), rate, se, low, high, n, n_eff, confidence)


def _standard_errors(z: Floats, group: Codes, cluster: Codes) -> Floats:
    """Take clusters as drawn with replacement within their group; nan for a group of one."""
    totals = np.bincount(cluster, weights=z)
    group_of = np.zeros(len(totals), dtype=np.int64)
    group_of[cluster] = group
    drawn = np.bincount(group_of).astype(np.float64)
    spread = np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), np.nan)
    errors: Floats = np.sqrt(spread * np.bincount(group_of, weights=totals**2))
    return errors


def _wilson(rate: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    z2 = float(stats.norm.ppf((1 + confidence) / 2)) ** 2
    centre = (rate * n + z2 / 2) / (n + z2)
    half = np.sqrt(z2) / (n + z2) * np.sqrt(n * rate * (1 - rate) + z2 / 4)
    low = np.where(rate == 0, 0.0, np.maximum(0, centre - half))
    return low, np.where(rate == 1, 1.0, np.minimum(1, centre + half))
