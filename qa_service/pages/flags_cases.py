"""All mediums and highs of an area, most doubtful first, with a line that says where to stop reading."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.core.errors import Invalid, NotAllowed, NotFound
from qa_service.core.lists import Page, PageRequest
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.pages import flags_words as words
from qa_service.pages.display import day, number
from qa_service.pages.flags_access import (
    CASES,
    READERS,
    FlagLeadDep,
    begin,
    open_area,
    parts,
)
from qa_service.pages.render import Cell, Column, FilterField, render
from qa_service.pages.status_tags import status_tag
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.flag_stops import Stop
from qa_service.reporting.flagged import LEVELS, FlaggedCase, Ranking, rank_cases
from qa_service.reporting.reach import Reach

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("rank", "Place", is_numeric=True),
    Column("case", "Case"),
    Column("chance", "Chance that it should be high"),
    Column("level", "Recorded"),
    Column("reason", "Main reason in the record"),
    Column("officer", "Practitioner"),
    Column("assessed", "Assessed"),
)
READ_COLUMN = Column("n_read", "Cases read", is_numeric=True)
STOP_COLUMNS = {
    "MEDIUM": (
        Column("mediums", "Mediums below the line", is_numeric=True),
        Column("wrong_mediums", "Of them, should probably be high"),
    ),
    "HIGH": (
        Column("highs", "Highs below the line", is_numeric=True),
        Column("wrong_highs", "Of them, should probably be high for a group too"),
    ),
}
UNCOUNTED = {
    "MEDIUM": "Mediums that should be high are not counted: too few mediums were checked at random to say "
    "how many there are.",
    "HIGH": "Highs that should be high for a group of people too are not counted: too few highs were checked "
    "at random to say how many there are.",
}
BEING_CHECKED = "Being checked now"
# Lengths of reading for which the page says what would remain, besides the one that is asked for.
STOPS = (0, 100, 250, 500, 1000, 2500, 5000, 10_000)


class Choice(BaseModel):
    """Which page is shown, of which level, and how many reviews there are hands for."""

    page: int = Field(default=1, ge=1, le=100_000)
    level: str = Field(default="", max_length=20)
    reviews: str = Field(default="", max_length=12)

    @property
    def n_reviews(self) -> int | None:
        """Return how many reviews were asked about; None when it is no number."""
        typed = self.reviews.replace(",", "").strip()
        return int(typed) if typed.isdecimal() else None


@router.get(CASES)
def start(request: Request, session: SessionDep, user: FlagLeadDep) -> Response:
    """Go to the widest area whose cases a lead may list, up to a region; with several, let them choose."""
    return begin(request, session, user, CASES, (AreaLevel.REGION,))


@router.get(f"{CASES}/{{level}}/{{code}}")
def show_cases(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: FlagLeadDep,
    level: str,
    code: str,
    choice: Annotated[Choice, Query()],
) -> Response:
    """List an area's mediums and highs, a page at a time."""
    if user.has(*READERS):
        raise NotAllowed(
            "Whoever reads cases sees no flags beforehand: any of these may be drawn and given to you.",
            next_step="Ask a lead who reads no cases.",
        )
    if level == AreaLevel.NATIONAL.value:
        raise NotFound("Cases are listed for a region or a PDU.", next_step="Choose a region first.")
    if choice.level not in {"", *LEVELS}:
        raise Invalid("Only mediums and highs are listed here.", next_step="Choose one of them, or both.")
    frame, at = open_area(session, user, CASES, level, code), clock.now()
    approved = approved_artefact(session)
    context: dict[str, object] = {
        "area": frame.area,
        "parts": parts(CASES),
        "breadcrumbs": frame.breadcrumbs(),
        "below": frame.below(),
        "approved": approved,
        "decides_nothing": words.DECIDES_NOTHING,
        "data_up_to": at,
    }
    if approved is None:
        return render(request, "flags/cases.html", context)
    reach, request_ = Reach(frame.area.pdus, ()), PageRequest(choice.page)
    levels = (choice.level,) if choice.level else LEVELS
    asked = choice.n_reviews
    reads = (*STOPS, *((asked,) if asked is not None else ()))
    found = rank_cases(
        session, reach, at=at, levels=levels, first=request_.offset, n=request_.size, n_read=reads
    )
    listed = Page(found.cases, found.n_all, request_)
    if choice.page > listed.n_pages:
        last = request.url.include_query_params(page=listed.n_pages)
        return RedirectResponse(f"{last.path}?{last.query}", status_code=303)
    context |= {
        "columns": COLUMNS,
        "rows": [_row(case, approved.evaluation) for case in found.cases],
        "page": listed,
        "order_only": words.order_only(approved.evaluation),
        "without_scorer": words.without_scorer(approved.evaluation),
        "filters": (FilterField("level", "Recorded level", (("MEDIUM", "Medium"), ("HIGH", "High"))),),
        "n_without_score": found.n_without_score,
        "n_unscored": found.n_unscored,
        "reviews": choice.reviews,
        "is_no_number": bool(choice.reviews.strip()) and asked is None,
        **_where_to_stop(found, levels, asked),
    }
    return render(request, "flags/cases.html", context)


def _where_to_stop(found: Ranking, levels: Sequence[str], asked: int | None) -> dict[str, object]:
    """Return lines for the levels of which it can be said what remains; of the others that it cannot."""
    known = {
        "MEDIUM": any(one.mediums.wrong for one in found.stops),
        "HIGH": any(one.highs.wrong for one in found.stops),
    }
    lines = [one for one in found.stops if one.n_read < found.n_all]
    return {
        "stop_columns": (
            READ_COLUMN,
            *(one for level in levels if known[level] for one in STOP_COLUMNS[level]),
        ),
        "stops": [_stop(one) for one in lines if one.n_read in STOPS and any(known[one] for one in levels)],
        "uncounted": [UNCOUNTED[level] for level in levels if found.n_all and not known[level]],
        "chosen": next((words.stop_in_words(one, levels) for one in lines if one.n_read == asked), None),
        "is_all": asked is not None and asked >= found.n_all,
    }


def _row(case: FlaggedCase, evaluation: Mapping[str, Any]) -> dict[str, object]:
    reason = case.reasons[0]["sentence"] if case.reasons and case.score_rate is not None else None
    return {
        "rank": number(case.rank),
        "case": Cell(case.name, hint=case.crn),
        "level": Cell(
            tag=status_tag("level", case.level), hint=BEING_CHECKED if case.is_being_checked else None
        ),
        "chance": words.chance(evaluation, case.score_rate, case.target, case.reasons),
        "reason": reason,
        "officer": Cell(case.officer, hint=case.team),
        "assessed": day(case.assessed_at),
    }


def _stop(stop: Stop) -> dict[str, object]:
    return {
        "n_read": number(stop.n_read),
        "mediums": number(stop.mediums.n),
        "wrong_mediums": words.rest_cell(stop.mediums),
        "highs": number(stop.highs.n),
        "wrong_highs": words.rest_cell(stop.highs),
    }
