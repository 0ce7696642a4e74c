"""The caseload review after a fail, case by case; a case sent for a read gets a blind one."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.auth.roles import Role
from qa_service.core.errors import NotFound
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.flags.tables import ScorePurpose
from qa_service.pages.addresses import Key
from qa_service.pages.flags_words import DECIDES_NOTHING, chance_in_full
from qa_service.pages.forms import FormDep
from qa_service.pages.manager_access import ManagerDep
from qa_service.pages.manager_duties import clock_of
from qa_service.pages.manager_words import REVIEW_OUTCOMES
from qa_service.pages.render import Link, render
from qa_service.reporting.caseload_reviews import cases_to_review
from qa_service.reporting.duties import find_duty, may_meet, must_meet
from qa_service.workflows.review_case import review_case

router = APIRouter(include_in_schema=False)


@router.get("/caseload-reviews/{duty_id}")
def show_review(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, duty_id: Key
) -> Response:
    """Show the list in its order, with what was found so far."""
    at = clock.now()
    duty = find_duty(session, user, duty_id, at)
    rows = cases_to_review(session, duty_id)
    if not rows:
        raise NotFound("There is no such caseload review here.", next_step="Start again from your list.")
    is_spo = user.has(Role.SPO)
    purposes = {True: ScorePurpose.REVIEW_NOW, False: ScorePurpose.FLAG}
    used = {key: approved_artefact(session, purpose) for key, purpose in purposes.items()}
    evaluations = {key: row.evaluation if row else {} for key, row in used.items()}
    context = {
        "duty": duty,
        "clock": clock_of(duty, is_overdue=duty.is_overdue(at)),
        "rows": rows,
        "n_done": sum(row.outcome is not None for row in rows),
        "n_waiting": sum(row.waits_for_score for row in rows) if is_spo and used[False] else 0,
        "outcomes": REVIEW_OUTCOMES,
        "may_meet": may_meet(session, user, duty, at),
        # RULES 8 gives an SPO the flags of the team, and those above none.
        "chances": {
            row.id: chance_in_full(evaluations[row.knows_what_came_since], row.score_rate, row.target)
            for row in rows
            if is_spo and row.score_rate is not None and row.target is not None
        },
        "decides_nothing": DECIDES_NOTHING,
        "breadcrumbs": [Link("My duties", "/duties"), Link("Caseload review")],
    }
    return render(request, "manager/caseload_review.html", context)


@router.post("/caseload-reviews/{duty_id}/{row_id}")
def record_outcome(
    session: SessionDep,
    clock: ClockDep,
    references: ReferencesDep,
    user: ManagerDep,
    duty_id: Key,
    row_id: Key,
    form: FormDep,
) -> Response:
    """Record what the SPO found in one case; the last one meets the duty."""
    at = clock.now()
    must_meet(session, user, duty_id, at)
    if row_id not in {row.id for row in cases_to_review(session, duty_id)}:
        raise NotFound("There is no such case in this review.", next_step="Start again from the list.")
    outcome = form.value("outcome")
    review_case(session, row_id, outcome, at=at, by=user.actor, references=references)
    return RedirectResponse(f"/caseload-reviews/{duty_id}", status_code=303)
