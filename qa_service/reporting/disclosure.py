"""Which figures those who may not see small counts are told: decided once, for every page, answer and file.

Counts are laid out by unit of time and place. A cell (an area in one unit) is closed where a count that it
tells is small, and with it as many areas beside it as it takes until the closed ones add up to no small
count: their total is known. What is closed of an area is closed of each that makes it up. A figure is shown
where every unit of its window is open. So all that anybody is shown are sums of open cells: whoever takes
files, pages and years from each other gets such sums too, and of what is closed no more than its total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_service.reporting.areas import Area, AreaLevel, AreaTree
from qa_service.reporting.releases import Release
from sampling import hide_beside

# Shape (n_counts, n_parts_of_time, n_places): the counts that a cell tells when it is shown.
Told = NDArray[np.int64]
Mask = NDArray[np.bool_]
# Checks of a region or PDU that is no more: nobody is shown them, and they are part of what is around them.
NOWHERE = ""


@dataclass(frozen=True)
class Places:
    """Where things are counted: the region and the PDU of each column of counts."""

    regions: tuple[str, ...]
    pdus: tuple[str, ...]

    @classmethod
    def of(cls, tree: AreaTree, regions: Sequence[str], pdus: Sequence[str]) -> "Places":
        """Return places; codes that nobody is shown any more are nowhere."""
        return cls(
            tuple(code if code in tree.regions else NOWHERE for code in regions),
            tuple(code if code in tree.pdus else NOWHERE for code in pdus),
        )

    def sum_by(self, told: Told, codes: Sequence[str], wanted: Sequence[str]) -> Told:
        """Add up the columns of each wanted code."""
        member = np.array([[code == one for one in wanted] for code in codes], dtype=np.int64)
        return told @ member.reshape(len(codes), len(wanted))


@dataclass(frozen=True, eq=False)
class Closed:
    """The cells that are closed, by code: a flag for each part of time, and for PDUs each whole unit."""

    release: Release
    nation: Mask
    regions: Mapping[str, Mask]
    pdus: Mapping[str, Mask]

    def hides(self, area: Area) -> bool:
        """Tell whether a unit of an area's window is closed."""
        if area.level is AreaLevel.PDU:
            return bool(self.pdus[area.code].any())
        parts = self.nation if area.level is AreaLevel.NATIONAL else self.regions[area.code]
        return bool(parts[-self.release.n_window :].any())


def close_cells(
    tree: AreaTree,
    release: Release,
    places: Places,
    told: Told,
    least: int,
    *,
    beside: Closed | None = None,
) -> Closed:
    """Decide which cells are closed.

    Parameters
    ----------
    told : ndarray of shape (n_counts, n_parts, n_places)
        Every count that a figure tells, alone or with the figures that are shown beside it.
    beside : Closed, optional
        Of a figure from which the counts are taken: what is closed of it is closed of this too.
    """
    nation = _is_small(told.sum(axis=2), least) | (beside.nation if beside else False)
    codes = [*tree.regions, NOWHERE]
    by_region = places.sum_by(told, places.regions, codes)
    regions: Mask = np.empty((len(nation), len(codes)), dtype=np.bool_)
    for part in range(len(nation)):
        cells = by_region[:, part]
        start = _is_small(cells, least) | nation[part]
        start[-1] |= cells[:, -1].any()
        if beside:
            start[:-1] |= [beside.regions[code][part] for code in tree.regions]
        regions[part] = hide_beside(start, cells, least)
    by_code = {code: regions[:, place] for place, code in enumerate(codes[:-1])}
    closed = Closed(release, nation, by_code, {})
    if release.level is not AreaLevel.PDU:
        return closed
    pdus = {
        code: mask
        for region in tree.regions.values()
        for code, mask in _close_pdus(closed, region, places, told, least, beside).items()
    }
    return Closed(release, nation, by_code, pdus)


def _close_pdus(
    closed: Closed, region: Area, places: Places, told: Told, least: int, beside: Closed | None
) -> dict[str, Mask]:
    """Decide which PDUs of a region are closed in which of their units."""
    together, codes = closed.release.n_together, [*region.pdus, NOWHERE]
    n_counts, n_parts, n_places = told.shape
    units = told.reshape(n_counts, n_parts // together, together, n_places).sum(axis=2)
    is_closed = [bool(parts.any()) for parts in closed.regions[region.code].reshape(-1, together)]
    is_here = np.array([code == region.code for code in places.regions], dtype=bool)
    here = [pdu if pdu in region.pdus else NOWHERE for pdu in places.pdus]
    inside = places.sum_by(units * is_here, here, codes)
    # A PDU's own figure counts what was drawn in it while it lay in another region too.
    outside = places.sum_by(units * ~is_here, places.pdus, codes)
    found: Mask = np.empty((len(is_closed), len(codes)), dtype=np.bool_)
    for unit, is_region_closed in enumerate(is_closed):
        cells = inside[:, unit]
        start = _is_small(cells, least) | is_region_closed
        start[:-1] |= outside[:, unit, :-1].any(axis=0)
        start[-1] |= cells[:, -1].any()
        if beside:
            start[:-1] |= [beside.pdus[code][unit] for code in region.pdus]
        found[unit] = hide_beside(start, cells, least)
    return {code: found[:, place] for place, code in enumerate(region.pdus)}


def _is_small(told: NDArray[np.int64], least: int) -> Mask:
    return np.asarray(((told > 0) & (told < least)).any(axis=0), dtype=bool)
