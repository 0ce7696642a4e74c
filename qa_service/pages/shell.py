"""Everything around the pages, put on the application in one call."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from qa_service.pages.errors import ApiProblem, add_error_pages
from qa_service.pages.render import Phase
from qa_service.pages.security_headers import SecurityHeaders, TokenSource, random_reference, random_token

STATIC = Path(__file__).parent / "static"


def mount_shell(
    app: FastAPI,
    *,
    new_token: TokenSource = random_token,
    new_reference: TokenSource = random_reference,
    is_https: bool = False,
    phase: Phase | None = None,
    api_problem: ApiProblem | None = None,
) -> None:
    """Serve the static files, the error pages and the security headers.

    Call it last: the headers must be outermost, so that error pages carry them too.
    """
    app.state.phase = phase or Phase()
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_error_pages(app, api_problem=api_problem)
    app.add_middleware(SecurityHeaders, new_token=new_token, new_reference=new_reference, is_https=is_https)
