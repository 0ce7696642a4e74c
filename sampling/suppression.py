"""What may be shown: small counts hidden so that they cannot be worked out, and vague rates withheld.

References
----------
Parker, J. D. et al. (2017), National Center for Health Statistics data presentation standards for
proportions, Vital and Health Statistics 2(175).
Government Statistical Service (2014), Disclosure control for tables: primary and secondary suppression.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.columns import read_counts, read_flags
from sampling.errors import EstimationError
from sampling.estimate import Interval
from sampling.secondary import Known, hide_more


def suppressed_cells(table: ArrayLike, threshold: int) -> NDArray[np.bool_]:
    """Mark the cells of a table with totals that must be hidden.

    Parameters
    ----------
    table : array_like of int, shape (n_rows, n_columns)
        Counts; the last row and the last column hold the totals.
    threshold : int
        Counts from 1 to below it are hidden (policy: 5; equality data: 10). A nought is shown.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        True where hidden: the small counts, and beside them the cheapest others, totals too, until no small
        count follows exactly from those that are shown.

    Raises
    ------
    EstimationError
        When the totals do not add up: hiding cells of a wrong table protects nobody.
    """
    _refuse_no_count(threshold)
    counts = read_counts(table, "table")
    if counts.ndim != 2 or min(counts.shape) < 2:
        raise EstimationError("a table needs two rows and columns or more, without negative counts")
    inner_rows, inner_columns = counts[:, :-1].sum(axis=1), counts[:-1].sum(axis=0)
    if np.any(inner_rows != counts[:, -1]) or np.any(inner_columns != counts[-1]):
        raise EstimationError("the totals do not add up; put them in the last row and column")
    n_rows, n_columns = counts.shape
    # Each row and each column less its total is nought.
    of_rows, of_columns = (np.append(np.ones(n - 1), -1)[np.newaxis] for n in (n_columns, n_rows))
    sums = np.vstack([np.kron(np.eye(n_rows), of_rows), np.kron(of_columns, np.eye(n_columns))])
    return _hide_what_follows(counts > 0, (counts > 0) & (counts < threshold), counts, sums, threshold)


def hide_beside(
    hidden: ArrayLike,
    parts: ArrayLike,
    threshold: int,
    *,
    also: Sequence[ArrayLike] = (),
    together: bool = True,
) -> NDArray[np.bool_]:
    """Hide further cells until what is hidden of a known total adds up to no small count.

    Parameters
    ----------
    hidden : array_like of bool, shape (n,) or (n_rows, n_columns)
        Which cells are hidden so far. The totals of every row and column are taken as known.
    parts : array_like of int, shape (n_parts, n) or (n_parts, n_rows, n_columns)
        The counts that a cell tells when it is shown, such as hits and the rest, without totals.
    threshold : int
        Counts from 1 to below it are small.
    also : sequence of array_like of int
        Further cells whose total is known, such as those of a row that make up one group: the places of each
        in the table, row after row.
    together : bool
        Whether to look, where rows and columns cross, at what follows from all totals together; leave it to
        `hide_more` where more is known than these totals.

    Returns
    -------
    ndarray of bool, of the shape of `hidden`
        As given, or with the smallest cells beside as it takes: what is hidden of a row or column adds up to
        a nought or to `threshold` or more of each part, and no small count of a part follows exactly from all
        totals. What follows whatever is hidden, as a count that is its whole row, is a total that is small
        itself and must not be known. A cell in which nothing was counted is taken last, where lines cross and
        if it tells one count alone: of more, it is known from what they add up to, and protects nothing.

    Raises
    ------
    EstimationError
        When flags and counts do not fit.
    """
    _refuse_no_count(threshold)
    mask, counts = read_flags(hidden, "hidden"), read_counts(parts, "parts")
    if mask.shape != counts.shape[1:] or mask.ndim not in {1, 2}:
        raise EstimationError(
            f"hidden has shape {mask.shape}, parts {counts.shape}; give one flag for the parts of each cell"
        )
    places = np.atleast_2d(np.arange(mask.size).reshape(mask.shape))
    columns = places.T if mask.ndim > 1 else ()
    lines = [*places, *columns, *(np.asarray(line, dtype=np.int64) for line in also)]
    lines = [line for line in lines if len(line) > 1]  # one cell has no total beside itself
    flat, of_cells = mask.reshape(-1), counts.reshape(len(counts), -1)
    # Where lines cross, a nought may follow from another line, so every one is taken as known there.
    known = of_cells == 0 if mask.ndim > 1 else np.zeros(of_cells.shape, dtype=np.bool_)
    while any(_hide_one_more(flat, of_cells, known, line, threshold) for line in lines) or any(
        _work_out(flat, known, line) for line in lines
    ):
        pass
    if mask.ndim > 1 and together:
        sums = np.zeros((len(lines), mask.size))
        for row, line in zip(sums, lines, strict=True):
            row[line] = 1
        # Where two counts or more are told of a cell, nobody in it is known from what they add up to.
        is_unknown = np.ones(mask.size, dtype=np.bool_) if len(of_cells) == 1 else of_cells.sum(axis=0) > 0
        for part in of_cells:
            flat = _hide_what_follows(is_unknown, flat, part, sums, threshold)
    return flat.reshape(mask.shape)


def _hide_what_follows(
    may_hide: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    counts: NDArray[np.int64],
    sums: NDArray[np.float64],
    threshold: int,
) -> NDArray[np.bool_]:
    """Hide more until no small count follows from what cells add up to; noughts last, if they may be."""
    flat = counts.reshape(-1).astype(np.float64)
    known = Known(flat, sums, np.eye(len(flat)))
    aims = np.eye(len(flat))[(flat > 0) & (flat < threshold)]
    cost = np.where(may_hide.reshape(-1), np.where(flat > 0, flat, flat.sum() + 1), np.inf)
    return hide_more(hidden.reshape(-1), known, aims, cost).reshape(counts.shape)


def _refuse_no_count(threshold: int) -> None:
    if not isinstance(threshold, Integral) or threshold < 1:
        raise EstimationError(f"threshold {threshold} must be a whole number of 1 or more; 5 hides 1 to 4")


def _hide_one_more(
    cells: NDArray[np.bool_],
    of_cells: NDArray[np.int64],
    known: NDArray[np.bool_],
    line: NDArray[np.int64],
    threshold: int,
) -> bool:
    """Hide one more cell of a line that what is hidden needs beside it (in place); whether there was one."""
    mask, parts, is_known = cells[line], of_cells[:, line], known[:, line]
    unknown = mask & ~is_known
    told = (parts * unknown).sum(axis=1)
    needs = ((told > 0) & (told < threshold)) | (unknown.sum(axis=1) == 1)
    if not needs.any():
        return False
    is_open = ~mask & parts.any(axis=0)
    helps = is_open & (parts[needs] > 0).all(axis=0)
    candidates = np.flatnonzero(helps if helps.any() else is_open & ~is_known[needs].all(axis=0))
    if not len(candidates):
        return False
    cells[line[candidates[np.argmin(parts[:, candidates].sum(axis=0))]]] = True
    return True


def _work_out(cells: NDArray[np.bool_], known: NDArray[np.bool_], line: NDArray[np.int64]) -> bool:
    """Note what is alone in a line, and so known from its total (in place); whether there was any."""
    unknown = cells[line] & ~known[:, line]
    parts, places = np.nonzero(unknown & (unknown.sum(axis=1) == 1)[:, np.newaxis])
    known[parts, line[places]] = True
    return len(parts) > 0


@dataclass(frozen=True)
class PresentationRule:
    """When a rate says enough to be shown; widths as shares (0.05 is five points)."""

    min_n: float
    always_shown_width: float
    never_shown_width: float
    max_relative_width: float
    source: str


NCHS_2017 = PresentationRule(30, 0.05, 0.30, 1.30, "NCHS, Vital and Health Statistics 2(175), August 2017")

Presentation = Literal["show", "too_few_to_compare", "too_uncertain"]


def decide_presentation(interval: Interval, n_eff: float, rule: PresentationRule) -> Presentation:
    """Decide whether a rate is shown.

    Parameters
    ----------
    interval : Interval
        Korn-Graubard's for the NCHS rule.
    n_eff : float
        Effective number of checks.
    rule : PresentationRule
        From the policy file, or `NCHS_2017`.

    Returns
    -------
    str
        `show`, `too_few_to_compare` (n below the rule's) or `too_uncertain` (too wide).
    """
    if not n_eff >= rule.min_n:
        return "too_few_to_compare"
    width = interval.high - interval.low
    if width <= rule.always_shown_width:
        return "show"
    if width >= rule.never_shown_width:
        return "too_uncertain"
    relative = width / interval.value if interval.value > 0 else float("inf")
    return "show" if relative <= rule.max_relative_width else "too_uncertain"
