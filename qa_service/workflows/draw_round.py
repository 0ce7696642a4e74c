"""Draw a round and put its first reads into the pool, in one transaction: no check without a read."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds import drawing
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Check


def draw_round(
    session: Session, reference: str, *, by: str, at: datetime, references: ReferenceSource
) -> list[Check]:
    """Draw a seeded round, ask for a first read of every check, and let reviewers start."""
    with seeing_everything(session):
        checks = drawing.draw_checks(session, reference, by=by, at=at, references=references)
        policy = load_policy(rounds.find_round(session, reference).policy_version)
        wanted = [(check, ReadKind.FIRST) for check in checks]
        reviews.want_reads(session, wanted, at=at, policy=policy, references=references)
        rounds.begin_review(session, reference, by=by, at=at)
    return checks
