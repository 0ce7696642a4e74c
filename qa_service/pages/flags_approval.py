"""The national lead approves a classifier: a reason in writing, checked before it counts (RULES 8)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.flags.rules import UNKNOWN_PRECISION, precision_of
from qa_service.flags.service import artefacts
from qa_service.flags.service.artefacts import Comparison
from qa_service.flags.tables import ScorePurpose
from qa_service.pages import flags_words as words
from qa_service.pages.display import number
from qa_service.pages.flags_access import HOME, ApproverDep, Digest
from qa_service.pages.flags_artefacts import frame
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.manager_access import hidden_of
from qa_service.pages.render import render

router = APIRouter(include_in_schema=False)

SHORTEST_REASON = 10
LONGEST_REASON = 1000  # flag_artefact.approval_reason


@router.get(f"{HOME}/artefacts/{{digest}}/approve")
def ask_why(request: Request, session: SessionDep, user: ApproverDep, digest: Digest) -> Response:
    """Ask for the reason, beside what would change."""
    return _page(request, user, _to_approve(session, digest), Form())


@router.post(f"{HOME}/artefacts/{{digest}}/approve")
def approve(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    references: ReferencesDep,
    user: ApproverDep,
    digest: Digest,
    form: FormDep,
) -> Response:
    """Check the answer in words, then approve the classifier in the name of whoever is signed in."""
    found = _to_approve(session, digest)
    reason = form.value("reason").strip()
    if form.value("change"):
        return _page(request, user, found, form)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        fault = f"Give the reason in {SHORTEST_REASON} to {number(LONGEST_REASON)} characters"
        return _page(request, user, found, form.with_errors({"reason": fault}))
    if form.value("confirmed"):
        artefacts.approve(
            session,
            found.artefact.digest,
            user_id=user.id,
            reason=reason,
            at=clock.now(),
            references=references,
        )
        return RedirectResponse(f"{HOME}/artefacts/{found.artefact.digest}", status_code=303)
    context = {
        **frame(found.artefact, "Approve"),
        "rows": [(question, answer, None) for question, answer in _in_words(found, user, reason)],
        "action": f"{HOME}/artefacts/{found.artefact.digest}/approve",
        "button": "Approve this classifier",
        "hidden": {**hidden_of(form), "confirmed": "yes"},
        "effect": _effect(found),
    }
    return render(request, "manager/check.html", context)


def _to_approve(session: SessionDep, digest: str) -> Comparison:
    found = artefacts.compare_with_approved(session, digest)
    artefacts.expect_approvable(found.artefact)
    return found


def _page(request: Request, user: CurrentUser, found: Comparison, form: Form) -> Response:
    precision = precision_of(found.artefact.evaluation)
    context = {
        **frame(found.artefact, "Approve"),
        "found": found,
        "precision": precision.sentence if precision else UNKNOWN_PRECISION,
        "effect": _effect(found),
        "user_name": user.display_name,
        "form": form,
    }
    return render(request, "flags/approve.html", context, status_code=422 if form.errors else 200)


def _in_words(found: Comparison, user: CurrentUser, reason: str) -> list[tuple[str, str]]:
    before = words.name_of(found.approved) if found.approved else "None is in force"
    rows = [("Classifier", words.name_of(found.artefact)), ("In place of", before)]
    if found.n_both:
        rows += [("Flags that would change", changes_in_words(found))]
    return [*rows, ("Approved by", user.display_name), ("Because", reason)]


def changes_in_words(found: Comparison) -> str:
    """Say how many flags a change of classifier adds and takes away."""
    return (
        f"{number(found.n_new_flags)} new, {number(found.n_lost_flags)} gone, of "
        f"{number(found.n_both)} assessments that both have scored"
    )


def _effect(found: Comparison) -> str:
    when = (
        "It comes into force when it has scored every assessment in use; the worker scores those that are "
        "missing, and until then nothing changes."
    )
    if found.artefact.purpose is ScorePurpose.REVIEW_NOW:
        return (
            f"{when} From then on an SPO's caseload reviews come in its order. Flags, verdicts and workload "
            "reductions stay as they are."
        )
    before = (
        f" {words.name_of(found.approved)} is then retired and can be approved again."
        if found.approved
        else ""
    )
    return (
        f"{when} From then on only this classifier's flags are used.{before} Verdicts and workload "
        "reductions stay as they are."
    )
