"""The words in which pages speak of the classifier: figures with intervals, chances, actors, readings."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from models.natural_frequencies import limits_of_hundred
from qa_service.auth import service as auth
from qa_service.flags.rules import (
    NOTHING,
    OVERALL,
    TARGET_NAMES,
    UNSCORED,
    Interval,
    interval_of,
    limits_of,
    states_chance,
    why_without_score,
)
from qa_service.flags.tables import FlagArtefact, ScorePurpose
from qa_service.pages.display import number, rate
from qa_service.pages.render import Cell
from qa_service.reporting.flag_stops import Rest, Stop

Report = Mapping[str, Any]

DECIDES_NOTHING = (
    "The classifier decides nothing. A flag is a request to look: it changes no level, gives no verdict and "
    "never reduces anybody's workload."
)
ORDER_ONLY = (
    "Of some levels the checks that it learnt from have not found both kinds of case, some high and some "
    "not. There its scores give an order and no chance."
)
NO_CHANCE = (
    "For this level the checks that it learnt from have not found both kinds of case, some high and some "
    "not. Its scores give an order and no chance."
)
NOT_KNOWN = "Not known"
PURPOSES = {
    ScorePurpose.FLAG: "Flags",
    ScorePurpose.REVIEW_NOW: "Order of caseload reviews",
}
READINGS = {"steady": "Steady", "look": "Look at it", "retrain": "Train again"}
GROUPED_BY = {
    "region_code": "Region",
    "grade": "Grade of the practitioner",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "age_band": "Age",
}
JOBS = {
    "train_flags": "Train a candidate",
    "refresh_flags": "Score everything again",
    "score_new_assessments": "Score what has no score yet",
}
_ACTORS = {"cli": "the command line", "job:intake": "new data"}
_GROUPS = {"sex": {"F": "Female", "M": "Male"}}
_BARELY_RATE = 0.005
_LIKELY_RATE = 0.5
_ROUNDED_FROM = 20
_SHOWN = 12


def name_of(artefact: FlagArtefact) -> str:
    """Name a classifier by the beginning of its digest, as the command line does."""
    return artefact.digest[:_SHOWN]


def waits_in_words(artefact: FlagArtefact, n_missing: int, before: FlagArtefact | None) -> str:
    """Say of an approved classifier when it comes into force, and what is used until then."""
    until = f"classifier {name_of(before)} stays in force" if before else "none is in force"
    some = f"{number(n_missing)} more {'assessment is' if n_missing == 1 else 'assessments are'} scored"
    return (
        f"Classifier {name_of(artefact)} is approved and comes into force when "
        f"{some if n_missing else 'the worker next looks'}. Until then {until}."
    )


def order_only(evaluation: Mapping[str, Any]) -> str | None:
    """Say that some level's scores give an order and no chance, where it is so."""
    return None if all(states_chance(evaluation, one) for one in targets_of(evaluation)) else ORDER_ONLY


def without_scorer(evaluation: Mapping[str, Any]) -> str:
    """List the levels that an artefact was not trained for: "for children, for staff"."""
    trained = targets_of(evaluation)
    return ", ".join(name for target, name in TARGET_NAMES.items() if target not in trained)


def level_name(target: str) -> str:
    """Say which level a target is: "Overall", "For children"."""
    return TARGET_NAMES[target][0].upper() + TARGET_NAMES[target][1:]


def targets_of(evaluation: Mapping[str, Any]) -> list[str]:
    """List the levels that an artefact was trained for, the overall one first."""
    return [target for target in TARGET_NAMES if target in evaluation.get("reports", {})]


def group_name(name: str, group: str, regions: Mapping[str, str]) -> str:
    """Name a group that figures are given by: a region by its name, the others as they are recorded."""
    if name == "region_code":
        return regions.get(group, group)
    if name == "ethnicity":
        return group.capitalize()
    return _GROUPS.get(name, {}).get(group, group)


def as_rate(figure: Mapping[str, Any] | Interval | None) -> Cell | str:
    """Write a share with its interval under it."""
    found = figure if isinstance(figure, Interval) or figure is None else interval_of(figure)
    return _with_interval(found, rate) if found else NOT_KNOWN


def as_number(figure: Mapping[str, Any] | None) -> Cell | str:
    """Write a figure between 0 and 1 that is no share, with its interval under it."""
    found = interval_of(figure) if figure is not None else None
    return _with_interval(found, "{:.2f}".format) if found else NOT_KNOWN


def as_gain(figure: Mapping[str, Any]) -> Cell | str:
    """Write how much a share rose, in percentage points, with its interval under it."""
    found = interval_of(figure)
    return _with_interval(found, lambda value: f"{100 * value:+.1f} points") if found else ""


def _with_interval(found: Interval, write: Callable[[float], str]) -> Cell:
    return Cell(write(found.value), hint=limits_of(found, write))


def hundreds(value: float | None) -> str:
    """Write a share as a number of 100."""
    return NOT_KNOWN if value is None else str(round(100 * value))


def of_hundred(figure: Mapping[str, Any]) -> Cell | str:
    """Write a share as a number of 100, with its interval under it."""
    found = interval_of(figure)
    return _of_hundred(found.value, found.low, found.high) if found else NOT_KNOWN


def not_of_hundred(figure: Mapping[str, Any]) -> Cell | str:
    """Write the rest of a share as a number of 100, with its interval under it."""
    found = interval_of(figure)
    return _of_hundred(1 - found.value, 1 - found.high, 1 - found.low) if found else NOT_KNOWN


def _of_hundred(value: float, low: float, high: float) -> Cell:
    return Cell(hundreds(value), hint=limits_of_hundred(low, high))


def stop_in_words(stop: Stop, levels: Collection[str]) -> str:
    """Say what remains of some levels when the first so many cases of a list are read."""
    parts = {
        "MEDIUM": (stop.mediums, "medium", "should be high"),
        "HIGH": (stop.highs, "high", "should be high for a group of people too"),
    }
    told = " ".join(_rest_in_words(*parts[level]) for level in parts if level in levels)
    return f"After {number(stop.n_read)} read: {told}"


def _rest_in_words(rest: Rest, level: str, what: str) -> str:
    if not rest.n:
        return f"no {level} is left."
    left = f"{number(rest.n)} {level}{'s are' if rest.n > 1 else ' is'} left."
    if rest.wrong is None:
        return f"{left} Nobody can say how many of them {what}: too few checks."
    return f"{left} {count_between(rest.wrong)} of them probably {what}."


def rest_cell(rest: Rest) -> str:
    """Write how many of the cases left are probably wrong."""
    if not rest.n:
        return "None left"
    return count_between(rest.wrong) if rest.wrong else NOT_KNOWN


def count_between(found: Interval) -> str:
    """Write an estimated number of cases with its interval, both ends rounded outwards."""
    low, high = math.floor(found.low), math.ceil(found.high)
    return f"About {number(round(found.value))} ({number(low)} to {number(high)})"


def flagged_in_words(report: Report) -> str:
    """Say where flagging begins: "the 80 highest of 800 cases, for 80 reviews"."""
    return f"Flagged are {report['threshold']['basis']}."


def chance(
    evaluation: Mapping[str, Any],
    score_rate: float | None,
    target: str | None,
    reasons: Sequence[Mapping[str, Any]] = (),
) -> Cell:
    """Say a score as a chance in words, and of which level when it is not the overall one; or why not."""
    if target == NOTHING:
        return Cell("No level in doubt", hint="each is high already")
    if target == UNSCORED:
        return Cell("Not scored", hint=why_without_score(target, reasons))
    if score_rate is None or target is None:
        return Cell("No score yet")
    level = "" if target == OVERALL else TARGET_NAMES[target]
    if not states_chance(evaluation, target):
        return Cell(NOT_KNOWN, hint=f"only the order {level}".strip())
    return Cell(" ".join(_odds(score_rate)), hint=level or None)


def chance_in_full(evaluation: Mapping[str, Any], score_rate: float, target: str) -> str:
    """Say a score in full: "About a 1 in 5 chance that the level for children should be high"."""
    if not states_chance(evaluation, target):
        return f"The level {TARGET_NAMES[target]} is in doubt; nobody can say yet how likely it is too low"
    about, odds = _odds(score_rate)
    return f"{about} a {odds} chance that the level {TARGET_NAMES[target]} should be high"


def _odds(score_rate: float) -> tuple[str, str]:
    if score_rate < _BARELY_RATE:
        return "Less than", "1 in 200"
    if score_rate >= _LIKELY_RATE:
        return "About", f"{round(10 * score_rate)} in 10"
    n = 1 / score_rate
    return "About", f"1 in {round(n) if n < _ROUNDED_FROM else round(n, -1):.0f}"


def trust_in_words(report: Report) -> str:
    """Say how far the reviews contradict the recorded levels, from the AUC and the two weights."""
    auc = interval_of(report["label_auc"])
    if auc is None:
        return "Too few reviews were found high to say how far they contradict the recorded levels."
    spread = f"{auc.value:.2f} (95% interval {auc.low:.2f} to {auc.high:.2f}; {number(auc.n)} checks)"
    start = f"On the reviewed cases the recorded levels alone rank with an AUC of {spread}"
    if auc.high < _LIKELY_RATE:
        return (
            f"{start}: they mislead. Believe the reviews, and review more cases at random before approving."
        )
    if auc.low > _LIKELY_RATE:
        return f"{start}: better than chance, so what is recorded is worth learning from."
    return f"{start}: that may be no better than chance, so more reviews at random are needed."


def beliefs(weights: Mapping[str, float]) -> list[tuple[float, float]]:
    """Return the weights over a parameter in its order, as (value, weight)."""
    return sorted((float(value), weight) for value, weight in weights.items())


def belief_words(weights: Mapping[str, float]) -> str:
    """Write the weights that matter in one line: "1: 98%, 0.5: 2%"."""
    shown = [(value, weight) for value, weight in beliefs(weights) if weight >= _BARELY_RATE]
    return ", ".join(f"{value:g}: {weight:.0%}" for value, weight in shown)


def versions(artefact: FlagArtefact) -> str:
    """Write the versions that a classifier was trained with."""
    known: Mapping[str, str] = artefact.provenance.get("versions", {})
    return ", ".join(f"{name} {version}" for name, version in sorted(known.items())) or NOT_KNOWN


def who(session: Session, actor: str) -> str:
    """Name whoever did something."""
    kind, _, key = actor.partition(":")
    if kind == "user" and key.isdecimal():
        return auth.find_account(session, int(key)).display_name
    return _ACTORS.get(actor, actor)
