"""Interval plot: estimates with their 95% intervals side by side, in the order given (never ranked here)."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.pages.charts.drawing import BLUE, GREY, INK, Caption, ChartError, circle, frame, line, text
from qa_service.pages.charts.labels import width_of
from qa_service.pages.charts.scales import Scale, from_zero, percent

_WIDTH, _ROW_PX, _TOP = 720, 26, 44
_RIGHT, _LONGEST_NAME_PX = 590, 260


@dataclass(frozen=True)
class IntervalRow:
    """An estimate (rate 0-1) with its 95% interval; a row too small to compare is shown grey."""

    name: str
    n_cases: int
    rate: float
    low_rate: float
    high_rate: float
    is_comparable: bool = True


def interval_plot(
    caption: Caption,
    rows: Sequence[IntervalRow],
    *,
    reference_rate: float | None = None,
    reference_name: str = "Average",
) -> str:
    """Return an interval plot, one row each, with a line at the reference when there is one.

    Parameters
    ----------
    caption : Caption
        Title and description: what the chart shows, in words.
    rows : sequence of IntervalRow
        At least one, in the order to show.
    reference_rate : float, optional
        The rate (0-1) to compare with.
    reference_name : str, optional
        What the reference is.

    Raises
    ------
    ChartError
        There is no row, or an estimate lies outside its own interval.
    """
    if not rows:
        raise ChartError("An interval plot needs at least one row: show the empty text instead.")
    if wrong := [row.name for row in rows if not row.low_rate <= row.rate <= row.high_rate]:
        raise ChartError(f"The estimate lies outside its interval: {', '.join(wrong)}.")
    left = min(_LONGEST_NAME_PX, max(width_of(row.name) for row in rows)) + 12
    bottom = _TOP + len(rows) * _ROW_PX
    rates = from_zero(max(reference_rate or 0, *(row.high_rate for row in rows)), left, _RIGHT)
    parts = []
    for tick in rates.ticks():
        x = rates.at(tick)
        parts += [line(x, _TOP, x, bottom, "#dee0e2"), text(x, bottom + 20, percent(tick), anchor="middle")]
    if reference_rate is not None:
        x = rates.at(reference_rate)
        words = f"{reference_name} {percent(reference_rate)}"
        parts += [line(x, _TOP - 8, x, bottom, INK), text(x, _TOP - 16, words, anchor="middle")]
    for index, row in enumerate(rows):
        parts += _row(row, _TOP + (index + 0.5) * _ROW_PX, rates)
    return frame(caption, _WIDTH, bottom + 34, parts)


def _row(row: IntervalRow, y: float, rates: Scale) -> list[str]:
    """Draw one row: its name, its interval, its mark, and its figures in words."""
    colour = BLUE if row.is_comparable else GREY
    words = f"{row.rate * 100:.1f}% of {row.n_cases:,}" if row.is_comparable else "Too few to compare"
    low, high = rates.at(row.low_rate), rates.at(row.high_rate)
    hover = f"{row.name}: {words} (95% interval {percent(row.low_rate)} to {percent(row.high_rate)})"
    return [
        text(0, y + 5, _cut_to_fit(row.name)),
        line(low, y, high, y, colour),
        circle(rates.at(row.rate), y, hover, colour, is_hollow=not row.is_comparable),
        text(_RIGHT + 8, y + 5, words, colour=INK if row.is_comparable else GREY),
    ]


def _cut_to_fit(name: str) -> str:
    """Shorten a name that has no room; the table under the chart has it whole."""
    while width_of(name) > _LONGEST_NAME_PX:
        name = name.removesuffix("…")[:-1].rstrip() + "…"
    return name
