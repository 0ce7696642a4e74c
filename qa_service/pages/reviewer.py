"""A reader's own list, the next case, saving a draft, and what can be said on every page of a read."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.core.errors import Invalid
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.render import render
from qa_service.pages.reviewer_forms import draft_save
from qa_service.pages.reviewer_frame import PoolDep, ReaderDep, home_of, open_page, stage_address
from qa_service.reviews import service as reviews

router = APIRouter(include_in_schema=False)


@router.get("/reviews")
def worklist(request: Request, session: SessionDep, user: PoolDep, nothing_left: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query of the address
    """List a reader's own reads."""
    reads = reviews.worklist(session, reader_id=user.id)
    return render(request, "reviewer/worklist.html", {"reads": reads, "nothing_left": nothing_left})


@router.post("/reviews/next")
def start_next(session: SessionDep, user: PoolDep, clock: ClockDep) -> Response:
    """Give the reader the next case; the server picks."""
    review = reviews.claim_next(session, reader_id=user.id, at=clock.now())
    where = "/reviews?nothing_left=true" if review is None else f"/reviews/{review.reference}"
    return RedirectResponse(where, status_code=303)


@router.get("/reviews/{reference}")
def go_on(session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str) -> Response:
    """Go on with a read where it was left."""
    review = reviews.open_read(session, reference, reader_id=user.id, at=clock.now())
    return RedirectResponse(stage_address(review, user), status_code=303)


@router.post("/reviews/{reference}/draft")
def save_draft(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, form: FormDep, reference: str
) -> Response:
    """Save what was typed so far: for the page's script, or for "Save and come back later"."""
    saved = reviews.save_draft(session, reference, draft_save(form), reader_id=user.id, at=clock.now())
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"saved_at": saved.saved_at.isoformat(), "version": saved.version})
    return RedirectResponse(home_of(user).href, status_code=303)


@router.get("/reviews/{reference}/worry")
def ask_worry(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Ask for the one sentence that goes to the case's SPO at once."""
    page = open_page(session, reference, user, clock)
    return page.show(request, "reviewer/worry.html", {}, form=Form())


@router.post("/reviews/{reference}/worry")
def raise_worry(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, form: FormDep, reference: str
) -> Response:
    """Send the worry; the read stays where it is."""
    try:
        reviews.raise_worry(session, reference, form.value("sentence"), reader_id=user.id, at=clock.now())
    except Invalid as error:
        page = open_page(session, reference, user, clock)
        return page.show(request, "reviewer/worry.html", {}, form=form.refused(error))
    return open_page(session, reference, user, clock).show(request, "reviewer/worry_sent.html", {})


@router.get("/reviews/{reference}/seen-elsewhere")
def ask_seen_elsewhere(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Say what it means that the officer's level was seen elsewhere."""
    return open_page(session, reference, user, clock).show(request, "reviewer/seen_elsewhere.html", {})


@router.post("/reviews/{reference}/seen-elsewhere")
def mark_seen_elsewhere(session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str) -> Response:
    """Mark the read as contaminated and go on with it."""
    reviews.mark_contaminated(session, reference, reader_id=user.id, at=clock.now())
    return RedirectResponse(f"/reviews/{reference}", status_code=303)


@router.get("/reviews/{reference}/conflict")
def ask_conflict(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Ask whom the reader knows."""
    page = open_page(session, reference, user, clock)
    return page.show(request, "reviewer/conflict.html", {}, form=Form())


@router.post("/reviews/{reference}/conflict")
def declare_conflict(
    request: Request,
    session: SessionDep,
    user: ReaderDep,
    clock: ClockDep,
    references: ReferencesDep,
    form: FormDep,
    reference: str,
) -> Response:
    """Give the case back; somebody else reads it."""
    faults = {}
    if form.value("knows") not in {"officer", "person"}:
        faults["knows"] = "Choose whom you know"
    if not form.value("reason").strip():
        faults["reason"] = "Say in a few words how you know them"
    if faults:
        page = open_page(session, reference, user, clock)
        return page.show(request, "reviewer/conflict.html", {}, form=form.with_errors(faults))
    reviews.declare_conflict(
        session,
        reference,
        reader_id=user.id,
        reason=form.value("reason").strip()[:500],
        knows_officer=form.value("knows") == "officer",
        at=clock.now(),
        references=references,
    )
    return RedirectResponse(home_of(user).href, status_code=303)
