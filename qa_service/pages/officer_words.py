"""What an officer reads instead of codes."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from rubrics import CountsFor, Level, load

OUTCOMES = {
    "pass": "The assessment stands",
    "pass_with_actions": "The assessment stands, with things to improve",
    "recheck": "The assessment needs more work; two more of your cases are checked",
    "fail": "The assessment did not meet the standard",
    "not_scorable": "The record did not allow a result",
}
SEVERITIES = {
    "S4": "The risk level was found too low, and somebody may be exposed or the gap is two levels",
    "S3": "The risk level was found too low",
    "S3s": "A safeguard that protects somebody exposed was not in place",
    "O": "The risk level was found too high",
}


def outcome_in_words(content: Mapping[str, Any]) -> str:
    """Say how a check came out; a wrong level is named as that."""
    severity = SEVERITIES.get(str(content.get("severity")))
    outcome = OUTCOMES[str(content["verdict"])]
    return f"{outcome}. {severity}." if severity else f"{outcome}."


def level_in_words(level: object) -> str:
    """Write a level of risk of serious harm as inside a sentence."""
    return Level(level).label if level else "not known"


@cache
def _causes() -> dict[str, str]:
    return {cause.code: cause.label for cause in load().causes}


@cache
def _about_others() -> frozenset[str]:
    """Return the questions that count for the system and never for the officer (RULES 2)."""
    return frozenset(item.id for item in load().questions if item.counts_for is CountsFor.SYSTEM)


def cause_in_words(code: object) -> str:
    """Write why something was not done, as the rubric words it."""
    return _causes().get(str(code), "")


def feedback_in_words(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feedback's content for the page, its codes in words; the causes above the officer apart."""
    found = [{**item, "cause_in_words": cause_in_words(item.get("cause"))} for item in content["to_change"]]
    return {
        "outcome": outcome_in_words(content),
        "assessed": level_in_words(content.get("assessed_overall")),
        "reviewed": level_in_words(content.get("reviewed_overall")),
        "reasons": content["reasons"],
        "good": content["good"],
        "to_change": [item for item in found if item["item"] not in _about_others()],
        "above": [item for item in found if item.get("cause") not in {None, "", "officer"}],
    }
