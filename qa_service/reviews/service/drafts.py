"""Saving what a reader has typed so far: anything is accepted, nothing is lost, two windows never mix."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.reviews.schemas import DraftSave, SavedDraft
from qa_service.reviews.service.claiming import lock_own_read, open_read, own_read
from qa_service.reviews.service.locked import without_locked
from qa_service.reviews.service.moderating import lock_own_moderation
from qa_service.reviews.statuses import IN_HAND, ModerationStatus
from qa_service.reviews.store import drafts as store
from qa_service.reviews.tables import ModerationDraft, ReviewDraft


def save_draft(
    session: Session, reference: str, save: DraftSave, *, reader_id: int, at: datetime
) -> SavedDraft:
    """Save the fields of one page of a read; fields of other pages stay as they are.

    A save must name the version it changes. The same window may repeat a save whose answer it never got
    (its count `seq` tells); an older copy that arrives late changes nothing; another window is a conflict.
    So is another answer to a stage that is locked; the answer that was locked, sent again, changes nothing.
    """
    open_read(session, reference, reader_id=reader_id, at=at)
    with seeing_everything(session):
        review, _ = lock_own_read(session, reference, reader_id=reader_id)
        if review.status not in IN_HAND:
            raise Conflict(
                "This read is submitted already.",
                next_step="Open it again to see your receipt.",
                code="locked",
            )
        draft = store.lock_draft(session, review.id) or store.insert_draft(session, review.id, at)
        open_fields = without_locked(review, save.fields)
        is_only_locked = bool(save.fields) and not open_fields
        if not is_only_locked and _apply(draft, replace(save, fields=open_fields), at):
            session.flush()
            store.insert_revision(session, draft)
        return SavedDraft(draft.version, draft.saved_at)


def draft_of(session: Session, reference: str, *, reader_id: int) -> tuple[Mapping[str, Any], int]:
    """Return what a reader has typed so far and its version."""
    with seeing_everything(session):
        review = own_read(session, reference, reader_id=reader_id)
        draft = store.find_draft(session, review.id)
        return (draft.content, draft.version) if draft else ({}, 0)


def save_moderation_draft(
    session: Session, reference: str, save: DraftSave, *, moderator_id: int, at: datetime
) -> SavedDraft:
    """Save a moderator's notes, by the same rules."""
    with seeing_everything(session):
        moderation, _ = lock_own_moderation(session, reference, moderator_id=moderator_id)
        if moderation.status is not ModerationStatus.OPEN:
            raise Conflict("This is decided already.", next_step="Open it again to see the decision.")
        draft = store.lock_moderation_draft(session, moderation.id)
        draft = draft or store.insert_moderation_draft(session, moderation.id, at)
        if _apply(draft, save, at):
            session.flush()
        return SavedDraft(draft.version, draft.saved_at)


def moderation_draft_of(
    session: Session, reference: str, *, moderator_id: int
) -> tuple[Mapping[str, Any], int]:
    """Return what a moderator has typed so far and its version."""
    with seeing_everything(session):
        moderation, _ = lock_own_moderation(session, reference, moderator_id=moderator_id)
        draft = store.lock_moderation_draft(session, moderation.id)
        return (draft.content, draft.version) if draft else ({}, 0)


def _apply(draft: ReviewDraft | ModerationDraft, save: DraftSave, at: datetime) -> bool:
    """Change the draft, or leave it when this save came before; refuse one from another window."""
    is_same_window = bool(save.window_id) and save.window_id == draft.window_id
    if is_same_window and save.seq <= draft.seq:
        return False
    if save.version != draft.version and not is_same_window:
        raise Conflict(
            "This was changed in another window.",
            next_step="Copy what you typed here, open the read again and add it there.",
            code="draft_version",
        )
    # The one character that PostgreSQL cannot keep.
    typed = {name: text.replace("\x00", "") for name, text in save.fields.items()}
    draft.content = {**draft.content, **typed}
    draft.version += 1
    draft.saved_at = at
    draft.window_id = save.window_id
    draft.seq = save.seq
    return True
