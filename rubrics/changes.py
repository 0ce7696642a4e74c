"""What differs between two versions of a rubric, and which old scores may stand beside new ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rubrics.schema import CountsFor, Definition, Question

# A change in one of these changes what a score or an item's rate means; a new hint or prompt does not.
MEANING = ("question", "evidence", "stage")
SCORING = ("weight", "counts_for")


@dataclass(frozen=True)
class QuestionChange:
    """One field of one question that differs."""

    question_id: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class DefinitionChanges:
    """The differences between two versions, and what stays comparable across them.

    Parameters
    ----------
    comparable_questions : tuple of str
        Questions whose wording, evidence and stage are unchanged: their rates may be compared.
    comparable_sections : tuple of str
        Sections whose questions and weights are unchanged: their scores may be compared.
    is_officer_score_comparable, is_all_score_comparable, is_verdict_comparable : bool
        The verdict also needs unchanged criticality (and the same outcome policy).
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[QuestionChange, ...]
    comparable_questions: tuple[str, ...]
    comparable_sections: tuple[str, ...]
    is_officer_score_comparable: bool
    is_all_score_comparable: bool
    is_verdict_comparable: bool


def compare_definitions(old: Definition, new: Definition) -> DefinitionChanges:
    """Compare two versions of a rubric.

    Parameters
    ----------
    old, new : Definition

    Returns
    -------
    DefinitionChanges
    """
    before = {question.id: question for question in old.questions}
    after = {question.id: question for question in new.questions}
    changed = tuple(
        QuestionChange(name, field, str(getattr(before[name], field)), str(getattr(question, field)))
        for name, question in after.items()
        if name in before
        for field in Question.model_fields
        if getattr(before[name], field) != getattr(question, field)
    )
    is_credit_same = old.partly.credit == new.partly.credit
    officers_same = _meaning(_officers(old)) == _meaning(_officers(new)) and is_credit_same
    return DefinitionChanges(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=changed,
        comparable_questions=tuple(
            name for name in after if name in before and _same(before[name], after[name], MEANING)
        ),
        comparable_sections=tuple(
            section.id
            for section in new.sections
            if is_credit_same and _meaning(_in(old, section.id)) == _meaning(_in(new, section.id))
        ),
        is_officer_score_comparable=officers_same,
        is_all_score_comparable=is_credit_same and _meaning(old.questions) == _meaning(new.questions),
        is_verdict_comparable=officers_same and _criticality(old) == _criticality(new),
    )


def _same(before: Question, after: Question, fields: Iterable[str]) -> bool:
    return all(getattr(before, field) == getattr(after, field) for field in fields)


def _officers(definition: Definition) -> list[Question]:
    return [question for question in definition.questions if question.counts_for is CountsFor.OFFICER]


def _in(definition: Definition, section: str) -> list[Question]:
    return [question for question in definition.questions if question.section == section]


def _meaning(questions: Iterable[Question]) -> dict[str, tuple[object, ...]]:
    fields = MEANING + SCORING
    return {question.id: tuple(getattr(question, field) for field in fields) for question in questions}


def _criticality(definition: Definition) -> dict[str, str]:
    return {question.id: question.criticality for question in definition.questions}
