"""SQL over cases, their numbers, holders, assessments and case packs."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session, col, func, or_, select

from qa_service.auth.tables import UserAccount
from qa_service.cases.tables import (
    Assessment,
    Case,
    CaseAssignment,
    CaseCrn,
    CasePackItem,
    LimitedAccessGrant,
)
from qa_service.estate.tables import StaffCode


def find_case(session: Session, case_id: int) -> Case | None:
    """Find a case that this transaction may see."""
    return session.get(Case, case_id)


def find_case_of_crn(session: Session, crn: str) -> Case | None:
    """Find a case by any of its CRNs."""
    return session.exec(select(Case).join(CaseCrn).where(CaseCrn.crn == crn)).one_or_none()


def list_crns(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    """Map case ids to their current CRNs."""
    rows = session.exec(
        select(CaseCrn.case_id, CaseCrn.crn)
        .where(col(CaseCrn.case_id).in_(case_ids))
        .order_by(col(CaseCrn.is_current), CaseCrn.crn)
    )
    return dict(rows.all())


def find_holder(session: Session, case_id: int, day: date) -> CaseAssignment | None:
    """Find who holds a case on a day."""
    return session.exec(
        select(CaseAssignment)
        .where(CaseAssignment.case_id == case_id, CaseAssignment.from_on <= day)
        .where(or_(col(CaseAssignment.to_on).is_(None), col(CaseAssignment.to_on) >= day))
        .order_by(col(CaseAssignment.from_on).desc())
        .limit(1)
    ).one_or_none()


def list_assignments(session: Session, case_id: int) -> list[CaseAssignment]:
    """List who has held a case, first holder first."""
    return list(
        session.exec(
            select(CaseAssignment)
            .where(CaseAssignment.case_id == case_id)
            .order_by(col(CaseAssignment.from_on))
        )
    )


def list_held(session: Session, staff_codes: Collection[str], day: date) -> list[Case]:
    """List the open cases held under some staff codes on a day."""
    return list(
        session.exec(
            select(Case)
            .join(CaseAssignment)
            .where(col(CaseAssignment.staff_code).in_(staff_codes), CaseAssignment.from_on <= day)
            .where(or_(col(CaseAssignment.to_on).is_(None), col(CaseAssignment.to_on) >= day))
            .where(or_(col(Case.closed_on).is_(None), col(Case.closed_on) > day))
            .order_by(col(Case.id))
        )
    )


def list_held_by_person(session: Session, person_id: int) -> list[int]:
    """List the cases a person holds now, under any of their staff codes."""
    return list(
        session.exec(
            select(CaseAssignment.case_id)
            .join(StaffCode, col(StaffCode.code) == col(CaseAssignment.staff_code))
            .where(StaffCode.person_id == person_id, col(CaseAssignment.to_on).is_(None))
        )
    )


def find_assessment(session: Session, assessment_id: int) -> Assessment | None:
    """Find an assessment of a case that this transaction may see."""
    return session.get(Assessment, assessment_id)


def list_assessments(
    session: Session, case_id: int, completed_by: datetime | None = None
) -> list[Assessment]:
    """List a case's completed assessments, latest first, each as it was last received."""
    newest = (
        select(func.max(Assessment.id))
        .where(Assessment.case_id == case_id)
        .group_by(col(Assessment.source), col(Assessment.outside_id))
    )
    statement = select(Assessment).where(
        col(Assessment.id).in_(newest), col(Assessment.completed_at).is_not(None)
    )
    if completed_by is not None:
        statement = statement.where(col(Assessment.completed_at) <= completed_by)
    return list(
        session.exec(statement.order_by(col(Assessment.completed_at).desc(), col(Assessment.id).desc()))
    )


def list_pack(session: Session, case_id: int, through_item_id: int) -> list[CasePackItem]:
    """List a case pack as it was frozen, oldest item first."""
    return list(
        session.exec(
            select(CasePackItem)
            .where(CasePackItem.case_id == case_id, col(CasePackItem.id) <= through_item_id)
            .order_by(col(CasePackItem.happened_on), col(CasePackItem.id))
        )
    )


def last_pack_item_id(session: Session) -> int:
    """Return the key of the last case-pack item received."""
    return session.exec(select(func.max(CasePackItem.id))).one() or 0


def list_limited_among(session: Session, case_ids: Collection[int]) -> list[int]:
    """List which of some cases are of limited access."""
    wanted = select(Case.id).where(col(Case.id).in_(case_ids), col(Case.is_limited_access))
    return list(session.exec(wanted))


def list_people_listed(session: Session, case_id: int) -> list[int]:
    """List the people listed for a case."""
    accounts = select(UserAccount.person_id).join(
        LimitedAccessGrant, col(LimitedAccessGrant.user_id) == col(UserAccount.id)
    )
    found = session.exec(accounts.where(LimitedAccessGrant.case_id == case_id))
    return [person_id for person_id in found if person_id is not None]


def list_limited_access_of(session: Session, user_id: int) -> list[int]:
    """List the limited-access cases a person is listed for."""
    return list(session.exec(select(LimitedAccessGrant.case_id).where(LimitedAccessGrant.user_id == user_id)))
