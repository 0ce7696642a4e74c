"""Whether the probabilities mean what they say: of cases given 20%, a fifth should be found high."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.intervals import Floats, weighted_share

N_BANDS = 10


def reliability_table(
    probability: Floats, found_high: NDArray[np.bool_], weight: Floats, *, n_bands: int = N_BANDS
) -> pd.DataFrame:
    """Compare stated with observed shares in bands of equal size.

    Parameters
    ----------
    probability : ndarray of shape (n_reviewed,)
        By a model that did not see the review.
    found_high : ndarray of bool of shape (n_reviewed,)
        What the review found.
    weight : ndarray of shape (n_reviewed,)
        Inverse inclusion probabilities.
    n_bands : int
        Bands of about equal weight.

    Returns
    -------
    DataFrame
        One row per band with cases: n, weight_share, stated_rate, observed_rate, low, high (95%).
    """
    columns = ["n", "weight_share", "stated_rate", "observed_rate", "low", "high"]
    if not len(probability):
        return pd.DataFrame(columns=columns, dtype=float)
    order = np.argsort(probability, kind="stable")
    middle = np.cumsum(weight[order]) - weight[order] / 2
    band = np.minimum((middle / weight.sum() * n_bands).astype(int), n_bands - 1)
    rows = []
    for number in np.unique(band):
        cases = order[band == number]
        observed = weighted_share(found_high[cases], weight[cases])
        stated = float(np.average(probability[cases], weights=weight[cases]))
        share = float(weight[cases].sum() / weight.sum())
        rows.append((len(cases), share, stated, observed.value, observed.low, observed.high))
    return pd.DataFrame(rows, columns=columns)


def expected_calibration_error(table: pd.DataFrame) -> float:
    """Average distance between stated and observed shares.

    Parameters
    ----------
    table : DataFrame
        From :func:`reliability_table`.

    Returns
    -------
    float
        Between 0 (exact) and 1, weighted by each band's share of the pool; nan for no cases.
    """
    if table.empty:
        return float("nan")
    return float((table["weight_share"] * (table["stated_rate"] - table["observed_rate"]).abs()).sum())
