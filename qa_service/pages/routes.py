"""Every page of the service, put on the application in one call."""

from fastapi import FastAPI

from qa_service.pages import (
    accounts,
    exports,
    exports_new,
    flags_approval,
    flags_artefacts,
    flags_cases,
    flags_quality,
    flags_team,
    manager_causes,
    manager_corrections,
    manager_cost,
    manager_coverage,
    manager_cuts,
    manager_duties,
    manager_escalations,
    manager_fails,
    manager_gate,
    manager_moves,
    manager_rates,
    manager_reductions,
    manager_reviews,
    manager_teams,
    moderation,
    officer,
    officer_workload,
    reviewer,
    reviewer_stages,
    reviewer_submit,
    rounds,
    rounds_holds,
    rounds_offences,
    rounds_plan,
    rounds_public,
    rounds_running,
    rounds_steps,
    sign_in,
    upload,
)

ROUTERS = (
    accounts.router,
    sign_in.router,
    rounds_public.router,
    rounds_plan.router,  # before rounds: "/rounds/plan" is not a round
    rounds_steps.router,
    rounds_running.router,
    rounds.router,
    rounds_holds.router,
    rounds_offences.router,
    upload.router,
    reviewer.router,
    reviewer_stages.router,
    reviewer_submit.router,
    moderation.router,
    officer.router,
    officer_workload.router,
    manager_duties.router,
    manager_corrections.router,
    manager_reviews.router,
    manager_reductions.router,
    manager_teams.router,  # before rates: a team is no area of /rates/{level}/{code}
    manager_rates.router,
    manager_causes.router,
    manager_coverage.router,
    manager_cost.router,
    manager_fails.router,
    manager_cuts.router,
    manager_moves.router,
    manager_escalations.router,
    manager_gate.router,
    exports.router,
    exports_new.router,
    flags_artefacts.router,
    flags_approval.router,
    flags_quality.router,
    flags_cases.router,
    flags_team.router,
)


def add_pages(app: FastAPI) -> None:
    """Add the pages of every audience."""
    for router in ROUTERS:
        app.include_router(router)
