"""Who is who and where: people, postings, posts and their workload on a date."""

from datetime import date

from sqlmodel import Session

from qa_service.core.errors import NotFound
from qa_service.estate import store
from qa_service.estate.tables import (
    FactKind,
    Pdu,
    Person,
    Post,
    Posting,
    PostKind,
    Region,
    Team,
    WeeklyWorkload,
)


def _missing(what: str) -> NotFound:
    return NotFound(f"There is no {what}.", next_step="Load the roster that holds it, then try again.")


def find_person(session: Session, person_id: int) -> Person:
    """Return a person or say that there is none."""
    person = store.find_person(session, person_id)
    if person is None:
        raise _missing(f"person {person_id}")
    return person


def lock_person(session: Session, person_id: int) -> Person:
    """Take the row lock under which anything that limits or cuts this person is decided."""
    person = store.lock_person(session, person_id)
    if person is None:
        raise _missing(f"person {person_id}")
    return person


def person_of_staff_code(session: Session, code: str) -> Person | None:
    """Return who works under a code, if anybody is known."""
    return store.find_person_of_code(session, code)


def staff_codes_of(session: Session, person_id: int) -> list[str]:
    """Return all codes a person has worked under, old ones too."""
    return store.list_staff_codes(session, person_id)


def postings_of(session: Session, person_id: int, day: date) -> list[Posting]:
    """Return a person's postings on a day; an officer in two teams has two."""
    return store.list_postings(session, person_id, day)


def facts_of(session: Session, person_id: int, day: date) -> dict[FactKind, date]:
    """Return the facts that hold on a day, each with the day it began."""
    return {fact.kind: fact.from_on for fact in store.list_facts(session, person_id, day)}


def latest_workload(
    session: Session, staff_code: str, team_code: str, *, on_or_before: date
) -> WeeklyWorkload | None:
    """Return the last weekly figures of a posting up to a day."""
    return store.find_workload(session, staff_code, team_code, on_or_before)


def find_post(session: Session, post_id: int) -> Post:
    """Return a post or say that there is none."""
    post = store.get_post(session, post_id)
    if post is None:
        raise _missing(f"post {post_id}")
    return post


def spo_post(session: Session, team_code: str) -> Post:
    """Return the SPO's post of a team; the head of PDU answers where a team has none."""
    post = store.find_post(session, PostKind.SPO, team_code=team_code)
    return post or head_of_pdu_post(session, find_team(session, team_code).pdu_code)


def head_of_pdu_post(session: Session, pdu_code: str) -> Post:
    """Return the head's post of a PDU; the regional director answers where there is none."""
    post = store.find_post(session, PostKind.HEAD_OF_PDU, pdu_code=pdu_code)
    return post or regional_director_post(session, find_pdu(session, pdu_code).region_code)


def regional_director_post(session: Session, region_code: str) -> Post:
    """Return the regional director's post; the national post answers where there is none."""
    post = store.find_post(session, PostKind.REGIONAL_DIRECTOR, region_code=region_code)
    return post or national_post(session)


def national_post(session: Session) -> Post:
    """Return the post at the top of the ladder."""
    post = store.find_post(session, PostKind.NATIONAL)
    if post is None:
        raise _missing("national post")
    return post


def quality_lead_post(session: Session, region_code: str) -> Post:
    """Return the quality lead's post of a region; the regional director answers where there is none."""
    post = store.find_post(session, PostKind.QUALITY_LEAD, region_code=region_code)
    return post or regional_director_post(session, region_code)


def post_above(session: Session, post: Post) -> Post | None:
    """Return the next rung of the ladder (RULES 6): SPO, head of PDU, regional director, national."""
    if post.kind is PostKind.SPO and post.pdu_code is not None:
        return head_of_pdu_post(session, post.pdu_code)
    if post.kind in {PostKind.HEAD_OF_PDU, PostKind.QUALITY_LEAD} and post.region_code is not None:
        return regional_director_post(session, post.region_code)
    if post.kind is PostKind.HEAD_OF_PDU and post.pdu_code is not None:
        return regional_director_post(session, find_pdu(session, post.pdu_code).region_code)
    return national_post(session) if post.kind is PostKind.REGIONAL_DIRECTOR else None


def posts(session: Session) -> list[Post]:
    """Return all posts."""
    return store.list_posts(session)


def holder_of_post(session: Session, post_id: int, day: date) -> Person | None:
    """Return who holds a post on a day; nobody means that the post above must know."""
    return store.find_holder(session, post_id, day)


def posts_held_by(session: Session, person_id: int, day: date) -> list[Post]:
    """Return the posts a person holds on a day."""
    return store.list_posts_held(session, person_id, day)


def find_team(session: Session, code: str) -> Team:
    """Return a team or say that there is none."""
    team = store.find_team(session, code)
    if team is None:
        raise _missing(f"team {code}")
    return team


def find_pdu(session: Session, code: str) -> Pdu:
    """Return a PDU, following mergers to the one in use, or say that there is none."""
    pdu = store.find_pdu(session, code)
    while pdu is not None and pdu.successor_code is not None:
        pdu = store.find_pdu(session, pdu.successor_code)
    if pdu is None:
        raise _missing(f"PDU {code}")
    return pdu


def lock_pdu(session: Session, code: str) -> Pdu:
    """Take the row lock under which something about a whole PDU is opened once."""
    pdu = store.lock_pdu(session, code)
    if pdu is None:
        raise _missing(f"PDU {code}")
    return pdu


def pdu_of_team(session: Session, team_code: str) -> Pdu:
    """Return the PDU a team belongs to."""
    return find_pdu(session, find_team(session, team_code).pdu_code)


def region_of_pdu(session: Session, pdu_code: str) -> Region:
    """Return the region a PDU belongs to."""
    region = store.find_region(session, find_pdu(session, pdu_code).region_code)
    if region is None:
        raise _missing(f"region of PDU {pdu_code}")
    return region


def regions(session: Session) -> list[Region]:
    """Return all regions by name."""
    return store.list_regions(session)


def pdus(session: Session, region_code: str | None = None) -> list[Pdu]:
    """Return the PDUs in use, of one region or of all."""
    return store.list_pdus(session, region_code)
