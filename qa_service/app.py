"""The composition root: one FastAPI application over one database, one clock, one source of references."""

from fastapi import FastAPI, Request, Response
from sqlalchemy import Engine

from qa_service.api.errors import api_problem
from qa_service.api.routes import add_api
from qa_service.auth.dependencies import open_to_all
from qa_service.core.clock import Clock, SystemClock
from qa_service.core.ids import ReferenceSource
from qa_service.pages.api_docs import api_docs_page
from qa_service.pages.navigation import shell_of
from qa_service.pages.render import Phase
from qa_service.pages.routes import add_pages
from qa_service.pages.security_headers import TokenSource, random_token
from qa_service.pages.shell import mount_shell
from qa_service.settings import Settings, get_settings
from qa_service.workflows.scope_of_user import scope_of_user


def make_app(
    engine: Engine,
    *,
    clock: Clock | None = None,
    references: ReferenceSource | None = None,
    settings: Settings | None = None,
    new_token: TokenSource = random_token,
    phase: Phase | None = None,
) -> FastAPI:
    """Return the application; the clock, the references and the tokens are ports that tests replace."""
    chosen = settings or get_settings()
    app = FastAPI(title="Risk assessment quality assurance", version="0.1.0", docs_url=None, redoc_url=None)
    app.state.engine = engine
    app.state.clock = clock or SystemClock()
    app.state.references = references or ReferenceSource()
    app.state.settings = chosen
    app.state.scope_of = scope_of_user
    app.state.shell_of = shell_of

    @app.get("/health", dependencies=[open_to_all], include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "UP"}

    @app.get("/api/docs", dependencies=[open_to_all], include_in_schema=False)
    def api_docs(request: Request) -> Response:
        return api_docs_page(request, "/openapi.json")

    add_api(app)
    add_pages(app)
    mount_shell(app, new_token=new_token, is_https=chosen.uses_https, phase=phase, api_problem=api_problem)
    return app
