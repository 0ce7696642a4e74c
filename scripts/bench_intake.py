"""How long an extract takes to load beside bare COPY, how that grows, and the importer's memory.

Two kinds of bare COPY: the files into columns of text without keys, which keep no promise; and the loaded
rows into empty tables of the service, with keys, references and indexes. Neither validates or merges.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from bench_dashboard import server
from bench_service import migrated
from psycopg import Connection, connect, sql

from qa_service.core.postgres import named_database
from qa_service.demo import setting
from qa_service.extract.manifest import write_manifest
from qa_service.extract.texts import read_texts
from qa_service.schema import metadata
from qa_service.synth.service import generate

LOAD_ONCE = Path(__file__).with_name("load_once.py")
_CHUNK_BYTES = 1024**2
_BATCH_ROWS = 50_000


@dataclass(frozen=True)
class IntakeFigures:
    """The same extract copied bare, and validated and merged; a tenth of its cases; the importer's memory."""

    n_cases: int
    own_copy: float
    text_copy: float
    merged: float
    merged_tenth: float
    peak_megabytes: float


def measure_intake(preset: str) -> IntakeFigures:
    """Load a made-up area as the service does, then copy what it holds into empty tables of the service."""
    with server() as url, tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        area = Path(folder) / "area"
        made = generate(preset, area, seed=setting.SYNTH_SEED, today=setting.FIRST_DAY)
        tenth = _tenth_of(area, Path(folder) / "tenth")
        tables = [_as_csv(file, Path(folder)) for file in sorted(area.iterdir()) if file.stem in made.n_rows]
        with _connection(named_database(url, "as_text")) as connection:
            as_text = _seconds_as_text(connection, tables)
        loaded = migrated(url, "merged")
        merged = _load(loaded, area)
        own = _seconds_of_copy(loaded, migrated(url, "own"), Path(folder))
        merged_tenth = _load(migrated(url, "tenth"), tenth)
    return IntakeFigures(
        made.n_rows["cases"],
        own,
        as_text,
        merged["seconds"],
        merged_tenth["seconds"],
        merged["peak_megabytes"],
    )


def _connection(url: str) -> Connection:
    return connect(url.replace("+psycopg", ""))


def _load(url: str, area: Path) -> dict[str, float]:
    command = [sys.executable, str(LOAD_ONCE), url, str(area)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - our own
    figures: dict[str, float] = json.loads(told)
    return figures


def _tenth_of(area: Path, out: Path) -> Path:
    """Write every tenth case with all that is told of it; the organisation and its staff stay whole."""
    out.mkdir()
    files = [file for file in sorted(area.iterdir()) if file.name != "manifest.json"]
    cases = next(file for file in files if file.stem == "cases")
    crns = [crn for batch in read_texts(cases, _BATCH_ROWS) for crn in batch.columns["crn"]]
    kept = pa.array(sorted(crn for crn in crns if crn)[::10])
    rows = {out / file.name: _copy_of(file, out / file.name, kept) for file in files}
    made_at = datetime.combine(setting.FIRST_DAY, datetime.min.time(), UTC)
    write_manifest(out, area="a tenth", made_at=made_at, n_rows=rows, is_synthetic=True)
    return out


def _copy_of(file: Path, target: Path, crns: pa.Array) -> int:
    """Copy one table without the cases that are left out; return how many rows stay."""
    writer, n_rows = None, 0
    for batch in read_texts(file, _BATCH_ROWS):
        table = pa.table({name: pa.array(texts, pa.string()) for name, texts in batch.columns.items()})
        if "crn" in table.column_names:
            table = table.filter(pc.is_in(table["crn"], value_set=crns))
        if writer is None:
            kind = pyarrow.csv.CSVWriter if target.suffix == ".csv" else pq.ParquetWriter
            writer = kind(target, table.schema)
        writer.write_table(table)
        n_rows += len(table)
    assert writer is not None
    writer.close()
    return n_rows


def _as_csv(file: Path, folder: Path) -> Path:
    if file.suffix == ".csv":
        return file
    path = folder / f"{file.stem}.csv"
    with pq.ParquetFile(file) as source, pyarrow.csv.CSVWriter(path, source.schema_arrow) as target:
        for batch in source.iter_batches():
            target.write_batch(batch)
    return path


def _seconds_of_copy(source_url: str, target_url: str, folder: Path) -> float:
    """Copy all rows of one database out, then into another; only the second half is timed."""
    files = []
    with _connection(source_url) as source:
        for table in metadata.sorted_tables:
            if table.name.startswith("audit_"):  # the log is written by its own function only
                continue
            files.append((sql.Identifier(table.name), folder / f"{table.name}.copy"))
            statement = sql.SQL("COPY {} TO STDOUT (FORMAT csv)").format(files[-1][0])
            with source.cursor().copy(statement) as copy, files[-1][1].open("wb") as content:
                content.writelines(copy)
    begun = perf_counter()
    with _connection(target_url) as target:
        for name, path in files:
            _copy_in(target, sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(name), path)
        target.commit()
    return perf_counter() - begun


def _copy_in(connection: Connection, statement: sql.Composed, path: Path) -> None:
    with connection.cursor().copy(statement) as copy, path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            copy.write(chunk)


def _seconds_as_text(connection: Connection, tables: Iterable[Path]) -> float:
    begun = perf_counter()
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        table = sql.Identifier(path.stem)
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in header)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))
        _copy_in(connection, sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(table), path)
    connection.commit()
    return perf_counter() - begun
