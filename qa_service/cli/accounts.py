"""Accounts, for whoever sets the service up: the first administrator has nobody to ask."""

import sys
from typing import Annotated

import typer
from sqlmodel import Session

from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.auth.service import Grant, NewAccount
from qa_service.cli.context import BY, system_clock, system_session
from qa_service.cli.output import AsJson, command_group, fields, show
from qa_service.core.errors import Invalid, NotFound
from qa_service.estate import service as estate

user = command_group()


@user.callback()
def _user() -> None:
    """Look after accounts."""


@user.command()
def add(
    username: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    name: Annotated[str, typer.Option(help="Name shown on pages.")],
    area: Annotated[
        str, typer.Option(help="Where: region:CODE, pdu:CODE or team:CODE; everywhere if not given.")
    ] = "",
    staff_code: Annotated[str | None, typer.Option(help="Practitioner or manager this account is.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make an account with one role; the password is asked for, or read from standard input."""
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    at = system_clock().now()
    with system_session() as session:
        grant = _grant(session, role, area)
        person = estate.person_of_staff_code(session, staff_code) if staff_code else None
        if staff_code and person is None:
            raise NotFound(
                f"Nobody works under {staff_code}.", next_step="Load the roster, or correct the code."
            )
        account = NewAccount(username, password, name, person_id=person.id if person else None)
        made = auth.create_user(session, account, at=at, by=BY)
        auth.grant_role(session, made.id, grant, at=at, by=BY)
        values = {
            "username": made.username,
            "role": role.value,
            "area": area or "everywhere",
        }
    show(values, as_json=as_json, text=fields(values))


def _grant(session: Session, role: Role, area: str) -> Grant:
    kind, _, code = area.partition(":")
    if not area:
        return Grant(role)
    if kind == "region" and code in {region.code for region in estate.regions(session)}:
        return Grant(role, region_code=code)
    if kind == "pdu":
        return Grant(role, pdu_code=estate.find_pdu(session, code).code)
    if kind == "team":
        return Grant(role, team_code=estate.find_team(session, code).code)
    raise Invalid(
        f"There is no area {area!r}.",
        next_step="Give region:CODE, pdu:CODE or team:CODE of the estate that is loaded.",
    )
