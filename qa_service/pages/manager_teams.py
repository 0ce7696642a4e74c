"""What checks found in a team: events, never a rate (RULES 8 and PRODUCT: rates are for PDUs and above)."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import NotFound
from qa_service.estate import service as estate
from qa_service.pages.addresses import Reference
from qa_service.pages.display import day, number
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import PageNumber, page_of
from qa_service.pages.manager_areas import address
from qa_service.pages.manager_words import ARMS, SEVERITIES
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.reach import RATE_MANAGERS
from qa_service.reporting.team_events import TeamCount, TeamEvent, events_of_team, teams_of

router = APIRouter(include_in_schema=False)

NamesReaderDep = Annotated[CurrentUser, require(*RATE_MANAGERS)]
TEAM_COLUMNS = (
    Column("team", "Team"),
    Column("n", "Final checks of every kind", is_numeric=True),
    Column("fails", "Fails", is_numeric=True),
    Column("rechecks", "Rechecks", is_numeric=True),
)
EVENT_COLUMNS = (
    Column("officer", "Officer"),
    Column("on", "Decided"),
    Column("arm", "Chosen"),
    Column("verdict", "Outcome"),
)


def team_row(team: TeamCount) -> dict[str, object]:
    """Return a team with its counts and a link to its events."""
    return {
        "team": Cell(team.name, href=f"/rates/team/{team.code}"),
        "n": number(team.n_final),
        "fails": number(team.n_fails),
        "rechecks": number(team.n_rechecks),
    }


@router.get("/rates/team/{code}")
def show_team(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: NamesReaderDep,
    code: Reference,
    number: PageNumber = 1,
) -> Response:
    """List what the checks of a team's officers came to."""
    at, policy = clock.now(), load_policy().rates
    tree, team = area_tree(session), estate.find_team(session, code)
    pdu = tree.pdus.get(tree.current_code.get(team.pdu_code, ""))
    if pdu is None or not tree.may_open(user, pdu, RATE_MANAGERS):
        raise NotFound("There is no such team here.", next_step="Start again from your own rates.")
    [counts] = teams_of(session, tree, pdu, at=at, policy=policy, team=code)
    events = events_of_team(session, tree, pdu, at=at, policy=policy, team=code)
    shown = page_of(events, wanted_page(request, number))
    rows = [_event_row(event) for event in shown.rows]
    if wants_csv(request):
        return give_csv(session, user, f"{code}-checks", Table(EVENT_COLUMNS, rows), at=at, total=shown.total)
    around = [area for area in (*tree.above(pdu), pdu) if tree.may_open(user, area)]
    context = {
        "counts": counts,
        "breadcrumbs": [*(Link(area.name, address(area)) for area in around), Link(team.name)],
        "page": shown,
        "columns": EVENT_COLUMNS,
        "rows": rows,
        "data_up_to": at,
    }
    return render(request, "manager/team.html", context)


def _event_row(event: TeamEvent) -> dict[str, object]:
    """Return one check of an officer; a fail leads to its page."""
    is_fail = event.verdict == "fail"
    return {
        "officer": Cell(event.officer, href=f"/failing-checks/{event.reference}" if is_fail else None),
        "on": day(event.decided_at),
        "arm": ARMS[event.arm].capitalize(),
        "verdict": Cell(tag=status_tag("verdict", event.verdict), hint=SEVERITIES.get(event.severity)),
    }
