"""The learning curve: what a classifier finds after so many reviews, each figure with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.pages.charts.drawing import BLUE, Caption, ChartError, circle, curve, frame, line
from qa_service.pages.charts.scales import count_axis, from_zero, percent, rate_axis

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 690, 36, 300


@dataclass(frozen=True)
class Learnt:
    """A rate (0-1) after so many reviews, with its 95% interval."""

    n_reviews: int
    rate: float
    low: float
    high: float


def learning_curve(caption: Caption, steps: Sequence[Learnt], *, rate_title: str) -> str:
    """Return a curve through the steps, each with its interval as an upright line.

    Raises
    ------
    ChartError
        There are fewer than two steps, or all after the same number of reviews.
    """
    if len({step.n_reviews for step in steps}) < 2:
        raise ChartError("A learning curve needs two numbers of reviews.")
    reviews = from_zero(max(step.n_reviews for step in steps), _LEFT, _RIGHT)
    rates = from_zero(max(step.high for step in steps), _BOTTOM, _TOP)
    parts = rate_axis(rates, _LEFT, _RIGHT, rate_title) + count_axis(reviews, _BOTTOM, "Reviews learnt from")
    places = [(reviews.at(step.n_reviews), rates.at(step.rate)) for step in steps]
    parts.append(curve(places, BLUE, dashes="4 4"))
    for (x, y), step in zip(places, steps, strict=True):
        said = (
            f"{step.n_reviews:,} reviews: {percent(step.rate)} ({percent(step.low)} to {percent(step.high)})"
        )
        parts += [line(x, rates.at(step.low), x, rates.at(step.high), BLUE), circle(x, y, said)]
    return frame(caption, _WIDTH, _HEIGHT, parts)
