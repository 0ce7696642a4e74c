"""What else of equality figures is hidden, so that no small count follows from all that is shown of them.

Hiding rate by rate and line by line (`suppression`) does not see what rates, cells and totals tell together:
that nobody of a group was checked in a region gives the others there away. Here every count of every cell is
an unknown, as it is to a reader of both files; where a small one would follow exactly, the cheapest further
figures are hidden, noughts last.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, kron

from qa_service.reporting.exports.suppression import Cells, Counts, Hidden, Mask
from qa_service.reporting.rates import RateName
from sampling import Known, hide_more

FAIL, FLAGGED = "fail_rate", "flagged_rate"
_N_AND_K: Mapping[str, tuple[str, str]] = {
    RateName.UNDERCLASSIFIED: ("n", "under"),
    RateName.MEDIUM_SHOULD_BE_HIGH: ("n_medium", "medium"),
    RateName.OVERCLASSIFIED: ("n", "over"),
    RateName.INSUFFICIENT: ("n", "insufficient"),
    FAIL: ("n", "fail"),
    FLAGGED: ("n_scored", "flagged"),
}
_PLACES = {name: place for place, name in enumerate(dict.fromkeys(sum(_N_AND_K.values(), ())))}
# What is told only where the other is, in an order that lets one follow from the next.
_TOLD_WITH = (
    ("n_medium", "n"),
    *((k, n) for n, k in _N_AND_K.values()),
    ("medium", "under"),
    ("over", "under"),
    ("fail", "insufficient"),
)
# Every number of people that the counts of a cell tell, alone or when one is taken from another.
_PEOPLE = np.array(
    [
        [weights.get(name, 0) for name in _PLACES]
        for weights in (
            *({name: 1} for name in _PLACES),
            *({n: 1, k: -1} for n, k in _N_AND_K.values()),
            {"n": 1, "under": -1, "over": -1},
            {"under": 1, "medium": -1},
            {"n": 1, "n_medium": -1},
            {"n": 1, "n_medium": -1, "under": -1, "medium": 1},
            {"insufficient": 1, "fail": -1},
        )
    ],
    dtype=np.float64,
)


def hide_what_follows(
    tables: Sequence[tuple[Mapping[str, Cells], Mapping[str, Hidden]]],
    sums: Counts,
    least: int,
    *,
    n_decided: int = 0,
) -> list[dict[str, Hidden]]:
    """Hide more of tables that are read together, until no count from 1 to below the least follows exactly.

    `sums` weighs the cells of all tables, one after the other, in what adds up to a known number of each
    count. Of the first `n_decided` tables nothing more can be hidden.
    """
    laid_out = [_lay_out(cells, hidden) for cells, hidden in tables]
    counts, flags = (np.concatenate(parts, axis=1) for parts in zip(*laid_out, strict=True))
    n_names, n_cells = counts.shape
    n_fixed = sum(one.shape[1] for one, _ in laid_out[:n_decided])
    people = _PEOPLE @ counts
    aims = [
        np.outer(_PEOPLE[form], np.arange(n_cells) == cell).reshape(-1)
        for form, cell in np.argwhere((people > 0) & (people < least))
    ]
    known = Known(
        counts.reshape(-1),
        csr_array(kron(eye_array(n_names), sums)),
        csr_array(kron(_PEOPLE, eye_array(n_cells))),
    )
    # Noughts last: whoever guesses that one is hidden knows what it hides.
    cost = np.where(counts > 0, counts, counts.sum(axis=1, keepdims=True) + 1)
    cost[_PLACES["n"]] += cost.sum(axis=0)
    cost[:, :n_fixed] = np.inf
    flags = hide_more(flags.reshape(-1), known, np.array(aims), cost.reshape(-1)).reshape(counts.shape)
    for name, other in _TOLD_WITH:
        flags[_PLACES[name], n_fixed:] |= flags[_PLACES[other], n_fixed:]
    ends = np.cumsum([one.shape[1] for one, _ in laid_out])[:-1]
    shapes = [cells[FAIL].n.shape for cells, _ in tables]
    return [_read(part, shape) for part, shape in zip(np.split(flags, ends, axis=1), shapes, strict=True)]


def _lay_out(cells: Mapping[str, Cells], hidden: Mapping[str, Hidden]) -> tuple[NDArray[np.float64], Mask]:
    """Lay each count once in a row of cells, hidden where any rate hides it."""
    counts = np.zeros((len(_PLACES), cells[FAIL].n.size))
    flags = np.zeros(counts.shape, dtype=np.bool_)
    for rate, (n, k) in _N_AND_K.items():
        counts[[_PLACES[n], _PLACES[k]]] = cells[rate].n.reshape(-1), cells[rate].k.reshape(-1)
        flags[_PLACES[n]] |= hidden[rate].n.reshape(-1)
        flags[_PLACES[k]] |= hidden[rate].figures.reshape(-1)
    return counts, flags


def _read(flags: Mask, shape: tuple[int, ...]) -> dict[str, Hidden]:
    return {
        rate: Hidden(flags[_PLACES[k]].reshape(shape), flags[_PLACES[n]].reshape(shape))
        for rate, (n, k) in _N_AND_K.items()
    }
