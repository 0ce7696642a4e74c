"""POST /api/allocations/check: may this officer take this case? (RULES 5)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from qa_service.api.problems import problems
from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.caseload.rules import GateAnswer
from qa_service.caseload.service.gate import AllocationQuestion, Override
from qa_service.policy.numbers import load_policy
from qa_service.reporting.reach import MANAGERS
from qa_service.workflows.ask_gate import ask_gate

# Staff codes and CRNs are letters and digits.
CODE = "^[A-Za-z0-9]+$"

router = APIRouter(prefix="/api/allocations", tags=["allocations"])


class OverrideIn(BaseModel):
    """Who goes over the answer: an SPO over 100%, a head of PDU over a refusal."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=160)
    reason: str = Field(min_length=1, max_length=1000)


class AllocationIn(BaseModel):
    """A case about to be given to an officer."""

    model_config = ConfigDict(extra="forbid")

    staff_code: str = Field(pattern=CODE, max_length=10, examples=["N07A001"])
    crn: str = Field(pattern=CODE, max_length=12, examples=["X000001"])
    hold_place: bool = Field(default=False, description="Keep a place for two working days.")
    override: OverrideIn | None = None


class ReasonOut(BaseModel):
    """One reason of the answer."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    sentence: str


class AllocationOut(BaseModel):
    """The answer with its reasons; `place_kept_until` when a place is kept."""

    answer: GateAnswer
    reasons: list[ReasonOut]
    points_before: int
    points_after: int
    place_kept_until: datetime | None


@router.post("/check", responses=problems(404))
def check_allocation(
    session: SessionDep,
    clock: ClockDep,
    user: Annotated[CurrentUser, require(*MANAGERS)],
    body: AllocationIn,
) -> AllocationOut:
    """Answer whether an officer of one's area may take a case, and keep a place when asked.

    The answer is recorded with its reasons. Without the name and reason that an answer other than
    `allowed` needs, no place is kept.
    """
    question = AllocationQuestion(
        body.staff_code,
        body.crn,
        body.hold_place,
        Override(body.override.name, body.override.reason) if body.override else None,
    )
    found = ask_gate(session, user, question, at=clock.now(), policy=load_policy())
    return AllocationOut(
        answer=found.decided.answer,
        reasons=[ReasonOut.model_validate(reason) for reason in found.decided.reasons],
        points_before=found.decided.points_before,
        points_after=found.decided.points_after,
        place_kept_until=found.place.expires_at if found.place else None,
    )
