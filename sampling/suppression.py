"""What may be shown: small counts hidden so that they cannot be worked out, and vague rates withheld.

References
----------
Parker, J. D. et al. (2017), National Center for Health Statistics data presentation standards for
proportions, Vital and Health Statistics 2(175).
Government Statistical Service (2014), Disclosure control for tables: primary and secondary suppression.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sampling.columns import read_counts, read_flags
from sampling.errors import EstimationError
from sampling.estimate import Interval


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
        True where hidden: the small counts, and in every row and column with exactly one hidden
        cell the next smallest, until no hidden cell is alone in its row or column.

    Raises
    ------
    EstimationError
        When the totals do not add up: hiding cells of a wrong table protects nobody.
    """
    counts = read_counts(table, "table")
    if counts.ndim != 2 or min(counts.shape) < 2:
        raise EstimationError("a table needs two rows and columns or more, without negative counts")
    inner_rows, inner_columns = counts[:, :-1].sum(axis=1), counts[:-1].sum(axis=0)
    if np.any(inner_rows != counts[:, -1]) or np.any(inner_columns != counts[-1]):
        raise EstimationError("the totals do not add up; put them in the last row and column")
    hidden = (counts > 0) & (counts < threshold)
    while _hide_next_to_a_lone_cell(counts, hidden) or _hide_next_to_a_lone_cell(counts.T, hidden.T):
        pass
    return hidden


def hide_beside(
    hidden: ArrayLike, parts: ArrayLike, threshold: int, *, also: Sequence[ArrayLike] = ()
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

    Returns
    -------
    ndarray of bool, of the shape of `hidden`
        As given, or with the smallest cells beside as it takes: in no row and no column is a hidden cell
        alone, and what is hidden there adds up to a nought or to `threshold` or more of each part. A cell in
        which nothing was counted is never taken, because it protects nothing; where nothing else is left, the
        total is small itself and must not be known.

    Raises
    ------
    EstimationError
        When flags and counts do not fit.
    """
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
    return flat.reshape(mask.shape)


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


def _hide_next_to_a_lone_cell(counts: NDArray[np.int64], hidden: NDArray[np.bool_]) -> bool:
    """Hide one more cell of the first row with a single hidden one (in place); whether there was one."""
    for row, mask in zip(counts, hidden, strict=True):
        open_cells = np.flatnonzero(~mask)
        if mask.sum() == 1 and len(open_cells):
            by_size = open_cells[np.lexsort((row[open_cells], row[open_cells] == 0))]
            mask[by_size[0]] = True
            return True
    return False


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
