"""Building what a moderator sees."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.cases import service as cases
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.reviews import documents
from qa_service.reviews.moderation_view import BlindRead, ModerationView, lines_of
from qa_service.reviews.service.case_views import blind_view
from qa_service.reviews.service.moderating import lock_own_moderation
from qa_service.reviews.statuses import DECIDING_KINDS, SUBMITTED
from qa_service.reviews.store import outcomes, reads
from qa_service.reviews.tables import Review
from rubrics import Grid, load


@dataclass(frozen=True)
class ModerationInList:
    """A line of a moderator's own list."""

    reference: str
    check_reference: str
    reason: str
    status: str
    due_at: datetime


def moderations_of(session: Session, *, moderator_id: int) -> list[ModerationInList]:
    """Return a moderator's own moderations, open ones first."""
    with seeing_everything(session):
        rows = outcomes.list_moderations(session, moderator_id)
    return [
        ModerationInList(row.reference, check.reference, row.reason, row.status.value, row.due_at)
        for row, check in rows
    ]


def moderation_view(session: Session, reference: str, *, moderator_id: int) -> ModerationView:
    """Return one's own moderation: both reads without their readers, and the officer's levels."""
    with seeing_everything(session):
        moderation, check = lock_own_moderation(session, reference, moderator_id=moderator_id)
        both = _two_blind_reads(session, check.id)
        officer = cases.grid_of(cases.assessment(session, check.assessment_id))
        reply = outcomes.find_reply(session, check.id)
        return ModerationView(
            reference=moderation.reference,
            reason=moderation.reason,
            due_at=moderation.due_at,
            version_of_rubric=check.rubric_version,
            case=blind_view(session, check),
            reads=both,
            lines=lines_of(load("rosh", check.rubric_version), *both, officer),
            officer_reply=reply.text if reply else None,
        )


def _two_blind_reads(session: Session, check_id: int) -> tuple[BlindRead, BlindRead]:
    """Return the two reads that differ, in an order that does not tell which came first."""
    blind = [
        review
        for review, kind in reads.list_reads(session, check_id)
        if kind.kind in DECIDING_KINDS and review.status in SUBMITTED and review.contaminated_at is None
    ][:2]
    if len(blind) < 2:
        raise Conflict("Two blind reads are needed first.", next_step="Wait for the second read.")
    first, second = sorted(blind, key=lambda review: review.reference)
    return _blind_read(first), _blind_read(second)


def _blind_read(review: Review) -> BlindRead:
    return BlindRead(
        grid=Grid.from_record(review.own_grid or {}),
        is_somebody_exposed=bool(review.is_somebody_exposed),
        reasons=review.own_reasons or "",
        answers=documents.answers_of(review.answers),
    )
