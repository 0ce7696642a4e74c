"""Before a draw: plan a round and freeze its frame, whoever asks.

A frame holds every case of everybody due, limited-access cases too; nobody's own view may thin it out.
"""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.core.ids import ReferenceSource
from qa_service.flags.service.artefacts import approved_artefact, count_unscored
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.documents import design_of
from qa_service.rounds.rules.frame import FrozenFrame
from qa_service.rounds.rules.targeting import uses_scores
from qa_service.rounds.service import RoundPlan
from qa_service.rounds.tables import Round
from sampling import COOL_OFF_STRATUM


def plan_round(session: Session, plan: RoundPlan, *, by: str, at: datetime) -> Round:
    """Plan a round with its forecast; nothing is frozen yet."""
    with seeing_everything(session):
        return rounds.plan_round(session, plan, by=by, at=at)


def open_round(
    session: Session, reference: str, *, by: str, at: datetime, references: ReferenceSource
) -> FrozenFrame:
    """Freeze the frame and give the digests to publish before anybody can know the seed.

    With a targeted arm every case that can be drawn has its score, or nothing is frozen.
    """
    with seeing_everything(session), session.begin_nested():
        frozen = rounds.open_round(session, reference, by=by, at=at, references=references)
        if uses_scores(design_of(rounds.find_round(session, reference).design)):
            _expect_scores(session, frozen)
        return frozen


def _expect_scores(session: Session, frozen: FrozenFrame) -> None:
    """Refuse a frame in which a case without a score would stand as one without a flag."""
    units = [unit.facts for unit in frozen.units if unit.stratum != COOL_OFF_STRATUM]
    drawable = [facts.assessment_id for facts in units if facts.assessment_id is not None]
    artefact = approved_artefact(session)
    n_missing = count_unscored(session, artefact, drawable) if artefact else 0
    if n_missing:
        raise Conflict(
            f"{n_missing} of {len(units)} cases that can be drawn wait for a score, so the highest cannot be "
            "told yet. Nothing is frozen.",
            next_step="Wait for the worker to score them (the classifier's page says how far it is) and open "
            "the round then.",
        )
