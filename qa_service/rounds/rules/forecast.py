"""What a round will ask for and bring about, forecast before it is opened."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qa_service.policy.numbers import ForecastPolicy


@dataclass(frozen=True)
class Estimate:
    """A forecast figure and its range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What a round will ask for and bring about, said before it is opened."""

    n_checks: int
    reviewer_hours: Estimate
    fails: Estimate
    cuts: Estimate
    points_over: Estimate
    room_points: int
    unplaced_cases: Estimate

    def as_document(self) -> dict[str, Any]:
        """Return plain values to keep with the round and to show."""
        return {
            "n_checks": self.n_checks,
            "room_points": self.room_points,
            **{
                name: [round(part, 1) for part in (figure.value, figure.low, figure.high)]
                for name, figure in vars(self).items()
                if isinstance(figure, Estimate)
            },
        }


def forecast_round(n_checks: int, room_points: int, policy: ForecastPolicy) -> Forecast:
    """Forecast a round of the random arm.

    Parameters
    ----------
    n_checks : int
        Officers to be drawn, one case each.
    room_points : int
        Points that the area's officers under 100% could still take.

    Notes
    -----
    Fails are binomial at the planning rate; the range runs from the low rate's lower to the high rate's
    upper two-sigma limit. Every confirmed fail of an attributable officer is a cut, so cuts are at most
    fails. Hours grow with the would-be fails, each of which needs a second read and may need moderation.
    """

    def spread(rate: float, sign: int) -> float:
        return max(0.0, n_checks * rate + sign * 2 * math.sqrt(n_checks * rate * (1 - rate)))

    fails = Estimate(
        n_checks * policy.fail_rate, spread(policy.fail_rate_low, -1), spread(policy.fail_rate_high, 1)
    )
    would_be_fails_a_fail = policy.would_be_fail_rate / policy.fail_rate
    hours_a_would_be_fail = policy.second_read_hours + policy.moderation_hours
    points_a_case = policy.points_per_cut_over_cap / policy.cases_moved_per_cut

    def of_fails(figure: Callable[[float], float]) -> Estimate:
        return Estimate(figure(fails.value), figure(fails.low), figure(fails.high))

    return Forecast(
        n_checks=n_checks,
        reviewer_hours=of_fails(
            lambda n: n_checks * policy.first_read_hours + n * would_be_fails_a_fail * hours_a_would_be_fail
        ),
        fails=fails,
        cuts=fails,
        points_over=of_fails(lambda n: n * policy.points_per_cut_over_cap),
        room_points=room_points,
        unplaced_cases=of_fails(
            lambda n: max(0.0, n * policy.points_per_cut_over_cap - room_points) / points_a_case
        ),
    )
