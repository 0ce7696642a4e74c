"""Who has been checked of those who were to be, and who is missing; names only for those who may see them."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.display import dates_in_full, day, number
from qa_service.pages.list_csv import Table, give_table, wants_csv
from qa_service.pages.manager_access import RateReaderDep, page_of
from qa_service.pages.manager_areas import OpenArea, address, open_area
from qa_service.pages.render import Cell, Column, FilterField, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.coverage import Coverage, CoverageState, OfficerCoverage, coverage_of

router = APIRouter(include_in_schema=False)

STATES = {
    CoverageState.OVERDUE: "Overdue",
    CoverageState.DUE: "Due, not drawn yet",
    CoverageState.BEING_CHECKED: "Being checked",
    CoverageState.CHECKED: "Checked",
    CoverageState.NOT_DUE: "Not due",
}
AREA_COLUMNS = (
    Column("area", "Area"),
    *(Column(state.value, words, is_numeric=True) for state, words in STATES.items()),
)
OFFICER_COLUMNS = (
    Column("officer", "Officer"),
    Column("state", "State"),
    Column("reason", "Why"),
    Column("checked", "Last checked"),
)


class Choice(BaseModel):
    """Which officers are listed, and which page of them."""

    state: str = ""
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("/rates/{level}/{code}/coverage")
def show_coverage(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: RateReaderDep,
    level: str,
    code: str,
    choice: Annotated[Choice, Query()],
) -> Response:
    """Show where every officer of an area stands, to those who manage it: from day to day few move."""
    at, policy = clock.now(), load_policy()
    frame = open_area(session, user, level, code)
    if frame.is_analyst:
        return render(request, "manager/not_shown.html", {**frame.context("/coverage"), "what": "Coverage"})
    found = coverage_of(session, frame.tree, frame.area, at=at, policy=policy)
    names_officers = frame.area.level is AreaLevel.PDU
    officers = [one for one in found.officers if choice.state in {"", one.state}] if names_officers else []
    tables = {"areas": Table(AREA_COLUMNS, _area_rows(found, frame))}
    if names_officers:
        tables["officers"] = Table(OFFICER_COLUMNS, [_officer_row(officer) for officer in officers])
    if wants_csv(request):
        return give_table(request, session, user, f"{code}-coverage", tables, at=at)
    context = {
        **frame.context("/coverage"),
        "found": found,
        "sentence": _sentence(found),
        "tables": tables,
        "filters": [FilterField("state", "State", tuple((one.value, STATES[one]) for one in STATES))],
        "page": page_of(tables["officers"].rows, choice.page) if names_officers else None,
        "data_up_to": at,
    }
    return render(request, "manager/coverage.html", context)


def _sentence(found: Coverage) -> str:
    """Say how many were to be checked and how many are; one sentence in which every officer is counted."""
    if not found.officers:
        return "Nobody who holds cases is posted here."
    total = number(found.n_to_be_checked)
    counts = {state: number(found.count(state)) for state in CoverageState}
    return (
        f"Of the {total} officers to be checked in the window that runs now: {counts[CoverageState.CHECKED]}"
        f" checked, {counts[CoverageState.BEING_CHECKED]} being checked,"
        f" {counts[CoverageState.DUE]} due and {counts[CoverageState.OVERDUE]} overdue."
    )


def _area_rows(found: Coverage, frame: OpenArea) -> list[dict[str, object]]:
    """Return a row for each area below and one for the whole."""
    by_pdu = found.by_pdu()
    parts = [(area, [by_pdu.get(pdu, Counter()) for pdu in area.pdus]) for area in frame.below()]
    return [
        {
            "area": Cell(area.name, href=address(area) + "/coverage" if area is not frame.area else None),
            **{state.value: number(sum(count[state] for count in counts)) for state in STATES},
        }
        for area, counts in [*parts, (frame.area, list(by_pdu.values()))]
    ]


def _officer_row(officer: OfficerCoverage) -> dict[str, object]:
    return {
        "officer": Cell(officer.name, hint=officer.team),
        "state": STATES[officer.state],
        "reason": dates_in_full(officer.reason.capitalize()),
        "checked": day(officer.last_checked_on) if officer.last_checked_on else None,
    }
