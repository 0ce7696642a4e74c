"""What an artefact's figures say, in words and numbers for pages; pure, from the stored evaluation."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.natural_frequencies import NO_INTERVAL, of_hundred
from qa_service.policy.numbers import load_policy

OVERALL = "overall"
# Every level that was recorded is high already: nothing is in doubt.
NOTHING = "none"
# Some level is lower, and the classifier has no scorer for any of these: it says nothing of the case.
UNSCORED = "unscored"
TARGET_NAMES = {
    OVERALL: "overall",
    "children": "for children",
    "public": "for the public",
    "known_adult": "for a known adult",
    "staff": "for staff",
}
Evaluation = Mapping[str, Any]


def states_chance(evaluation: Evaluation, target: str) -> bool:
    """Return whether a level's score is a chance: its reviews found some high and some not.

    Without both kinds it is the chance of being recorded high, which gives an order and no more.
    """
    report = evaluation.get("reports", {}).get(target)
    return report is not None and report_states_chance(report)


def report_states_chance(report: Mapping[str, Any]) -> bool:
    """Return the same of one level's report."""
    return bool(0 < report["n_reviewed_high"] < report["n_reviewed"])


def why_without_score(target: str | None, reasons: Sequence[Mapping[str, Any]]) -> str | None:
    """Say why an assessment has no score, from its flag's target and reasons; None when it has one."""
    if target is None:
        return "The classifier has not scored this assessment."
    if target == NOTHING:
        return "Every level that was recorded is high already, so none is in doubt."
    return str(reasons[0]["sentence"]) if target == UNSCORED else None


def why_unscored(lower: Collection[str]) -> str:
    """Say why a case has no score whose levels of these groups are below high."""
    names = ", ".join(TARGET_NAMES[group].removeprefix("for ") for group in lower)
    return f"The classifier has no scorer for its lower levels ({names})."


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


UNKNOWN_PRECISION = (
    "Nobody can say yet how often a flag is right: too few checks drawn at random were flagged or found high."
)


def precision_of(evaluation: Evaluation, target: str = OVERALL) -> Precision | None:
    """Return how often flags of a level are right at the share that is flagged; None when nobody knows.

    It takes as many random checks that were flagged, and that found high, as any rate that is compared.
    """
    report = evaluation.get("reports", {}).get(target)
    if report is None or min(counts_behind_precision(report)) < load_policy().rates.too_few_to_compare_n:
        return None
    return precision_at_flags(report)


def precision_at_flags(report: Mapping[str, Any]) -> Precision | None:
    """Return a level's precision and recall at the share that is flagged, however few checks say it."""
    return precision_at({"reports": {OVERALL: report}}, _share_flagged(report))


def counts_behind_precision(report: Mapping[str, Any]) -> tuple[int, int]:
    """Count the random checks that were flagged (by the share flagged) and those that found high."""
    return round(_share_flagged(report) * report["n_judging"]), report.get("n_judging_high", 0)


def _share_flagged(report: Mapping[str, Any]) -> float:
    n_below = report["n_cases"] - report["n_assessed_high"]
    return _number_flagged(report) / n_below if n_below else 0.0


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


def measured_lines(evaluation: Evaluation) -> list[float]:
    """Return the score rates, rising, below which it was measured how many mediums are wrong."""
    return [1 / (1 + math.exp(-row["score"])) for row in _remaining(evaluation)]


def remaining_below(
    evaluation: Evaluation, score_rate: float, n_below: int, n_below_lines: Sequence[int]
) -> Interval | None:
    """Estimate how many of n mediums scored below a line should be high; None when nobody knows.

    The rate is that of the checked mediums below the next measured line at or above this one, so it errs
    upwards. What remains below any lower measured line remains here too: so reading more never leaves more,
    though the measured rates, each from its own few checks, may rise and fall. The lower limit is that of the
    measured line at or beneath this one, or of one above where that is lower: the highest of several limits
    would be above the truth too often, and so would that of a line above.
    """
    table, score = _remaining(evaluation), _log_odds(score_rate)
    place = _next_line(table, score)
    rates = [interval_of(row["wrong_rate"]) for row in table]
    if not rates or (own := rates[place]) is None:
        return None
    counts = zip(rates[: place + 1], [*n_below_lines[:place], n_below], strict=True)
    left = [scaled(rate, n) for rate, n in counts if rate is not None]
    value, high = (max(getattr(one, name) for one in left) for name in ("value", "high"))
    beneath = sum(row["score"] <= score for row in table) - 1
    above = zip(rates[beneath:], n_below_lines[beneath:], strict=True) if beneath >= 0 else ()
    low = min((rate.low * n for rate, n in above if rate is not None), default=0.0)
    return Interval(value, low, high, own.n)


def scaled(rate: Interval, n_cases: int) -> Interval:
    """Return the number of cases that a rate makes of so many."""
    return Interval(rate.value * n_cases, rate.low * n_cases, rate.high * n_cases, rate.n)


def wrong_rate_of_highs(evaluation: Evaluation) -> Interval | None:
    """Return how many highs have a group that should be high too, of all highs; None from too few checks."""
    found = interval_of(evaluation["highs"]) if "highs" in evaluation else None
    return found if found and found.n >= load_policy().rates.too_few_to_compare_n else None


def _wrong_below(evaluation: Evaluation, line: float) -> Interval | None:
    table = _remaining(evaluation)
    return interval_of(table[_next_line(table, line)]["wrong_rate"]) if table else None


def _remaining(evaluation: Evaluation) -> Sequence[Mapping[str, Any]]:
    table: Sequence[Mapping[str, Any]] = evaluation.get("reports", {}).get(OVERALL, {}).get("remaining", [])
    return table


def _next_line(table: Sequence[Mapping[str, Any]], score: float) -> int:
    return next((place for place, row in enumerate(table) if row["score"] >= score), len(table) - 1)


def _log_odds(rate: float) -> float:
    if rate <= 0 or rate >= 1:
        return -math.inf if rate <= 0 else math.inf
    return math.log(rate / (1 - rate))
