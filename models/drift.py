"""Whether the cases have changed since the classifier was trained: the population stability index."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.intervals import Floats

#: Usual reading in credit scoring (Siddiqi 2006, Credit Risk Scorecards): look from .10, retrain from .25.
LOOK_FROM = 0.10
RETRAIN_FROM = 0.25
N_BINS = 10
_SMALLEST_SHARE = 1e-4


def bin_edges(reference: Floats, n_bins: int = N_BINS) -> Floats:
    """Edges that cut the reference into about equal parts; fewer where values repeat.

    Parameters
    ----------
    reference : ndarray of shape (n_cases,)
        A feature at training.
    n_bins : int
        Parts aimed at.

    Returns
    -------
    ndarray of shape (at most n_bins - 1,)
        Inner edges, kept in the artefact so that drift needs no training data.
    """
    return np.unique(np.quantile(reference, np.linspace(0, 1, n_bins + 1)[1:-1]))


def stability_index(reference_shares: Floats, present_shares: Floats) -> float:
    """Measure how far one set of bin shares is from another.

    Parameters
    ----------
    reference_shares, present_shares : ndarray of shape (n_bins,)
        Each sums to one. Empty bins count as one in ten thousand.

    Returns
    -------
    float
        Sum of (p - q) log(p / q), at least 0.
    """
    p = np.maximum(present_shares, _SMALLEST_SHARE)
    q = np.maximum(reference_shares, _SMALLEST_SHARE)
    return float(((p - q) * np.log(p / q)).sum())


def drift_table(reference: pd.DataFrame, present: pd.DataFrame) -> pd.DataFrame:
    """Stability index of each feature, worst first.

    Parameters
    ----------
    reference, present : DataFrame of shape (n_cases, n_features)
        The same numeric columns at training and now.

    Returns
    -------
    DataFrame
        Indexed by feature: stability_index and reading ("steady", "look", "retrain").
    """
    bins = bins_of(reference)
    return drift_from_counts(bins, bin_counts(bins, present))


def bins_of(reference: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """Cut each feature into bins and count: what an artefact keeps of its training data."""
    bins = {}
    for name in reference.columns:
        values = reference[name].to_numpy(dtype=np.float64)
        edges = bin_edges(values)
        bins[name] = {"edges": edges.tolist(), "shares": _shares(values, edges).tolist()}
    return bins


def _shares(values: Floats, edges: Floats) -> Floats:
    # side="left": a value equal to an edge falls below it, so that a yes-or-no fact fills two bins.
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    shares: Floats = counts / max(1, len(values))
    return shares


def bin_counts(bins: Mapping[str, Mapping[str, list[float]]], present: pd.DataFrame) -> dict[str, list[int]]:
    """Count present cases in the bins kept from training: counts of several small tables may be added up.

    Parameters
    ----------
    bins : mapping of str to mapping
        Of each feature: edges and shares.
    present : DataFrame of shape (n_cases, n_features)
        The same features now.

    Returns
    -------
    dict of str to list of int
        Cases in each bin of each feature.
    """
    counts = {}
    for name, kept in bins.items():
        place = np.searchsorted(
            np.array(kept["edges"]), present[name].to_numpy(dtype=np.float64), side="left"
        )
        counts[name] = np.bincount(place, minlength=len(kept["shares"])).tolist()
    return counts


def drift_from_counts(
    bins: Mapping[str, Mapping[str, list[float]]], counts: Mapping[str, list[int]]
) -> pd.DataFrame:
    """Compare counts with the shares kept from training: as :func:`drift_table`.

    Parameters
    ----------
    bins : mapping of str to mapping
        Of each feature: edges and shares.
    counts : mapping of str to list of int
        From :func:`bin_counts`.

    Returns
    -------
    DataFrame
        Indexed by feature, worst first: stability_index and reading.
    """
    indexes = {
        name: stability_index(np.array(kept["shares"]), np.array(counts[name]) / max(1, sum(counts[name])))
        for name, kept in bins.items()
    }
    table = pd.DataFrame({"stability_index": indexes}).sort_values("stability_index", ascending=False)
    readings = np.select(
        [table["stability_index"] >= RETRAIN_FROM, table["stability_index"] >= LOOK_FROM],
        ["retrain", "look"],
        "steady",
    )
    return table.assign(reading=readings)
