"""The finished periods that figures without small counts are of, and when each begins and ends.

A day more would tell of a single check: two figures, one up to yesterday and one up to now, differ by what
was decided today. So whoever may not see small counts gets whole units of time: half-years of England and
Wales and of regions, calendar years of PDUs. Every window is made of such units, and `disclosure` decides
unit by unit.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from qa_service.core.clock import LONDON, day_of
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import AreaLevel

_N_OFFERED = 8


@dataclass(frozen=True)
class Release:
    """What a level's figures are of; `edges` are where its parts begin, and where the last one ends.

    A part is the shortest unit that any level has; `n_window` of them, the last, make the level's window (and
    that of whatever is shown beside it), `n_together` one unit of a PDU.
    """

    level: AreaLevel
    edges: tuple[datetime, ...]
    n_window: int
    n_together: int

    @property
    def since(self) -> datetime:
        """Return the first moment that counts."""
        return self.edges[-1 - self.n_window]

    @property
    def until(self) -> datetime:
        """Return the last moment that counts."""
        return self.edges[-1] - timedelta(microseconds=1)

    @property
    def seconds(self) -> list[float]:
        """Return the edges in seconds, as moments of verdicts are counted."""
        return [edge.timestamp() for edge in self.edges]

    def part_of(self, moments: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return in which part each moment lies, given in seconds."""
        return np.searchsorted(self.seconds, moments, side="right").astype(np.int64) - 1


def release_of(level: AreaLevel, at: datetime, policy: RatePolicy) -> Release:
    """Return the latest release of a level of which every unit was over at a moment."""
    is_pdu = level is AreaLevel.PDU
    unit = policy.release_pdu_months if is_pdu else policy.release_months
    window = policy.pdu_window_months if is_pdu else policy.region_window_months
    return _ending(level, _last_end(at, unit), policy, window=window)


def equality_release(at: datetime, policy: RatePolicy) -> Release:
    """Return the last calendar year that was over: equality figures of two years share no check."""
    unit = policy.release_pdu_months
    return _ending(AreaLevel.NATIONAL, _last_end(at, unit), policy, window=unit)


def days_offered(today: date, policy: RatePolicy, *, only_years: bool = False) -> list[date]:
    """List the last days of the releases that may be asked for, the latest first."""
    unit = policy.release_pdu_months if only_years else policy.release_months
    last = _last_end(_midnight(_month_of(today), today.day), unit)
    return [day_of(_midnight(last - unit * back)) - timedelta(days=1) for back in range(_N_OFFERED)]


def _ending(level: AreaLevel, end: int, policy: RatePolicy, *, window: int) -> Release:
    """Return a release that ends before a month, with parts that reach back over the longest window."""
    part, longest = policy.release_months, max(policy.pdu_window_months, policy.region_window_months)
    edges = tuple(_midnight(month) for month in range(end - longest, end + 1, part))
    return Release(
        level,
        edges,
        n_window=window // part,
        n_together=policy.release_pdu_months // part,
    )


def _last_end(at: datetime, unit: int) -> int:
    """Return the month before which the last unit ended; each is over with its last second."""
    month = _month_of(day_of(at + timedelta(seconds=1)))
    return month - month % unit


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def _midnight(month: int, day: int = 1) -> datetime:
    return datetime(month // 12, month % 12 + 1, day, tzinfo=LONDON).astimezone(UTC)
