"""How figures, days and moments are written on every page."""

import re
from datetime import date, datetime
from typing import Protocol

from qa_service.core.clock import LONDON, day_of, in_full


class Estimate(Protocol):
    """A rate with its working, as the reporting queries give it (rates 0-1)."""

    @property
    def n_hits(self) -> int:
        """Return how many of the cases had the property."""

    @property
    def n_cases(self) -> int:
        """Return how many cases were looked at."""

    @property
    def rate(self) -> float:
        """Return the estimated rate."""

    @property
    def low_rate(self) -> float:
        """Return the lower end of the 95% interval."""

    @property
    def high_rate(self) -> float:
        """Return the upper end of the 95% interval."""


def day(value: date | datetime) -> str:
    """Write a day in full; a moment is written as its day in London: 22 November 2026."""
    on = day_of(value) if isinstance(value, datetime) else value
    return in_full(on)


def dates_in_full(text: str) -> str:
    """Write the days in a reason as people do: "since 2026-09-07" as "since 7 September 2026"."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: in_full(date.fromisoformat(found[0])), text)


def moment(value: datetime) -> str:
    """Write an aware moment in London time: 22 November 2026 at 2:05pm."""
    local = value.astimezone(LONDON)
    return f"{day(value)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def number(value: float) -> str:
    """Write a whole number with its thousands, anything else as it is: 2,122."""
    return f"{value:,}"


def rate(value: float) -> str:
    """Write a rate of 0-1 as a percentage with one decimal: 6.2%."""
    return f"{value * 100:.1f}%"


def counts_in_words(n_hits: int, n_cases: int, of_all: float) -> str:
    """Say the counts behind a rate: as a fraction only where the rate is that fraction.

    Where some are checked twice a year and others once, each officer counts once a year (reporting/rates.py).
    """
    if abs(of_all * n_cases - n_hits) < 1e-6:
        return f"{number(n_hits)} of {number(n_cases)}"
    return f"{number(n_hits)} found in {number(n_cases)} checks, each officer counting once a year"


def stat_sentence(estimate: Estimate, what: str, period: str = "") -> str:
    """Say a rate in one sentence that always carries its n and its interval.

    Parameters
    ----------
    estimate : Estimate
        The rate, its counts and its 95% interval.
    what : str
        The rest of the sentence after the percentage: "of checked medium cases should have been high".
    period : str, optional
        The days of a finished period, in which nothing more can come: "from 1 July 2025 to 30 June 2026".
    """
    if not estimate.n_cases:
        none = f"No case was checked {period}" if period else "No checked cases yet"
        return f"{none}, so it is not known how many {what.removeprefix('of ')}."
    counts = counts_in_words(estimate.n_hits, estimate.n_cases, estimate.rate)
    interval = f"{rate(estimate.low_rate)} to {rate(estimate.high_rate)}"
    return f"{rate(estimate.rate)} {what} ({counts}; 95% interval {interval})."
