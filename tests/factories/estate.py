"""An estate to test in: two regions, a PDU each, two teams in London, posts with holders, officers."""

from datetime import date
from decimal import Decimal

from sqlmodel import Session

from qa_service.estate.tables import (
    FactKind,
    Grade,
    Pdu,
    Person,
    Post,
    PostHolder,
    Posting,
    PostKind,
    PractitionerFact,
    Region,
    StaffCode,
    Team,
    WeeklyWorkload,
)

START = date(2024, 1, 1)
WEEK = date(2026, 10, 26)


def make_area(session: Session, *, region="N07", pdu="LDNTST", teams=("N07T01", "N07T02")) -> None:
    """Add a region, a PDU and its teams, with an SPO, a head, a director and a quality lead holding posts."""
    if session.get(Region, region) is None:
        session.add(Region(code=region, name=f"Region {region}"))
        session.flush()
        make_post(session, PostKind.REGIONAL_DIRECTOR, region=region)
        make_post(session, PostKind.QUALITY_LEAD, region=region)
    session.add(Pdu(code=pdu, name=f"PDU {pdu}", region_code=region))
    session.flush()
    make_post(session, PostKind.HEAD_OF_PDU, region=region, pdu=pdu)
    for team in teams:
        session.add(Team(code=team, name=f"Team {team}", pdu_code=pdu))
        session.flush()
        make_post(session, PostKind.SPO, region=region, pdu=pdu, team=team)


def make_national_post(session: Session) -> Post:
    return make_post(session, PostKind.NATIONAL)


def make_person(session: Session, key: str, *, name: str | None = None) -> Person:
    person = Person(person_key=key, name=name or f"Person {key}", service_started_on=START)
    session.add(person)
    session.flush()
    return person


def make_post(session: Session, kind: PostKind, *, region=None, pdu=None, team=None) -> Post:
    post = Post(
        kind=kind,
        title=f"{kind.value} {team or pdu or region or 'national'}",
        team_code=team,
        pdu_code=pdu,
        region_code=region,
    )
    session.add(post)
    session.flush()
    holder = make_person(session, f"holder-{post.id}", name=f"Holder of {post.title}")
    session.add(PostHolder(post_id=post.id, person_id=holder.id, from_on=START))
    session.flush()
    return post


def make_officer(
    session: Session,
    code: str,
    *,
    team="N07T01",
    grade=Grade.PO,
    contracted_hours="37.0",
    total_points=2000,
    available_points=2176,
    n_cases=35,
    from_on=START,
    facts: tuple[FactKind, ...] = (),
) -> Person:
    """Add an officer with one posting and last week's figures."""
    person = make_person(session, f"person-{code}", name=f"Officer {code}")
    session.add(StaffCode(code=code, person_id=person.id, from_on=from_on))
    session.flush()
    add_posting(session, code, team=team, grade=grade, contracted_hours=contracted_hours, from_on=from_on)
    add_workload(
        session,
        code,
        team=team,
        total_points=total_points,
        available_points=available_points,
        n_cases=n_cases,
    )
    session.add_all(PractitionerFact(person_id=person.id, kind=fact, from_on=START) for fact in facts)
    session.flush()
    return person


def add_posting(
    session: Session, code: str, *, team: str, grade=Grade.PO, contracted_hours="37.0", from_on=START
) -> Posting:
    posting = Posting(
        staff_code=code,
        team_code=team,
        grade=grade,
        contracted_hours=Decimal(contracted_hours),
        from_on=from_on,
    )
    session.add(posting)
    session.flush()
    return posting


def add_workload(
    session: Session,
    code: str,
    *,
    team: str,
    total_points=2000,
    available_points=2176,
    n_cases=35,
    week_on=WEEK,
) -> None:
    session.add(
        WeeklyWorkload(
            staff_code=code,
            team_code=team,
            week_on=week_on,
            total_points=total_points,
            available_points=available_points,
            n_cases=n_cases,
        )
    )
    session.flush()
