"""While a round runs: replace a spoiled case, pause, go on, close."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.pages import rounds_words as words
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.render import render
from qa_service.pages.rounds_access import LEADS, SHORTEST_REASON, LeadDep, round_for
from qa_service.reporting import rounds as reporting
from qa_service.reporting.rounds import RoundProgress
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.documents import check_step
from qa_service.rounds.tables import Check, CheckStatus, RoundStatus
from qa_service.workflows.close_round import close_round
from qa_service.workflows.substitute_check import substitute_check

router = APIRouter(include_in_schema=False)

FINISHED = frozenset({CheckStatus.FINAL, CheckStatus.SUBSTITUTED, CheckStatus.VOID})


def _reason_fault(form: Form) -> dict[str, str]:
    if len(form.value("reason").strip()) < SHORTEST_REASON:
        return {"reason": f"Give the reason in at least {SHORTEST_REASON} characters"}
    return {}


def _page(
    request: Request,
    progress: RoundProgress,
    template: str,
    context: dict[str, object],
    status_code: int = 200,
) -> Response:
    frame = {"progress": progress, "round": progress.round, "breadcrumbs": words.crumbs(progress)}
    return render(request, template, {**frame, **context}, status_code=status_code)


def _check_of(session: Session, progress: RoundProgress, check_reference: str) -> Check:
    check = rounds.find_check(session, check_reference)
    if check.round_id != progress.round.id:
        raise NotFound("There is no such check in this round.", next_step="Look at the round's cases.")
    return check


@router.get("/rounds/{reference}/cases/{check_reference}/replace")
def show_replace(
    request: Request, session: SessionDep, user: LeadDep, reference: str, check_reference: str
) -> Response:
    """Ask why a case is spoiled."""
    progress = round_for(session, user, reference, *LEADS)
    check = _check_of(session, progress, check_reference)
    return _page(request, progress, "rounds/replace.html", {"form": Form(), "check": check})


@router.post("/rounds/{reference}/cases/{check_reference}/replace")
def replace(  # noqa: PLR0913, PLR0917 - what FastAPI hands in
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    references: ReferencesDep,
    user: LeadDep,
    reference: str,
    check_reference: str,
    form: FormDep,
) -> Response:
    """Put the officer's next ticket in the place of a spoiled case."""
    progress = round_for(session, user, reference, *LEADS)
    check = _check_of(session, progress, check_reference)
    errors = _reason_fault(form)
    if not errors:
        reason = form.value("reason").strip()
        try:
            substitute_check(
                session, check_reference, reason, by=user.actor, at=clock.now(), references=references
            )
        except Invalid as error:
            errors = {"reason": f"{error.message} {error.next_step}"}
        else:
            return RedirectResponse(f"/rounds/{reference}/cases", status_code=303)
    context: dict[str, object] = {"form": form.with_errors(errors), "check": check}
    return _page(request, progress, "rounds/replace.html", context, status_code=422)


@router.get("/rounds/{reference}/pause")
def show_pause(request: Request, session: SessionDep, user: LeadDep, reference: str) -> Response:
    """Ask why the round is to pause."""
    progress = round_for(session, user, reference, *LEADS)
    check_step(progress.round.status.value, RoundStatus.PAUSED.value)
    return _page(request, progress, "rounds/pause.html", {"form": Form()})


@router.post("/rounds/{reference}/pause")
def pause(
    request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, reference: str, form: FormDep
) -> Response:
    """Pause the round: no read is given out until it goes on."""
    progress = round_for(session, user, reference, *LEADS)
    errors = _reason_fault(form)
    if errors:
        context: dict[str, object] = {"form": form.with_errors(errors)}
        return _page(request, progress, "rounds/pause.html", context, status_code=422)
    rounds.pause_round(session, reference, form.value("reason").strip(), by=user.actor, at=clock.now())
    return RedirectResponse(f"/rounds/{reference}", status_code=303)


@router.post("/rounds/{reference}/resume")
def resume(session: SessionDep, clock: ClockDep, user: LeadDep, reference: str) -> Response:
    """Let a paused round go on."""
    progress = round_for(session, user, reference, *LEADS)
    if progress.round.status is not RoundStatus.PAUSED:
        raise Conflict("This round is not paused.", next_step="Look at the round's page.")
    rounds.begin_review(session, reference, by=user.actor, at=clock.now())
    return RedirectResponse(f"/rounds/{reference}", status_code=303)


@router.get("/rounds/{reference}/close")
def show_close(request: Request, session: SessionDep, user: LeadDep, reference: str) -> Response:
    """Show what still keeps a round open, or ask to confirm its end."""
    progress = round_for(session, user, reference, *LEADS)
    check_step(progress.round.status.value, RoundStatus.CLOSED.value)
    counts = reporting.count_by_status(session, progress.round)
    blocking = {status: n for status, n in counts.items() if status not in FINISHED}
    return _page(request, progress, "rounds/close.html", {"blocking": blocking})


@router.post("/rounds/{reference}/close")
def close(session: SessionDep, clock: ClockDep, user: LeadDep, reference: str) -> Response:
    """Close a round in which nothing is left to do."""
    round_for(session, user, reference, *LEADS)
    close_round(session, reference, by=user.actor, at=clock.now())
    return RedirectResponse(f"/rounds/{reference}", status_code=303)
