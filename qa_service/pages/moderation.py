"""A moderator's pages: take a split, settle it line by line, read back what will happen, finalise."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep, require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import Conflict, Invalid
from qa_service.pages.forms import Form, FormDep, form_of
from qa_service.pages.moderation_forms import COLLEAGUE_WORDS, decision_rows, settled_of, shown
from qa_service.pages.moderation_words import what_will_happen
from qa_service.pages.render import Link, render
from qa_service.pages.reviewer_forms import draft_save
from qa_service.reviews import service as reviews
from qa_service.workflows import finalise_check
from qa_service.workflows.rehearse_moderation import rehearse_moderation
from rubrics import load

router = APIRouter(include_in_schema=False)
ModeratorDep = Annotated[CurrentUser, require(Role.MODERATOR)]


@router.get("/moderation")
def moderations(
    request: Request,
    session: SessionDep,
    user: ModeratorDep,
    nothing_left: bool = False,  # noqa: FBT001, FBT002 - a query of the address
) -> Response:
    """List a moderator's own moderations."""
    rows = reviews.moderations_of(session, moderator_id=user.id)
    return render(request, "moderation/list.html", {"rows": rows, "nothing_left": nothing_left})


@router.post("/moderation/next")
def take_next(session: SessionDep, user: ModeratorDep, clock: ClockDep) -> Response:
    """Give the moderator the next split; the server picks."""
    taken = reviews.take_moderation(session, moderator_id=user.id, at=clock.now())
    where = "/moderation?nothing_left=true" if taken is None else f"/moderation/{taken.reference}"
    return RedirectResponse(where, status_code=303)


@router.get("/moderation/{reference}")
def show(request: Request, session: SessionDep, user: ModeratorDep, reference: str) -> Response:
    """Show both blind reads side by side, the differing lines first."""
    content, _ = reviews.moderation_draft_of(session, reference, moderator_id=user.id)
    return _page(request, session, user, reference, "moderation/settle.html", form_of(content))


def _page(
    request: Request,
    session: SessionDep,
    user: CurrentUser,
    reference: str,
    template: str,
    form: Form,
    more: Mapping[str, object] | None = None,
) -> Response:
    view = reviews.moderation_view(session, reference, moderator_id=user.id)
    _, version = reviews.moderation_draft_of(session, reference, moderator_id=user.id)
    context: dict[str, object] = {
        "view": view,
        "case": view.case,
        "differing": [shown(line) for line in view.lines if line.differs],
        "agreed": [shown(line) for line in view.lines if not line.differs],
        "colleague_words": COLLEAGUE_WORDS,
        "form": form,
        "version": version,
        "address": f"/moderation/{reference}",
        "breadcrumbs": (Link("Moderation", "/moderation"), Link(f"Case {view.case.check_reference}")),
        **(more or {}),
    }
    return render(request, template, context, status_code=422 if form.errors else 200)


@router.post("/moderation/{reference}/draft")
def save_draft(
    request: Request,
    session: SessionDep,
    user: ModeratorDep,
    clock: ClockDep,
    form: FormDep,
    reference: str,
) -> Response:
    """Save what was typed so far."""
    saved = reviews.save_moderation_draft(
        session, reference, draft_save(form), moderator_id=user.id, at=clock.now()
    )
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"saved_at": saved.saved_at.isoformat(), "version": saved.version})
    return RedirectResponse("/moderation", status_code=303)


@router.post("/moderation/{reference}")
def check(
    request: Request,
    session: SessionDep,
    user: ModeratorDep,
    clock: ClockDep,
    form: FormDep,
    reference: str,
) -> Response:
    """Save the decision and read it back, or say what is missing."""
    reviews.save_moderation_draft(session, reference, draft_save(form), moderator_id=user.id, at=clock.now())
    view = reviews.moderation_view(session, reference, moderator_id=user.id)
    content, _ = reviews.moderation_draft_of(session, reference, moderator_id=user.id)
    try:
        settled_of(form_of(content), view, load("rosh", view.version_of_rubric))
    except Invalid as error:
        refused = form_of(content).refused(error)
        return _page(request, session, user, reference, "moderation/settle.html", refused)
    return RedirectResponse(f"/moderation/{reference}/finalise", status_code=303)


@router.get("/moderation/{reference}/finalise")
def read_back(
    request: Request, session: SessionDep, user: ModeratorDep, clock: ClockDep, reference: str
) -> Response:
    """Say in words what will happen before it does."""
    view = reviews.moderation_view(session, reference, moderator_id=user.id)
    content, _ = reviews.moderation_draft_of(session, reference, moderator_id=user.id)
    form = form_of(content)
    try:
        settled = settled_of(form, view, load("rosh", view.version_of_rubric))
    except Invalid:
        return RedirectResponse(f"/moderation/{reference}", status_code=303)
    found = rehearse_moderation(session, reference, settled, moderator_id=user.id, at=clock.now())
    rows = decision_rows(form, view, f"/moderation/{reference}")
    more = {"rows": rows, "will_happen": what_will_happen(found), "verdict": found.verdict}
    return _page(request, session, user, reference, "moderation/finalise.html", form, more)


@router.post("/moderation/{reference}/finalise")
def finalise(
    session: SessionDep,
    user: ModeratorDep,
    clock: ClockDep,
    references: ReferencesDep,
    form: FormDep,
    reference: str,
) -> Response:
    """Decide; a retry changes nothing."""
    content, version = reviews.moderation_draft_of(session, reference, moderator_id=user.id)
    if form.value("version") != str(version):
        raise Conflict(
            "Your decision was changed in another window after this page was opened.",
            next_step="Look at it again, then finalise it.",
            code="draft_version",
        )
    view = reviews.moderation_view(session, reference, moderator_id=user.id)
    settled = settled_of(form_of(content), view, load("rosh", view.version_of_rubric))
    finalise_check.settle_moderation(
        session, reference, settled, moderator_id=user.id, at=clock.now(), references=references
    )
    return RedirectResponse("/moderation", status_code=303)
