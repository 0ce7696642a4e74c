"""Rates of the random arm: the sentence with its interval first, then charts and tables (RULES 10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.list_csv import Table, give_table, wants_csv
from qa_service.pages.manager_access import RateReaderDep, page_of
from qa_service.pages.manager_areas import OpenArea, address, open_area, starting_areas
from qa_service.pages.manager_teams import TEAM_COLUMNS, team_row
from qa_service.pages.manager_words import RATE_NAMES
from qa_service.pages.rate_charts import compared_in_words, funnel_of, p_chart_of
from qa_service.pages.rate_tables import (
    AREA_COLUMNS,
    OFFENCE_COLUMNS,
    PDU_COLUMNS,
    QUARTER_COLUMNS,
    READING_COLUMNS,
    REGION_COLUMNS,
    area_row,
    offence_row,
    pdu_rows,
    quarter_row,
    reading_rows,
)
from qa_service.pages.rate_words import (
    NO_RATE_OF_ERROR,
    SENTENCES,
    agreement_in_words,
    copied_in_words,
    few_in_words,
    methods_of,
    missed_in_words,
    no_chart_in_words,
    published_in_words,
    trend_in_words,
    unfinished_in_words,
)
from qa_service.pages.render import Link, render
from qa_service.policy.numbers import RatePolicy, load_policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.dashboard import RatesDashboard, rates_dashboard
from qa_service.reporting.published_dashboard import published_dashboard
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
    dashboard = published_dashboard if frame.is_analyst else rates_dashboard
    found = dashboard(session, frame.tree, frame.area, name, at=at, policy=policy)
    tables = _tables(found, frame, policy.rates) | _teams(session, frame, at, policy.rates)
    if wants_csv(request):
        until = found.pdus_until if request.query_params.get("table") == "pdus" else found.until
        return give_table(request, session, user, f"{code}-{name}", tables, at=at, until=until)
    own, compared = found.own.rate.by_officer, compared_in_words(found, frame)
    context = {
        **frame.context(""),
        "found": found,
        "rate_name": RATE_NAMES[name],
        "headline": _headline(own),
        "few": few_in_words(own, name) if found.own.is_too_few and own.k is not None and own.n else None,
        "unfinished": unfinished_in_words(found, policy.rates),
        "what": SENTENCES[name],
        "period": frame.period(found.since, found.until),
        "pdus_period": frame.period(found.pdus_since, found.pdus_until),
        "other_rates": [Link(RATE_NAMES[one], f"?name={one.value}") for one in RateName if one is not name],
        "funnel": funnel_of(found, frame, compared),
        "compared": compared,
        "least": policy.rates.too_few_to_compare_n,
        "tables": tables,
        "page": page_of(tables["pdus"].rows, choice.page),
        "p_chart": p_chart_of(found),
        "trend": trend_in_words(found),
        "no_chart": no_chart_in_words(found, policy.rates),
        "offence_months": policy.rates.pdu_window_months,
        "no_rate_of_error": NO_RATE_OF_ERROR,
        "copied": copied_in_words(found, policy.rates),
        "agreement": agreement_in_words(found.agreement, policy.rates.too_few_to_compare_n)
        if found.agreement
        else None,
        "missed": missed_in_words(found.missed, policy.rates) if found.missed else None,
        "published": published_in_words(found) if frame.is_analyst else None,
        "methods": methods_of(found),
        "data_up_to": found.until,
    }
    return render(request, "manager/rates.html", context)


def _tables(found: RatesDashboard, frame: OpenArea, policy: RatePolicy) -> dict[str, Table]:
    """Return the tables of the page, each to be fetched as a file too."""
    least, trend = policy.too_few_to_compare_n, found.trend
    beside = (found.own, *found.around) if found.around else ()
    return {
        "pdus": Table(PDU_COLUMNS, pdu_rows(found, frame, least)),
        "regions": Table(REGION_COLUMNS, [area_row(line, frame, least) for line in found.regions]),
        "readings": Table(READING_COLUMNS, reading_rows(found, least)),
        "quarters": Table(QUARTER_COLUMNS, [quarter_row(one) for one in trend.quarters] if trend else []),
        "around": Table(AREA_COLUMNS, [area_row(line, frame, least) for line in beside]),
        "offences": Table(OFFENCE_COLUMNS, [offence_row(one, least) for one in found.offences]),
    }


def _teams(session: Session, frame: OpenArea, at: datetime, policy: RatePolicy) -> dict[str, Table]:
    """Return a PDU's teams with what they may be said to have: counts of events, for their managers."""
    if frame.area.level is not AreaLevel.PDU or frame.is_analyst:
        return {}
    teams = teams_of(session, frame.tree, frame.area, at=at, policy=policy)
    return {"teams": Table(TEAM_COLUMNS, [team_row(team) for team in teams])}


def _headline(found: Rate) -> Headline | None:
    if found.n == 0 and found.k is not None:
        return Headline(0, 0, 0, 0, 0)
    if found.k is None or found.value is None or found.low is None or found.high is None:
        return None
    return Headline(found.k, found.n, found.value, found.low, found.high)
