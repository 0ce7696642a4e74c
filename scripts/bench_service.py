"""How long an extract takes to load, beside bare COPY of its files, and a round to draw."""

import csv
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pyarrow.csv
import pyarrow.parquet as pq
from bench_dashboard import server
from psycopg import Connection, connect, sql
from sqlalchemy import text

from qa_service.core import migrations
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource
from qa_service.core.postgres import named_database
from qa_service.demo import setting
from qa_service.intake.service import import_paths
from qa_service.policy.numbers import CURRENT_VERSION
from qa_service.rounds import service as rounds
from qa_service.rounds.service import RoundPlan
from qa_service.synth.service import generate
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round, plan_round

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
BY = "cli"
CASELOADS = Path(__file__).with_name("bench_caseloads.sql")
_CHUNK_BYTES = 1024**2


@dataclass(frozen=True)
class IntakeSeconds:
    """The same extract: copied bare, and validated and merged."""

    n_cases: int
    bare_copy: float
    merged: float


def migrated(url: str, name: str) -> str:
    """Return the address of an empty database at the present schema."""
    address = named_database(url, name)
    owner = make_engine(address, as_app_role=False)
    migrations.upgrade(owner)
    owner.dispose()
    return address


def measure_intake(preset: str) -> IntakeSeconds:
    """Copy the tables of a made-up area into columns of text, then load the same area as the service does."""
    with server() as url, tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        area = Path(folder) / "area"
        made = generate(preset, area, seed=setting.SYNTH_SEED, today=setting.FIRST_DAY)
        tables = [_as_csv(file, Path(folder)) for file in sorted(area.iterdir()) if file.stem in made.n_rows]
        with connect(named_database(url, "bare").replace("+psycopg", "")) as connection:
            bare = _seconds_of_copy(connection, tables)
        engine = make_engine(migrated(url, "merged"))
        begun = perf_counter()
        import_paths(engine, [area], by=BY, clock=FixedClock(AT))
        merged = perf_counter() - begun
        engine.dispose()
    return IntakeSeconds(made.n_rows["cases"], bare, merged)


def _as_csv(file: Path, folder: Path) -> Path:
    if file.suffix == ".csv":
        return file
    path = folder / f"{file.stem}.csv"
    with pq.ParquetFile(file) as source, pyarrow.csv.CSVWriter(path, source.schema_arrow) as target:
        for batch in source.iter_batches():
            target.write_batch(batch)
    return path


def _seconds_of_copy(connection: Connection, tables: Iterable[Path]) -> float:
    begun = perf_counter()
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        table = sql.Identifier(path.stem)
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in header)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))
        statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(table)
        with connection.cursor().copy(statement) as copy, path.open("rb") as content:
            while chunk := content.read(_CHUNK_BYTES):
                copy.write(chunk)
    connection.commit()
    return perf_counter() - begun


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
