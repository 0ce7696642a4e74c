"""SQL of holds, cut decisions, cuts and reduction requests."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, or_, select

from qa_service.caseload.tables import (
    Cut,
    CutDecision,
    CutPosting,
    CutStatus,
    Hold,
    HoldStatus,
    ReductionRequest,
    ReductionRequestStatus,
)
from qa_service.estate.tables import Reduction
from qa_service.reviews.tables import Verdict, VerdictValue
from qa_service.rounds.tables import Check

LIVE = (CutStatus.SCHEDULED, CutStatus.ACTIVE)
UNFINISHED = (
    ReductionRequestStatus.REQUESTED,
    ReductionRequestStatus.KEYED,
    ReductionRequestStatus.CONFIRMED,
)

_EARLIER = text(
    """
    SELECT v.decided_at FROM verdict v JOIN check_record c ON c.id = v.check_id
    WHERE v.attributed_person_id = :person AND v.verdict = :verdict AND v.id <> :but AND c.arm = ANY(:arms)
      AND NOT EXISTS (SELECT FROM verdict later WHERE later.supersedes_id = v.id)
    """
)

_CLEAN_RESTORE_CHECKS = text(
    """
    SELECT count(*) FROM check_record c JOIN verdict v ON v.check_id = c.id
    WHERE c.cause = 'before_restore' AND NOT v.is_underclassified
      AND v.verdict NOT IN ('fail', 'not_scorable')
      AND NOT EXISTS (SELECT FROM verdict later WHERE later.supersedes_id = v.id)
      AND c.causing_check_id IN (SELECT f.check_id FROM cut_decision d JOIN verdict f ON f.id = d.verdict_id
                                 WHERE d.cut_id = :cut)
    """
)


def insert(session: Session, rows: Iterable[SQLModel]) -> None:
    """Insert rows and give them their keys."""
    session.add_all(rows)
    session.flush()


def get_cut(session: Session, cut_id: int) -> Cut:
    """Return a cut by key."""
    return session.exec(select(Cut).where(Cut.id == cut_id)).one()


def find_live_cut(session: Session, person_id: int) -> Cut | None:
    """Lock the scheduled or active cut of a person, as it is now."""
    return session.exec(
        select(Cut)
        .where(Cut.person_id == person_id, col(Cut.status).in_(LIVE))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def list_cut_postings(session: Session, cut_id: int) -> list[CutPosting]:
    """List the arithmetic of a cut, posting by posting."""
    return list(
        session.exec(
            select(CutPosting)
            .where(CutPosting.cut_id == cut_id)
            .order_by(CutPosting.staff_code, CutPosting.team_code)
        )
    )


def list_cuts_to_activate(session: Session, day: date) -> list[Cut]:
    """Lock the scheduled cuts whose first day has come; those that another worker holds are left."""
    return list(
        session.exec(
            select(Cut)
            .where(Cut.status == CutStatus.SCHEDULED, Cut.starts_on <= day)
            .order_by(col(Cut.id))
            .with_for_update(skip_locked=True)
        )
    )


def list_active_cuts(session: Session, *, ending_by: date = date.max) -> list[Cut]:
    """List the active cuts, or those that end by a day."""
    return list(
        session.exec(
            select(Cut).where(Cut.status == CutStatus.ACTIVE, Cut.ends_on <= ending_by).order_by(col(Cut.id))
        )
    )


def list_cuts_to_end(session: Session, day: date) -> list[Cut]:
    """Lock the active cuts whose last day is over."""
    return list(
        session.exec(
            select(Cut)
            .where(Cut.status == CutStatus.ACTIVE, Cut.ends_on < day)
            .order_by(col(Cut.id))
            .with_for_update(skip_locked=True)
        )
    )


def list_earlier(
    session: Session, person_id: int, verdict: VerdictValue, *, but: int, arms: Iterable[str]
) -> list[datetime]:
    """List when a person's other verdicts of a kind were given, in some arms, but for overturned ones."""
    values = {"person": person_id, "verdict": verdict.value, "but": but, "arms": list(arms)}
    return list(session.connection().execute(_EARLIER, values).scalars())


def count_clean_restore_checks(session: Session, cut_id: int) -> int:
    """Count the restore checks of a cut that are decided and free of under-classification."""
    return int(session.connection().execute(_CLEAN_RESTORE_CHECKS, {"cut": cut_id}).scalar_one())


def list_checks_of_cut(session: Session, cut_id: int) -> list[Check]:
    """List the failed checks behind a cut, first one first."""
    return list(
        session.exec(
            select(Check)
            .join(Verdict, col(Verdict.check_id) == col(Check.id))
            .join(CutDecision, col(CutDecision.verdict_id) == col(Verdict.id))
            .where(CutDecision.cut_id == cut_id)
            .order_by(col(CutDecision.id))
        )
    )


def list_restore_checks(session: Session, check_ids: Iterable[int]) -> list[Check]:
    """List the restore checks drawn because of some failed checks."""
    return list(
        session.exec(
            select(Check)
            .where(col(Check.causing_check_id).in_(list(check_ids)), Check.cause == "before_restore")
            .order_by(col(Check.id))
        )
    )


def find_active_hold(session: Session, check_id: int) -> Hold | None:
    """Lock the active hold of a check."""
    return session.exec(
        select(Hold).where(Hold.check_id == check_id, Hold.status == HoldStatus.ACTIVE).with_for_update()
    ).one_or_none()


def lock_hold(session: Session, hold_id: int) -> Hold | None:
    """Lock a hold by key."""
    return session.exec(select(Hold).where(Hold.id == hold_id).with_for_update()).one_or_none()


def list_expired_holds(session: Session, at: datetime) -> list[Hold]:
    """Lock the active holds whose time has passed."""
    return list(
        session.exec(
            select(Hold)
            .where(Hold.status == HoldStatus.ACTIVE, Hold.expires_at <= at)
            .order_by(col(Hold.id))
            .with_for_update(skip_locked=True)
        )
    )


def lock_request(session: Session, request_id: int) -> ReductionRequest | None:
    """Lock a reduction request as it is now."""
    statement = select(ReductionRequest).where(ReductionRequest.id == request_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def list_requests_of_cut(session: Session, cut_id: int) -> list[ReductionRequest]:
    """List a cut's unfinished reduction requests."""
    return list(
        session.exec(
            select(ReductionRequest)
            .where(ReductionRequest.cut_id == cut_id, col(ReductionRequest.status).in_(UNFINISHED))
            .order_by(col(ReductionRequest.id))
            .with_for_update()
        )
    )


def list_landed_requests(
    session: Session, reason: str, *, person_id: int | None = None
) -> list[tuple[ReductionRequest, Reduction]]:
    """Lock the requests that WMT's own figures now show, each with the reduction that shows it."""
    statement = (
        select(ReductionRequest, Reduction)
        .join(Cut, col(Cut.id) == col(ReductionRequest.cut_id))
        .where(
            ReductionRequest.staff_code == Reduction.staff_code,
            ReductionRequest.team_code == Reduction.team_code,
            ReductionRequest.reduction_hours == Reduction.hours,
            Reduction.reason == reason,
            col(Reduction.is_ours).is_(False),
            Reduction.from_on <= ReductionRequest.ends_on,
            Reduction.to_on >= ReductionRequest.starts_on,
        )
        .where(
            or_(
                ReductionRequest.status == ReductionRequestStatus.REQUESTED,
                ReductionRequest.status == ReductionRequestStatus.KEYED,
            )
        )
        .order_by(col(ReductionRequest.id), col(Reduction.id))
        .with_for_update(skip_locked=True)
    )
    if person_id is not None:
        statement = statement.where(Cut.person_id == person_id)
    return [(request, reduction) for request, reduction in session.exec(statement)]
