"""Cases that leave an officer after a cut: level read again, accepted, handed over, or declined."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.caseload import service as caseload
from qa_service.core.errors import Invalid
from qa_service.pages.addresses import Key
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import ManagerDep, PageNumber, page_of
from qa_service.pages.manager_words import MOVE_STATUS
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.moves import MoveRow, find_move, open_moves
from qa_service.reporting.reach import reach_of

router = APIRouter(include_in_schema=False)

MOVE_COLUMNS = (
    Column("case", "Case"),
    Column("from", "From"),
    Column("to", "To"),
    Column("points", "Points", is_numeric=True),
    Column("status", "Where it is"),
)


def move_row(move: MoveRow) -> dict[str, object]:
    """Return a move as a row of a table."""
    return {
        "case": Cell(move.crn or "Restricted case", href=f"/moves/{move.id}"),
        "from": move.from_officer,
        "to": Cell(move.to_officer, hint=move.to_team),
        "points": "After the read" if move.points is None else move.points,
        "status": Cell(MOVE_STATUS[move.status], hint=move.ended_reason),
    }


@router.get("/moves")
def list_moves(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, number: PageNumber = 1
) -> Response:
    """List the moves of somebody's area that wait for a step."""
    page = page_of(open_moves(session, reach_of(session, user), clock.now()), wanted_page(request, number))
    rows = [move_row(move) for move in page.rows]
    if wants_csv(request):
        return give_csv(session, user, "moves", Table(MOVE_COLUMNS, rows), at=clock.now(), total=page.total)
    context = {"page": page, "columns": MOVE_COLUMNS, "rows": rows, "data_up_to": clock.now()}
    return render(request, "manager/moves.html", context)


@router.get("/moves/{move_id}")
def show_move(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, move_id: Key
) -> Response:
    """Show one move and its next step."""
    return _page(request, find_move(session, user, move_id, clock.now()), Form())


@router.post("/moves/{move_id}/read-level")
def read_level(
    session: SessionDep, clock: ClockDep, references: ReferencesDep, user: ManagerDep, move_id: Key
) -> Response:
    """Give the SPO a blind read of the level; the case moves only when it is confirmed."""
    move = find_move(session, user, move_id, clock.now())
    reference = move.level_review_reference
    if reference is None:
        review = caseload.ask_level_read(
            session,
            move_id,
            reader_id=user.id,
            at=clock.now(),
            policy=load_policy(),
            references=references,
        )
        reference = review.reference
    return RedirectResponse(f"/reviews/{reference}", status_code=303)


@router.post("/moves/{move_id}/accept")
def accept(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, move_id: Key
) -> Response:
    """Accept a case whose level has been read again."""
    move = find_move(session, user, move_id, clock.now())
    try:
        caseload.accept_move(session, move.id, at=clock.now(), by=user.actor, policy=load_policy())
    except caseload.CannotTake as error:
        return _page(request, move, Form().with_errors({"reason": f"{error.message} {error.next_step}"}))
    return RedirectResponse(f"/moves/{move_id}", status_code=303)


@router.post("/moves/{move_id}/handover")
def hand_over(session: SessionDep, clock: ClockDep, user: ManagerDep, move_id: Key) -> Response:
    """Record the handover; only now has the case moved."""
    move = find_move(session, user, move_id, clock.now())
    caseload.record_handover(session, move.id, at=clock.now(), by=user.actor)
    return RedirectResponse(f"/moves/{move_id}", status_code=303)


@router.post("/moves/{move_id}/decline")
def decline(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, move_id: Key, form: FormDep
) -> Response:
    """Decline a case with its reason; it joins the cut's escalation."""
    move = find_move(session, user, move_id, clock.now())
    if not form.value("reason").strip():
        return _page(request, move, form.with_errors({"reason": "Enter why the case is declined"}))
    try:
        caseload.decline_move(
            session, move.id, form.value("reason"), at=clock.now(), by=user.actor, policy=load_policy()
        )
    except Invalid as error:
        return _page(request, move, form.refused(error))
    return RedirectResponse(f"/moves/{move_id}", status_code=303)


def _page(request: Request, move: MoveRow, form: Form) -> Response:
    context = {
        "move": move,
        "status": MOVE_STATUS[move.status],
        "is_open": move.ended_at is None,
        "form": form,
        "breadcrumbs": [Link("Cases to move", "/moves"), Link(f"Case {move.crn or 'restricted'}")],
    }
    return render(request, "manager/move.html", context, status_code=422 if form.errors else 200)
