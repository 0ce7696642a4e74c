"""Feedback: recorded with the verdict, shown after the conversation or when that is late, acknowledged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.feedback import store
from qa_service.feedback.tables import Feedback
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reviews.tables import Verdict, VerdictValue
from qa_service.rounds.tables import Check

_WITH_CONVERSATION = frozenset({VerdictValue.FAIL, VerdictValue.RECHECK})
_NEXT_STEP = "Start again from your list."


def record_feedback(
    session: Session,
    verdict: Verdict,
    check: Check,
    content: Mapping[str, Any],
    *,
    at: datetime,
    references: ReferenceSource,
) -> Feedback:
    """Record what the officer will see; a fail or a recheck is first talked through with the SPO."""
    clocks = load_policy(verdict.policy_version).clocks_working_days
    has_conversation = verdict.verdict in _WITH_CONVERSATION
    due_at = due_after_working_days(at, clocks.conversation)
    row = Feedback(
        reference=references.make(),
        verdict_id=verdict.id,
        check_id=check.id,
        person_id=check.person_id,
        content=dict(content),
        recorded_at=at,
        show_by_at=due_at if has_conversation else at,
        shown_at=None if has_conversation else at,
    )
    store.insert(session, row)
    if has_conversation:
        duty = obligations.Duty(
            ObligationKind.CONVERSATION,
            estate.spo_post(session, check.team_code).id,
            "Talk the outcome of a check through with the officer before it is shown",
            due_at,
            is_urgent=verdict.is_urgent,
            check_id=check.id,
            verdict_id=verdict.id,
            case_id=check.case_id,
            person_id=check.person_id,
        )
        obligations.open_obligation(session, duty, at=at, by="job:verdict")
    _note(session, "recorded", row, at=at, by="job:verdict")
    return row


def record_conversation(session: Session, reference: str, *, at: datetime, by: str) -> Feedback:
    """Record that the SPO has spoken with the officer; from now on the officer sees the feedback."""
    row = _lock(session, reference)
    if row.conversation_at is not None:
        raise Conflict("This conversation is recorded already.", next_step="Nothing is left to do here.")
    row.conversation_at, row.conversation_by = at, by
    row.shown_at = row.shown_at or at
    session.flush()
    obligations.close_duty_of_verdict(
        session, row.verdict_id, ObligationKind.CONVERSATION, "Talked through", at=at, by=by
    )
    _note(session, "talked_through", row, at=at, by=by)
    return row


def show_overdue(session: Session, *, at: datetime, by: str) -> int:
    """Show the feedback whose conversation is late: the officer never waits longer; return how much."""
    due = store.list_to_show(session, at)
    for row in due:
        row.shown_at = at
        session.flush()
        _note(session, "shown", row, at=at, by=by)
    return len(due)


def acknowledge(session: Session, reference: str, *, person_id: int, at: datetime) -> Feedback:
    """Record that the officer has read their feedback; a second click changes nothing."""
    with seeing_everything(session):
        row = own_feedback(session, reference, person_id=person_id)
        if row.acknowledged_at is None:
            row.acknowledged_at = at
            session.flush()
            _note(session, "acknowledged", row, at=at, by=f"person:{person_id}")
    return row


def own_feedback(session: Session, reference: str, *, person_id: int) -> Feedback:
    """Return an officer's own feedback once it is shown, whoever holds the case; nothing else exists."""
    with seeing_everything(session):
        row = _lock(session, reference)
    if row.person_id != person_id or row.shown_at is None:
        raise NotFound("There is no such feedback here.", next_step=_NEXT_STEP)
    return row


def feedback_shown_to(session: Session, person_id: int) -> list[Feedback]:
    """Return what an officer may see, newest first, also of cases that have moved on."""
    with seeing_everything(session):
        return store.list_shown_to(session, person_id)


def feedback_of_verdict(session: Session, verdict_id: int) -> Feedback | None:
    """Return the feedback of a verdict, shown or not, to those who may see its check and do not read it."""
    return store.find_of_verdict(session, verdict_id)


def _lock(session: Session, reference: str) -> Feedback:
    row = store.lock(session, reference)
    if row is None:
        raise NotFound("There is no such feedback here.", next_step=_NEXT_STEP)
    return row


def _note(session: Session, action: str, row: Feedback, *, at: datetime, by: str) -> None:
    subjects = {"feedback": row.id, "person": row.person_id, "verdict": row.verdict_id}
    record(session, f"officer:feedback:{action}", by=by, at=at, subjects=subjects)
