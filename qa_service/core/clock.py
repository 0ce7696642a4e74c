"""Where the time comes from, and what a working day is."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

import holidays

# People's days: a deadline "on 3 March" ends at midnight in London, not in UTC.
LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Tells the time; the only source of it in the service."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock


@dataclass
class FixedClock:
    """A clock that stands still until it is moved: tests and the demo."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.at

    def advance(self, **parts: float) -> datetime:
        """Move the clock on by a timedelta given as keywords and return the new moment."""
        self.at += timedelta(**parts)
        return self.at


@dataclass(frozen=True)
class OffsetClock:
    """A clock that starts at a given moment and runs on: the served demo."""

    start: datetime
    _monotonic: Callable[[], float] = monotonic
    _began: float = field(default_factory=monotonic)

    def now(self) -> datetime:
        """Return the start moment plus the time passed since."""
        return self.start + timedelta(seconds=self._monotonic() - self._began)


def day_of(moment: datetime) -> date:
    """Return the calendar day in London of an aware moment."""
    return moment.astimezone(LONDON).date()


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Return whether a day is a working day in England and Wales (Mon-Fri, not a bank holiday)."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(day: date, n_days: int) -> date:
    """Return the date `n_days` working days after a day (n_days >= 0; 0 returns the day itself)."""
    for _ in range(n_days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def end_of_day(day: date) -> datetime:
    """Return the last second of a London day, in UTC: the moment a deadline on that day passes."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)


def due_after_working_days(moment: datetime, n_days: int) -> datetime:
    """Return the deadline `n_days` working days after an aware moment."""
    return end_of_day(add_working_days(day_of(moment), n_days))


def months_before(day: date, n_months: int) -> date:
    """Return the same day of an earlier month, or the last day that month has."""
    year, month0 = divmod(day.year * 12 + day.month - 1 - n_months, 12)  # months of a year
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def in_full(on: date) -> str:
    """Write a day as sentences do: 22 November 2026."""
    return f"{on.day} {on:%B %Y}"
