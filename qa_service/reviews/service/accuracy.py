"""The officer's factual-accuracy reply while the second read runs (RULES 2)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.policy.numbers import load_policy
from qa_service.reviews.statuses import ReplyState
from qa_service.reviews.store import outcomes, reads
from qa_service.reviews.tables import AccuracyReply
from qa_service.rounds.tables import Check


def ask_accuracy_reply(
    session: Session, check: Check, *, at: datetime, is_urgent: bool = False
) -> AccuracyReply:
    """Ask the drawn officer whether the facts are right; a check asks once."""
    with seeing_everything(session):
        asked = outcomes.find_reply(session, check.id)
        if asked is not None:
            return asked
        clocks = load_policy(check.policy_version).clocks_working_days
        n_days = clocks.accuracy_reply_urgent if is_urgent or check.is_urgent else clocks.accuracy_reply
        due_at = due_after_working_days(at, n_days)
        reply = AccuracyReply(check_id=check.id, person_id=check.person_id, asked_at=at, due_at=due_at)
        reads.insert(session, reply)
        subjects = {"check": check.id, "person": check.person_id}
        record(session, "check:accuracy:asked", by="job:verdict", at=at, subjects=subjects)
        return reply


def reply_on_accuracy(
    session: Session, check_id: int, *, person_id: int, text: str, disputes_a_fact: bool, at: datetime
) -> AccuracyReply:
    """Keep the officer's answer; a disputed fact goes to a moderator, whatever the reads say."""
    if disputes_a_fact and not text.strip():
        fault = ("text", "Say which fact is wrong, and where the record shows it.")
        raise Invalid("The reply names no fact.", next_step="Name it and send again.", faults=(fault,))
    with seeing_everything(session):
        reads.lock_check(session, check_id)
        reply = outcomes.find_reply(session, check_id)
        if reply is None or reply.person_id != person_id:
            raise NotFound("You are asked nothing here.", next_step="Start again from your own pages.")
        if reply.replied_at is not None or reply.due_at < at:
            raise Conflict(
                "The time for this reply has passed, or it was sent already.",
                next_step="What you want to add can be said in an appeal.",
            )
        reply.replied_at = at
        reply.text = text
        reply.disputes_a_fact = disputes_a_fact
        session.flush()
        subjects = {"check": check_id, "person": person_id}
        record(session, "check:accuracy:replied", by=f"person:{person_id}", at=at, subjects=subjects)
        return reply


def reply_state(session: Session, check_id: int, *, at: datetime) -> ReplyState:
    """Return where the accuracy reply of a check is."""
    with seeing_everything(session):
        reply = outcomes.find_reply(session, check_id)
    if reply is None:
        return ReplyState.NOT_ASKED
    if reply.replied_at is not None:
        return ReplyState.DISPUTED if reply.disputes_a_fact else ReplyState.NO_DISPUTE
    return ReplyState.LAPSED if reply.due_at < at else ReplyState.WAITING


def checks_with_lapsed_replies(session: Session, *, at: datetime) -> list[int]:
    """Return the checks whose officer did not answer in time: the lapse job finalises them."""
    with seeing_everything(session):
        return outcomes.list_lapsed_replies(session, at)
