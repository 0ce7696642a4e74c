"""Run the service: web processes, workers, the schema."""

from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from qa_service.app import make_app
from qa_service.cli.context import migrate, system_clock
from qa_service.cli.output import AsJson, command_group, show
from qa_service.core.db import make_engine
from qa_service.core.postgres import database_url
from qa_service.jobs import run_worker
from qa_service.settings import get_settings

db = command_group()


@db.callback()
def _db() -> None:
    """Look after the database."""


def served_app() -> FastAPI:
    """Return the application of one web process, on its own engine."""
    return make_app(make_engine(database_url(get_settings())))


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (QA_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (QA_PORT).")] = None,
    processes: Annotated[int, typer.Option(min=1, help="Web processes.")] = 1,
    *,
    as_json: AsJson = False,
) -> None:
    """Serve the pages and the API."""
    settings = get_settings()
    migrate()
    address, number = host or settings.host, port or settings.port
    where = f"http://{address}:{number}"
    show({"serving": where}, as_json=as_json, text=f"Serving on {where} (stop with Ctrl-C)")
    uvicorn.run(
        "qa_service.cli.serve:served_app",
        factory=True,
        host=address,
        port=number,
        workers=processes,
        log_level="warning",
        server_header=False,
    )


def worker(*, as_json: AsJson = False) -> None:
    """Do what falls due until stopped."""
    migrate()
    show({"working": True}, as_json=as_json, text="Working (stop with Ctrl-C)")
    run_worker(database_url(get_settings()), clock=system_clock())


@db.command()
def upgrade(*, as_json: AsJson = False) -> None:
    """Bring the configured database to the present schema."""
    migrate()
    show({"upgraded": True}, as_json=as_json, text="The database is at the present schema.")
