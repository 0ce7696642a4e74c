"""The three steps that cannot be taken back: open a round, record its seed, draw it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import Invalid
from qa_service.pages import rounds_words as words
from qa_service.pages.display import number
from qa_service.pages.forms import Form, FormDep, form_of
from qa_service.pages.render import Column, render
from qa_service.pages.rounds_access import LEADS, LeadDep, round_for
from qa_service.reporting import rounds as reporting
from qa_service.reporting.rounds import RoundProgress
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.documents import check_step
from qa_service.rounds.tables import RoundStatus
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round

router = APIRouter(include_in_schema=False)

LEFT_OUT_COLUMNS = (Column("reason", "Left out"), Column("n", "How many", is_numeric=True))


def _ready(session: Session, user: CurrentUser, reference: str, step: RoundStatus) -> RoundProgress:
    """Return a round of the lead's own that may take this step now."""
    progress = round_for(session, user, reference, *LEADS)
    check_step(progress.round.status.value, step.value)
    return progress


def _step_page(
    request: Request,
    progress: RoundProgress,
    template: str,
    context: dict[str, object],
    status_code: int = 200,
) -> Response:
    frame = {
        "progress": progress,
        "round": progress.round,
        "breadcrumbs": words.crumbs(progress),
        "words": words,
    }
    return render(request, template, {**frame, **context}, status_code=status_code)


def _done(reference: str) -> Response:
    return RedirectResponse(f"/rounds/{reference}", status_code=303)


@router.get("/rounds/{reference}/open")
def show_open(
    request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, reference: str
) -> Response:
    """Show what would be frozen, who would be left out and what to expect."""
    progress = _ready(session, user, reference, RoundStatus.OPEN)
    found = progress.round
    preview = reporting.preview_frame(session, found, at=clock.now())
    rows = [
        ("Area", progress.area_name, None),
        ("Window", f"{words.CADENCES[found.cadence]}: {words.window(found)}", None),
        ("Practitioners due", number(preview.n_officers_due), None),
        ("Cases that can be drawn", number(preview.n_cases), None),
        ("How cases are chosen", words.design(found.design), None),
        ("How the seed will be made", words.seed_plan(found.seed_plan), None),
        ("Rubric and policy", f"Version {found.rubric_version}, policy of {found.policy_version}", None),
    ]
    left_out = [
        {"reason": f"{words.REASONS[reason]} ({'practitioners' if is_officer else 'cases'})", "n": number(n)}
        for (reason, is_officer), n in sorted(
            preview.n_left_out.items(), key=lambda item: (not item[0][1], item[0])
        )
    ]
    context: dict[str, object] = {
        "answers": rows,
        "forecast_columns": words.FORECAST_COLUMNS,
        "forecast_rows": words.forecast_rows(found.forecast),
        "targeted_rows": words.targeted_rows(found.forecast),
        "left_out_columns": LEFT_OUT_COLUMNS,
        "left_out_rows": left_out,
        "uncovered": preview.uncovered,
    }
    return _step_page(request, progress, "rounds/open.html", context)


@router.post("/rounds/{reference}/open")
def open_one(
    session: SessionDep, clock: ClockDep, references: ReferencesDep, user: LeadDep, reference: str
) -> Response:
    """Freeze the frame; its digests are then on the round's page and the public one."""
    _ready(session, user, reference, RoundStatus.OPEN)
    open_round(session, reference, by=user.actor, at=clock.now(), references=references)
    return _done(reference)


@router.get("/rounds/{reference}/seed")
def show_seed(request: Request, session: SessionDep, user: LeadDep, reference: str) -> Response:
    """Ask for the public seed that was announced."""
    progress = _ready(session, user, reference, RoundStatus.SEEDED)
    plan = progress.round.seed_plan or {}
    form = form_of({"drand_chain": plan.get("drand_chain"), "drand_round": plan.get("drand_round")})
    return _step_page(request, progress, "rounds/seed.html", {"form": form})


@router.post("/rounds/{reference}/seed")
def seed(
    request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, reference: str, form: FormDep
) -> Response:
    """Check the seed against what was announced and record it."""
    progress = _ready(session, user, reference, RoundStatus.SEEDED)
    plan = progress.round.seed_plan or {}
    errors = _seed_faults(form, plan)
    if not errors:
        try:
            rounds.seed_round(session, reference, _seed_parts(form, plan), by=user.actor, at=clock.now())
        except Invalid as error:
            first = "drand_signature" if plan.get("drand_round") is not None else "rolls_1"
            errors = {first: f"{error.message} {error.next_step}"}
        else:
            return _done(reference)
    context: dict[str, object] = {"form": form.with_errors(errors)}
    return _step_page(request, progress, "rounds/seed.html", context, status_code=422)


_SEED_FIELDS = {
    "drand_chain": "Enter the chain",
    "drand_round": "Enter the number of the drand round",
    "drand_signature": "Paste the signature",
    "drand_randomness": "Paste the randomness",
    "witness_1": "Enter the name of the first witness",
    "rolls_1": "Enter the dice as the first witness reads them",
    "witness_2": "Enter the name of the second witness",
    "rolls_2": "Enter the dice as the second witness reads them",
}


def _seed_faults(form: Form, plan: dict[str, object]) -> dict[str, str]:
    """Say which announced parts of the seed are missing, in the order of the page."""
    wanted = [
        name
        for name in _SEED_FIELDS
        if (plan.get("drand_round") is not None if name.startswith("drand") else plan.get("dice"))
    ]
    faults = {name: _SEED_FIELDS[name] for name in wanted if not form.value(name).strip()}
    if "drand_round" in wanted and not form.value("drand_round").strip().isdecimal():
        faults["drand_round"] = "Enter the number of the drand round"
    return faults


def _seed_parts(form: Form, plan: dict[str, object]) -> dict[str, object]:
    parts: dict[str, object] = {}
    if plan.get("drand_round") is not None:
        parts["drand"] = {
            "chain": form.value("drand_chain").strip().lower(),
            "round": int(form.value("drand_round")),
            "signature": form.value("drand_signature").strip().lower(),
            "randomness": form.value("drand_randomness").strip().lower(),
        }
    if plan.get("dice"):
        parts["dice"] = [
            {"witness": form.value(f"witness_{n}"), "rolls": form.value(f"rolls_{n}")} for n in (1, 2)
        ]
    return parts


@router.get("/rounds/{reference}/draw")
def show_draw(request: Request, session: SessionDep, user: LeadDep, reference: str) -> Response:
    """Show what will be drawn from what."""
    progress = _ready(session, user, reference, RoundStatus.DRAWN)
    found = progress.round
    rows = [
        ("Area", progress.area_name, None),
        ("How cases are chosen", words.design(found.design), None),
        ("Frame digest, published", found.frame_digest, None),
        ("Commitment digest, published", found.commitment_digest, None),
        ("Seed", (found.seed or {}).get("value"), None),
    ]
    return _step_page(request, progress, "rounds/draw.html", {"answers": rows})


@router.post("/rounds/{reference}/draw")
def draw(
    session: SessionDep, clock: ClockDep, references: ReferencesDep, user: LeadDep, reference: str
) -> Response:
    """Draw the round; reviewers can start at once."""
    _ready(session, user, reference, RoundStatus.DRAWN)
    draw_round(session, reference, by=user.actor, at=clock.now(), references=references)
    return _done(reference)
