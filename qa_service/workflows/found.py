"""What the deciding reads found, in words: for the officer's feedback and for those who caused it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa_service.obligations.service import Cause
from qa_service.reviews.rules import Outcome
from rubrics import Answer, Definition, FindingOwner, Judgement, explain

_ADVERSE = frozenset({Judgement.NO, Judgement.PARTLY})


@dataclass(frozen=True)
class Found:
    """A check's outcome with the answers it stands on; the moderator's where there was one."""

    outcome: Outcome
    answers: tuple[Mapping[str, Answer], ...]
    decided_by: Mapping[str, Any]
    definition: Definition


def feedback_of(found: Found) -> dict[str, Any]:
    """Return what the officer gets to read: the outcome in words, what was good, what to change and why."""
    titles = {question.id: question.title for question in found.definition.questions}
    answers = found.answers[0] if found.answers else {}
    return {
        "verdict": found.outcome.decision.verdict.value,
        "severity": found.outcome.decision.severity.value,
        "assessed_overall": found.outcome.assessed_overall.value,
        "reviewed_overall": found.outcome.reviewed_overall.value,
        "reasons": [explain(reason, found.definition) for reason in found.outcome.decision.reasons],
        "good": [
            {"item": item, "title": titles[item]}
            for item, answer in answers.items()
            if answer.judgement is Judgement.YES
        ],
        "to_change": [
            {
                "item": item,
                "title": titles[item],
                "judgement": answer.judgement.value,
                "evidence": answer.evidence,
                "cause": answer.cause,
                "reason": answer.reason,
            }
            for item, answer in answers.items()
            if answer.judgement in _ADVERSE
        ],
    }


def causes_above_the_officer(found: Found) -> list[Cause]:
    """Return each cause that a post above the officer must answer, once, in the order of the rubric."""
    return list(dict.fromkeys(_causes(found)))


def _causes(found: Found) -> Iterable[Cause]:
    owner_of_cause = {cause.code: cause.finding_owner for cause in found.definition.causes}
    seen: set[tuple[str, str]] = set()
    for question in found.definition.questions:
        for answers in found.answers:
            answer = answers.get(question.id)
            if answer is None or answer.judgement not in _ADVERSE or (question.id, answer.cause) in seen:
                continue
            seen.add((question.id, answer.cause))
            owner = owner_of_cause.get(answer.cause, FindingOwner.NONE)
            if owner is FindingOwner.NONE:
                owner = question.finding_owner
            if owner is not FindingOwner.NONE:
                yield Cause(question.id, answer.cause, answer.reason, owner)
