"""Before a draw: plan a round and freeze its frame, whoever asks.

A frame holds every case of everybody due, limited-access cases too; nobody's own view may thin it out.
"""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.frame import FrozenFrame
from qa_service.rounds.service import RoundPlan
from qa_service.rounds.tables import Round


def plan_round(session: Session, plan: RoundPlan, *, by: str, at: datetime) -> Round:
    """Plan a round with its forecast; nothing is frozen yet."""
    with seeing_everything(session):
        return rounds.plan_round(session, plan, by=by, at=at)


def open_round(
    session: Session, reference: str, *, by: str, at: datetime, references: ReferenceSource
) -> FrozenFrame:
    """Freeze the frame and give the digests to publish before anybody can know the seed."""
    with seeing_everything(session):
        return rounds.open_round(session, reference, by=by, at=at, references=references)
