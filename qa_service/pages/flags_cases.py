"""All mediums and highs of an area, most doubtful first, with a line that says where to stop reading."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.core.errors import NotAllowed, NotFound
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
from qa_service.reporting.flagged import LEVELS, FlaggedCase, Stop, rank_cases
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
STOP_COLUMNS = (
    Column("n_read", "Cases read", is_numeric=True),
    Column("below", "Mediums below the line", is_numeric=True),
    Column("remaining", "Of them, probably wrong"),
)
BEING_CHECKED = "Being checked now"
# Lengths of reading for which the page says what would remain, besides the one that is asked for.
STOPS = (0, 100, 250, 500, 1000, 2500, 5000, 10_000)


class Choice(BaseModel):
    """Which page is shown, of which level, and how many reviews there are hands for."""

    page: int = Field(default=1, ge=1, le=100_000)
    level: str = Field(default="", pattern="^(MEDIUM|HIGH)?$")
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
    frame, at = open_area(session, user, CASES, level, code), clock.now()
    context: dict[str, object] = {
        "area": frame.area,
        "parts": parts(CASES),
        "breadcrumbs": frame.breadcrumbs(),
        "below": frame.below(),
        "approved": approved_artefact(session),
        "decides_nothing": words.DECIDES_NOTHING,
        "data_up_to": at,
    }
    if context["approved"] is None:
        return render(request, "flags/cases.html", context)
    reach, request_ = Reach(frame.area.pdus, ()), PageRequest(choice.page)
    levels = (choice.level,) if choice.level else LEVELS
    asked = choice.n_reviews
    reads = (*STOPS, *((asked,) if asked is not None else ()))
    found = rank_cases(
        session, reach, at=at, levels=levels, first=request_.offset, n=request_.size, n_read=reads
    )
    stops, n_all = found.stops, found.n_all
    context |= {
        "columns": COLUMNS,
        "rows": [_row(case) for case in found.cases],
        "page": Page(found.cases, n_all, request_),
        "filters": (FilterField("level", "Recorded level", (("MEDIUM", "Medium"), ("HIGH", "High"))),),
        "n_without_score": found.n_without_score,
        "stop_columns": STOP_COLUMNS,
        "stops": [_stop(one) for one in stops if one.n_read < n_all and one.n_read in STOPS],
        "reviews": choice.reviews,
        "chosen": next(
            (words.stop_in_words(one) for one in stops if one.n_read == asked and asked < n_all), None
        ),
        "is_all": asked is not None and asked >= n_all,
        "is_no_number": bool(choice.reviews.strip()) and asked is None,
    }
    return render(request, "flags/cases.html", context)


def _row(case: FlaggedCase) -> dict[str, object]:
    reason = case.reasons[0]["sentence"] if case.reasons else None
    return {
        "rank": number(case.rank),
        "case": Cell(case.name, hint=case.crn),
        "level": Cell(
            tag=status_tag("level", case.level), hint=BEING_CHECKED if case.is_being_checked else None
        ),
        "chance": words.chance(case.score_rate, case.target),
        "reason": reason,
        "officer": Cell(case.officer, hint=case.team),
        "assessed": day(case.assessed_at),
    }


def _stop(stop: Stop) -> dict[str, object]:
    left = stop.remaining
    return {
        "n_read": number(stop.n_read),
        "below": number(stop.n_mediums_below),
        "remaining": words.count_between(left) if left else words.NOT_KNOWN,
    }
