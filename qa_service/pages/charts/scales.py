"""From figures to places on a chart: linear scales with round ticks, and the axes drawn from them."""

from dataclasses import dataclass
from math import ceil, floor, log10

from qa_service.pages.charts.drawing import GREY, ChartError, line, px, text


@dataclass(frozen=True)
class Scale:
    """A straight scale from figures [low, high] to pixels [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        """Refuse a scale without length."""
        if not self.low < self.high:
            raise ChartError(f"A scale from {self.low} to {self.high} has no length.")

    def at(self, value: float) -> float:
        """Return the pixel of a figure."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return the round figures to write along the scale."""
        step = round_step(self.high - self.low)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [round(number * step, 10) for number in range(first, last + 1)]


def round_step(span: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten that cuts a span into at most six."""
    power = 10.0 ** floor(log10(span / 6))
    return next(step * power for step in (1, 2, 5, 10, 20) if span / (step * power) <= 6 + 1e-9)


def from_zero(highest: float, start: float, end: float) -> Scale:
    """Return a scale from 0 to the first round figure at or above the highest."""
    step = round_step(highest or 1)
    return Scale(0, ceil((highest or 1) / step - 1e-9) * step, start, end)


def percent(rate: float) -> str:
    """Write a rate of 0-1 for an axis: 5% or 2.5%."""
    return f"{rate * 100:.1f}".removesuffix(".0") + "%"


def rate_axis(scale: Scale, left: float, right: float, title: str) -> list[str]:
    """Return a vertical axis of rates with light lines across, its title above it."""
    parts = [text(0, min(scale.start, scale.end) - 16, title)]
    for tick in scale.ticks():
        y = scale.at(tick)
        parts += [line(left, y, right, y, "#dee0e2"), text(left - 8, y + 5, percent(tick), anchor="end")]
    return parts


def count_axis(scale: Scale, y: float, title: str) -> list[str]:
    """Return a horizontal axis of counts, its title under it."""
    parts = [line(scale.start, y, scale.end, y)]
    for tick in scale.ticks():
        x = scale.at(tick)
        parts += [
            f'<path d="M{px(x)} {px(y)}v5" stroke="{GREY}"/>',
            text(x, y + 20, f"{tick:,.0f}", anchor="middle"),
        ]
    return [*parts, text((scale.start + scale.end) / 2, y + 42, title, anchor="middle")]
