"""Every page of the service, put on the application in one call."""

from fastapi import FastAPI

from qa_service.pages import (
    reviewer,
    reviewer_stages,
    reviewer_submit,
    rounds,
    rounds_plan,
    rounds_public,
    rounds_running,
    rounds_steps,
    sign_in,
)

ROUTERS = (
    sign_in.router,
    rounds_public.router,
    rounds_plan.router,  # before rounds: "/rounds/plan" is not a round
    rounds_steps.router,
    rounds_running.router,
    rounds.router,
    reviewer.router,
    reviewer_stages.router,
    reviewer_submit.router,
)


def add_pages(app: FastAPI) -> None:
    """Add the pages of every audience."""
    for router in ROUTERS:
        app.include_router(router)
