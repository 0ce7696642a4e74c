"""Every route of the JSON interface, put on the application in one call."""

from fastapi import FastAPI

from qa_service.api import allocations, cuts, duties, escalations, rates, rounds

ROUTERS = (
    allocations.router,
    cuts.router,
    duties.router,
    escalations.router,
    rates.router,
    rounds.router,
)


def add_api(app: FastAPI) -> None:
    """Add the routes of every slice."""
    for router in ROUTERS:
        app.include_router(router)
