"""What an artefact's figures say, in words and numbers for pages; pure, from the stored evaluation."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.natural_frequencies import NO_INTERVAL, of_hundred

OVERALL = "overall"
# Every level is high already: nothing is in doubt.
NOTHING = "none"
TARGET_NAMES = {
    OVERALL: "overall",
    "children": "for children",
    "public": "for the public",
    "known_adult": "for a known adult",
    "staff": "for staff",
}
Evaluation = Mapping[str, Any]


@dataclass(frozen=True)
class Interval:
    """A figure with its 95% interval and the checks it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Precision:
    """How often a flag is right, and how many wrong cases have none, from the random arm."""

    precision: Interval
    recall: Interval

    @property
    def sentence(self) -> str:
        """Say it in natural frequencies."""
        right, found = self.precision, self.recall
        missed = of_hundred(1 - found.value, 1 - found.high, 1 - found.low)
        return (
            f"Of 100 cases it flags, about {of_hundred(right.value, right.low, right.high)} need a higher "
            f"level and the others do not. Of 100 cases that need one, about {missed} have no flag."
        )


UNKNOWN_PRECISION = "Nobody can say yet how often a flag is right: too few checks were drawn at random."


def precision_of(evaluation: Evaluation, target: str = OVERALL) -> Precision | None:
    """Return how often flags of a level are right at the share that is flagged; None when nobody knows."""
    report = evaluation.get("reports", {}).get(target)
    if report is None:
        return None
    n_below = report["n_cases"] - report["n_assessed_high"]
    return precision_at(evaluation, _number_flagged(report) / n_below if n_below else 0.0, target)


def precision_at(evaluation: Evaluation, budget_share: float, target: str = OVERALL) -> Precision | None:
    """Return how often the highest share of the scores is right, at the nearest share that was measured."""
    yields = evaluation.get("reports", {}).get(target, {}).get("yields", [])
    nearest = min(yields, key=lambda part: abs(part["budget_share"] - budget_share), default=None)
    if nearest is None:
        return None
    precision, recall = (interval_of(nearest[name]) for name in ("precision", "recall"))
    return Precision(precision, recall) if precision is not None and recall is not None else None


def wrong_rate_without_a_flag(evaluation: Evaluation) -> Interval | None:
    """Return how many mediums without a flag should be high, of all of them; None when nobody knows."""
    report = evaluation.get("reports", {}).get(OVERALL)
    return _wrong_below(evaluation, report["threshold"]["score"]) if report else None


def _number_flagged(report: Mapping[str, Any]) -> int:
    """Read how many were flagged at training from the threshold's own words: "the 80 highest of 800 ..."."""
    return int(str(report["threshold"]["basis"]).split()[1])


def interval_of(figure: Mapping[str, Any]) -> Interval | None:
    """Return a figure of a report; None where there was nothing to estimate it from."""
    if any(figure[name] is None for name in ("value", "low", "high")):
        return None
    return Interval(figure["value"], figure["low"], figure["high"], figure["n"])


def limits_of(found: Interval, write: Callable[[float], str]) -> str:
    """Write an interval; resamples that all agree say that there was too little to resample."""
    return f"{write(found.low)} to {write(found.high)}" if found.low < found.high else NO_INTERVAL


def remaining_below(evaluation: Evaluation, score_rate: float, n_below: int) -> Interval | None:
    """Estimate how many of n mediums scored below a line should be high; None when nobody knows.

    The rate is that of the checked mediums below the next line at or above this one, so it errs upwards.
    """
    rate = _wrong_below(evaluation, _log_odds(score_rate))
    if rate is None:
        return None
    return Interval(rate.value * n_below, rate.low * n_below, rate.high * n_below, rate.n)


def _wrong_below(evaluation: Evaluation, line: float) -> Interval | None:
    table = evaluation.get("reports", {}).get(OVERALL, {}).get("remaining", [])
    above = [row for row in table if row["score"] >= line] or table[-1:]
    return interval_of(above[0]["wrong_rate"]) if above else None


def _log_odds(rate: float) -> float:
    if rate <= 0 or rate >= 1:
        return -math.inf if rate <= 0 else math.inf
    return math.log(rate / (1 - rate))
