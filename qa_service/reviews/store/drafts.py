"""SQL over drafts and their revisions."""

from datetime import datetime

from sqlmodel import Session, select

from qa_service.reviews.tables import ModerationDraft, ReviewDraft, ReviewDraftRevision


def lock_draft(session: Session, review_id: int) -> ReviewDraft | None:
    """Lock the draft of a read, if anything was saved yet."""
    return session.exec(
        select(ReviewDraft)
        .where(ReviewDraft.review_id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def find_draft(session: Session, review_id: int) -> ReviewDraft | None:
    """Find the draft of a read."""
    return session.get(ReviewDraft, review_id)


def find_revision(session: Session, review_id: int, version: int) -> ReviewDraftRevision | None:
    """Find what a draft held at one of its versions."""
    return session.exec(
        select(ReviewDraftRevision).where(
            ReviewDraftRevision.review_id == review_id, ReviewDraftRevision.version == version
        )
    ).one_or_none()


def insert_draft(session: Session, review_id: int, at: datetime) -> ReviewDraft:
    """Begin a draft, before anything is saved in it."""
    draft = ReviewDraft(review_id=review_id, version=0, content={}, saved_at=at)
    session.add(draft)
    session.flush()
    return draft


def insert_revision(session: Session, draft: ReviewDraft) -> None:
    """Keep what was just saved, for ever."""
    session.add(
        ReviewDraftRevision(
            review_id=draft.review_id, version=draft.version, content=draft.content, saved_at=draft.saved_at
        )
    )
    session.flush()


def lock_moderation_draft(session: Session, moderation_id: int) -> ModerationDraft | None:
    """Lock the draft of a moderation, if anything was saved yet."""
    return session.exec(
        select(ModerationDraft)
        .where(ModerationDraft.moderation_id == moderation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def insert_moderation_draft(session: Session, moderation_id: int, at: datetime) -> ModerationDraft:
    """Begin a moderator's draft."""
    draft = ModerationDraft(moderation_id=moderation_id, version=0, content={}, saved_at=at)
    session.add(draft)
    session.flush()
    return draft
