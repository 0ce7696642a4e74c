"""The p-chart: whether the rate of one area changed by more than chance explains, period by period.

The limits step with the number of cases of each period, around a baseline that is fixed and stated
(Shewhart's chart for proportions; Montgomery (2019), Introduction to Statistical Quality Control, ch. 7).
Where what is counted changes, a new baseline begins, and no line joins what came before to what comes after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from qa_service.pages.charts.drawing import (
    BLUE,
    INK,
    Caption,
    ChartError,
    circle,
    curve,
    diamond,
    frame,
    line,
    text,
)
from qa_service.pages.charts.labels import LINE_PX, spread, width_of
from qa_service.pages.charts.scales import Scale, from_zero, percent, rate_axis

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 590, 36, 335


@dataclass(frozen=True)
class Period:
    """A period's rate (0-1) with the limits (0-1) of its own number of cases; no rate without a case.

    Without limits of its own, as before its draw is final, the limits' lines have a gap there.
    `begins` names what changes with this period; a `baseline_rate` of its own takes the place of the chart's.
    """

    name: str
    n_cases: int
    rate: float | None
    low_limit: float | None
    high_limit: float | None
    is_beyond: bool = False
    baseline_rate: float | None = None
    begins: str = ""


def p_chart(
    caption: Caption,
    periods: Sequence[Period],
    baseline_rate: float,
    *,
    baseline_name: str = "Baseline",
    rate_title: str = "Rate",
) -> str:
    """Return a p-chart with stepped limits.

    Parameters
    ----------
    caption : Caption
        Title and description: what the chart shows, in words.
    periods : sequence of Period
        In time order, at least one and at most 16.
    baseline_rate : float
        The fixed rate (0-1) that the limits are around, in the last periods at least.
    baseline_name : str, optional
        What the baseline is, as written at its end.
    rate_title : str, optional
        What the vertical axis counts.

    Raises
    ------
    ChartError
        There is no period to show, or more than have room.
    """
    if not 1 <= len(periods) <= 16:
        raise ChartError(f"A p-chart shows 1 to 16 periods, not {len(periods)}.")
    highest = max(
        baseline_rate * 2,
        *((period.baseline_rate or 0) * 2 for period in periods),
        *(period.high_limit or 0 for period in periods),
        *((period.rate or 0) * 1.1 for period in periods),
    )
    rates = from_zero(min(1, highest), _BOTTOM, _TOP)
    step = (_RIGHT - _LEFT) / len(periods)
    parts = rate_axis(rates, _LEFT, _RIGHT, rate_title)
    parts += _limits(periods, step, rates, (baseline_rate, baseline_name))
    parts += _changes(periods, step)
    parts += _feet(periods, step)
    return frame(caption, _WIDTH, _HEIGHT, parts + _rates(periods, step, rates))


def _limits(periods: Sequence[Period], step: float, rates: Scale, baseline: tuple[float, str]) -> list[str]:
    """Draw the stepped limits and the baseline, each named where it ends and clear of the baseline."""
    rate, name = baseline
    heights_of = [rates.at(rate if one.baseline_rate is None else one.baseline_rate) for one in periods]
    parts = [
        line(_LEFT + stretch[0][0] * step, height, _LEFT + (stretch[-1][0] + 1) * step, height, INK)
        for height, stretch in (
            (height, list(same)) for height, same in groupby(enumerate(heights_of), key=lambda pair: pair[1])
        )
    ]
    height = rates.at(rate)
    ends = [(float(_RIGHT), height, f"{name} {percent(rate)}")]
    high, low = [one.high_limit for one in periods], [one.low_limit for one in periods]
    for limits, down in ((high, -1), (low, 1)):
        stairs = _stairs(limits, step, rates)
        parts += [curve(stretch, dashes="4 4") for stretch in stairs]
        if stairs:
            x, y = stairs[-1][-1]
            ends.append((x, height + down * max(LINE_PX, down * (y - height)), "99.8% limit"))
    heights = spread([y for _, y, _ in ends], _BOTTOM)
    return parts + [text(x + 8, y + 5, words) for y, (x, _, words) in zip(heights, ends, strict=True)]


def _stairs(limits: Sequence[float | None], step: float, rates: Scale) -> list[list[tuple[float, float]]]:
    """Return the steps of a limit, each unbroken stretch of periods that have one apart."""
    runs = groupby(enumerate(limits), key=lambda pair: pair[1] is None)
    return [
        [
            (_LEFT + (index + side) * step, rates.at(value))
            for index, value in run
            if value is not None
            for side in (0, 1)
        ]
        for is_gap, run in runs
        if not is_gap
    ]


def _changes(periods: Sequence[Period], step: float) -> list[str]:
    """Mark where something else begins to be counted, and name it."""
    parts = []
    for index, period in enumerate(periods):
        if period.begins and index:
            x = _LEFT + index * step
            parts.append(curve([(x, _TOP), (x, _BOTTOM)], dashes="1 3"))
            parts.append(text(x + 4, _TOP - 6, period.begins))
    return parts


def _rates(periods: Sequence[Period], step: float, rates: Scale) -> list[str]:
    """Draw the rates and join neighbouring periods; a period without a case leaves a gap."""
    joins, marks = [], []
    before: tuple[float, float] | None = None
    for index, period in enumerate(periods):
        if period.begins or period.rate is None:
            before = None
        if period.rate is None:
            continue
        here = (_LEFT + (index + 0.5) * step, rates.at(period.rate))
        words = f"{period.name}: {period.rate * 100:.1f}% of {period.n_cases:,}"
        marks.append(diamond(*here, words) if period.is_beyond else circle(*here, words))
        if before:
            joins.append(line(*before, *here, BLUE))
        before = here
    return joins + marks


def _feet(periods: Sequence[Period], step: float) -> list[str]:
    """Write the periods under the axis with their numbers of cases; only every so many when short of room."""
    every = ceil((max(width_of(period.name) for period in periods) + 8) / step)
    parts = [line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM), text(_RIGHT + 8, _BOTTOM + 40, "Cases checked")]
    for index, period in list(enumerate(periods))[::every]:
        x = _LEFT + (index + 0.5) * step
        parts += [
            text(x, _BOTTOM + 20, period.name, anchor="middle"),
            text(x, _BOTTOM + 40, f"{period.n_cases:,}", anchor="middle"),
        ]
    return parts
