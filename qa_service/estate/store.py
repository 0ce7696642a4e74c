"""SQL over regions, PDUs, teams, people, postings, posts and workload."""

from datetime import date

from sqlmodel import Session, col, or_, select

from qa_service.estate.tables import (
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


def find_person(session: Session, person_id: int) -> Person | None:
    """Find a person by key."""
    return session.get(Person, person_id)


def lock_person(session: Session, person_id: int) -> Person | None:
    """Lock a person's row until the transaction ends; it serialises whatever limits or cuts them."""
    statement = select(Person).where(Person.id == person_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def lock_pdu(session: Session, code: str) -> Pdu | None:
    """Lock a PDU's row until the transaction ends; it serialises what is opened about it as a whole."""
    # No key changes, so what refers to the PDU can still be added meanwhile.
    return session.exec(select(Pdu).where(Pdu.code == code).with_for_update(key_share=True)).one_or_none()


def find_person_of_code(session: Session, code: str) -> Person | None:
    """Find who works under a staff code."""
    return session.exec(select(Person).join(StaffCode).where(StaffCode.code == code)).one_or_none()


def list_staff_codes(session: Session, person_id: int) -> list[str]:
    """List all codes a person has worked under."""
    return list(
        session.exec(select(StaffCode.code).where(StaffCode.person_id == person_id).order_by(StaffCode.code))
    )


def list_postings(session: Session, person_id: int, day: date) -> list[Posting]:
    """List a person's postings on a day."""
    return list(
        session.exec(
            select(Posting)
            .join(StaffCode, col(StaffCode.code) == col(Posting.staff_code))
            .where(StaffCode.person_id == person_id, Posting.from_on <= day)
            .where(or_(col(Posting.to_on).is_(None), col(Posting.to_on) >= day))
            .order_by(Posting.staff_code, Posting.team_code)
        )
    )


def list_facts(session: Session, person_id: int, day: date) -> list[PractitionerFact]:
    """List the facts about a person that hold on a day."""
    return list(
        session.exec(
            select(PractitionerFact)
            .where(PractitionerFact.person_id == person_id, PractitionerFact.from_on <= day)
            .where(or_(col(PractitionerFact.to_on).is_(None), col(PractitionerFact.to_on) >= day))
        )
    )


def find_workload(
    session: Session, staff_code: str, team_code: str, on_or_before: date
) -> WeeklyWorkload | None:
    """Find the last weekly figures of a posting up to a day."""
    return session.exec(
        select(WeeklyWorkload)
        .where(WeeklyWorkload.staff_code == staff_code, WeeklyWorkload.team_code == team_code)
        .where(WeeklyWorkload.week_on <= on_or_before)
        .order_by(col(WeeklyWorkload.week_on).desc())
        .limit(1)
    ).one_or_none()


def find_post(
    session: Session,
    kind: PostKind,
    *,
    team_code: str | None = None,
    pdu_code: str | None = None,
    region_code: str | None = None,
) -> Post | None:
    """Find the post of a kind in an area; the area is the narrowest code that the kind has."""
    statement = select(Post).where(Post.kind == kind)
    if team_code is not None:
        statement = statement.where(Post.team_code == team_code)
    if pdu_code is not None:
        statement = statement.where(Post.pdu_code == pdu_code)
    if region_code is not None:
        statement = statement.where(Post.region_code == region_code)
    return session.exec(statement.order_by(col(Post.id)).limit(1)).one_or_none()


def get_post(session: Session, post_id: int) -> Post | None:
    """Find a post by key."""
    return session.get(Post, post_id)


def list_posts(session: Session) -> list[Post]:
    """List all posts."""
    return list(session.exec(select(Post).order_by(col(Post.id))))


def find_holder(session: Session, post_id: int, day: date) -> Person | None:
    """Find who holds a post on a day."""
    return session.exec(
        select(Person)
        .join(PostHolder)
        .where(PostHolder.post_id == post_id, PostHolder.from_on <= day)
        .where(or_(col(PostHolder.to_on).is_(None), col(PostHolder.to_on) >= day))
        .order_by(col(PostHolder.from_on).desc())
        .limit(1)
    ).one_or_none()


def list_posts_held(session: Session, person_id: int, day: date) -> list[Post]:
    """List the posts a person holds on a day."""
    return list(
        session.exec(
            select(Post)
            .join(PostHolder)
            .where(PostHolder.person_id == person_id, PostHolder.from_on <= day)
            .where(or_(col(PostHolder.to_on).is_(None), col(PostHolder.to_on) >= day))
            .order_by(col(Post.id))
        )
    )


def find_team(session: Session, code: str) -> Team | None:
    """Find a team by code."""
    return session.get(Team, code)


def find_pdu(session: Session, code: str) -> Pdu | None:
    """Find a PDU by code."""
    return session.get(Pdu, code)


def find_region(session: Session, code: str) -> Region | None:
    """Find a region by code."""
    return session.get(Region, code)


def list_regions(session: Session) -> list[Region]:
    """List the regions by name."""
    return list(session.exec(select(Region).order_by(Region.name)))


def list_pdus(session: Session, region_code: str | None = None) -> list[Pdu]:
    """List the PDUs in use, of one region or of all, by name."""
    statement = select(Pdu).where(col(Pdu.closed_on).is_(None))
    if region_code is not None:
        statement = statement.where(Pdu.region_code == region_code)
    return list(session.exec(statement.order_by(Pdu.name)))
