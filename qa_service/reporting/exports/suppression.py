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
    """Counts of one rate, found in k of n checks; arrays of shape (n_areas, n_groups)."""

    k: Counts
    n: Counts


@dataclass(frozen=True)
class Hidden:
    """What of one rate is hidden, cell by cell."""

    figures: Mask
    n: Mask

    def of_groups(self, places: Sequence[int]) -> "Hidden":
        """Return what is hidden of some groups, in a given order."""
        return Hidden(self.figures[:, places], self.n[:, places])


@dataclass(frozen=True)
class Difference:
    """What is left when published counts are taken from each other; where it is small, `hides` goes."""

    hides: str
    beside: str
    counts: Counts


def hide_small(
    cells: Mapping[str, Cells],
    least: int,
    *,
    differences: Sequence[Difference] = (),
    totals: Sequence[Mapping[str, Hidden]] = (),
) -> dict[str, Hidden]:
    """Decide what of each rate is hidden; what is hidden of a total is hidden of each of its parts too."""
    hides_n, figures = {}, {}
    for name, one in cells.items():
        of_n = _is_small(one.n, least)
        of_figures = _is_small(one.k, least) | _is_small(one.n - one.k, least)
        for total in totals:
            of_n, of_figures = of_n | total[name].n, of_figures | total[name].figures
        hides_n[name] = hide_beside(of_n, [one.n], least)
        figures[name] = of_figures | hides_n[name]  # a rate without its n is no rate
    for left in differences:
        figures[left.hides] |= _is_small(left.counts, least) & ~figures[left.beside]
    return {
        name: Hidden(hide_beside(figures[name], [one.k, one.n - one.k], least), hides_n[name])
        for name, one in cells.items()
    }


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


def _is_small(counts: Counts, least: int) -> Mask:
    return (counts > 0) & (counts < least)
