"""GET /api/duties: what the posts of the person who asks must do."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from qa_service.api.problems import problems
from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.obligations.tables import ObligationKind
from qa_service.reporting.duties import duties_of_person
from qa_service.reporting.reach import MANAGERS

router = APIRouter(prefix="/api/duties", tags=["duties"])


class DutyOut(BaseModel):
    """A duty of a post, open until it is met by a decision in words."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: ObligationKind
    what: str
    owner: str = Field(description="Title of the post.")
    holder: str | None = Field(description="Who holds the post today.")
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    is_urgent: bool
    n_rungs_risen: int = Field(description="Times it has gone up the ladder.")
    crn: str | None
    officer: str | None


@router.get("", responses=problems())
def list_duties(
    session: SessionDep,
    clock: ClockDep,
    user: Annotated[CurrentUser, require(*MANAGERS, Role.QUALITY_LEAD)],
) -> list[DutyOut]:
    """List the open duties of the posts held today, the longest overdue first."""
    at = clock.now()
    return [
        DutyOut(
            **{name: getattr(duty, name) for name in DutyOut.model_fields if name != "is_overdue"},
            is_overdue=duty.is_overdue(at),
        )
        for duty in duties_of_person(session, user.person_id, at)
    ]
