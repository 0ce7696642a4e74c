"""What a rubric is made of: sections, questions with prompts, judgements, causes, levels and groups.

Shape after HM Inspectorate of Probation, CARaG V1.1 (20 October 2025): numbered question, lettered prompts.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rubrics.levels import Group, Level

Stage = Literal[1, 2, 3, "computed"]


class Judgement(StrEnum):
    """A reviewer's answer to one question."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NA = "na"
    CANNOT_TELL = "cannot_tell"


class Criticality(StrEnum):
    """What a "no" does besides lowering the score: a stop item sends a case back by itself."""

    STOP = "stop"
    CRITICAL = "critical"
    NONE = "none"


class CountsFor(StrEnum):
    """Whose score a question enters: the officer's, or only the system's (PDU and managers)."""

    OFFICER = "officer"
    SYSTEM = "system"


class FindingOwner(StrEnum):
    """The post that must answer a finding; none where the case opens no finding."""

    NONE = "none"
    HEAD_OF_PDU = "head_of_pdu"
    NATIONAL_LEAD = "national_lead"


class Frozen(BaseModel):
    """A part of a published definition: unknown keys are refused and nothing can be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LevelMeaning(Frozen):
    """One level as the reviewer reads it."""

    level: Level
    register_code: str
    meaning: str = Field(min_length=1)
    source: str = Field(min_length=1)


class GroupAtRisk(Frozen):
    """One row of the grid and the settings in which it is assessed."""

    group: Group
    label: str = Field(min_length=1)
    settings: tuple[Literal["community", "custody"], ...] = Field(min_length=1)


class Cause(Frozen):
    """Why something was not done, and which post answers for it."""

    code: str = Field(min_length=1)
    label: str = Field(min_length=1)
    finding_owner: FindingOwner
    source: str = Field(min_length=1)


class Section(Frozen):
    """A lettered section of the rubric."""

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)


class Question(Frozen):
    """One item of the rubric; the hint is the classifier's or a rule's, and never shown before submit."""

    id: str = Field(min_length=1)
    section: str
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    prompts: tuple[str, ...]
    evidence: str = Field(min_length=1)
    weight: int = Field(gt=0)
    criticality: Criticality
    stage: Stage
    counts_for: CountsFor
    finding_owner: FindingOwner = FindingOwner.NONE
    quick_form: bool
    source: str = Field(min_length=1)
    hint: str


class Credit(Frozen):
    """The share of a question's weight that "partly" earns."""

    credit: float = Field(gt=0, lt=1)
    source: str = Field(min_length=1)


class Definition(Frozen):
    """One published version of a rubric.

    Notes
    -----
    `digest` is the SHA-256 of the file's bytes; a round, a verdict and a decision keep it with the
    version, so that anybody can show which text was answered.
    """

    id: str
    version: str
    title: str
    published_on: date
    source: str = Field(min_length=1)
    digest: str
    partly: Credit
    levels: tuple[LevelMeaning, ...]
    groups: tuple[GroupAtRisk, ...]
    causes: tuple[Cause, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions a reviewer answers; the others are worked out from the two grids."""
        return tuple(question for question in self.questions if question.stage != "computed")

    def at_stage(self, stage: Stage) -> tuple[Question, ...]:
        """List the questions of one stage, in order.

        Parameters
        ----------
        stage : 1, 2, 3 or "computed"

        Returns
        -------
        tuple of Question
        """
        return tuple(question for question in self.questions if question.stage == stage)

    def question(self, question_id: str) -> Question:
        """Find a question by its id, such as "B2".

        Parameters
        ----------
        question_id : str

        Returns
        -------
        Question

        Raises
        ------
        KeyError
            The definition has no such question.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(f"Rubric {self.id} version {self.version} has no question {question_id}.")

    def finding_owner(self, question_id: str, cause: str | None) -> FindingOwner:
        """Say which post owns the finding from a "no" or "partly" (RULES 4).

        Parameters
        ----------
        question_id : str
        cause : str or None
            Cause code of the answer.

        Returns
        -------
        FindingOwner
            The cause's owner; for an oversight question, its own owner where the cause has none.
        """
        owners = {known.code: known.finding_owner for known in self.causes}
        owner = owners.get(cause or "", FindingOwner.NONE)
        return owner if owner is not FindingOwner.NONE else self.question(question_id).finding_owner
