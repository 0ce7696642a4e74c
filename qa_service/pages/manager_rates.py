"""Rates of the random arm: the sentence with its interval first, then chart and table (RULES 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.pages.charts import IntervalRow, interval_plot
from qa_service.pages.charts.drawing import Caption
from qa_service.pages.display import day, number, rate
from qa_service.pages.manager_access import RateReaderDep
from qa_service.pages.manager_words import RATE_NAMES
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.area_rates import rates_in_reach
from qa_service.reporting.rates import AreaLevel, AreaRates, Rate, RateName

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("area", "Area"),
    Column("n", "Checked", is_numeric=True),
    Column("k", "Found", is_numeric=True),
    Column("by_officer", "Each officer counts once"),
    Column("by_case", "Each case counts"),
    Column("not_scorable", "Not scorable", is_numeric=True),
    Column("coverage", "Officers checked of drawn"),
)
# The rest of the sentence after the percentage.
SENTENCES = {
    RateName.MEDIUM_SHOULD_BE_HIGH: "of checked medium cases should have been high",
    RateName.UNDERCLASSIFIED: "of checked cases were assessed too low",
    RateName.OVERCLASSIFIED: "of checked cases were assessed too high",
    RateName.INSUFFICIENT: "of checks ended in a recheck or a fail",
}


@dataclass(frozen=True)
class Headline:
    """A rate as the sentence macro takes it."""

    n_hits: int
    n_cases: int
    rate: float
    low_rate: float
    high_rate: float


@router.get("/rates")
def show_rates(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: RateReaderDep,
    name: RateName = RateName.MEDIUM_SHOULD_BE_HIGH,
) -> Response:
    """Show one rate for somebody's PDUs, and for the region and the nation around them."""
    areas = _areas(session, user, clock)
    pdus, whole = areas[AreaLevel.PDU], [*areas[AreaLevel.REGION], *areas[AreaLevel.NATIONAL]]
    own = pdus[0] if len(pdus) == 1 else whole[0] if whole else None
    headline = _headline(own.rate(name).by_officer) if own else None
    context = {
        "own": own,
        "since": day(own.since) if own else None,
        "headline": headline,
        "what": SENTENCES[name],
        "svg": _plot(pdus, areas[AreaLevel.NATIONAL], name),
        "rate_name": RATE_NAMES[name],
        "columns": COLUMNS,
        "pdu_rows": [_row(area, name) for area in pdus],
        "whole_rows": [_row(area, name) for area in whole],
        "rates": [Link(RATE_NAMES[one], f"/rates?name={one.value}", one is name) for one in RateName],
        "methods": sorted({area.rate(name).by_case.method for area in pdus if area.rate(name).by_case.n}),
        "data_up_to": clock.now(),
    }
    return render(request, "manager/rates.html", context)


def _areas(session: Session, user: CurrentUser, clock: ClockDep) -> dict[AreaLevel, list[AreaRates]]:
    policy = load_policy().rates
    return {level: rates_in_reach(session, user, level, at=clock.now(), policy=policy) for level in AreaLevel}


def _headline(found: Rate) -> Headline | None:
    if found.n == 0:
        return Headline(0, 0, 0, 0, 0)
    if found.k is None or found.value is None or found.low is None or found.high is None:
        return None
    return Headline(found.k, found.n, found.value, found.low, found.high)


def _row(area: AreaRates, name: RateName) -> dict[str, object]:
    found = area.rate(name)
    too_few = "Too few to compare" if area.is_too_few else None
    is_hidden = found.by_officer.k is None
    return {
        "area": Cell(area.name, hint=too_few),
        "n": number(found.by_officer.n),
        "k": "Under 5" if is_hidden else number(found.by_officer.k or 0),
        "by_officer": _interval(found.by_officer),
        "by_case": _interval(found.by_case),
        "not_scorable": number(area.n_not_scorable),
        "coverage": f"{number(area.n_checked)} of {number(area.n_drawn)}",
    }


def _interval(found: Rate) -> Cell | str | None:
    if found.value is None or found.low is None or found.high is None:
        return None
    return Cell(rate(found.value), hint=f"{rate(found.low)} to {rate(found.high)}")


def _plot(pdus: Sequence[AreaRates], nation: Sequence[AreaRates], name: RateName) -> str | None:
    """Return the interval plot of the PDUs, in order of name, against the nation; none without a rate."""
    rows = []
    for area in pdus:
        found = area.rate(name).by_officer
        if found.value is not None and found.low is not None and found.high is not None:
            rows.append(
                IntervalRow(area.name, found.n, found.value, found.low, found.high, not area.is_too_few)
            )
    if not rows:
        return None
    reference = nation[0].rate(name).by_officer.value if nation else None
    title = f"{RATE_NAMES[name]}, by PDU"
    n_few = sum(not row.is_comparable for row in rows)
    words = f"{len(rows)} PDUs in order of name, each with its 95% interval; {n_few} with too few to compare."
    return interval_plot(
        Caption("rates", title, words), rows, reference_rate=reference, reference_name="England and Wales"
    )
