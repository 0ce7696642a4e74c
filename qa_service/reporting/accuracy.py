"""What an officer is asked about the facts of a check while its second read runs (RULES 2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.errors import NotFound
from qa_service.reporting.rows import CRN_OF, list_rows
from rubrics import load


@dataclass(frozen=True)
class AccuracyQuestion:
    """A check whose facts an officer is asked about; nothing in it tells what the readers make of them."""

    check_id: int
    reference: str
    crn: str | None
    rubric_version: str
    assessed_at: datetime | None
    asked_at: datetime
    due_at: datetime
    replied_at: datetime | None
    reply: str | None
    disputes_a_fact: bool | None

    def is_open(self, at: datetime) -> bool:
        """Tell whether the officer can still reply."""
        return self.replied_at is None and at <= self.due_at


@dataclass(frozen=True)
class Fact:
    """A place in the record that a reader relied on."""

    title: str
    evidence: str


_QUESTIONS = text(
    f"""
    SELECT k.id AS check_id, k.reference,
      {CRN_OF.format(case="k.case_id")},
      k.rubric_version, s.completed_at AS assessed_at, a.asked_at, a.due_at, a.replied_at, a.text AS reply,
      a.disputes_a_fact
    FROM accuracy_reply a JOIN check_record k ON k.id = a.check_id JOIN assessment s ON s.id = k.assessment_id
    WHERE a.person_id = :person ORDER BY a.asked_at DESC, a.id DESC
    """  # noqa: S608 - constants only
)
_EVIDENCE = text(
    """
    SELECT part.key AS item, part.value ->> 'evidence' AS evidence
    FROM (SELECT answers FROM review WHERE check_id = :check AND submitted_at IS NOT NULL
          ORDER BY submitted_at, id LIMIT 1) r
    CROSS JOIN LATERAL jsonb_each(r.answers) part
    WHERE part.value ->> 'evidence' <> ''
    """
)


def questions_to(session: Session, person_id: int) -> list[AccuracyQuestion]:
    """List what an officer is or was asked about facts, latest first, whoever holds the case now."""
    with seeing_everything(session):
        return list_rows(session, _QUESTIONS, {"person": person_id}, AccuracyQuestion)


def question_to(session: Session, person_id: int, reference: str) -> AccuracyQuestion:
    """Return one question to an officer; anybody else's does not exist."""
    for question in questions_to(session, person_id):
        if question.reference == reference:
            return question
    raise NotFound("You are asked nothing here.", next_step="Start again from your own pages.")


def facts_of(session: Session, question: AccuracyQuestion) -> list[Fact]:
    """List the places in the record that the first reader relied on, in the order of the rubric.

    The evidence only: neither the answers nor the levels, which are nobody's to see before the verdict.
    """
    with seeing_everything(session):
        rows = session.connection().execute(_EVIDENCE, {"check": question.check_id})
        evidence = {row.item: row.evidence for row in rows}
    questions = load("rosh", question.rubric_version).questions
    return [Fact(item.title, evidence[item.id]) for item in questions if item.id in evidence]
