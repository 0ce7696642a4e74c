"""Secondary suppression: what else must be hidden so that no small count follows from what is known.

References
----------
Cox, L. H. (1995), Network models for complementary cell suppression, Journal of the American Statistical
Association 90(432).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from sampling.errors import EstimationError

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
# How far a count is moved at most, to see whether it can be another.
_MOST = 1000.0
_NEARLY = 1e-6


@dataclass(frozen=True, eq=False)
class Known:
    """What somebody who sees some counts knows of all of them.

    Parameters
    ----------
    counts : ndarray of shape (n_counts,)
        As they are.
    sums : array or sparse array of shape (n_sums, n_counts)
        Weights of the counts in whatever adds up to a known number.
    people : array or sparse array of shape (n_forms, n_counts)
        Weights of the counts in every number of people, which is never negative: each count, and what one
        leaves of another, as those checked who were no hit.
    """

    counts: Floats
    sums: Floats | csr_array
    people: Floats | csr_array

    def __post_init__(self) -> None:
        """Refuse weights of other counts.

        Raises
        ------
        EstimationError
            When the shapes do not fit.
        """
        widths = {self.counts.shape[-1], self.sums.shape[-1], self.people.shape[-1]}
        if self.counts.ndim != 1 or len(widths) > 1:
            raise EstimationError("counts, sums and people need one column for each count")

    def change(self, cost: Floats, may_change: Flags, aim: Floats | None = None) -> Floats | None:
        """Return the cheapest change of the counts that leaves all that is known as it is.

        Parameters
        ----------
        cost : ndarray of shape (2 * n_counts,)
            Of one more of each, then of one less.
        may_change : ndarray of bool, shape (n_counts,)
            Which counts are not seen.
        aim : ndarray of shape (n_counts,), optional
            Weights of the counts in what must rise by one or more.

        Returns
        -------
        ndarray of shape (n_counts,), or None
            By how much each changes; None where no change does it.
        """
        n, n_sums = len(self.counts), self.sums.shape[0]
        aims = np.zeros((0, n)) if aim is None else aim[np.newaxis]
        rows = [csr_array(one) for one in (self.sums, self.people, aims)]
        low = np.concatenate([np.zeros(n_sums), -(self.people @ self.counts), np.ones(len(aims))])
        high = np.where(np.arange(len(low)) < n_sums, 0, np.inf)
        weights = vstack(rows)
        found = milp(
            cost,
            constraints=LinearConstraint(hstack([weights, -weights]), low, high),
            bounds=Bounds(0, np.tile(may_change, 2) * _MOST),
        )
        return found.x[:n] - found.x[n:] if found.success else None


def hide_more(hidden: Flags, known: Known, aims: Floats, cost: Floats) -> Flags:
    """Hide further counts until no small one follows exactly from those that are shown.

    Parameters
    ----------
    hidden : ndarray of bool, shape (n_counts,)
        What is hidden so far.
    known : Known
        What is known beside the counts that are shown.
    aims : ndarray of shape (n_aims, n_counts)
        Weights of the counts in each small one.
    cost : ndarray of shape (n_counts,)
        Of hiding each; infinite where it is known anyway.

    Returns
    -------
    ndarray of bool, shape (n_counts,)
        As given, or with more beside. An aim that follows whatever is hidden, as from a total, is left.

    Notes
    -----
    For each small count a linear programme finds the cheapest counts that must be unknown for it to be one
    more or one less. What protects one still does when more is hidden, so that one pass is enough.
    """
    is_hidden, left = hidden.copy(), np.ones(len(aims), dtype=np.bool_)
    if not len(aims):
        return is_hidden
    # One change of whatever can change, by weights that do not cancel out, spares a search for most.
    pull = (np.sqrt(np.arange(2, len(aims) + 2)) % 1 - 0.5) @ aims
    for weights in (pull, -pull):
        left &= _stays(aims, known.change(np.concatenate([weights, -weights]), is_hidden))
    can_be_hidden = np.isfinite(cost)
    for place, aim in enumerate(aims):
        if not left[place]:
            continue
        price = np.where(can_be_hidden & ~is_hidden, cost, 0)
        found = (known.change(np.tile(price, 2), is_hidden | can_be_hidden, one) for one in (aim, -aim))
        ways = [way for way in found if way is not None]
        if ways:
            cheapest = min(ways, key=lambda way: float(price @ np.abs(way)))
            is_hidden |= np.abs(cheapest) > _NEARLY
            left &= _stays(aims, cheapest)
    return is_hidden


def _stays(aims: Floats, change: Floats | None) -> Flags:
    """Tell which small counts a change leaves within one of what they are."""
    if change is None:
        return np.ones(len(aims), dtype=np.bool_)
    stays: Flags = np.abs(aims @ change) < 1 - _NEARLY
    return stays
