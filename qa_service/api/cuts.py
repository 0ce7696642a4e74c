"""GET /api/cuts: caseload cuts of one's area, and whether they have landed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from qa_service.api.problems import problems
from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.caseload.tables import CutStatus
from qa_service.pages.addresses import Key
from qa_service.reporting.cuts import cuts_in_reach, find_cut
from qa_service.reporting.reach import MANAGERS, reach_of

router = APIRouter(prefix="/api/cuts", tags=["cuts"])

Manager = Annotated[CurrentUser, require(*MANAGERS)]


class CutOut(BaseModel):
    """A cut; what the check found is not part of it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    officer: str
    pdu: str | None
    status: CutStatus
    cap_pct: Decimal = Field(description="Percent of the officer's own available points.")
    cap_points: int
    own_available_points: int = Field(description="The cap before the cut.")
    points_now: int
    points_over: int
    starts_on: date
    ends_on: date
    landed_at: datetime | None = Field(description="When the points first were at or under the cap.")
    n_open_moves: int
    n_open_items: int = Field(description="Items of its escalation that nobody has decided.")


@router.get("", responses=problems())
def list_cuts(session: SessionDep, clock: ClockDep, user: Manager, *, live_only: bool = True) -> list[CutOut]:
    """List the cuts of officers posted in the area of the person who asks."""
    found = cuts_in_reach(session, reach_of(session, user), clock.now(), live_only=live_only)
    return [CutOut.model_validate(cut) for cut in found]


@router.get("/{cut_id}", responses=problems(404))
def show_cut(session: SessionDep, clock: ClockDep, user: Manager, cut_id: Key) -> CutOut:
    """Return one cut."""
    return CutOut.model_validate(find_cut(session, user, cut_id, clock.now()))
