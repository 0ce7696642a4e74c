"""GET /api/rounds: where the rounds of one's area are and how far they have come."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from qa_service.api.problems import problems
from qa_service.auth.dependencies import SessionDep
from qa_service.pages.addresses import Reference
from qa_service.pages.rounds_access import VIEWERS, ViewerDep, round_for, view_of
from qa_service.reporting.rounds import RoundProgress, list_progress
from qa_service.rounds.tables import RoundKind, RoundStatus

router = APIRouter(prefix="/api/rounds", tags=["rounds"])


class RoundOut(BaseModel):
    """A round and how far it has come."""

    reference: Reference
    kind: RoundKind
    area: str
    status: RoundStatus
    window_from_on: date
    window_to_on: date
    n_checks: int = Field(description="Checks drawn; replaced ones count once.")
    n_finished: int
    n_failed: int
    frame_digest: str | None = Field(description="SHA-256 of the frozen frame.")
    transcript_digest: str | None = Field(description="SHA-256 of the published transcript.")


@router.get("", responses=problems())
def list_rounds(session: SessionDep, user: ViewerDep) -> list[RoundOut]:
    """List the rounds of the area of the person who asks, newest first."""
    return [_out(progress) for progress in list_progress(session, view_of(user, *VIEWERS))]


@router.get("/{reference}", responses=problems(404))
def show_round(session: SessionDep, user: ViewerDep, reference: Reference) -> RoundOut:
    """Return one round."""
    return _out(round_for(session, user, reference, *VIEWERS))


def _out(progress: RoundProgress) -> RoundOut:
    found = progress.round
    return RoundOut(
        reference=found.reference,
        kind=found.kind,
        area=progress.area_name,
        status=found.status,
        window_from_on=found.window_from_on,
        window_to_on=found.window_to_on,
        n_checks=progress.n_checks,
        n_finished=progress.n_finished,
        n_failed=progress.n_failed,
        frame_digest=found.frame_digest,
        transcript_digest=found.transcript_digest,
    )
