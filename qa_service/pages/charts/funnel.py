"""The funnel plot: whether an area's rate is further from the average than its number of cases explains.

Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24,
1185-1202, doi:10.1002/sim.1970. Areas are compared with limits, never ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.pages.charts.drawing import (
    GREY,
    INK,
    Caption,
    ChartError,
    circle,
    curve,
    diamond,
    frame,
    line,
    ring,
    text,
)
from qa_service.pages.charts.labels import Box, Label, place_labels, spread
from qa_service.pages.charts.scales import Scale, count_axis, from_zero, percent, rate_axis

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 600, 36, 385
# Limits closer together than this cannot be told apart on the screen.
_LEAST_STEP_PX = 4


@dataclass(frozen=True)
class FunnelPoint:
    """An area's rate (0-1) over its checked cases, and whether it lies beyond the 99.8% limits."""

    name: str
    n_cases: int
    rate: float
    is_beyond: bool = False
    is_comparable: bool = True


@dataclass(frozen=True)
class FunnelLimits:
    """Exact limits (rates 0-1) at ascending numbers of cases; all five of one length."""

    n_cases: Sequence[float]
    low_95: Sequence[float]
    high_95: Sequence[float]
    low_998: Sequence[float]
    high_998: Sequence[float]

    def __post_init__(self) -> None:
        """Refuse limits that do not belong together."""
        if len({len(values) for values in vars(self).values()}) != 1 or len(self.n_cases) < 2:
            raise ChartError("Funnel limits need five sequences of one length, at least 2.")
        if any(after <= before for before, after in zip(self.n_cases, self.n_cases[1:], strict=False)):
            raise ChartError("Funnel limits need ascending numbers of cases.")


def funnel_plot(
    caption: Caption,
    points: Sequence[FunnelPoint],
    limits: FunnelLimits,
    average_rate: float,
    *,
    own_name: str | None = None,
    rate_title: str = "Rate",
) -> str:
    """Return a funnel plot; names stand only at areas beyond 99.8% and at the reader's own.

    Parameters
    ----------
    caption : Caption
        Title and description: what the chart shows, in words.
    points : sequence of FunnelPoint
        One per area, at least one.
    limits : FunnelLimits
        Limits around the average, as the statistics give them.
    average_rate : float
        The rate (0-1) that the limits are around.
    own_name : str, optional
        Name of the reader's own area.
    rate_title : str, optional
        What the vertical axis counts.

    Raises
    ------
    ChartError
        There is no area to show.
    """
    if not points:
        raise ChartError("A funnel plot needs at least one area: show the empty text instead.")
    highest = max(average_rate * 2, _limit_to_show(points, limits), *(point.rate * 1.1 for point in points))
    rates = from_zero(min(1, highest), _BOTTOM, _TOP)
    widest = max(limits.n_cases[-1], *(point.n_cases for point in points))
    counts = Scale(0, widest, _LEFT, _RIGHT)
    parts = [*rate_axis(rates, _LEFT, _RIGHT, rate_title), *count_axis(counts, _BOTTOM, "Cases checked")]
    parts += _limit_lines(caption, limits, average_rate, counts, rates)
    parts += [_mark(point, counts, rates) for point in points]
    return frame(caption, _WIDTH, _HEIGHT, parts + _names(points, own_name, average_rate, counts, rates))


def _limit_to_show(points: Sequence[FunnelPoint], limits: FunnelLimits) -> float:
    """Return the highest limit among the areas compared; the curve may leave the frame left of them."""
    fewest = min((point.n_cases for point in points if point.is_comparable), default=limits.n_cases[-1])
    before = sum(n <= fewest for n in limits.n_cases[:-1])
    return max(limits.high_998[max(before - 1, 0) :])


def _limit_lines(
    caption: Caption, limits: FunnelLimits, average_rate: float, counts: Scale, rates: Scale
) -> list[str]:
    """Draw the limits inside the frame, each named at its right end."""
    clip = f"{caption.chart_id}-frame"
    height, width = _BOTTOM - _TOP, _RIGHT - _LEFT
    parts = [
        f'<clipPath id="{clip}"><path d="M{_LEFT} {_TOP}h{width}v{height}h-{width}z"/></clipPath>',
        f'<g clip-path="url(#{clip})">',
    ]
    ends: list[tuple[float, str]] = [(rates.at(average_rate), f"Average {percent(average_rate)}")]
    for values, words, dashes in (
        (limits.high_998, "99.8% limit", ""),
        (limits.high_95, "95% limit", "4 4"),
        (limits.low_95, "95% limit", "4 4"),
        (limits.low_998, "99.8% limit", ""),
    ):
        kept = _thinned([(counts.at(n), rates.at(v)) for n, v in zip(limits.n_cases, values, strict=True)])
        parts.append(curve(kept, dashes=dashes))
        ends.append((min(max(kept[-1][1], _TOP), _BOTTOM), words))
    parts += ["</g>", line(_LEFT, rates.at(average_rate), _RIGHT, rates.at(average_rate), INK)]
    heights = spread([height for height, _ in ends], _BOTTOM)
    parts += [
        text(_RIGHT + 8, height + 5, words, colour=INK if words.startswith("Average") else GREY)
        for height, (_, words) in zip(heights, ends, strict=True)
    ]
    return parts


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out points of a line that stand too close to the one before; the ends stay."""
    kept = [points[0]]
    for point in points[1:-1]:
        if point[0] - kept[-1][0] >= _LEAST_STEP_PX or abs(point[1] - kept[-1][1]) >= _LEAST_STEP_PX:
            kept.append(point)
    return [*kept, points[-1]]


def _mark(point: FunnelPoint, counts: Scale, rates: Scale) -> str:
    x, y = counts.at(point.n_cases), rates.at(point.rate)
    if not point.is_comparable:
        words = f"{point.name}: too few to compare ({point.n_cases:,} cases)"
        return circle(x, y, words, GREY, is_hollow=True)
    words = f"{point.name}: {point.rate * 100:.1f}% of {point.n_cases:,}"
    return diamond(x, y, words) if point.is_beyond else circle(x, y, words)


def _names(
    points: Sequence[FunnelPoint], own_name: str | None, average_rate: float, counts: Scale, rates: Scale
) -> list[str]:
    """Name the reader's own area first, then those beyond the limits, the most cases first.

    Names keep clear of every mark and of the average; in a crowd, where one has no such place, of the marks
    that are named.
    """
    named = [point for point in points if point.name == own_name or (point.is_beyond and point.is_comparable)]
    named.sort(key=lambda point: (point.name != own_name, -point.n_cases, point.name))
    places = [(counts.at(point.n_cases), rates.at(point.rate)) for point in named]
    labels = [
        Label(point.name, x, y, is_bold=point.name == own_name)
        for point, (x, y) in zip(named, places, strict=True)
    ]
    inside, average = Box(_LEFT, _TOP - 8, _RIGHT, _BOTTOM), rates.at(average_rate)
    every = [_around(counts.at(point.n_cases), rates.at(point.rate)) for point in points]
    free = place_labels(labels, inside, [*every, Box(_LEFT, average - 2, _RIGHT, average + 2)])
    crowded = [label for label in labels if label not in {one.label for one in free}]
    marks = [*(_around(x, y) for x, y in places), *(one.box for one in free)]
    rings = [ring(x, y) for point, (x, y) in zip(named, places, strict=True) if point.name == own_name]
    return rings + [one.draw() for one in [*free, *place_labels(crowded, inside, marks)]]


def _around(x: float, y: float) -> Box:
    """Return the room of a mark."""
    return Box(x - 8, y - 8, x + 8, y + 8)
