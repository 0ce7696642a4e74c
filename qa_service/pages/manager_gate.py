"""The gate as a form: may this officer take this case? Three answers with reasons (RULES 5)."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.caseload.rules import GateAnswer
from qa_service.caseload.service import AllocationAnswer, AllocationQuestion, Override
from qa_service.core.errors import NotFound
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.manager_access import ManagerDep
from qa_service.pages.manager_words import GATE_ANSWERS
from qa_service.pages.render import render
from qa_service.policy.numbers import load_policy
from qa_service.workflows.ask_gate import OVER_REFUSALS, ask_gate

router = APIRouter(include_in_schema=False)

ASK = {"staff_code": "Enter the officer's staff code", "crn": "Enter the CRN of the case"}


@router.get("/gate")
def show_gate(request: Request, _user: ManagerDep) -> Response:
    """Ask for an officer and a case."""
    return render(request, "manager/gate.html", {"form": Form(), "found": None})


@router.post("/gate")
def ask(request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, form: FormDep) -> Response:
    """Answer, record the answer, and keep a place when that is asked."""
    faults = {name: words for name, words in ASK.items() if not form.value(name).strip().isalnum()}
    is_over = form.value("step") == "override"
    if is_over and not form.value("name").strip():
        faults["name"] = "Enter your name"
    if is_over and not form.value("reason").strip():
        faults["reason"] = "Enter the reason"
    if faults:
        # The answer is asked again for the page; the override is not complete, so it goes over nothing.
        found = _ask(session, user, form, clock, override=None) if is_over else None
        return _page(request, user, form.with_errors(faults), found)
    override = Override(form.value("name"), form.value("reason")) if is_over else None
    try:
        return _page(request, user, form, _ask(session, user, form, clock, override=override))
    except NotFound:
        words = "Nobody in your area works under this staff code, or there is no such case here. Check both"
        return _page(request, user, form.with_errors({"staff_code": words}), None)


def _ask(
    session: SessionDep, user: CurrentUser, form: Form, clock: ClockDep, *, override: Override | None
) -> AllocationAnswer:
    question = AllocationQuestion(
        form.value("staff_code").strip().upper(),
        form.value("crn").strip().upper(),
        bool(form.value("hold_place")),
        override,
    )
    return ask_gate(session, user, question, at=clock.now(), policy=load_policy())


def _page(request: Request, user: CurrentUser, form: Form, found: AllocationAnswer | None) -> Response:
    context: dict[str, object] = {"form": form, "found": found}
    if found is not None:
        answer = found.decided.answer
        title, kind = GATE_ANSWERS[answer.value]
        may_override = answer is not GateAnswer.REFUSED or user.has(*OVER_REFUSALS)
        context |= {
            "answer_title": title,
            "answer_kind": kind,
            "may_override": answer is not GateAnswer.ALLOWED and found.place is None and may_override,
            "needs_head": answer is GateAnswer.REFUSED and not may_override,
            "user_name": user.display_name,
        }
    return render(request, "manager/gate.html", context, status_code=422 if form.errors else 200)
