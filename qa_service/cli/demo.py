"""The demo: one command from nothing to a served, made-up London."""

from collections.abc import Mapping
from datetime import datetime
from multiprocessing import get_context
from typing import Annotated, Any

import typer
import uvicorn

from qa_service.app import make_app
from qa_service.cli.output import AsJson, fields, progress_bar, show
from qa_service.core import migrations
from qa_service.core.clock import OffsetClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.errors import NotAllowed
from qa_service.core.postgres import named_database, owner_url, stop_embedded
from qa_service.demo import story
from qa_service.demo.run import run_demo
from qa_service.demo.setting import DATABASE
from qa_service.jobs import run_worker
from qa_service.pages.render import Phase
from qa_service.settings import get_settings


def demo(
    *,
    is_served: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it afterwards.")] = True,
    as_json: AsJson = False,
) -> None:
    """Load the demo area, run one full round with simulated reviewers, print the result, serve it."""
    settings = get_settings()
    if settings.environment == "production":
        raise NotAllowed(
            "The demo makes people who need no password, so it does not run in production.",
            next_step="Run it on another machine, or with QA_ENVIRONMENT=dev.",
        )
    url = named_database(owner_url(settings), DATABASE)
    owner = make_engine(url, as_app_role=False)
    migrations.upgrade(owner)
    owner.dispose()
    engine = make_engine(url)
    with progress_bar() as bar:
        figures = run_demo(engine, progress=bar)
    show(figures, as_json=as_json, text=fields(_flat(figures)))
    if is_served:
        with transaction(engine, SYSTEM) as session:
            people, last = story.demo_people(session), story.last_moment(session)
        app = make_app(
            engine,
            clock=OffsetClock(last),
            phase=Phase("Demo", "Everybody and every case here is made up; the clock stands in 2026."),
        )
        app.state.demo_people = people
        typer.echo(f"Serving on http://{settings.host}:{settings.port} (stop with Ctrl-C)", err=True)
        worker = get_context("spawn").Process(target=_work, args=(url, last), daemon=True)
        worker.start()
        uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", server_header=False)
        worker.terminate()
        worker.join()
    engine.dispose()
    if settings.database_url is None:
        stop_embedded(settings)


def _work(url: str, last: datetime) -> None:
    """Do what falls due and what visitors ask for, on the demo's clock, beside the pages."""
    run_worker(url, clock=OffsetClock(last))


def _flat(figures: Mapping[str, Any]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}: {part}": n for part, n in value.items()}
        else:
            flat[name] = value
    return flat
