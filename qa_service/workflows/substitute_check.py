"""Replace a spoiled case: its reads end, the officer's next ticket takes its place and gets a first read."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.service.withdrawing import withdraw_reads
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds import drawing
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Check


def substitute_check(
    session: Session, check_reference: str, reason: str, *, by: str, at: datetime, references: ReferenceSource
) -> Check | None:
    """Replace a check's case by the next ticket, never by choice; None when the officer has no case left."""
    with seeing_everything(session):
        spoiled = rounds.lock_check(session, rounds.find_check(session, check_reference).id)
        new = drawing.substitute(session, spoiled, reason, by=by, at=at, references=references)
        withdraw_reads(session, spoiled.id)
        if new is not None:
            policy = load_policy(new.policy_version)
            reviews.want_reads(session, [(new, ReadKind.FIRST)], at=at, policy=policy, references=references)
    return new
