"""Planning a round: where, and how its seed will be made. Nothing is frozen yet."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

import rubrics
from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import Clock, day_of
from qa_service.core.errors import Conflict, Invalid
from qa_service.pages import rounds_words as words
from qa_service.pages.display import day
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.render import Column, Link, render
from qa_service.pages.rounds_access import LeadDep, areas_to_plan
from qa_service.policy.numbers import CURRENT_VERSION, load_policy
from qa_service.rounds.rules.frame import cadences_of
from qa_service.rounds.rules.targeting import design_with_targeted
from qa_service.rounds.service import ONE_PER_OFFICER, RoundPlan
from qa_service.workflows.open_round import plan_round
from sampling import window_on

router = APIRouter(include_in_schema=False)

# One flagged and one unflagged case are the least (POLICY 9); more than this is a sweep, not a round.
LEAST_TARGETED, MOST_TARGETED = 2, 10_000
WINDOW_COLUMNS = (Column("area", "Area"), Column("cadence", "How often"), Column("window", "Window now"))


@router.get("/rounds/plan")
def show_plan(request: Request, session: SessionDep, clock: ClockDep, user: LeadDep) -> Response:
    """Ask where the round runs and how its seed will be made."""
    return _page(request, session, clock, user, Form())


@router.post("/rounds/plan")
def plan(request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, form: FormDep) -> Response:
    """Plan the round and show its forecast."""
    errors = _faults(form, {value for value, _, _ in areas_to_plan(session, user)})
    if errors:
        return _page(request, session, clock, user, form.with_errors(errors), status_code=422)
    area_kind, _, area_code = form.value("area").partition(":")
    wanted = RoundPlan(
        area_kind=area_kind,
        area_code=area_code,
        rubric_version=rubrics.load().version,
        policy_version=CURRENT_VERSION,
        seed_plan=_seed_plan(form),
        design=_design(form),
    )
    try:
        planned = plan_round(session, wanted, by=user.actor, at=clock.now())
    except (Conflict, Invalid) as error:
        kept = form.with_errors({"area": f"{error.message} {error.next_step}"})
        return _page(request, session, clock, user, kept, status_code=error.http_status)
    return RedirectResponse(f"/rounds/{planned.reference}", status_code=303)


def _design(form: Form) -> Mapping[str, object]:
    """Return one case of each officer's at random and, where asked for, further checks by flag."""
    n_targeted = form.value("n_targeted").strip()
    if not n_targeted:
        return ONE_PER_OFFICER
    return design_with_targeted(int(n_targeted), load_policy().flags.least_unflagged_share)


def _seed_plan(form: Form) -> dict[str, object]:
    has_drand = "drand" in form.chosen("seed")
    return {
        "drand_chain": form.value("drand_chain").strip().lower() if has_drand else "",
        "drand_round": int(form.value("drand_round")) if has_drand else None,
        "dice": "dice" in form.chosen("seed"),
    }


def _faults(form: Form, areas: set[str]) -> dict[str, str]:
    """Say everything that is wrong with a plan, in the order of the page."""
    faults = {}
    if form.value("area") not in areas:
        faults["area"] = "Choose the area of the round"
    if not form.chosen("seed"):
        faults["seed"] = "Choose how the seed will be made: drand, dice, or both"
    if "drand" in form.chosen("seed"):
        if not form.value("drand_chain").strip():
            faults["drand_chain"] = "Enter the chain, as drand names it"
        number = form.value("drand_round").strip()
        if not number.isdecimal() or int(number) < 1:
            faults["drand_round"] = "Enter the number of a drand round that has not happened yet"
    n_targeted = form.value("n_targeted").strip()
    if n_targeted and not (n_targeted.isdecimal() and LEAST_TARGETED <= int(n_targeted) <= MOST_TARGETED):
        faults["n_targeted"] = f"Enter a number from {LEAST_TARGETED} to {MOST_TARGETED:,}, or leave it empty"
    return faults


def _page(
    request: Request, session: Session, clock: Clock, user: CurrentUser, form: Form, *, status_code: int = 200
) -> Response:
    areas = areas_to_plan(session, user)
    today = day_of(clock.now())
    policy = load_policy()
    regions = {region: name.partition(":")[0] for _, name, region in areas}
    rows = []
    for region, cadence in cadences_of(policy, regions).items():
        window = window_on(cadence, today)
        rows.append(
            {
                "area": regions[region],
                "cadence": words.CADENCES["annual" if cadence.months == 12 else "six_monthly"],
                "window": f"{day(window.starts_on)} to {day(window.ends_on)}",
            }
        )
    context = {
        "form": form,
        "areas": [{"value": value, "text": name} for value, name, _ in areas],
        "window_columns": WINDOW_COLUMNS,
        "window_rows": rows,
        "breadcrumbs": (Link("Rounds", "/rounds"), Link("Plan a round")),
    }
    return render(request, "rounds/plan.html", context, status_code=status_code)
