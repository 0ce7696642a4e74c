"""The people a visitor can sign in as: one fail with everything around it, seen from every side."""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit import service as audit
from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.auth.service import Grant
from qa_service.core.clock import day_of
from qa_service.demo import setting
from qa_service.demo.people import DemoPerson, add_account
from qa_service.estate import service as estate
from qa_service.estate.tables import PostKind
from qa_service.reporting.round_outcome import fails_with_overflow

_WHO = {
    "lead": "Quality lead for London: rounds, draw, uploads",
    "reviewer": "Reviewer in London: reads cases blind",
    "moderator1": "Moderator in Kent, Surrey & Sussex: settles splits",
    "officer": "Officer whose check failed: feedback, workload, what restores it",
    "spo": "SPO of that officer: corrections, conversation, reduction, moves",
    "head": "Head of that PDU: rates, cuts, escalations",
    "director": "Regional director for London",
    "national": "National lead",
    "analyst": "Analyst: rates and exports, no case",
    "admin": "Administrator: accounts, no case",
}


def is_told(session: Session) -> bool:
    """Return whether the demo ran to its end: these people are made last."""
    return auth.find_user(session, "admin") is not None


def last_moment(session: Session) -> datetime:
    """Return when the demo's clock stood still: the served demo goes on from there."""
    return audit.last_event_at(session) or setting.START


def demo_people(session: Session) -> tuple[DemoPerson, ...]:
    """Return the people a visitor can sign in as."""
    return tuple(
        DemoPerson(user.username, user.display_name, _WHO[user.username])
        for name in _WHO
        if (user := auth.find_user(session, name)) is not None
    )


def add_people_of_the_story(session: Session, reference: str, *, at: datetime) -> None:
    """Make accounts for the people around the fail with the most to see, and for those above them."""
    fails = fails_with_overflow(session, reference)
    if fails:
        person_id, team_code = fails[0]
        pdu = estate.pdu_of_team(session, team_code)
        officer = estate.find_person(session, person_id)
        add_account(session, "officer", officer.name, (Grant(Role.OFFICER),), at=at, person_id=person_id)
        held = {
            "spo": (PostKind.SPO, Grant(Role.SPO, setting.REGION_CODE, pdu.code, team_code)),
            "head": (PostKind.HEAD_OF_PDU, Grant(Role.HEAD_OF_PDU, setting.REGION_CODE, pdu.code)),
            "director": (PostKind.REGIONAL_DIRECTOR, Grant(Role.REGIONAL_DIRECTOR, setting.REGION_CODE)),
            "national": (PostKind.NATIONAL, Grant(Role.NATIONAL_LEAD)),
        }
        posts = {
            PostKind.SPO: estate.spo_post(session, team_code),
            PostKind.HEAD_OF_PDU: estate.head_of_pdu_post(session, pdu.code),
            PostKind.REGIONAL_DIRECTOR: estate.regional_director_post(session, setting.REGION_CODE),
            PostKind.NATIONAL: estate.national_post(session),
        }
        for user_name, (kind, grant) in held.items():
            holder = estate.holder_of_post(session, posts[kind].id, day_of(at))
            if holder is not None:
                add_account(session, user_name, holder.name, (grant,), at=at, person_id=holder.id)
    add_account(session, "analyst", "Ana Lyst", (Grant(Role.ANALYST),), at=at)
    add_account(session, "admin", "Ad Min", (Grant(Role.ADMINISTRATOR),), at=at)
