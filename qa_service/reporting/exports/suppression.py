"""Which figures of a table may leave the service: no small count, and none that could be worked out.

A table holds the same rates of some areas (rows) and groups of people (columns). Its totals are published
elsewhere, so they are taken as known. Small are counts from 1 to below the policy's least: of hits, of the
rest, and of what is left when one published count is taken from another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_service.reporting.published import HIDDEN
from qa_service.reporting.rates import Rate
from sampling import hide_beside

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """Counts of one rate, found in k of n checks; arrays of shape (n_areas, n_groups).

    `told_by_n` and `told_by_k` are what is left when they, and the counts of the rate that it is `beside`,
    are taken from each other: it is hidden where that rate is.
    """

    k: Counts
    n: Counts
    told_by_n: tuple[Counts, ...] = ()
    told_by_k: tuple[Counts, ...] = ()
    beside: str | None = None


@dataclass(frozen=True)
class Hidden:
    """What of one rate is hidden, cell by cell."""

    figures: Mask
    n: Mask

    def of_groups(self, places: Sequence[int]) -> "Hidden":
        """Return what is hidden of some groups, in a given order."""
        return Hidden(self.figures[:, places], self.n[:, places])


def hide_small(
    cells: Mapping[str, Cells],
    least: int,
    *,
    totals: Sequence[Mapping[str, Hidden]] = (),
    lines: Sequence[NDArray[np.int64]] = (),
) -> dict[str, Hidden]:
    """Decide what of each rate is hidden; what is hidden of a total is hidden of each of its parts too.

    `lines` are cells in a row whose total is another table's; each rate comes after the one it is `beside`.
    """
    hidden: dict[str, Hidden] = {}
    for name, one in cells.items():
        before = [total[name] for total in totals] + ([hidden[one.beside]] if one.beside else [])
        of_n = np.stack([one.n, *one.told_by_n])
        told = np.stack([one.k, one.n - one.k, *one.told_by_k])
        n = _is_any_small(of_n, least)
        for hides in before:
            n |= hides.n
        n = hide_beside(n, of_n, least, also=lines, together=False)
        figures = _is_any_small(told, least) | n  # a rate without its n is no rate
        for hides in before:
            figures |= hides.figures
        hidden[name] = Hidden(hide_beside(figures, told, least, also=lines, together=False), n)
    return hidden


def figures_of(rate: Rate, hidden: Hidden, place: tuple[int, int], least: int) -> dict[str, object]:
    """Return the figures of one cell as they may leave."""
    is_hidden = bool(hidden.figures[place])
    return {
        "n": None if hidden.n[place] else rate.n,
        "k": None if is_hidden or not rate.n else rate.k,
        "value_rate": None if is_hidden else rate.value,
        "low_rate": None if is_hidden else rate.low,
        "high_rate": None if is_hidden else rate.high,
        "method": HIDDEN.format(least=least) if is_hidden else rate.method,
    }


def _is_any_small(told: Counts, least: int) -> Mask:
    return np.asarray(((told > 0) & (told < least)).any(axis=0), dtype=bool)
