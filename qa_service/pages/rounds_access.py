"""Whose rounds somebody may see and run; a round of another area does not exist for them."""

from typing import Annotated

from sqlmodel import Session

from qa_service.auth.dependencies import require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import NotFound
from qa_service.estate import service as estate
from qa_service.reporting.rounds import AreaView, RoundProgress, find_progress

SHORTEST_REASON = 10
LEADS = (Role.QUALITY_LEAD,)
VIEWERS = (Role.QUALITY_LEAD, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD)

LeadDep = Annotated[CurrentUser, require(*LEADS)]
ViewerDep = Annotated[CurrentUser, require(*VIEWERS)]


def view_of(user: CurrentUser, *roles: Role) -> AreaView:
    """Return the areas in which somebody holds any of some roles."""
    grants = user.grants_of(*roles)
    if any(not (grant.region_code or grant.pdu_code or grant.team_code) for grant in grants):
        return AreaView(regions=None)
    return AreaView(
        regions=frozenset(grant.region_code for grant in grants if grant.region_code and not grant.pdu_code),
        pdus=frozenset(grant.pdu_code for grant in grants if grant.pdu_code),
    )


def round_for(session: Session, user: CurrentUser, reference: str, *roles: Role) -> RoundProgress:
    """Return a round of somebody's own areas."""
    progress = find_progress(session, reference)
    if not view_of(user, *roles).covers(progress):
        raise NotFound(f"There is no round {reference}.", next_step="Look at the list of rounds.")
    return progress


def may_run(user: CurrentUser, progress: RoundProgress) -> bool:
    """Return whether somebody may open, draw, pause and close this round."""
    return view_of(user, *LEADS).covers(progress)


def areas_to_plan(session: Session, user: CurrentUser) -> list[tuple[str, str, str]]:
    """Return the areas a quality lead may plan a round for: (kind:code, name, region code)."""
    view = view_of(user, *LEADS)
    whole = [("national:E&W", "England and Wales", "default")] if view.regions is None else []
    areas = []
    for region in estate.regions(session):
        is_own = view.regions is None or region.code in view.regions
        pdus = [pdu for pdu in estate.pdus(session, region.code) if is_own or pdu.code in view.pdus]
        if is_own and pdus:
            areas.append((f"region:{region.code}", region.name, region.code))
        areas += [(f"pdu:{pdu.code}", f"{region.name}: {pdu.name}", region.code) for pdu in pdus]
    return whole + areas
