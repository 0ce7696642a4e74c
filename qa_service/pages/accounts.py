"""Accounts for administrators: who may sign in, with which roles, and shutting a leaver's account."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth import service
from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.roles import ROLE_NAMES, Role
from qa_service.auth.service import CurrentUser, Grant
from qa_service.core.errors import Conflict
from qa_service.pages.addresses import Key
from qa_service.pages.render import Cell, Column, render
from qa_service.pages.status_tags import status_tag

router = APIRouter(include_in_schema=False)

AdministratorDep = Annotated[CurrentUser, require(Role.ADMINISTRATOR)]

_COLUMNS = [
    Column("name", "Name"),
    Column("username", "Sign-in name"),
    Column("roles", "Roles"),
    Column("status", "Status"),
    Column("act", "Action"),
]


def _role_and_area(grant: Grant) -> str:
    area = grant.team_code or grant.pdu_code or grant.region_code or "everywhere"
    return f"{ROLE_NAMES[grant.role]} ({area})"


@router.get("/accounts")
def list_accounts(
    request: Request, session: SessionDep, clock: ClockDep, _user: AdministratorDep
) -> Response:
    """Show every account with its roles."""
    accounts = service.accounts(session, at=clock.now())
    rows = [
        {
            "name": account.display_name,
            "username": account.username,
            "roles": ", ".join(map(_role_and_area, account.grants)) or "None yet",
            "status": Cell(tag=status_tag("account", "active" if account.is_active else "shut")),
            "act": Cell("Shut this account", href=f"/accounts/{account.id}/shut")
            if account.is_active
            else "",
        }
        for account in accounts
    ]
    return render(request, "admin/accounts.html", {"columns": _COLUMNS, "rows": rows})


@router.get("/accounts/{user_id}/shut")
def ask_to_shut(request: Request, session: SessionDep, user_id: Key, _user: AdministratorDep) -> Response:
    """Say what shutting an account does before it is done."""
    return render(request, "admin/shut.html", {"account": service.find_account(session, user_id)})


@router.post("/accounts/{user_id}/shut")
def shut(session: SessionDep, clock: ClockDep, user_id: Key, user: AdministratorDep) -> Response:
    """Shut a leaver's account and end its sessions."""
    if user_id == user.id:
        raise Conflict("You cannot shut your own account.", next_step="Ask another administrator.")
    service.disable_user(session, user_id, at=clock.now(), by=user.actor)
    return RedirectResponse("/accounts", status_code=303)
