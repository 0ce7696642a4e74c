"""Giving reads to readers: the server picks, so that nobody chooses whom to judge (RULES 1, 8)."""

from datetime import datetime, timedelta

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, NotAllowed, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import load_policy
from qa_service.reviews.service.wanting import shown_days, want_reads
from qa_service.reviews.statuses import IN_HAND, ReadKind, ReviewStatus
from qa_service.reviews.store import claims, reads
from qa_service.reviews.tables import ConflictDeclaration, Review
from qa_service.rounds.tables import Check, CheckStatus


def claim_next(session: Session, *, reader_id: int, at: datetime) -> Review | None:
    """Give a reader the next read that they may have, or None when the pool holds none for them.

    A read already claimed and not opened is given again, so that a second click takes no second case.
    Two readers who ask at the same moment get different reads (FOR UPDATE SKIP LOCKED).
    """
    with seeing_everything(session):
        claims.release_lapsed(session, at)
        unopened = claims.find_unopened(session, reader_id)
        if unopened is not None:
            return unopened
        user = claims.find_user(session, reader_id)
        if user is None or not user.is_active:
            raise NotAllowed("This account reads no cases.", next_step="Ask your quality lead.")
        facts = claims.facts_of_reader(session, user, day_of(at), at)
        review = claims.lock_next(session, reader_id, facts)
        if review is None:
            return None
        _give(session, review, reader_id, at)
        return review


def _give(session: Session, review: Review, reader_id: int, at: datetime) -> None:
    check = reads.find_check(session, review.check_id)
    assert check is not None
    policy = load_policy(check.policy_version)
    kind = reads.kind_of(session, review.id)
    review.reader_id = reader_id
    review.status = ReviewStatus.ASSIGNED
    review.assigned_at = at
    review.claimed_until = at + timedelta(hours=policy.reads.claim_hours)
    if review.due_at < kind.true_due_at:
        # A read in disguise that waited in the pool must not look overdue: second reads never wait long.
        shown = due_after_working_days(at, shown_days(check, kind.kind, policy))
        review.due_at = min(kind.true_due_at, shown)
    if kind.kind is ReadKind.FIRST:
        reads.set_check_status(check, CheckStatus.ASSIGNED, from_statuses={CheckStatus.DRAWN})
    session.flush()
    record(
        session,
        "review:read:claimed",
        by=f"user:{reader_id}",
        at=at,
        subjects={"review": review.id, "check": check.id},
    )


def own_read(session: Session, reference: str, *, reader_id: int) -> Review:
    """Return a reader's own read; anybody else's does not exist for them."""
    review = reads.find_read(session, reference)
    if review is None or review.reader_id != reader_id or review.status is ReviewStatus.WITHDRAWN:
        raise NotFound("There is no such read here.", next_step="Start again from your own list.")
    return review


def lock_own_read(session: Session, reference: str, *, reader_id: int) -> tuple[Review, Check]:
    """Lock a reader's own read and its check (check first, everywhere), as they are now."""
    review = own_read(session, reference, reader_id=reader_id)
    check = reads.lock_check(session, review.check_id)
    review = reads.lock_read(session, review.id)
    if review.reader_id != reader_id or review.status is ReviewStatus.WITHDRAWN:
        raise Conflict(
            "This read was taken back while you worked.",
            next_step="Your answers are kept. Start again from your own list.",
        )
    return review, check


def open_read(session: Session, reference: str, *, reader_id: int, at: datetime) -> Review:
    """Note that a reader has opened their read; from then on it stays theirs."""
    with seeing_everything(session):
        review = own_read(session, reference, reader_id=reader_id)
        if review.status is not ReviewStatus.ASSIGNED:
            return review
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        review.status = ReviewStatus.OPENED
        review.opened_at = review.opened_at or at
        review.claimed_until = None
        early = {CheckStatus.DRAWN, CheckStatus.ASSIGNED}
        reads.set_check_status(check, CheckStatus.OPENED, from_statuses=early)
        session.flush()
        return review


def declare_conflict(
    session: Session,
    reference: str,
    *,
    reader_id: int,
    reason: str,
    knows_officer: bool,
    at: datetime,
    references: ReferenceSource,
) -> None:
    """Take a reader off a case they must not judge; the read returns to the pool as a new one.

    The declaration keeps this case, or every case of the officer, away from them from now on. What they
    wrote stays with their own read, which nobody continues.
    """
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        if review.status not in IN_HAND:
            raise Conflict(
                "This read is submitted already.",
                next_step="Tell your quality lead, who decides whether it counts.",
            )
        declaration = ConflictDeclaration(
            user_id=reader_id,
            case_id=None if knows_officer else check.case_id,
            person_id=check.person_id if knows_officer else None,
            reason=reason,
            declared_at=at,
        )
        reads.insert(session, declaration)
        kind = reads.kind_of(session, review.id)
        review.status = ReviewStatus.WITHDRAWN
        want_reads(
            session,
            [(check, kind.kind)],
            at=at,
            policy=load_policy(check.policy_version),
            references=references,
        )
        record(
            session,
            "review:conflict:declared",
            by=f"user:{reader_id}",
            at=at,
            subjects={"review": review.id, "check": check.id},
        )
