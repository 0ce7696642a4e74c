"""Why a verdict came out as it did: codes with their facts, and the plain sentence an officer reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rubrics.errors import ReasonError
from rubrics.schema import Definition


class ReasonCode(StrEnum):
    """One fact that a verdict rests on."""

    OVERALL_UNDER = "overall_under"
    GROUPS_CROSS_HIGH_LINE = "groups_cross_high_line"
    GROUPS_UNDER = "groups_under"
    EXTRA_CASE = "extra_case"
    TWO_LEVELS = "two_levels"
    SOMEBODY_EXPOSED = "somebody_exposed"
    SAFEGUARD_NO = "safeguard_no"
    OVERALL_OVER = "overall_over"
    STOP_ITEM_CANNOT_TELL = "stop_item_cannot_tell"
    TOO_MANY_CANNOT_TELL = "too_many_cannot_tell"
    STOP_ITEM_NO = "stop_item_no"
    CRITICAL_NO = "critical_no"
    SCORE_BELOW = "score_below"
    LEVEL_AND_QUALITY_STAND = "level_and_quality_stand"


SENTENCES = {
    ReasonCode.OVERALL_UNDER: "The overall level was recorded as {assessed} and the review found {reviewed}.",
    ReasonCode.GROUPS_CROSS_HIGH_LINE: "The review found high or above, and the record less, for: {groups}.",
    ReasonCode.GROUPS_UNDER: "The review found a higher level than was recorded for: {groups}.",
    ReasonCode.EXTRA_CASE: "This is an extra case, in which any level recorded too low is a fail.",
    ReasonCode.TWO_LEVELS: "The difference is two levels or more.",
    ReasonCode.SOMEBODY_EXPOSED: "The reviewer judged that somebody is exposed to the risk now.",
    ReasonCode.SAFEGUARD_NO: "A safeguard that protects people was not in place: {questions}.",
    ReasonCode.OVERALL_OVER: "The overall level was recorded as {assessed} but found to be {reviewed}.",
    ReasonCode.STOP_ITEM_CANNOT_TELL: "The record leaves open what must be known: {questions}.",
    ReasonCode.TOO_MANY_CANNOT_TELL: "The record leaves {n} questions open, more than {limit}: {questions}.",
    ReasonCode.STOP_ITEM_NO: "The answer is no to a question that by itself sends a case back: {questions}.",
    ReasonCode.CRITICAL_NO: "The answer is no to critical questions: {questions}.",
    ReasonCode.SCORE_BELOW: "The score is {score}, below {limit}.",
    ReasonCode.LEVEL_AND_QUALITY_STAND: "The recorded level stands and the assessment scored {score}.",
}


@dataclass(frozen=True)
class Reason:
    """A reason code with the facts its sentence needs; `questions` are ids, in the rubric's order."""

    code: ReasonCode
    facts: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()


def explain(reason: Reason, definition: Definition) -> str:
    """Put one reason into a plain sentence for the officer.

    Parameters
    ----------
    reason : Reason
    definition : Definition
        The version of the rubric that was answered; it names the questions.

    Returns
    -------
    str
        One sentence, such as "The overall level was recorded as medium and the review found high."

    Raises
    ------
    ReasonError
        The reason lacks a fact, or names a question that this version does not have.
    """
    try:
        titles = ", ".join(f"{name} {definition.question(name).title}" for name in reason.questions)
        return SENTENCES[reason.code].format(questions=titles, **dict(reason.facts))
    except KeyError as missing:
        raise ReasonError(
            f"The reason {reason.code} cannot be explained: {missing.args[0]} is missing. "
            "Use the version of the rubric that was answered."
        ) from missing
