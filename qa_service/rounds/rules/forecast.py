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
        return _document(self)


@dataclass(frozen=True)
class RateRange:
    """A rate of 0 to 1 and its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class TargetedForecast:
    """What the checks that a classifier asks for will take and find; they cut nobody.

    `found_flagged` and `found_unflagged` are levels found too low; None where nobody can say.
    """

    n_flagged: int
    n_unflagged: int
    reviewer_hours: Estimate
    found_flagged: Estimate | None
    found_unflagged: Estimate | None

    def as_document(self) -> dict[str, Any]:
        """Return plain values to keep with the round and to show."""
        return _document(self)


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
    fails = _count(n_checks, RateRange(policy.fail_rate, policy.fail_rate_low, policy.fail_rate_high))
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


def forecast_targeted(
    n_flagged: int,
    n_unflagged: int,
    precision: RateRange | None,
    missed_rate: RateRange | None,
    policy: ForecastPolicy,
    *,
    second_reads_rate: float,
) -> TargetedForecast:
    """Forecast the targeted arm of a round: it corrects cases and never cuts (RULES 2).

    Parameters
    ----------
    n_flagged, n_unflagged : int
        Checks of the highest scores, and of cases without a flag.
    precision, missed_rate : RateRange or None
        The share of each whose level reviewers find too low; None where nobody can say.
    second_reads_rate : float
        The share read a second time by chance: one read corrects a case here.

    Notes
    -----
    Ranges run from the interval's lower end less two sigma of chance to its upper end plus two. Hours are
    sure but for the second reads, each of which may need moderation at most.
    """
    n_checks = n_flagged + n_unflagged
    second = _count(n_checks, RateRange(second_reads_rate, second_reads_rate, second_reads_rate))
    first_hours = n_checks * policy.first_read_hours
    return TargetedForecast(
        n_flagged=n_flagged,
        n_unflagged=n_unflagged,
        reviewer_hours=Estimate(
            first_hours + second.value * policy.second_read_hours,
            first_hours + second.low * policy.second_read_hours,
            first_hours + second.high * (policy.second_read_hours + policy.moderation_hours),
        ),
        found_flagged=_count(n_flagged, precision) if precision else None,
        found_unflagged=_count(n_unflagged, missed_rate) if missed_rate else None,
    )


def _count(n_checks: int, rate: RateRange) -> Estimate:
    """Return how many of some checks a rate is, with the range that its interval and chance make together."""

    def spread(part: float, sign: int) -> float:
        reached = n_checks * part + sign * 2 * math.sqrt(n_checks * part * (1 - part))
        return min(float(n_checks), max(0.0, reached))

    return Estimate(n_checks * rate.value, spread(rate.low, -1), spread(rate.high, 1))


def _document(forecast: Forecast | TargetedForecast) -> dict[str, Any]:
    return {
        name: [round(part, 1) for part in (figure.value, figure.low, figure.high)]
        if isinstance(figure, Estimate)
        else figure
        for name, figure in vars(forecast).items()
    }
