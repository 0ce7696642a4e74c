"""GET /api/escalations: what does not fit, with its owner, its clock and its items."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from qa_service.api.problems import problems
from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.estate.tables import PostKind
from qa_service.obligations.tables import EscalationKind, ItemDecision, ItemKind, ItemStatus
from qa_service.pages.addresses import Key
from qa_service.reporting.escalations import escalations_in_reach, find_escalation, items_of_escalation
from qa_service.reporting.reach import MANAGERS, reach_of

router = APIRouter(prefix="/api/escalations", tags=["escalations"])

Manager = Annotated[CurrentUser, require(*MANAGERS)]


class EscalationOut(BaseModel):
    """One list, closed only by deciding everything on it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: EscalationKind
    pdu: str | None
    officer: str | None
    owner: str = Field(description="Title of the post that decides.")
    owner_kind: PostKind = Field(description="Rung of the ladder.")
    holder: str | None
    opened_at: datetime
    due_at: datetime = Field(description="It rises by itself after this.")
    closed_at: datetime | None
    is_urgent: bool
    n_rungs_risen: int
    n_items: int
    n_open: int


class ItemOut(BaseModel):
    """One thing on a list."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: ItemKind
    what: str
    crn: str | None
    points: int
    interim_cover: str | None
    contact_plan: str | None
    status: ItemStatus
    decision: ItemDecision | None
    decision_reason: str | None
    decided_at: datetime | None


class EscalationWithItems(EscalationOut):
    """One list with everything on it."""

    items: list[ItemOut]


@router.get("", responses=problems())
def list_escalations(
    session: SessionDep, clock: ClockDep, user: Manager, *, open_only: bool = True
) -> list[EscalationOut]:
    """List the escalations of the area of the person who asks, the longest overdue first."""
    found = escalations_in_reach(session, reach_of(session, user), clock.now(), open_only=open_only)
    return [EscalationOut.model_validate(one) for one in found]


@router.get("/{escalation_id}", responses=problems(404))
def show_escalation(
    session: SessionDep, clock: ClockDep, user: Manager, escalation_id: Key
) -> EscalationWithItems:
    """Return one escalation with its items."""
    found = find_escalation(session, user, escalation_id, clock.now())
    items = items_of_escalation(session, escalation_id, clock.now())
    return EscalationWithItems(
        **EscalationOut.model_validate(found).model_dump(),
        items=[ItemOut.model_validate(item) for item in items],
    )
