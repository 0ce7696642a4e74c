"""Why checks went wrong in England and Wales, as whoever may not see small counts is told it.

By region or PDU nearly every cause is a small count, and what is not would have to be hidden beside it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import AreaLevel, AreaTree
from qa_service.reporting.causes import (
    LOAD_CAUSES,
    CauseCounts,
    Causes,
    FailCauses,
    causes_from,
    count_causes,
    list_fails,
)
from qa_service.reporting.published import hidden
from qa_service.reporting.releases import release_of
from sampling import hide_beside


def published_causes(session: Session, tree: AreaTree, *, at: datetime, policy: Policy) -> Causes:
    """Return the nation's causes over its window; a line is hidden when its count is small in any unit."""
    release, least = release_of(AreaLevel.NATIONAL, at, policy.rates), policy.rates.suppress_below
    edges = release.seconds[-1 - release.n_window :]
    here, during = tree.drawn_in(tree.nation), {"since": release.since, "at": release.until}
    with seeing_everything(session):
        fails = list_fails(session, here, **during, parts=edges)
        units = count_causes(session, here, fails, **during, policy=policy, parts=edges)
    found = causes_from(_added(units), release.since, release.since, release.until, policy)
    no_fails = _any_small(([len(unit.fails)] for unit in units), least)
    no_load = no_fails or _any_small((_load(unit.fails) for unit in units), least)
    bands = _closed_bands(units, least)
    causes = [
        replace(one, share=hidden(one.share, least))
        if _any_small((_named(unit.fails, one.code) for unit in units), least)
        else one
        for one in found.causes
    ]
    return replace(
        found,
        n_fails=None if no_fails else found.n_fails,
        # In the order of the rubric where they are hidden: their place would tell which is the larger.
        causes=()
        if no_fails
        else (
            *(one for one in causes if one.share.k is not None),
            *sorted((one for one in causes if one.share.k is None), key=lambda one: one.code),
        ),
        load_share=hidden(found.load_share, least) if no_load else found.load_share,
        is_over_the_threshold=found.is_over_the_threshold and not no_load,
        lines=tuple(
            replace(one, share=hidden(one.share, least))
            if _any_small((_answered(unit, one.item_id) for unit in units), least)
            else one
            for one in found.lines
        ),
        workload=tuple(
            replace(one, share=hidden(one.share, least)) if is_closed else one
            for one, is_closed in zip(found.workload, bands, strict=True)
        ),
    )


def _any_small(counts: Iterable[Sequence[int]], least: int) -> bool:
    return any(0 < count < least for told in counts for count in told)


def _added(units: Sequence[CauseCounts]) -> CauseCounts:
    lines: dict[str, Counter[str]] = {}
    workload: dict[int | None, tuple[int, int]] = {}
    for unit in units:
        for item, n_no, n in unit.lines:
            lines.setdefault(item, Counter()).update(n_no=n_no, n=n)
        for band, (k, n) in unit.workload.items():
            before = workload.get(band, (0, 0))
            workload[band] = before[0] + k, before[1] + n
    return CauseCounts(
        [fail for unit in units for fail in unit.fails],
        [(item, one["n_no"], one["n"]) for item, one in lines.items()],
        workload,
    )


def _named(fails: Sequence[FailCauses], code: str) -> tuple[int, int]:
    """Count the fails that name a cause, and those that do not."""
    k = sum(code in fail.causes for fail in fails)
    return k, len(fails) - k


def _load(fails: Sequence[FailCauses]) -> list[int]:
    """Count what the share of workload, oversight or IT tells, beside each of the three on its own."""
    k = sum(fail.names_load for fail in fails)
    each = [_named(fails, code)[0] for code in LOAD_CAUSES]
    return [k, len(fails) - k, sum(each) - k, *(k - one for one in each)]


def _answered(unit: CauseCounts, item: str) -> tuple[int, int, int]:
    """Count the answers no to a line, the others, and the checks in which it did not apply."""
    asked = {line: (n_no, n) for line, n_no, n in unit.lines}
    n_no, n = asked.get(item, (0, 0))
    return n_no, n - n_no, max((one for _, one in asked.values()), default=0) - n


def _closed_bands(units: Sequence[CauseCounts], least: int) -> list[bool]:
    """Decide which bands are closed in any unit; together they are a rate that is shown elsewhere."""
    bands = [0, 1, 2, None]
    closed = np.zeros(len(bands), dtype=bool)
    for unit in units:
        counts = np.array([unit.workload.get(band, (0, 0)) for band in bands], dtype=np.int64).T
        told = np.stack([counts[1], counts[0], counts[1] - counts[0]])
        closed |= hide_beside(((told > 0) & (told < least)).any(axis=0), told, least)
    return [bool(one) for one in closed]
