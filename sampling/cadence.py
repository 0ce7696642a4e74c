"""Who is due for a check on a date, and why everybody else is not.

Windows tile the calendar without gap or overlap, so that every date falls in exactly one.
An officer is a person: neither a second team, nor a merged PDU, nor part-time hours, nor a new
staff code makes or hides a due check. Source: announcement of annual checks (six-monthly in London).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sampling.errors import CadenceError


@dataclass(frozen=True)
class Cadence:
    """How often every officer of a region is checked: windows of `months`, counted from `anchor_on`."""

    months: int
    anchor_on: date

    def __post_init__(self) -> None:
        if self.months < 1:
            raise CadenceError(f"a cadence of {self.months} months is no window; give 12 or 6")


@dataclass(frozen=True)
class Window:
    """First and last day (both inside) of one due interval."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Spell:
    """Days (both inside; no end = still running) in a region or on long leave."""

    starts_on: date
    ends_on: date | None = None
    region: str = ""

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise CadenceError(f"a spell cannot end on {self.ends_on}, before it starts on {self.starts_on}")

    def covers(self, on: date) -> bool:
        """Whether the day lies in the spell."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True)
class OfficerRecord:
    """One person's facts that decide whether they are due.

    `regions` may overlap (two teams). `in_post_on` is the start of the present unbroken service,
    which a move between teams, PDUs or regions does not restart; `left_on` the first day out of it (of an
    earlier service when it is not after `in_post_on`: whoever came back is due like anybody).
    """

    officer: str
    in_post_on: date
    regions: tuple[Spell, ...]
    left_on: date | None = None
    long_leave: tuple[Spell, ...] = ()
    last_checked_on: date | None = None


@dataclass(frozen=True)
class DueDecision:
    """Whether one officer is due, with the reason in words and the window.

    Nobody becomes due before `look_again_on`; without it, not unless their record changes.
    """

    officer: str
    is_due: bool
    reason: str
    window: Window | None = None
    look_again_on: date | None = None


def window_on(cadence: Cadence, on: date) -> Window:
    """Find the window that holds a date.

    Parameters
    ----------
    cadence : Cadence
        Months per window and the day the first one starts (windows extend both ways).
    on : date
        Any day.

    Returns
    -------
    Window
        Starts are counted from the anchor, not from the previous start, so that an anchor on
        29 February or on the 31st never drifts (28 February in common years).
    """
    months = (on.year - cadence.anchor_on.year) * 12 + on.month - cadence.anchor_on.month
    index = months // cadence.months
    if _add_months(cadence.anchor_on, index * cadence.months) > on:
        index -= 1
    starts_on = _add_months(cadence.anchor_on, index * cadence.months)
    next_on = _add_months(cadence.anchor_on, (index + 1) * cadence.months)
    return Window(starts_on, next_on - timedelta(days=1))


def who_is_due(
    officers: Iterable[OfficerRecord], on: date, cadences: Mapping[str, Cadence], *, joiner_weeks: int
) -> tuple[DueDecision, ...]:
    """Decide for every officer whether a check is due on a date.

    Parameters
    ----------
    officers : iterable of OfficerRecord
        Everybody, whether or not they can be due.
    on : date
        Day of the decision.
    cadences : mapping of str to Cadence
        Per region. In two regions at once the shorter cadence applies (of two as short, from different days,
        whichever window began last); after a move, that of the new region.
    joiner_weeks : int
        Weeks in post before a first check (policy: 8).

    Returns
    -------
    tuple of DueDecision
        One per officer, in the order given: nobody is ever left out.

    Raises
    ------
    CadenceError
        When a region has no cadence: naming it is safer than skipping its officers. When `on` is a moment: on
        which day it lies depends on where one stands.
    """
    if isinstance(on, datetime):
        raise CadenceError(f"{on} is a moment; give the day")
    return tuple(_decide(officer, on, cadences, joiner_weeks) for officer in officers)


def _decide(
    record: OfficerRecord, on: date, cadences: Mapping[str, Cadence], joiner_weeks: int
) -> DueDecision:
    comes_back = record.left_on is not None and record.left_on <= record.in_post_on
    if record.left_on is not None and record.left_on <= on and not (comes_back and record.in_post_on <= on):
        reason, back_on = f"left the service on {record.left_on}", record.in_post_on if comes_back else None
        return DueDecision(record.officer, is_due=False, reason=reason, look_again_on=back_on)
    regions = [spell.region for spell in record.regions if spell.covers(on)]
    if not regions:
        begins_on = min((spell.starts_on for spell in record.regions if spell.starts_on > on), default=None)
        reason = f"holds no post in any region on {on}"
        return DueDecision(record.officer, is_due=False, reason=reason, look_again_on=begins_on)
    unknown = sorted(set(regions) - set(cadences))
    if unknown:
        raise CadenceError(
            f"no cadence for region {', '.join(unknown)} (officer {record.officer}); add it to the policy"
        )
    months = min(cadences[region].months for region in regions)
    windows = {window_on(cadences[region], on) for region in regions if cadences[region].months == months}
    # A check since the last of several starts is inside all of them.
    window = max(windows, key=lambda one: (one.starts_on, one.ends_on))
    if record.last_checked_on is not None and window.starts_on <= record.last_checked_on <= on:
        reason = f"already checked on {record.last_checked_on} in this window"
        return DueDecision(record.officer, False, reason, window, _next_change(record, windows, on))
    ready_on = record.in_post_on + timedelta(weeks=joiner_weeks)
    if on < ready_on:
        reason = f"in post since {record.in_post_on}, less than {joiner_weeks} weeks"
        return DueDecision(record.officer, False, reason, window, ready_on)
    for leave in record.long_leave:
        if leave.covers(on):
            back_on = leave.ends_on + timedelta(days=1) if leave.ends_on else None
            reason = f"on long leave since {leave.starts_on}"
            return DueDecision(record.officer, False, reason, window, back_on)
    return DueDecision(record.officer, is_due=True, reason="not yet checked in this window", window=window)


def _next_change(record: OfficerRecord, windows: Iterable[Window], on: date) -> date:
    """Find the day a check done in these windows may cease to count: an end of theirs, or an earlier move."""
    moves = [spell.starts_on for spell in record.regions]
    moves += [spell.ends_on + timedelta(days=1) for spell in record.regions if spell.ends_on]
    ends = [window.ends_on + timedelta(days=1) for window in windows]
    return min([*ends, *(day for day in moves if day > on)])


def _add_months(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))
