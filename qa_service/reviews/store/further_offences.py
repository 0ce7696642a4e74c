"""SQL over serious further offences and the checks that came before them."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from qa_service.reviews.statuses import ReadKind, ReviewStatus
from qa_service.reviews.tables import Review, ReviewKind, SeriousFurtherOffence
from qa_service.rounds.tables import Check, CheckPurpose, CheckStatus


def find_offence(session: Session, case_id: int, occurred_on: date) -> SeriousFurtherOffence | None:
    """Find what was entered about a case and a day, and not withdrawn."""
    return session.exec(
        select(SeriousFurtherOffence).where(
            SeriousFurtherOffence.case_id == case_id,
            SeriousFurtherOffence.occurred_on == occurred_on,
            col(SeriousFurtherOffence.withdrawn_at).is_(None),
        )
    ).one_or_none()


def lock_offence(session: Session, offence_id: int) -> SeriousFurtherOffence | None:
    """Lock an offence, if whoever asks may see it."""
    return session.exec(
        select(SeriousFurtherOffence).where(SeriousFurtherOffence.id == offence_id).with_for_update()
    ).one_or_none()


def has_offence_after(session: Session, check_id: int) -> bool:
    """Return whether an offence that counts came after a check."""
    found = session.exec(
        select(SeriousFurtherOffence.id)
        .where(SeriousFurtherOffence.check_id == check_id)
        .where(col(SeriousFurtherOffence.withdrawn_at).is_(None))
        .limit(1)
    )
    return found.first() is not None


def list_wanted_rereads(session: Session, check_id: int) -> list[Review]:
    """Lock the blind re-reads of a check that nobody has taken yet."""
    return list(
        session.exec(
            select(Review)
            .join(ReviewKind, col(ReviewKind.review_id) == col(Review.id))
            .where(Review.check_id == check_id, Review.status == ReviewStatus.WANTED)
            .where(ReviewKind.kind == ReadKind.SFO)
            .with_for_update(of=Review)
        )
    )


def find_last_check(session: Session, case_id: int, *, final_before: datetime) -> Check | None:
    """Find the last live check of a case that was final before a moment."""
    return session.exec(
        select(Check)
        .where(Check.case_id == case_id, Check.purpose == CheckPurpose.LIVE)
        .where(Check.status == CheckStatus.FINAL, col(Check.final_at) < final_before)
        .order_by(col(Check.final_at).desc(), col(Check.id).desc())
        .limit(1)
    ).one_or_none()


def lock_checks_without_a_read(session: Session) -> list[Check]:
    """Lock the checks before an offence that have no blind re-read, wanted or made, that counts."""
    read_again = (
        select(Review.check_id)
        .join(ReviewKind, col(ReviewKind.review_id) == col(Review.id))
        .where(ReviewKind.kind == ReadKind.SFO, Review.status != ReviewStatus.WITHDRAWN)
        .where(col(Review.contaminated_at).is_(None))
    )
    before = select(SeriousFurtherOffence.check_id).where(
        col(SeriousFurtherOffence.check_id).is_not(None), col(SeriousFurtherOffence.withdrawn_at).is_(None)
    )
    return list(
        session.exec(
            select(Check)
            .where(col(Check.id).in_(before), col(Check.id).not_in(read_again))
            .order_by(col(Check.id))
            .with_for_update()
        )
    )
