"""Regions, PDUs, teams, people and their postings, posts and who holds them, workload."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, key, link


class Grade(StrEnum):
    """Grades that hold or supervise cases; WMT and Delius codes are mapped at intake (FORMATS 2)."""

    PO = "PO"
    PSO = "PSO"
    TRAINEE = "PQiP"
    SPO = "SPO"
    OTHER = "DMY"


class FactKind(StrEnum):
    """Dated facts about a practitioner that the gate and the frame need."""

    NEWLY_QUALIFIED = "newly_qualified"
    SEX_OFFENCE_TRAINED = "sex_offence_trained"
    LONG_LEAVE = "long_leave"
    TRAINEE_STARTED = "trainee_started"


class PostKind(StrEnum):
    """Posts that own obligations, in the order of the ladder (RULES 6); the quality lead stands beside it."""

    SPO = "spo"
    HEAD_OF_PDU = "head_of_pdu"
    REGIONAL_DIRECTOR = "regional_director"
    NATIONAL = "national"
    QUALITY_LEAD = "quality_lead"


class ReductionStatus(StrEnum):
    """As in WMT (FORMATS 3.3)."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"


class Region(SQLModel, table=True):
    """A probation region (provider)."""

    __tablename__ = "region"

    code: str = column("provider code, e.g. N07", primary_key=True, max_length=10)
    name: str = column("name", max_length=120)


class Pdu(SQLModel, table=True):
    """A Probation Delivery Unit; a merged one points to its successor."""

    __tablename__ = "pdu"

    code: str = column("PDU code", primary_key=True, max_length=10)
    name: str = column("name", max_length=160)
    region_code: str = column("its region", foreign_key="region.code", index=True)
    closed_on: date | None = column("no longer in use from", default=None)
    successor_code: str | None = column("merged into", default=None, foreign_key="pdu.code")


class Team(SQLModel, table=True):
    """A team of a PDU."""

    __tablename__ = "team"

    code: str = column("team code", primary_key=True, max_length=10)
    name: str = column("name", max_length=160)
    pdu_code: str = column("its PDU", foreign_key="pdu.code", index=True)


class Person(SQLModel, table=True):
    """A practitioner or manager: keeps checks and cuts when staff codes change with the region."""

    __tablename__ = "person"

    id: int = key()
    person_key: str = column("stable key of the person in the feed", unique=True, max_length=60)
    name: str = column("name", max_length=160)
    email: str | None = column("work address", default=None, max_length=200)
    service_started_on: date | None = column("joined the service", default=None)
    left_on: date | None = column("left the service", default=None)


class PersonAuditFact(SQLModel, table=True):
    """Protected characteristics of staff: for equality monitoring in aggregate only, never one person's."""

    __tablename__ = "person_audit_fact"

    person_id: int = link("person.id", "about whom", primary_key=True, index=False)
    sex: str | None = column("as recorded", default=None, max_length=20)
    ethnicity: str | None = column("as recorded", default=None, max_length=40)
    birth_year: int | None = column("as recorded", default=None)


class StaffCode(SQLModel, table=True):
    """A code that a person works under for a time."""

    __tablename__ = "staff_code"

    code: str = column("7 characters, e.g. N07B795", primary_key=True, max_length=10)
    person_id: int = link("person.id", "whose code")
    from_on: date | None = column("from", default=None)
    to_on: date | None = column("until", default=None)


class Posting(SQLModel, table=True):
    """A staff code in a team: WMT's unit of hours, points and reductions (FORMATS 2)."""

    __tablename__ = "posting"
    __table_args__ = (
        UniqueConstraint("staff_code", "team_code", "from_on"),
        Index(
            "uq_posting_open", "staff_code", "team_code", unique=True, postgresql_where=text("to_on IS NULL")
        ),
        CheckConstraint("contracted_hours >= 0 AND contracted_hours <= 60", name="hours_possible"),
    )

    id: int = key()
    staff_code: str = column("who", foreign_key="staff_code.code", index=True)
    team_code: str = column("where", foreign_key="team.code", index=True)
    grade: Grade = choice(Grade, "grade in this posting")
    contracted_hours: Decimal = column("a week", max_digits=5, decimal_places=1)
    from_on: date = column("from")
    to_on: date | None = column("until", default=None)


class PractitionerFact(SQLModel, table=True):
    """A dated fact: training, newly qualified, long leave."""

    __tablename__ = "practitioner_fact"
    __table_args__ = (UniqueConstraint("person_id", "kind", "from_on"),)

    id: int = key()
    person_id: int = link("person.id", "about whom", index=False)
    kind: FactKind = choice(FactKind, "which fact")
    from_on: date = column("true from")
    to_on: date | None = column("true until", default=None)


class Post(SQLModel, table=True):
    """A post that can own obligations; it is held by a person on a date."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("kind", "team_code", "pdu_code", "region_code", postgresql_nulls_not_distinct=True),
    )

    id: int = key()
    kind: PostKind = choice(PostKind, "rung of the ladder")
    title: str = column("as shown, e.g. SPO, Lewisham team 2", max_length=160)
    team_code: str | None = column("for an SPO", default=None, foreign_key="team.code", index=True)
    pdu_code: str | None = column(
        "for an SPO and a head of PDU", default=None, foreign_key="pdu.code", index=True
    )
    region_code: str | None = column("empty for national posts", default=None, foreign_key="region.code")


class PostHolder(SQLModel, table=True):
    """Who holds a post, from when to when."""

    __tablename__ = "post_holder"
    __table_args__ = (UniqueConstraint("post_id", "person_id", "from_on"),)

    id: int = key()
    post_id: int = link("post.id", "which post", index=False)
    person_id: int = link("person.id", "who")
    from_on: date = column("from")
    to_on: date | None = column("until", default=None)


class WeeklyWorkload(SQLModel, table=True):
    """WMT's figures of one posting in one week."""

    __tablename__ = "weekly_workload"
    __table_args__ = (
        UniqueConstraint("staff_code", "team_code", "week_on"),
        CheckConstraint("total_points >= 0 AND available_points >= 0 AND n_cases >= 0", name="not_negative"),
    )

    id: int = key()
    staff_code: str = column("who", foreign_key="staff_code.code", index=True)
    team_code: str = column("where", foreign_key="team.code")
    week_on: date = column("Monday of the week")
    total_points: int = column("points carried")
    available_points: int = column("points available (WMT)")
    n_cases: int = column("cases held")


class Reduction(SQLModel, table=True):
    """Hours taken off a posting in WMT; those we asked for are marked, so that they are not counted twice."""

    __tablename__ = "reduction"
    __table_args__ = (
        UniqueConstraint("staff_code", "team_code", "reason", "from_on", "is_ours"),
        CheckConstraint("hours >= 0 AND hours <= 37", name="hours_as_wmt"),
    )

    id: int = key()
    staff_code: str = column("who", foreign_key="staff_code.code", index=True)
    team_code: str = column("where", foreign_key="team.code")
    hours: Decimal = column("a week", max_digits=8, decimal_places=1)
    reason: str = column("WMT's reason", max_length=120)
    from_on: date = column("from")
    to_on: date = column("until")
    status: ReductionStatus = choice(ReductionStatus, "as in WMT")
    is_ours: bool = column("requested by a cut of this service", default=False)
    recorded_at: datetime = column("when we learnt of it")
