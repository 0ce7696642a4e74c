"""How long a round takes to draw, from the frame read to the last check written."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench_dashboard import server
from sqlalchemy import text

from qa_service.core import migrations
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource
from qa_service.core.postgres import named_database
from qa_service.demo import setting
from qa_service.policy.numbers import CURRENT_VERSION
from qa_service.rounds import service as rounds
from qa_service.rounds.service import RoundPlan
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round, plan_round

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
BY = "cli"
CASELOADS = Path(__file__).with_name("bench_caseloads.sql")


def migrated(url: str, name: str) -> str:
    """Return the address of an empty database at the present schema."""
    address = named_database(url, name)
    owner = make_engine(address, as_app_role=False)
    migrations.upgrade(owner)
    owner.dispose()
    return address


def seconds_of_draw(url: str, n_officers: int) -> float:
    """Draw one case of each officer: frame read, drawn, checks, reads and log written, committed."""
    address = migrated(url, f"draw_{n_officers}")
    owner = make_engine(address, as_app_role=False, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        for statement in CASELOADS.read_text("utf-8").split(";\n"):
            if statement.strip():
                connection.execute(text(statement), {"n": n_officers})
    owner.dispose()
    engine, references = make_engine(address), ReferenceSource()
    with transaction(engine, SYSTEM) as session:
        plan = RoundPlan("region", "N07", "1", CURRENT_VERSION, {"dice": True})
        name = plan_round(session, plan, by=BY, at=AT).reference
        open_round(session, name, by=BY, at=AT, references=references)
        dice = [{"witness": one, "rolls": setting.DICE} for one in setting.WITNESSES]
        rounds.seed_round(session, name, {"dice": dice}, by=BY, at=AT)
    begun = perf_counter()
    with transaction(engine, SYSTEM) as session:
        checks = draw_round(session, name, by=BY, at=AT, references=references)
    taken = perf_counter() - begun
    engine.dispose()
    if len(checks) != n_officers:
        sys.exit(f"{len(checks)} checks were drawn of {n_officers} officers: nothing was measured")
    return taken


def measure_draws(n_officers: int) -> tuple[float, float]:
    """Return the seconds of a round of so many officers, and of a tenth of them."""
    with server() as url:
        tenth = seconds_of_draw(url, n_officers // 10)
        return seconds_of_draw(url, n_officers), tenth
