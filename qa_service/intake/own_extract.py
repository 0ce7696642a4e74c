"""The service's own extract as checked batches of its tables: a folder with a manifest, or one bare table."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qa_service.extract.catalogue import TABLES, table_named
from qa_service.extract.columns import Table
from qa_service.extract.errors import ExtractError
from qa_service.extract.manifest import read_manifest
from qa_service.extract.records import ASSESSMENTS
from qa_service.extract.texts import TextBatch, read_texts
from qa_service.intake.sources import Source

# Some megabytes either way: an assessment holds much more than any other row.
_BATCH_ROWS, _BATCH_ASSESSMENTS = 8_000, 2_000


@dataclass(frozen=True)
class TableFile:
    """One file of the extract and the table it holds."""

    table: Table
    path: Path

    @property
    def name(self) -> str:
        """How messages call the file."""
        return self.path.name


def table_files(source: Source) -> list[TableFile]:
    """List the tables of a folder with a manifest, in an order in which references point backwards.

    Raises
    ------
    ExtractError
        The manifest is malformed or disagrees with the files, or names a file that is no table.
    """
    manifest = read_manifest(source.path)
    files = [
        TableFile(table_named(Path(name).stem), source.path / Path(name).name) for name in manifest.files
    ]
    names = [file.table.name for file in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ExtractError(f"{', '.join(twice)} is sent twice. Keep the CSV or the Parquet file, not both.")
    order = list(TABLES)
    return sorted(files, key=lambda file: order.index(file.table.name))


def bare_table(path: Path) -> Table | None:
    """Tell by its column names which table a file without a manifest holds, or None."""
    header = {name.strip().lower() for name in _header(path)}
    fitting = [
        table
        for table in TABLES.values()
        if header >= {column.name for column in table.columns if column.is_required}
    ]
    # The table that explains most of the header: the columns of `regions` are in `pdus` too.
    return max(fitting, key=lambda table: len(header & table.by_name.keys()), default=None)


def nearest_table(path: Path) -> Table | None:
    """Tell which table a file was probably meant to be: one whose key it has, and most of its columns."""
    header = {name.strip().lower() for name in _header(path)}
    scores = {
        table.name: len(header & table.by_name.keys()) / len(table.columns) for table in TABLES.values()
    }
    best = max(scores, key=lambda name: scores[name])
    return TABLES[best] if scores[best] >= 0.5 else None


def _header(path: Path) -> list[str]:
    if is_parquet(path):
        try:
            return list(pq.read_schema(path).names)
        except (pa.ArrowException, OSError):
            return []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            return next(csv.reader([file.readline(100_000)]), [])
        except csv.Error:
            return []


def is_parquet(path: Path) -> bool:
    """Tell Parquet by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def has_repeats(file: TableFile) -> bool:
    """Tell whether a key may come twice in a file: so it may when it cannot be read to its end."""
    (key,) = file.table.key
    told = []
    try:
        for batch in read_batches(file, only=(key,)):
            keys = batch.columns.get(key, ())
            told.append(np.fromiter((hash((cell or "").strip()) for cell in keys), np.int64, len(keys)))
    except ExtractError:
        return True
    hashes = np.sort(np.concatenate(told))
    return bool((hashes[1:] == hashes[:-1]).any())


def read_batches(file: TableFile, only: Collection[str] = ()) -> Iterator[TextBatch]:
    """Read a table's file as text columns, or some of them, whatever its name is.

    Raises
    ------
    ExtractError
        The file as a whole cannot be read.
    """
    suffix = ".parquet" if is_parquet(file.path) else ".csv"
    n_rows = _BATCH_ASSESSMENTS if file.table is ASSESSMENTS else _BATCH_ROWS
    if file.path.suffix == suffix:
        yield from read_texts(file.path, n_rows, only)
        return
    # The reader goes by the ending; an upload or a renamed file is read through a link with the right one.
    with TemporaryDirectory(prefix="qa-intake-") as folder:
        link = Path(folder) / f"{file.path.stem}{suffix}"
        link.symlink_to(file.path.resolve())
        yield from read_texts(link, n_rows, only)


def absent_columns(table: Table, batch: TextBatch) -> list[str]:
    """List the required columns that a file does not have."""
    return [c.name for c in table.columns if c.is_required and c.name not in batch.columns]


def unread_columns(table: Table, batch: TextBatch) -> list[str]:
    """List the columns of a file that its table does not have."""
    return [name for name in batch.columns if name not in table.by_name]
