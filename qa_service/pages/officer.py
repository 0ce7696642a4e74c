"""An officer's own pages: feedback and its acknowledgement, and the question about facts (SCREENS 8-9)."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep, require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import Invalid, NotFound
from qa_service.feedback import service as feedback
from qa_service.feedback.tables import Feedback
from qa_service.pages.addresses import Reference
from qa_service.pages.display import day
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.officer_words import feedback_in_words, outcome_in_words
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting import accuracy
from qa_service.reporting.accuracy import AccuracyQuestion
from qa_service.reporting.own_workload import case_references, checked_by
from qa_service.workflows.finalise_check import reply_on_accuracy

router = APIRouter(include_in_schema=False)

OfficerDep = Annotated[CurrentUser, require(Role.OFFICER)]

COLUMNS = (
    Column("date", "Shown to you"),
    Column("case", "Case"),
    Column("outcome", "Outcome"),
    Column("read_on", "Read on"),
)
CRUMBS = [Link("My feedback", "/my-feedback")]


def person_of(user: CurrentUser) -> int:
    """Return which practitioner an account belongs to."""
    if user.person_id is None:
        raise NotFound("This account belongs to no practitioner.", next_step="Ask your administrator.")
    return user.person_id


@router.get("/my-feedback")
def list_feedback(request: Request, session: SessionDep, clock: ClockDep, user: OfficerDep) -> Response:
    """List what an officer may see of their checks, newest first; a draft or undiscussed one is not there."""
    at, person_id = clock.now(), person_of(user)
    rows = feedback.feedback_shown_to(session, person_id)
    references = case_references(session, [row.check_id for row in rows])
    questions = [question for question in accuracy.questions_to(session, person_id) if question.is_open(at)]
    context = {
        "n_new": sum(row.acknowledged_at is None for row in rows),
        "columns": COLUMNS,
        "rows": [_row(row, references) for row in rows],
        "questions": questions,
        "checked_by": checked_by(session, person_id, at=at, policy=load_policy()),
        "data_up_to": at,
    }
    return render(request, "officer/feedback_list.html", context)


def _row(row: Feedback, references: dict[int, str]) -> dict[str, object]:
    shown = row.shown_at or row.show_by_at
    return {
        "date": Cell(day(shown), href=f"/my-feedback/{row.reference}"),
        "case": references.get(row.check_id),
        "outcome": outcome_in_words(row.content),
        "read_on": day(row.acknowledged_at) if row.acknowledged_at else "Not yet",
    }


@router.get("/my-feedback/{reference}")
def show_feedback(request: Request, session: SessionDep, user: OfficerDep, reference: Reference) -> Response:
    """Show one feedback: what was good, what to change, where in the record, and causes above the officer."""
    row = feedback.own_feedback(session, reference, person_id=person_of(user))
    context = {
        "row": row,
        "case": case_references(session, [row.check_id]).get(row.check_id),
        "feedback": feedback_in_words(row.content),
        "breadcrumbs": [*CRUMBS, Link("Feedback")],
    }
    return render(request, "officer/feedback.html", context)


@router.post("/my-feedback/{reference}/acknowledge")
def acknowledge(session: SessionDep, clock: ClockDep, user: OfficerDep, reference: Reference) -> Response:
    """Record that the officer has read it; that says nothing about agreeing."""
    feedback.acknowledge(session, reference, person_id=person_of(user), at=clock.now())
    return RedirectResponse(f"/my-feedback/{reference}", status_code=303)


@router.get("/my-facts/{reference}")
def show_question(
    request: Request, session: SessionDep, clock: ClockDep, user: OfficerDep, reference: Reference
) -> Response:
    """Ask whether the facts that a reader relied on are right, with the deadline in words."""
    question = accuracy.question_to(session, person_of(user), reference)
    return _question_page(request, session, question, Form(), is_open=question.is_open(clock.now()))


@router.post("/my-facts/{reference}")
def reply(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    references: ReferencesDep,
    user: OfficerDep,
    reference: Reference,
    form: FormDep,
) -> Response:
    """Take the reply on the facts; a disputed fact goes to a moderator."""
    at, person_id = clock.now(), person_of(user)
    question = accuracy.question_to(session, person_id, reference)
    disputes = form.value("disputes")
    if disputes not in {"yes", "no"}:
        wrong = form.with_errors({"disputes": "Choose whether a fact is wrong"})
        return _question_page(request, session, question, wrong, is_open=True)
    try:
        reply_on_accuracy(
            session,
            question.check_id,
            person_id=person_id,
            text=form.value("text"),
            disputes_a_fact=disputes == "yes",
            at=at,
            references=references,
        )
    except Invalid as error:
        return _question_page(request, session, question, form.refused(error), is_open=True)
    return RedirectResponse(f"/my-facts/{reference}", status_code=303)


def _question_page(
    request: Request, session: Session, question: AccuracyQuestion, form: Form, *, is_open: bool
) -> Response:
    context = {
        "question": question,
        "facts": accuracy.facts_of(session, question),
        "is_open": is_open,
        "form": form,
        "breadcrumbs": [*CRUMBS, Link("Are the facts right?")],
    }
    return render(request, "officer/facts.html", context, status_code=422 if form.errors else 200)
