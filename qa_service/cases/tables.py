"""Cases, the numbers they are known by, who holds them, and everything assessed or recorded about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, document, key, link
from rubrics.levels import Level


class Case(SQLModel, table=True):
    """One supervised person as this service knows them; row-level security starts here."""

    __tablename__ = "case_record"

    id: int = key()
    case_key: str = column("stable key in the feed; survives a change of CRN", unique=True, max_length=60)
    name: str = column("name of the person supervised", max_length=160)
    region_code: str = column("who may see it now", foreign_key="region.code", index=True)
    pdu_code: str = column("who may see it now", foreign_key="pdu.code", index=True)
    is_limited_access: bool = column("only listed people may know of it", default=False)
    tier: str | None = column("opaque code, v2 or v3", default=None, max_length=20)
    tier_version: str | None = column("2 or 3", default=None, max_length=4)
    case_type: str = column("COMMUNITY, LICENCE, CUSTODY or UNKNOWN", max_length=20)
    is_transition_to_adulthood: bool = column("uses WMT's T2A points", default=False)
    contact_status: str | None = column("active, suspended (reset) ...", default=None, max_length=40)
    started_on: date | None = column("supervision began", default=None)
    released_on: date | None = column("released from custody", default=None)
    release_due_on: date | None = column("release expected", default=None)
    ends_on: date | None = column("natural end expected", default=None)
    closed_on: date | None = column("no longer supervised", default=None)
    next_hearing_on: date | None = column("next hearing", default=None)
    next_hearing_kind: str | None = column("kind of hearing", default=None, max_length=40)
    high_risk_event_on: date | None = column("scheduled high-risk event", default=None)
    mappa_category: str | None = column("M1-M4", default=None, max_length=4)
    mappa_level: str | None = column("M1-M3", default=None, max_length=4)
    offence: str | None = column("main index offence in words", default=None)
    is_sexual_offence: bool = column("needs a trained practitioner", default=False)


class FormerCaseFacts(SQLModel, table=True):
    """What the record said of a case until it said otherwise, of the facts that a classifier reads."""

    __tablename__ = "former_case_facts"

    case_id: int = link("case_record.id", "which case", primary_key=True, index=False)
    replaced_at: datetime = column("when we received what replaced it", primary_key=True)
    offence: str | None = column("main index offence in words", default=None)
    is_sexual_offence: bool = column("needed a trained practitioner")
    started_on: date = column("supervision began")
    released_on: date | None = column("released from custody", default=None)


class CaseAuditFact(SQLModel, table=True):
    """Protected characteristics: for fairness tables only, never shown to a reader or given to a model."""

    __tablename__ = "case_audit_fact"

    case_id: int = link("case_record.id", "about whom", primary_key=True, index=False)
    sex: str | None = column("as recorded", default=None, max_length=20)
    ethnicity: str | None = column("as recorded", default=None, max_length=40)
    birth_year: int | None = column("as recorded", default=None)


class CaseCrn(SQLModel, table=True):
    """A CRN of a case; merges leave the old one pointing to the same case."""

    __tablename__ = "case_crn"

    crn: str = column("case reference number, e.g. X777916", primary_key=True, max_length=12)
    case_id: int = link("case_record.id", "which case")
    is_current: bool = column("the one to show", default=True)
    recorded_at: datetime = column("when we learnt of it")


class CaseAssignment(SQLModel, table=True):
    """Who holds or held a case; one open assignment at a time."""

    __tablename__ = "case_assignment"
    __table_args__ = (
        Index("uq_case_assignment_open", "case_id", unique=True, postgresql_where=text("to_on IS NULL")),
        UniqueConstraint("case_id", "staff_code", "team_code", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),
    )

    id: int = key()
    case_id: int = link("case_record.id", "which case", index=False)
    staff_code: str = column("who", foreign_key="staff_code.code", index=True)
    team_code: str = column("where", foreign_key="team.code", index=True)
    from_on: date = column("from")
    to_on: date | None = column("until", default=None)
    recorded_at: datetime | None = column("when we received it; empty: before this was kept", default=None)


class CaseExclusion(SQLModel, table=True):
    """A practitioner who must not hold this case (conflict, restriction)."""

    __tablename__ = "case_exclusion"

    case_id: int = link("case_record.id", "which case", primary_key=True)
    person_id: int = link("person.id", "who may not hold it", primary_key=True)
    reason: str = column("why", max_length=200)


class LimitedAccessGrant(SQLModel, table=True):
    """Who is listed for a limited-access case."""

    __tablename__ = "limited_access_grant"

    case_id: int = link("case_record.id", "which case", primary_key=True)
    user_id: int = link("user_account.id", "who may know of it", primary_key=True)
    granted_by: str = column("who listed them", max_length=80)
    granted_at: datetime = column("when")


class Assessment(SQLModel, table=True):
    """One completed assessment, exactly as received; never changed, a correction is another row."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("source", "outside_id", "content_digest"),
        Index("ix_assessment_case_completed", "case_id", "completed_at"),
        # Two rows fit a page as they came; compressing every row took longer than all else of a load.
        {"postgresql_with": {"toast_tuple_target": 4080}},
    )

    id: int = key()
    case_id: int = link("case_record.id", "about whom", index=False)
    source: str = column("OASYS_ORDS, ARNS or EXTRACT", max_length=20)
    outside_id: str = column("the source's own id", max_length=60)
    content_digest: str = column("SHA-256 of the content, to know a changed copy", max_length=64)
    assessment_type: str | None = column("LAYER1 or LAYER3", default=None, max_length=20)
    assessment_version: str | None = column("1 OASys, 2 SAN", default=None, max_length=4)
    status: str = column("COMPLETE, LOCKED_INCOMPLETE ...", max_length=40)
    purpose: str | None = column("e.g. Review", default=None, max_length=120)
    initiated_at: datetime | None = column("begun", default=None)
    completed_at: datetime | None = column("completed", default=None)
    signed_at: datetime | None = column("signed by the assessor", default=None)
    author_name: str | None = column("free text in OASys", default=None, max_length=160)
    author_staff_code: str | None = column(
        "only if the feed says so; never guessed", default=None, max_length=10, index=True
    )
    practitioner_staff_code: str | None = column("who held the case then", default=None, max_length=10)
    grid: dict[str, Any] = document("rubrics.Grid: community and custody, group -> level")
    overall_stated: Level | None = choice(
        Level, "overall level as the source states it", name="overall_stated", default=None
    )
    overall_derived: Level | None = choice(
        Level, "highest group, recomputed", name="overall_derived", default=None
    )
    texts: dict[str, Any] = document("R10 and risk management plan, field -> text")
    details: dict[str, Any] = document("screening, needs, predictors, full analysis, countersignature")
    recorded_at: datetime = column("when we received it")


class Registration(SQLModel, table=True):
    """A Delius registration as received at one moment; the present register is what nothing has replaced."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("case_id", "code", "from_on", "replaced_at", postgresql_nulls_not_distinct=True),
    )

    id: int = key()
    case_id: int = link("case_record.id", "about whom", index=False)
    code: str = column("e.g. RMRH, ADVP", max_length=12)
    level: str | None = column("level or category code", default=None, max_length=12)
    description: str | None = column("as the source words it", default=None, max_length=200)
    from_on: date | None = column("from", default=None)
    to_on: date | None = column("until", default=None)
    recorded_at: datetime = column("when we received it")
    replaced_at: datetime | None = column("when we received what replaced it", default=None)


class CasePackItem(SQLModel, table=True):
    """A dated, sourced item of the record: contact, enquiry, event, order, document. Append-only."""

    __tablename__ = "case_pack_item"
    __table_args__ = (UniqueConstraint("case_id", "content_digest"),)

    id: int = key()
    case_id: int = link("case_record.id", "about whom", index=False)
    content_digest: str = column("SHA-256 of the content", max_length=64)
    kind: str = column("contact, enquiry_police, event, order, document ...", max_length=40)
    happened_on: date = column("when it happened")
    state: str | None = column("enquiries: requested, replied or analysed", default=None, max_length=20)
    source: str = column("where it is recorded", max_length=120)
    title: str = column("one line", max_length=200)
    body: str = column("the text")
    is_review_trigger: bool = column("a recorded event that calls for a new assessment", default=False)
    recorded_at: datetime = column("when its source recorded it")
    received_at: datetime | None = column("when we received it; empty: before this was kept", default=None)
