"""Rates of the random arm: the sentence with its interval first, then charts and tables (RULES 10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.display import day
from qa_service.pages.manager_access import RateReaderDep, page_of
from qa_service.pages.manager_areas import OpenArea, address, open_area, starting_areas
from qa_service.pages.manager_teams import TEAM_COLUMNS, team_row
from qa_service.pages.manager_words import RATE_NAMES
from qa_service.pages.rate_charts import funnel_of, names_known, p_chart_of
from qa_service.pages.rate_tables import (
    AREA_COLUMNS,
    OFFENCE_COLUMNS,
    PDU_COLUMNS,
    QUARTER_COLUMNS,
    READING_COLUMNS,
    REGION_COLUMNS,
    area_row,
    offence_row,
    pdu_row,
    quarter_row,
    reading_rows,
)
from qa_service.pages.rate_words import (
    SENTENCES,
    agreement_in_words,
    comparison_in_words,
    copied_in_words,
    methods_of,
    trend_in_words,
)
from qa_service.pages.render import Link, render
from qa_service.policy.numbers import RatePolicy, load_policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.dashboard import rates_dashboard
from qa_service.reporting.rates import Rate, RateName
from qa_service.reporting.team_events import teams_of

router = APIRouter(include_in_schema=False)


class Choice(BaseModel):
    """Which rate is shown, and which page of the PDUs."""

    name: RateName = RateName.MEDIUM_SHOULD_BE_HIGH
    page: int = Field(default=1, ge=1, le=100_000)


@dataclass(frozen=True)
class Headline:
    """A rate as the sentence macro takes it."""

    n_hits: int
    n_cases: int
    rate: float
    low_rate: float
    high_rate: float


@router.get("/rates")
def start(request: Request, session: SessionDep, user: RateReaderDep) -> Response:
    """Go to the widest area that somebody may open; with several, let them choose."""
    areas = starting_areas(area_tree(session), user)
    if len(areas) == 1:
        return RedirectResponse(address(areas[0]), status_code=303)
    return render(
        request, "manager/areas.html", {"areas": [Link(area.name, address(area)) for area in areas]}
    )


@router.get("/rates/{level}/{code}")
def show_rates(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: RateReaderDep,
    level: str,
    code: str,
    choice: Annotated[Choice, Query()],
) -> Response:
    """Show one rate of an area, against chance and over time."""
    name, at, policy = choice.name, clock.now(), load_policy()
    frame = open_area(session, user, level, code)
    found = rates_dashboard(
        session, frame.tree, frame.area, name, at=at, policy=policy, is_suppressed=frame.is_analyst
    )
    comparison = found.comparison
    page = page_of([line for line in found.pdus if frame.can_open(line.area)], choice.page)
    context = {
        **frame.context(""),
        "found": found,
        "rate_name": RATE_NAMES[name],
        "headline": _headline(found.own.rate.by_officer),
        "what": SENTENCES[name],
        "since": day(found.since),
        "other_rates": [Link(RATE_NAMES[one], f"?name={one.value}") for one in RateName if one is not name],
        "funnel": funnel_of(found, frame),
        "compared": comparison_in_words(comparison, names_known(found, frame)) if comparison else None,
        "pdu_columns": PDU_COLUMNS,
        "pdu_rows": [pdu_row(line, comparison, frame) for line in page.rows],
        "page": page,
        "reading_columns": READING_COLUMNS,
        "readings": reading_rows(found),
        "p_chart": p_chart_of(found),
        "trend": trend_in_words(found),
        "quarter_columns": QUARTER_COLUMNS,
        "quarters": [quarter_row(one) for one in found.trend.quarters] if found.trend else [],
        "team_columns": TEAM_COLUMNS,
        "teams": _teams(session, frame, at, policy.rates),
        "around_columns": AREA_COLUMNS,
        "around": [area_row(line, frame) for line in (found.own, *found.around)],
        "region_columns": REGION_COLUMNS,
        "regions": [area_row(line, frame) for line in found.regions],
        "offence_months": policy.rates.pdu_window_months,
        "offence_columns": OFFENCE_COLUMNS,
        "offences": [offence_row(one, policy.rates.too_few_to_compare_n) for one in found.offences],
        "copied": copied_in_words(found, policy.rates),
        "agreement": agreement_in_words(found.agreement),
        "methods": methods_of(found),
        "data_up_to": at,
    }
    return render(request, "manager/rates.html", context)


def _teams(session: Session, frame: OpenArea, at: datetime, policy: RatePolicy) -> list[dict[str, object]]:
    """Return a PDU's teams with what they may be said to have: counts of events, for their managers."""
    if frame.area.level is not AreaLevel.PDU or frame.is_analyst:
        return []
    return [team_row(team) for team in teams_of(session, frame.tree, frame.area, at=at, policy=policy)]


def _headline(found: Rate) -> Headline | None:
    if found.n == 0:
        return Headline(0, 0, 0, 0, 0)
    if found.k is None or found.value is None or found.low is None or found.high is None:
        return None
    return Headline(found.k, found.n, found.value, found.low, found.high)
