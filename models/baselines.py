"""Simpler ways to choose what to read, judged on the same reviews as the classifier."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.evaluation import compare_methods
from models.intervals import Floats
from models.labels import Labels
from models.validation import reviewed_scores

BUDGET_SHARE = 0.10


def baseline_scores(records: pd.DataFrame, label_scores: Floats) -> dict[str, Floats]:
    """Score every case by each simpler way.

    Parameters
    ----------
    records : DataFrame of shape (n_cases, n_columns)
        The input contract.
    label_scores : ndarray of shape (n_cases,)
        By the recorded levels alone.

    Returns
    -------
    dict of str to ndarray of shape (n_cases,)
        Chance (all tied), the combined serious predictor (RSR or CSRP), the register above the assessment,
        and the recorded levels alone, whose order is cleanlab's for two classes.
    """
    register = records["register_level_at_completion"].fillna(0) - records["assessed_overall"].fillna(0)
    return {
        "chance": np.zeros(len(records)),
        "combined serious predictor": records["serious_recidivism_predictor_pct"].fillna(0).to_numpy(float),
        "register above the assessment": register.to_numpy(float),
        "recorded levels alone": label_scores,
    }


def compare_with_baselines(
    records: pd.DataFrame,
    labels: Labels,
    scores: Floats,
    label_scores: Floats,
    *,
    officer: NDArray[np.object_],
    seed: int,
) -> pd.DataFrame:
    """Set the classifier beside simpler ways on the reviews of the random arm, reading a tenth.

    Parameters
    ----------
    records : DataFrame of shape (n_cases, n_columns)
        The input contract.
    labels : Labels
        For the same rows.
    scores, label_scores : ndarray of shape (n_cases,)
        By the classifier and by the recorded levels alone, officers held out.
    officer : ndarray of shape (n_cases,)
        Who held each case.
    seed : int
        Of the intervals.

    Returns
    -------
    DataFrame
        As :func:`models.evaluation.compare_methods`, indexed by method.
    """
    rows = np.flatnonzero(labels.judges)
    cases = reviewed_scores(scores, labels, officer, rows)
    every = {"this classifier": scores, **baseline_scores(records, label_scores)}
    table = compare_methods(
        {name: score[rows] for name, score in every.items()}, cases, budget_share=BUDGET_SHARE, seed=seed
    )
    return table.rename_axis("method")
