"""Every route of the JSON interface, put on the application in one call."""

from fastapi import FastAPI

from qa_service.api import allocations, duties, rates

ROUTERS = (allocations.router, duties.router, rates.router)


def add_api(app: FastAPI) -> None:
    """Add the routes of every slice."""
    for router in ROUTERS:
        app.include_router(router)
