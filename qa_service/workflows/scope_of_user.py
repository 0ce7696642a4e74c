"""Which cases somebody may see: their areas by role, the cases they hold, and the reads they were given."""

from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.cases import service as cases
from qa_service.core.db import Scope, seeing_everything
from qa_service.estate import service as estate
from qa_service.reviews import service as reviews

# Roles that see the cases of their area. Analysts and administrators see no case (RULES 8); officers and
# readers see cases for what they do with them, wherever those are.
AREA_ROLES = (
    Role.QUALITY_LEAD,
    Role.SPO,
    Role.HEAD_OF_PDU,
    Role.REGIONAL_DIRECTOR,
    Role.NATIONAL_LEAD,
)
# An SPO reads a level again before a case moves (RULES 5).
READING_ROLES = (Role.REVIEWER, Role.MODERATOR, Role.SPO)


def scope_of_user(session: Session, user: CurrentUser) -> Scope:
    """Return what a signed-in person's transaction may see.

    A limited-access case is seen by listed people and by the officer who holds it, whatever the area.
    An SPO's team lies inside the PDU; the team itself is checked by each use case.
    """
    regions: set[str] = set()
    pdus: set[str] = set()
    for grant in user.grants_of(*AREA_ROLES):
        if grant.team_code is not None:
            pdus.add(estate.pdu_of_team(session, grant.team_code).code)
        elif grant.pdu_code is not None:
            pdus.add(grant.pdu_code)
        else:
            regions.add(grant.region_code or "*")
    with seeing_everything(session):
        read = reviews.cases_of_reader(session, user.id) if user.has(*READING_ROLES) else ()
        held = cases.cases_of_person(session, user.person_id) if user.has(Role.OFFICER) else ()
    return Scope(
        regions=tuple(sorted(regions)),
        pdus=tuple(sorted(pdus)),
        cases=tuple(sorted({*read, *held})),
        limited=tuple(sorted({*cases.limited_access_of(session, user.id), *held})),
    )
