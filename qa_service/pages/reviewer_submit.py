"""After lock 2: the officer's level, submitting, the flag, the receipt (RULES 1, stages 3 and 4)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.core.errors import Invalid, NotFound
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.render import render
from qa_service.pages.reviewer_forms import answer_words, answers_of, draft_save, faults_of
from qa_service.pages.reviewer_frame import ReaderDep, ReadPage, need_version, open_page, stage_address
from qa_service.reviews import service as reviews
from qa_service.workflows import finalise_check

router = APIRouter(include_in_schema=False)


@router.get("/reviews/{reference}/officer-level")
def show_officer_level(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Stage 3: the officer's levels beside the reader's own, and the questions about them."""
    page = open_page(session, reference, user, clock)
    if page.review.stage != 3:
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    return _stage_3(request, session, user, page)


def _stage_3(
    request: Request, session: SessionDep, user: ReaderDep, page: ReadPage, form: Form | None = None
) -> Response:
    revealed = reviews.revealed_level(session, page.review.reference, reader_id=user.id)
    context = {"revealed": revealed, "questions": page.definition.at_stage(3)}
    return page.show(request, "reviewer/officer_level.html", context, form=form)


@router.post("/reviews/{reference}/officer-level")
def check_officer_level(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, form: FormDep, reference: str
) -> Response:
    """Save stage 3 and read it back, or say what is missing."""
    reviews.save_draft(session, reference, draft_save(form), reader_id=user.id, at=clock.now())
    page = open_page(session, reference, user, clock)
    page.need_stage(3)
    faults = faults_of(page.form, page.definition, 3)
    if faults:
        return _stage_3(request, session, user, page, page.form.with_errors(faults))
    return RedirectResponse(f"{page.address}/submit", status_code=303)


@router.get("/reviews/{reference}/submit")
def read_back(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Read the answers back before they are submitted."""
    page = open_page(session, reference, user, clock)
    if page.review.stage == 4:
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    page.need_stage(3)
    answers = answers_of(page.form, page.definition.at_stage(3))
    rows = [
        (
            f"{question.id} {question.title}",
            answer_words(answers.get(question.id), page.definition),
            f"{page.address}/officer-level#{question.id}_judgement",
        )
        for question in page.definition.at_stage(3)
    ]
    # The same page sent twice is one submission; a page read back from another draft is another.
    key = f"{page.review.reference}-{page.version}"
    return page.show(request, "reviewer/submit.html", {"rows": rows, "submission_key": key})


@router.post("/reviews/{reference}/submit")
def submit(
    request: Request,
    session: SessionDep,
    user: ReaderDep,
    clock: ClockDep,
    references: ReferencesDep,
    form: FormDep,
    reference: str,
) -> Response:
    """Submit the read; a retry gets the same receipt."""
    page = open_page(session, reference, user, clock)
    if page.review.stage == 3:
        need_version(page, form)
    try:
        finalise_check.submit_read(
            session,
            reference,
            answers_of(page.form, page.definition.at_stage(3)),
            reader_id=user.id,
            submission_key=form.value("submission_key"),
            at=clock.now(),
            references=references,
        )
    except Invalid as error:
        return _stage_3(request, session, user, page, page.form.refused(error))
    return RedirectResponse(f"/reviews/{reference}/flag", status_code=303)


@router.get("/reviews/{reference}/flag")
def show_flag(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Stage 4: the flag, its reasons, the hints and the copied text."""
    page = open_page(session, reference, user, clock)
    if page.review.stage != 4 or page.review.done_at is not None:
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    return _flag(request, session, user, page, Form())


def _flag(request: Request, session: SessionDep, user: ReaderDep, page: ReadPage, form: Form) -> Response:
    revealed = reviews.revealed_flag(session, page.review.reference, reader_id=user.id)
    return page.show(request, "reviewer/flag.html", {"revealed": revealed}, form=form)


@router.post("/reviews/{reference}/flag")
def answer_flag(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, form: FormDep, reference: str
) -> Response:
    """Keep the answer about the flag, apart from the read."""
    faults = {}
    if form.value("changes_view") not in {"yes", "no"}:
        faults["changes_view"] = "Say whether this changes your view"
    if not form.value("changes_view_reason").strip():
        faults["changes_view_reason"] = "Say in a line why it does or does not"
    if faults:
        page = open_page(session, reference, user, clock)
        return _flag(request, session, user, page, form.with_errors(faults))
    try:
        reviews.answer_flag(
            session,
            reference,
            changes_view=form.value("changes_view") == "yes",
            reason=form.value("changes_view_reason").strip(),
            reader_id=user.id,
            at=clock.now(),
            seen=form.value("version"),
        )
    except Invalid as error:
        page = open_page(session, reference, user, clock)
        return _flag(request, session, user, page, form.refused(error))
    return RedirectResponse(f"/reviews/{reference}/receipt", status_code=303)


@router.get("/reviews/{reference}/receipt")
def show_receipt(request: Request, session: SessionDep, user: ReaderDep, reference: str) -> Response:
    """Show what was submitted and what happens now."""
    receipt = reviews.receipt(session, reference, reader_id=user.id)
    if receipt is None:
        raise NotFound("There is no receipt yet.", next_step="Submit the read first.")
    return render(request, "reviewer/receipt.html", {"receipt": receipt})
