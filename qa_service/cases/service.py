"""What is recorded about a case: who holds it, how it was assessed, what its pack says."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session

from qa_service.cases import store
from qa_service.cases.tables import Assessment, Case, CaseAssignment, CasePackItem
from qa_service.core.errors import NotFound
from qa_service.policy.numbers import WorkloadPolicy
from rubrics import Grid


def find_case(session: Session, case_id: int) -> Case:
    """Return a case; one outside the scope does not exist for the person who asks."""
    case = store.find_case(session, case_id)
    if case is None:
        raise NotFound("There is no such case here.", next_step="Check the number, or ask your quality lead.")
    return case


def case_of_crn(session: Session, crn: str) -> Case | None:
    """Return a case by any CRN it has had."""
    return store.find_case_of_crn(session, crn)


def current_crn(session: Session, case_id: int) -> str:
    """Return the CRN to show."""
    return store.list_crns(session, [case_id]).get(case_id, "")


def holder_of_case(session: Session, case_id: int, day: date) -> CaseAssignment | None:
    """Return who holds a case on a day."""
    return store.find_holder(session, case_id, day)


def assignments_of_case(session: Session, case_id: int) -> list[CaseAssignment]:
    """Return who has held a case, first holder first."""
    return store.list_assignments(session, case_id)


def cases_held_by(session: Session, staff_codes: Collection[str], day: date) -> list[Case]:
    """Return the open cases held under some staff codes on a day."""
    return store.list_held(session, staff_codes, day)


def cases_of_person(session: Session, person_id: int | None) -> tuple[int, ...]:
    """Return the cases a person holds now; nobody holds none."""
    return () if person_id is None else tuple(store.list_held_by_person(session, person_id))


def assessment(session: Session, assessment_id: int) -> Assessment:
    """Return an assessment of a case in scope."""
    found = store.find_assessment(session, assessment_id)
    if found is None:
        raise NotFound(
            "There is no such assessment here.", next_step="Check the number, or ask your quality lead."
        )
    return found


def assessments_of_case(session: Session, case_id: int) -> list[Assessment]:
    """Return a case's completed assessments, latest first, each as it was last received."""
    return store.list_assessments(session, case_id)


def latest_assessment(
    session: Session, case_id: int, *, completed_by: datetime | None = None
) -> Assessment | None:
    """Return the last assessment completed by a moment, or the last one."""
    found = store.list_assessments(session, case_id, completed_by)
    return found[0] if found else None


def grid_of(row: Assessment) -> Grid:
    """Return the officer's levels as the rubric compares them."""
    return Grid.from_record(row.grid)


def pack_of(session: Session, case_id: int, *, through_item_id: int) -> list[CasePackItem]:
    """Return a case pack as it was frozen for a check, oldest item first."""
    return store.list_pack(session, case_id, through_item_id)


def last_pack_item_id(session: Session) -> int:
    """Return the last item received: where a case pack is frozen."""
    return store.last_pack_item_id(session)


def limited_access_of(session: Session, user_id: int) -> tuple[int, ...]:
    """Return the limited-access cases a person is listed for."""
    return tuple(store.list_limited_access_of(session, user_id))


def limited_among(session: Session, case_ids: Collection[int]) -> set[int]:
    """Return which of some cases are of limited access."""
    return set(store.list_limited_among(session, case_ids))


def people_listed(session: Session, case_id: int) -> set[int] | None:
    """Return who is listed for a case of limited access; None where it has none."""
    if not find_case(session, case_id).is_limited_access:
        return None
    return set(store.list_people_listed(session, case_id))


def case_points(case: Case, workload: WorkloadPolicy, *, tier: str | None = None) -> int:
    """Return a case's WMT points at its tier, or at another tier it might get.

    A version 3 tier (one letter) counts as that letter with a middling change score of 2; an untiered or
    suspended case counts nothing, as in WMT (FORMATS 3.1).
    """
    code = (tier or case.tier or "").upper()
    if len(code) == 1:
        code += "2"
    table = {"LICENCE": "licence", "LICENSE": "licence", "CUSTODY": "custody"}.get(
        case.case_type, "community"
    )
    if case.is_transition_to_adulthood:
        table = "custody"
    return workload.points[table].get(code, 0)
