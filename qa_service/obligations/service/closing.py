"""Closing a duty, and with it the escalation that its delay had opened."""

from datetime import datetime

from sqlmodel import Session

from qa_service.obligations import store
from qa_service.obligations.service.duties import lock_open, mark_closed
from qa_service.obligations.service.escalations import settle_overdue
from qa_service.obligations.tables import Obligation, ObligationKind


def close_obligation(
    session: Session, obligation_id: int, decision: str, *, at: datetime, by: str
) -> Obligation:
    """Close a duty by a decision in words; an escalation about its delay is settled with it."""
    obligation = lock_open(session, obligation_id)
    mark_closed(session, obligation, decision, at=at, by=by)
    settle_overdue(session, obligation_id, decision, at=at, by=by)
    return obligation


def close_duty_of_verdict(
    session: Session, verdict_id: int, kind: ObligationKind, decision: str, *, at: datetime, by: str
) -> None:
    """Close the open duties of a kind that a verdict gave, because the thing itself is done."""
    for obligation in store.list_open_of_verdict(session, verdict_id, kind):
        close_obligation(session, obligation.id, decision, at=at, by=by)


def close_duty_of_check(
    session: Session, check_id: int, kind: ObligationKind, decision: str, *, at: datetime, by: str
) -> None:
    """Close the open duties of a kind about a check, because the thing itself is done."""
    for obligation in store.list_open_of_check(session, check_id, kind):
        close_obligation(session, obligation.id, decision, at=at, by=by)


def overdue_duties(session: Session, kind: ObligationKind, *, at: datetime) -> list[Obligation]:
    """Lock the overdue duties of one kind, for the job that ends them."""
    return store.lock_overdue(session, at, {kind})
