"""Read CSV and Parquet files as batches of text columns."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qa_service.extract.errors import ExtractError

LONGEST_CELL = 10_000_000
SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class TextBatch:
    """Columns of text by name, the rows they come from, and rows whose shape is not the header's."""

    rows: Sequence[int]
    columns: Mapping[str, Sequence[str | None]]
    misshapen: Sequence[tuple[int, str]] = ()


def read_texts(path: Path, batch_rows: int) -> Iterator[TextBatch]:
    """Read a file in batches of rows; a file with a header only gives one batch without rows."""
    if path.suffix == ".parquet":
        yield from _read_parquet(path, batch_rows)
    elif path.suffix == ".csv":
        yield from _read_csv(path, batch_rows)
    else:
        raise ExtractError(f"{path.name} is not an extract file. Its name must end in .csv or .parquet.")


def _read_csv(path: Path, batch_rows: int) -> Iterator[TextBatch]:
    csv.field_size_limit(LONGEST_CELL)
    # A byte-order mark is dropped; bytes that are not UTF-8 survive as surrogates and refuse their own cell.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = csv.reader(file)
        try:
            header = [name.strip().lower() for name in next(lines)]
        except (StopIteration, csv.Error):
            raise ExtractError(
                f"{path.name} has no header. Write the column names in its first row."
            ) from None
        _no_doubles(path, header)
        first_row = 2
        while records := _records(path, lines, batch_rows):
            yield _text_batch(header, records, first_row)
            first_row += len(records)
        if first_row == 2:
            yield _text_batch(header, [], first_row)


def _records(path: Path, lines: Iterator[list[str]], batch_rows: int) -> list[list[str]]:
    try:
        return list(islice(lines, batch_rows))
    except csv.Error as error:
        raise ExtractError(f"{path.name} cannot be read as CSV ({error}). Write it again.") from None


def _text_batch(header: list[str], records: list[list[str]], first_row: int) -> TextBatch:
    width = len(header)
    rows = [row for row, record in enumerate(records, first_row) if len(record) == width]
    whole = [record for record in records if len(record) == width]
    misshapen = [
        (row, f"the row has {len(record)} cells, the header has {width}")
        for row, record in enumerate(records, first_row)
        if record and len(record) != width
    ]
    values = zip(*whole, strict=True) if whole else ((),) * width
    return TextBatch(rows, dict(zip(header, values, strict=True)), misshapen)


def _read_parquet(path: Path, batch_rows: int) -> Iterator[TextBatch]:
    try:
        with pq.ParquetFile(path) as file:
            names = [name.strip().lower() for name in file.schema_arrow.names]
            _no_doubles(path, names)
            first_row = 2
            for batch in file.iter_batches(batch_rows):
                rows = range(first_row, first_row + batch.num_rows)
                columns = dict(zip(names, map(_as_text, batch.columns), strict=True))
                yield TextBatch(rows, columns)
                first_row += batch.num_rows
            if first_row == 2:
                yield TextBatch((), dict.fromkeys(names, ()))
    except (pa.ArrowException, OSError) as error:
        raise ExtractError(f"{path.name} cannot be read as Parquet ({error}). Write it again.") from None


def _as_text(column: pa.Array) -> list[str | None]:
    if pa.types.is_nested(column.type):
        return [None if value is None else json.dumps(value) for value in column.to_pylist()]
    if pa.types.is_binary(column.type):
        values = column.to_pylist()
        return [None if value is None else value.decode(errors="surrogateescape") for value in values]
    texts: list[str | None] = column.cast(pa.string()).to_pylist()
    return texts


def _no_doubles(path: Path, names: list[str]) -> None:
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise ExtractError(f"{path.name} has two columns named {', '.join(doubles)}. Keep one of each.")
