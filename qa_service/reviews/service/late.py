"""Which checks wait for a late read or a late moderation: the quality lead's duty (RULES 1)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.reviews.store import late
from qa_service.rounds.tables import Check


def checks_with_late_reads(session: Session, *, at: datetime) -> list[Check]:
    """Return the live checks of which a read or the moderation is late; for workflows only."""
    with seeing_everything(session):
        return late.list_late_checks(session, at)
