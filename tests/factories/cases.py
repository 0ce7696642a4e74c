"""Cases with a holder, an assessment and a case pack; everything deterministic."""

import hashlib
from datetime import UTC, date, datetime

from factories.accounts import make_account
from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.cases.tables import (
    Assessment,
    Case,
    CaseAssignment,
    CaseCrn,
    CasePackItem,
    LimitedAccessGrant,
    Registration,
)
from qa_service.estate.tables import Person
from rubrics import Grid, Level

RECORDED = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
MEDIUM_GRID = {"children": "LOW", "public": "MEDIUM", "known_adult": "MEDIUM", "staff": "LOW"}
TEXTS = {
    "who_is_at_risk": "Former partner and members of the public.",
    "nature_of_risk": "Physical violence when drunk.",
    "risk_imminence": "When alcohol use resumes, most of all on the evenings after he was paid.",
    "risk_increase_factors": "Alcohol, contact with former partner.",
    "risk_mitigation_factors": "Work, his sister.",
}


def make_case(
    session: Session,
    number: int,
    *,
    staff_code: str = "N07A001",
    team: str = "N07T01",
    region: str = "N07",
    pdu: str = "LDNTST",
    tier: str = "C2",
    case_type: str = "COMMUNITY",
    held_from: date = date(2025, 1, 6),
    is_limited_access: bool = False,
    **facts: object,
) -> Case:
    """Add a case with its CRN (X000001 ...) and its holder."""
    case = Case(
        case_key=f"case-{number}",
        name=f"Person Number {number}",
        region_code=region,
        pdu_code=pdu,
        is_limited_access=is_limited_access,
        tier=tier,
        tier_version="2",
        case_type=case_type,
        contact_status="active",
        started_on=held_from,
        **facts,
    )
    session.add(case)
    session.flush()
    session.add(CaseCrn(crn=f"X{number:06d}", case_id=case.id, recorded_at=RECORDED))
    session.add(CaseAssignment(case_id=case.id, staff_code=staff_code, team_code=team, from_on=held_from))
    session.flush()
    return case


def make_limited(
    session: Session, case: Case, *, listed: Person, role: Role = Role.SPO, region: str = "N07"
) -> int:
    """Limit access to a case to somebody, among others; return their account."""
    user_id = make_account(
        session, role, region=region, username=f"listed-{listed.person_key}", person_id=listed.id
    )
    case.is_limited_access = True
    session.add(LimitedAccessGrant(case_id=case.id, user_id=user_id, granted_by="cli", granted_at=RECORDED))
    session.flush()
    return user_id


def make_assessment(
    session: Session,
    case: Case,
    *,
    groups: dict[str, str] | None = None,
    author_staff_code: str | None = "N07A001",
    completed_at: datetime = datetime(2026, 9, 14, 15, 0, tzinfo=UTC),
    texts: dict[str, str] | None = None,
    source: str = "EXTRACT",
    outside_id: str | None = None,
    recorded_at: datetime = RECORDED,
    **details: object,
) -> Assessment:
    """Add a completed assessment with one level for each group."""
    grid = Grid.from_groups(groups or MEDIUM_GRID)
    outside_id = outside_id or f"{case.case_key}-{completed_at:%Y%m%d}"
    row = Assessment(
        case_id=case.id,
        source=source,
        outside_id=outside_id,
        content_digest=hashlib.sha256(f"{outside_id}{completed_at}{grid.to_record()}".encode()).hexdigest(),
        assessment_type="LAYER3",
        assessment_version="1",
        status="COMPLETE",
        purpose="Review",
        initiated_at=completed_at,
        completed_at=completed_at,
        signed_at=completed_at,
        author_name="Officer",
        author_staff_code=author_staff_code,
        practitioner_staff_code=author_staff_code,
        grid=grid.to_record(),
        overall_stated=Level(grid.overall),
        overall_derived=Level(grid.overall),
        texts=texts or TEXTS,
        details=details,
        recorded_at=recorded_at,
    )
    session.add(row)
    session.flush()
    return row


def add_pack_item(
    session: Session,
    case: Case,
    *,
    kind: str = "contact",
    title: str = "Office appointment",
    body: str = "Attended as planned.",
    happened_on: date = date(2026, 9, 1),
    state: str | None = None,
    is_review_trigger: bool = False,
    recorded_at: datetime = RECORDED,
) -> CasePackItem:
    item = CasePackItem(
        case_id=case.id,
        content_digest=hashlib.sha256(f"{kind}{title}{body}{happened_on}".encode()).hexdigest(),
        kind=kind,
        happened_on=happened_on,
        state=state,
        source="Contact log",
        title=title,
        body=body,
        is_review_trigger=is_review_trigger,
        recorded_at=recorded_at,
    )
    session.add(item)
    session.flush()
    return item


def add_registration(
    session: Session,
    case: Case,
    code: str,
    *,
    level: str | None = None,
    to_on: date | None = None,
    recorded_at: datetime = RECORDED,
) -> Registration:
    row = Registration(
        case_id=case.id,
        code=code,
        level=level,
        from_on=date(2025, 6, 1),
        to_on=to_on,
        recorded_at=recorded_at,
    )
    session.add(row)
    session.flush()
    return row
