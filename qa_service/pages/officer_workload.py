"""An officer's own workload, and what a cut changes in it (SCREENS 10)."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.manager_words import MOVE_STATUS
from qa_service.pages.officer import OfficerDep, person_of
from qa_service.pages.render import Column, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.own_workload import OwnWorkload, own_workload

router = APIRouter(include_in_schema=False)

MOVED = (
    Column("crn", "Case"),
    Column("points", "Points", is_numeric=True),
    Column("to", "To"),
    Column("where", "Where it is"),
)
UNPLACED = (
    Column("what", "What does not fit"),
    Column("points", "Points", is_numeric=True),
    Column("cover", "Covered meanwhile by"),
    Column("contact", "Contact meanwhile"),
    Column("risk", "Who holds the risk"),
)


@router.get("/my-workload")
def show_workload(request: Request, session: SessionDep, clock: ClockDep, user: OfficerDep) -> Response:
    """Show the plain figures, and with a cut: before and now, why, until when, and what restores it."""
    at, policy = clock.now(), load_policy()
    own = own_workload(session, person_of(user), at=at, policy=policy)
    context = {
        "own": own,
        "n_restore_checks": policy.cut.n_restore_checks,
        "moved_columns": MOVED,
        "moved": _moved(own) if own else [],
        "unplaced_columns": UNPLACED,
        "unplaced": _unplaced(own) if own else [],
        "data_up_to": at,
    }
    return render(request, "officer/workload.html", context)


def _moved(own: OwnWorkload) -> list[dict[str, object]]:
    return [
        {
            "crn": move.crn,
            "points": move.points,
            "to": f"{move.to_officer}, {move.to_team}",
            "where": MOVE_STATUS[move.status],
        }
        for move in own.moves
        if move.status not in {"declined", "withdrawn"}
    ]


def _unplaced(own: OwnWorkload) -> list[dict[str, object]]:
    return [
        {
            "what": f"{item.crn}: {item.what}" if item.crn else item.what,
            "points": item.points,
            "cover": item.interim_cover,
            "contact": item.contact_plan,
            "risk": f"{item.owner}{f' ({item.holder})' if item.holder else ''}"
            if item.status == "open"
            else f"Decided: {item.decision_reason}",
        }
        for item in own.unplaced
    ]
