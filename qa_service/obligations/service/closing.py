"""Closing a duty, and with it the escalation that its delay had opened."""

from datetime import datetime

from sqlmodel import Session

from qa_service.obligations.service.duties import lock_open, mark_closed
from qa_service.obligations.service.escalations import settle_overdue
from qa_service.obligations.tables import Obligation


def close_obligation(
    session: Session, obligation_id: int, decision: str, *, at: datetime, by: str
) -> Obligation:
    """Close a duty by a decision in words; an escalation about its delay is settled with it."""
    obligation = lock_open(session, obligation_id)
    mark_closed(session, obligation, decision, at=at, by=by)
    settle_overdue(session, obligation_id, decision, at=at, by=by)
    return obligation
