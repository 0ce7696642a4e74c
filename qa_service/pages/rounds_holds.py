"""Holds on new allocations: the quality lead renews one in their own name, or it ends by itself (RULES 4)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.caseload import service as caseload
from qa_service.caseload.service import until_when_renewed
from qa_service.core.errors import NotFound
from qa_service.pages.addresses import Key
from qa_service.pages.display import day, moment
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.rounds_access import LEADS, LeadDep, view_of
from qa_service.policy.numbers import load_policy
from qa_service.reporting.holds import HoldRow, active_holds

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("officer", "Practitioner"),
    Column("check", "Check"),
    Column("placed", "Placed"),
    Column("ends", "Ends"),
    Column("renewed_by", "Last renewed by"),
)


@router.get("/holds")
def list_holds(request: Request, session: SessionDep, clock: ClockDep, user: LeadDep) -> Response:
    """List the active holds of somebody's areas, the one that ends first at the top."""
    rows = [
        {
            "officer": Cell(hold.officer, href=f"/holds/{hold.id}"),
            "check": hold.check,
            "placed": day(hold.placed_at),
            "ends": moment(hold.expires_at),
            "renewed_by": hold.renewed_by,
        }
        for hold in _holds(session, user)
    ]
    return render(request, "rounds/holds.html", {"columns": COLUMNS, "rows": rows, "data_up_to": clock.now()})


@router.get("/holds/{hold_id}")
def show_hold(
    request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, hold_id: Key
) -> Response:
    """Say what renewing this hold does, and in whose name."""
    hold = _hold(session, user, hold_id)
    context = {
        "hold": hold,
        "renewed_until": until_when_renewed(
            hold.expires_at, at=clock.now(), policy=load_policy(hold.policy_version)
        ),
        "user_name": user.display_name,
        "breadcrumbs": [Link("Holds", "/holds"), Link(hold.officer)],
    }
    return render(request, "rounds/hold.html", context)


@router.post("/holds/{hold_id}/renew")
def renew(session: SessionDep, clock: ClockDep, user: LeadDep, hold_id: Key) -> Response:
    """Renew a hold in the name of whoever is signed in."""
    hold = _hold(session, user, hold_id)
    policy = load_policy(hold.policy_version)
    name = user.display_name
    caseload.renew_hold(session, hold_id, name=name, at=clock.now(), by=user.actor, policy=policy)
    return RedirectResponse("/holds", status_code=303)


def _holds(session: Session, user: CurrentUser) -> list[HoldRow]:
    return active_holds(session, regions=view_of(user, *LEADS).regions, user_id=user.id)


def _hold(session: Session, user: CurrentUser, hold_id: int) -> HoldRow:
    found = next((hold for hold in _holds(session, user) if hold.id == hold_id), None)
    if found is None:
        raise NotFound("There is no such active hold here.", next_step="Look at the list of holds.")
    return found
