"""Whose officers, cuts, escalations and rates somebody may look at, from the areas their roles are held in.

Row-level security hides cases; this narrows lists to the areas of a manager's own roles, so that a reader
who is also an SPO finds nothing of the cases they read in their team's lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.estate import service as estate

# RULES 8: they see consequences by officer and by case, each in their own area.
MANAGERS = (Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD)
# RULES 8: they see rates of PDUs and above.
RATE_MANAGERS = (Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD)
RATE_READERS = (*RATE_MANAGERS, Role.ANALYST)


@dataclass(frozen=True)
class Reach:
    """Whole PDUs, and single teams of an SPO."""

    pdus: tuple[str, ...]
    teams: tuple[str, ...]

    def values(self, day: date) -> Mapping[str, object]:
        """Return the values that statements over officers in reach take."""
        return {"pdus": list(self.pdus), "teams": list(self.teams), "day": day}


# An officer is in reach of a manager when posted there on :day; a statement fills in {person}.
OFFICER_IN_REACH = """EXISTS (
    SELECT FROM posting ap JOIN staff_code ac ON ac.code = ap.staff_code
      JOIN team at ON at.code = ap.team_code
    WHERE ac.person_id = {person} AND ap.from_on <= :day AND (ap.to_on IS NULL OR ap.to_on >= :day)
      AND (at.pdu_code = ANY(:pdus) OR at.code = ANY(:teams)))"""


def reach_of(session: Session, user: CurrentUser, roles: tuple[Role, ...] = MANAGERS) -> Reach:
    """Return the areas in which somebody holds one of some roles."""
    pdus: set[str] = set()
    teams: set[str] = set()
    for grant in user.grants_of(*roles):
        if grant.team_code is not None:
            teams.add(grant.team_code)
        elif grant.pdu_code is not None:
            pdus.add(grant.pdu_code)
        else:
            pdus.update(pdu.code for pdu in estate.pdus(session, grant.region_code))
    return Reach(tuple(sorted(pdus)), tuple(sorted(teams)))


def has_in_reach(session: Session, reach: Reach, person_id: int, at: datetime) -> bool:
    """Tell whether an officer is posted in somebody's areas now."""
    teams = [posting.team_code for posting in estate.postings_of(session, person_id, day_of(at))]
    return any(
        team in reach.teams or estate.find_team(session, team).pdu_code in reach.pdus for team in teams
    )
