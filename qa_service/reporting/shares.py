"""Shares of some checks, each officer counting once a year: a check of two a year counts for half of one."""

import numpy as np
from numpy.typing import NDArray

from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import Rate, no_readings, readings_by_group


def share_by_officer(hits: NDArray[np.bool_], years: NDArray[np.float64]) -> Rate:
    """Compute a share.

    Parameters
    ----------
    hits, years : ndarray of shape (n_checks,)
        What was found, and how much of a year each check's round stands for.
    """
    none_known, one_case = np.zeros(len(hits), dtype=bool), np.ones(len(hits))
    found = readings_by_group(hits, one_case, np.full(len(hits), ""), none_known, years)
    return found.get("", no_readings())["by_officer"]


def copied_share(checks: CheckArrays) -> Rate:
    """Return in how many cases the text was mostly carried over, of those with an assessment before."""
    compared = checks.drawn.take(checks.drawn.has(Found.COMPARED))
    return share_by_officer(compared.has(Found.COPIED), compared.years)
