"""What finalising a moderation would do, found out by doing it and taking it back: exact by construction."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import rehearsal, seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.reporting.consequences import Consequences, consequences_of
from qa_service.reviews.schemas import SettledAnswers
from qa_service.workflows.finalise_check import settle_moderation


@dataclass(frozen=True)
class Rehearsed:
    """The verdict that a decision comes to, and what follows from a fail."""

    verdict: str
    consequences: Consequences | None


def rehearse_moderation(
    session: Session, reference: str, settled: SettledAnswers, *, moderator_id: int, at: datetime
) -> Rehearsed:
    """Say what a decision would come to; nothing is decided by asking."""
    with seeing_everything(session), rehearsal(session):
        decided = settle_moderation(
            session,
            reference,
            settled,
            moderator_id=moderator_id,
            at=at,
            references=ReferenceSource(),
        )
        session.flush()
        return Rehearsed(decided.outcome.decision.verdict.value, consequences_of(session, decided.check.id))
