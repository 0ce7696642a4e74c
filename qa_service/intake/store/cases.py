"""Load what other systems say of cases: tier, type, holder, limited access, registrations."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from qa_service.cases.tables import Case, CaseAssignment, CaseCrn, Registration
from qa_service.core.clock import day_of
from qa_service.estate.tables import Pdu, Team
from qa_service.intake.entries import CaseEntry, Reading, RegistrationEntry
from qa_service.intake.fields import RefusedFieldError
from qa_service.intake.store.estate import team_of

_LOAD_FIRST = "Load the case list or the extract that holds this case first, then this file again."
_WITHHELD = "Name withheld"


def find_case(session: Session, crn: str) -> Case | None:
    """Find a case by any CRN it has had."""
    return session.exec(select(Case).join(CaseCrn).where(CaseCrn.crn == crn)).one_or_none()


def known_case(session: Session, crn: str) -> Case:
    """Return a case or refuse what is said of it."""
    case = find_case(session, crn)
    if case is None:
        raise RefusedFieldError("crn", f"case {crn} is not known", _LOAD_FIRST)
    return case


def load_case(session: Session, entry: CaseEntry, _reading: Reading, at: datetime) -> bool:
    """Put what a list says on a known case, or begin one when the list says who holds it."""
    case = find_case(session, entry.crn)
    told: dict[str, Any] = {
        "name": entry.name,
        "tier": entry.tier,
        "tier_version": entry.tier_version,
        "case_type": entry.case_type,
        "is_limited_access": entry.is_limited_access,
    }
    told = {column: value for column, value in told.items() if value is not None}
    team_code = None
    if entry.staff_code is not None:
        team_code = team_of(session, entry.staff_code, entry.team_code)
    if case is None:
        case = _begin_case(session, entry, told, team_code, at)
        is_changed = True
    else:
        told.pop("name", None)  # a list never renames
        is_changed = any(getattr(case, column) != value for column, value in told.items())
        case.sqlmodel_update(told)
    if entry.staff_code is not None and team_code is not None:
        day = entry.held_from_on or day_of(at)
        is_changed |= _give(
            session, case, entry.staff_code, team_code, day, is_dated=entry.held_from_on is not None, at=at
        )
    session.flush()
    return is_changed


def _begin_case(
    session: Session, entry: CaseEntry, told: dict[str, Any], team_code: str | None, at: datetime
) -> Case:
    """Begin a case that only a list knows, until the extract gives it its own key (sql/prepare.sql)."""
    if team_code is None or ("name" not in told and not entry.is_limited_access):
        raise RefusedFieldError("crn", f"case {entry.crn} is not known", _LOAD_FIRST)
    pdu = session.get_one(Pdu, session.get_one(Team, team_code).pdu_code)
    told = {"name": _WITHHELD, "case_type": "UNKNOWN", "contact_status": "active"} | told
    case = Case(case_key=f"crn:{entry.crn}", region_code=pdu.region_code, pdu_code=pdu.code, **told)
    session.add(case)
    session.flush()
    assert case.id is not None
    session.add(CaseCrn(crn=entry.crn, case_id=case.id, recorded_at=at))
    session.flush()
    return case


def _give(
    session: Session, case: Case, staff_code: str, team_code: str, day: date, *, is_dated: bool, at: datetime
) -> bool:
    """Give the case to this officer unless it has gone to somebody since; one holder at a time."""
    assert case.id is not None
    held = session.exec(
        select(CaseAssignment).where(CaseAssignment.case_id == case.id, col(CaseAssignment.to_on).is_(None))
    ).one_or_none()
    if held is not None:
        if (held.staff_code, held.team_code) == (staff_code, team_code) or (is_dated and held.from_on > day):
            return False
        held.to_on = max(held.from_on, day)
        session.flush()
    again = session.exec(
        select(CaseAssignment).where(
            CaseAssignment.case_id == case.id,
            CaseAssignment.staff_code == staff_code,
            CaseAssignment.team_code == team_code,
            CaseAssignment.from_on == day,
        )
    ).one_or_none()
    if again is None:
        again = CaseAssignment(
            case_id=case.id, staff_code=staff_code, team_code=team_code, from_on=day, recorded_at=at
        )
    again.to_on = None
    session.add(again)
    pdu = session.get_one(Pdu, session.get_one(Team, team_code).pdu_code)
    case.region_code, case.pdu_code = pdu.region_code, pdu.code
    return True


def load_registration(session: Session, entry: RegistrationEntry, _reading: Reading, at: datetime) -> bool:
    """Put one entry of the register on its case."""
    case = known_case(session, entry.crn)
    assert case.id is not None
    known = session.exec(
        select(Registration).where(
            Registration.case_id == case.id,
            Registration.code == entry.code,
            col(Registration.from_on).is_(None)
            if entry.from_on is None
            else Registration.from_on == entry.from_on,
            col(Registration.replaced_at).is_(None),
        )
    ).one_or_none()
    told: dict[str, Any] = {"level": entry.level, "description": entry.description, "to_on": entry.to_on}
    told = {column: value for column, value in told.items() if value is not None}
    if known is not None:
        if all(getattr(known, column) == value for column, value in told.items()):
            return False
        if known.recorded_at >= at:  # the same file says it twice
            known.sqlmodel_update(told)
            session.flush()
            return True
        known.replaced_at = at
        session.flush()
        told = {"level": known.level, "description": known.description, "to_on": known.to_on} | told
    session.add(Registration(case_id=case.id, code=entry.code, from_on=entry.from_on, recorded_at=at, **told))
    session.flush()
    return True
