"""My duties: what the posts somebody holds must do, overdue first, and the pages on which most are met."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import Conflict, Invalid
from qa_service.feedback import service as feedback
from qa_service.obligations import service as obligations
from qa_service.pages.addresses import Key
from qa_service.pages.display import day, moment
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import PageNumber, PostHolderDep, page_of
from qa_service.pages.manager_plans import counted_in_words
from qa_service.pages.manager_words import DUTY_KINDS
from qa_service.pages.officer_words import feedback_in_words
from qa_service.pages.render import Cell, Column, FilterField, Link, render
from qa_service.pages.status_tags import StatusTag, status_tag
from qa_service.reporting.duties import DutyRow, duties_of_person, find_duty, may_meet, must_meet
from qa_service.reporting.findings import finding_of_duty
from qa_service.reporting.thresholds import plan_of_duty

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("due", "Due"),
    Column("what", "What"),
    Column("about", "About"),
    Column("owner", "Post"),
    Column("status", "Status"),
)
# (label of the answer, its hint, the button) of duties that are met by saying what was done.
ASKED = {
    "worry": ("What you have done or will do now", "A reader is worried about somebody.", "Acknowledge"),
    "support": ("What support was given, and from when", "", "Record the support"),
    "paused_round": (
        "What you decided",
        "Say whether the rubric, the reviewers or reality is the cause, and what becomes of the round.",
        "Record the decision",
    ),
    "list_somebody": ("Who will be listed, and by when", "Name no case here.", "Record the answer"),
    "finding": ("What is done about this cause", "Say what changes, and from when.", "Answer the finding"),
}
ASKED_PLAN = (
    "What the plan is",
    "Say what the manager changes, and by when.",
    "Record the plan",
)
ASKED_OTHERWISE = ("What was done", "", "Close this duty")
CRUMBS = [Link("My duties", "/duties")]


def address_of(duty: DutyRow) -> str:
    """Return the page on which a duty is met."""
    if duty.correction_id is not None:
        return f"/corrections/{duty.correction_id}"
    if duty.escalation_id is not None:
        return f"/escalations/{duty.escalation_id}"
    if duty.request_id is not None:
        return f"/reductions/{duty.request_id}"
    if duty.kind == "caseload_review":
        return f"/caseload-reviews/{duty.id}"
    return f"/duties/{duty.id}"


def clock_of(duty: DutyRow, *, is_overdue: bool) -> StatusTag:
    """Return the tag of a duty's clock."""
    if duty.closed_at is not None:
        return status_tag("obligation", "closed")
    if is_overdue:
        return status_tag("obligation", "overdue")
    return StatusTag("Urgent", "orange") if duty.is_urgent else status_tag("obligation", "open")


@router.get("/duties")
def list_duties(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: PostHolderDep,
    number: PageNumber = 1,
    kind: str = "",
) -> Response:
    """List what the posts somebody holds must do."""
    at = clock.now()
    own = duties_of_person(session, user.person_id, at)
    shown = [duty for duty in own if kind in {"", duty.kind}]
    page = page_of(shown, wanted_page(request, number))
    rows = [
        {
            "due": moment(duty.due_at) if duty.is_urgent else day(duty.due_at),
            "what": Cell(DUTY_KINDS[duty.kind], href=address_of(duty), hint=duty.what),
            "about": Cell(duty.crn or duty.officer or "", hint=duty.officer if duty.crn else None),
            "owner": duty.owner,
            "status": Cell(
                tag=clock_of(duty, is_overdue=duty.is_overdue(at)),
                hint="Risen to you" if duty.n_rungs_risen else None,
            ),
        }
        for duty in page.rows
    ]
    if wants_csv(request):
        return give_csv(session, user, "duties", Table(COLUMNS, rows), at=at, total=page.total)
    kinds = {duty.kind for duty in own}
    context = {
        "page": page,
        "n_all": len(own),
        "n_overdue": sum(duty.is_overdue(at) for duty in own),
        "columns": COLUMNS,
        "rows": rows,
        "filters": [
            FilterField(
                "kind", "Kind", tuple((name, DUTY_KINDS[name]) for name in DUTY_KINDS if name in kinds)
            )
        ],
        "data_up_to": at,
    }
    return render(request, "manager/duties.html", context)


@router.get("/duties/{duty_id}")
def show_duty(
    request: Request, session: SessionDep, clock: ClockDep, user: PostHolderDep, duty_id: Key
) -> Response:
    """Show one duty, on its own page where it has one."""
    duty = find_duty(session, user, duty_id, clock.now())
    if address_of(duty) != f"/duties/{duty_id}":
        return RedirectResponse(address_of(duty), status_code=303)
    return _page(request, session, user, duty, Form(), clock)


@router.post("/duties/{duty_id}")
def meet_duty(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: PostHolderDep,
    duty_id: Key,
    form: FormDep,
) -> Response:
    """Meet a duty by saying what was done; a conversation is met by having been held."""
    at = clock.now()
    duty = must_meet(session, user, duty_id, at)
    if address_of(duty) != f"/duties/{duty_id}":
        raise Conflict("This duty is met on its own page.", next_step=f"Open {address_of(duty)}.")
    try:
        if duty.kind == "conversation":
            _record_conversation(session, user, duty, clock)
        else:
            obligations.close_obligation(session, duty_id, form.value("decision"), at=at, by=user.actor)
    except Invalid as error:
        return _page(request, session, user, duty, form.refused(error), clock)
    return RedirectResponse("/duties", status_code=303)


def _record_conversation(session: Session, user: CurrentUser, duty: DutyRow, clock: ClockDep) -> None:
    row = feedback.feedback_of_verdict(session, duty.verdict_id or 0)
    if row is None:
        raise Conflict("There is no feedback to talk through.", next_step="Go back to your list.")
    feedback.record_conversation(session, row.reference, at=clock.now(), by=user.actor)


def _page(
    request: Request, session: Session, user: CurrentUser, duty: DutyRow, form: Form, clock: ClockDep
) -> Response:
    at = clock.now()
    row = feedback.feedback_of_verdict(session, duty.verdict_id) if duty.verdict_id else None
    plan = plan_of_duty(session, duty.id) if duty.kind == "finding" else None
    is_conversation = duty.kind == "conversation" and row is not None
    context = {
        "duty": duty,
        "kind": DUTY_KINDS[duty.kind],
        "clock": clock_of(duty, is_overdue=duty.is_overdue(at)),
        "may_meet": may_meet(session, user, duty, at),
        "asked": ASKED_PLAN if plan else ASKED.get(duty.kind, ASKED_OTHERWISE),
        "finding": finding_of_duty(session, duty.id) if duty.kind == "finding" else None,
        "plan": plan,
        "plan_counted": counted_in_words(plan) if plan else None,
        "feedback": feedback_in_words(row.content) if is_conversation and row is not None else None,
        "form": form,
        "breadcrumbs": [*CRUMBS, Link(DUTY_KINDS[duty.kind])],
    }
    return render(request, "manager/duty.html", context, status_code=422 if form.errors else 200)
