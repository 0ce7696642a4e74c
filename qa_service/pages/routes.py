"""Every page of the service, put on the application in one call."""

from fastapi import FastAPI

from qa_service.pages import sign_in

ROUTERS = (sign_in.router,)


def add_pages(app: FastAPI) -> None:
    """Add the pages of every audience."""
    for router in ROUTERS:
        app.include_router(router)
