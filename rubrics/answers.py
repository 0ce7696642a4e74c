"""What a reviewer answered, and what is still missing before a stage can be locked (RULES 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rubrics.schema import Definition, Judgement, Question, Stage

# Judgements that need evidence, a cause and a one-line reason (POLICY 6).
ADVERSE = frozenset({Judgement.PARTLY, Judgement.NO})


@dataclass(frozen=True)
class Answer:
    """One answer: the judgement, and for "no" and "partly" the evidence, the cause and a one-line reason."""

    judgement: Judgement
    evidence: str = ""
    cause: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "judgement", Judgement(self.judgement))


class MissingPart(StrEnum):
    """The part of an answer that a fault is about; the name of its form field."""

    JUDGEMENT = "judgement"
    EVIDENCE = "evidence"
    CAUSE = "cause"
    REASON = "reason"
    QUESTION = "question"


@dataclass(frozen=True)
class AnswerFault:
    """One thing to correct before the stage can be locked."""

    question_id: str
    part: MissingPart
    message: str


def validate_answers(
    definition: Definition, stage: Stage, answers: Mapping[str, Answer]
) -> tuple[AnswerFault, ...]:
    """List everything that stops a stage from being locked, in the order of the form.

    Parameters
    ----------
    definition : Definition
    stage : 1, 2 or 3
        Stage 1 has no questions: any answer to one is a fault.
    answers : mapping of question id to Answer
        The answers of this stage only.

    Returns
    -------
    tuple of AnswerFault
        Empty when the stage can be locked.
    """
    questions = definition.at_stage(stage) if stage != "computed" else ()
    causes = {cause.code for cause in definition.causes}
    faults = [fault for question in questions for fault in _faults_of(question, answers, causes)]
    known = {question.id for question in questions}
    faults += [
        AnswerFault(name, MissingPart.QUESTION, f"{name} is not asked at this stage. Remove the answer.")
        for name in answers
        if name not in known
    ]
    return tuple(faults)


def _faults_of(question: Question, answers: Mapping[str, Answer], causes: set[str]) -> Iterator[AnswerFault]:
    answer = answers.get(question.id)
    name = f"{question.id} {question.title}"
    if answer is None:
        yield AnswerFault(question.id, MissingPart.JUDGEMENT, f"Answer {name}.")
        return
    if answer.cause and answer.cause not in causes:
        message = f"{name}: choose a cause from the list; {answer.cause!r} is not one."
        yield AnswerFault(question.id, MissingPart.CAUSE, message)
    if answer.judgement not in ADVERSE:
        return
    if not answer.evidence.strip():
        message = f"{name}: say where in the record the evidence is."
        yield AnswerFault(question.id, MissingPart.EVIDENCE, message)
    if not answer.cause:
        yield AnswerFault(question.id, MissingPart.CAUSE, f"{name}: choose the main cause.")
    if not answer.reason.strip():
        yield AnswerFault(question.id, MissingPart.REASON, f"{name}: give the reason in one line.")
    elif len(answer.reason.strip().splitlines()) > 1:
        yield AnswerFault(question.id, MissingPart.REASON, f"{name}: keep the reason to one line.")
