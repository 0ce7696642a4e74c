"""SQL over reads and their kinds: looking up, locking, listing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from qa_service.core.bulk import insert_rows, one_of
from qa_service.reviews.statuses import IN_HAND
from qa_service.reviews.tables import Review, ReviewDraft, ReviewKind, ReviewStatus, Worry
from qa_service.rounds.tables import Check, CheckStatus

RowT = TypeVar("RowT", bound=SQLModel)

_HIDE_OTHERS = text(
    "SELECT set_config('app.reader', :reader, true), set_config('app.reading', :reading, true),"
    " set_config('app.has_read', :has_read, true)"
)


def insert(session: Session, row: RowT) -> RowT:
    """Insert one row."""
    session.add(row)
    session.flush()
    return row


def insert_reads(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Review]:
    """Insert reads and return them in their order."""
    insert_rows(session, Review, rows)
    names = [row["reference"] for row in rows]
    statement = select(Review).where(col(Review.reference) == one_of(names)).order_by(col(Review.id))
    return list(session.exec(statement))


def insert_kinds(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the kinds of reads."""
    insert_rows(session, ReviewKind, rows)


def find_read(session: Session, reference: str) -> Review | None:
    """Find a read by its reference."""
    return session.exec(select(Review).where(Review.reference == reference)).one_or_none()


def lock_check(session: Session, check_id: int) -> Check:
    """Lock a check's row; everything that changes a check or its reads takes this lock first."""
    return session.exec(
        select(Check).where(Check.id == check_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def lock_read(session: Session, review_id: int) -> Review:
    """Lock a read's row, after its check's."""
    return session.exec(
        select(Review)
        .where(Review.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def find_check(session: Session, check_id: int) -> Check | None:
    """Find a check that this transaction may see."""
    return session.get(Check, check_id)


def kind_of(session: Session, review_id: int) -> ReviewKind:
    """Return a read's kind; only a transaction that sees everything finds one."""
    return session.exec(select(ReviewKind).where(ReviewKind.review_id == review_id)).one()


def list_reads(session: Session, check_id: int) -> list[tuple[Review, ReviewKind]]:
    """List all reads of a check with their kinds, in the order they were wanted."""
    return list(
        session.exec(
            select(Review, ReviewKind)
            .join(ReviewKind, col(ReviewKind.review_id) == col(Review.id))
            .where(Review.check_id == check_id)
            .order_by(col(Review.id))
        )
    )


def list_own(session: Session, reader_id: int) -> list[tuple[Review, Check, datetime | None]]:
    """List a reader's reads with their checks and the last save, the nearest date first."""
    statement = (
        select(Review, Check, ReviewDraft.saved_at)
        .join(Check, col(Check.id) == col(Review.check_id))
        .join(ReviewDraft, col(ReviewDraft.review_id) == col(Review.id), isouter=True)
        .where(Review.reader_id == reader_id, Review.status != ReviewStatus.WITHDRAWN)
        .order_by(col(Review.due_at), col(Review.reference))
    )
    return [(review, check, saved_at) for review, check, saved_at in session.exec(statement)]


def hide_others(session: Session, reader_id: int) -> list[int]:
    """Hide from the rest of this transaction what others found in the cases this person reads.

    Every check of such a case is hidden, not only the one in hand: another check of it tells its level too.
    Returns the case ids of those reads. Called while everything is visible.
    """
    rows = session.exec(
        select(Review.check_id, Review.status, Check.case_id)
        .join(Check, col(Check.id) == col(Review.check_id))
        .where(Review.reader_id == reader_id, Review.status != ReviewStatus.WITHDRAWN)
        .order_by(col(Check.case_id))
    ).all()
    in_hand = {case_id for _, status, case_id in rows if status in IN_HAND}
    same_case = select(Check.id).where(col(Check.case_id).in_(in_hand)).order_by(col(Check.id))
    reading = [str(check_id) for check_id in session.exec(same_case)] if in_hand else []
    has_read = [str(check_id) for check_id, _, _ in rows]
    values = {
        "reader": str(reader_id),
        "reading": "{" + ",".join(reading) + "}",
        "has_read": "{" + ",".join(has_read) + "}",
    }
    session.connection().execute(_HIDE_OTHERS, values)
    return [case_id for _, _, case_id in rows]


def list_in_hand(session: Session, reader_id: int) -> list[Check]:
    """List the checks that somebody reads at this moment."""
    statement = (
        select(Check)
        .join(Review, col(Review.check_id) == col(Check.id))
        .where(Review.reader_id == reader_id, col(Review.status).in_(IN_HAND))
    )
    return list(session.exec(statement))


def find_worry(session: Session, review_id: int, sentence: str) -> Worry | None:
    """Find a worry that was raised from a read with this sentence."""
    return session.exec(select(Worry).where(Worry.review_id == review_id, Worry.sentence == sentence)).first()


def set_check_status(check: Check, status: CheckStatus, *, from_statuses: Collection[CheckStatus]) -> None:
    """Move a check on, from where a first read finds it."""
    if check.status in from_statuses:
        check.status = status
