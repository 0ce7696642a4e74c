"""Read CSV and Parquet files as batches of text columns."""

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, overload

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from qa_service.extract.errors import ExtractError

LONGEST_CELL = 10_000_000
SUFFIXES = (".csv", ".parquet")
_BLOCK_BYTES = 2 * 1024**2


class ArrowTexts(Sequence[str | None]):
    """A column of text that stays in Arrow's memory until one of its cells is asked for."""

    def __init__(self, array: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str | None]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str | None] | None:
        if isinstance(place, slice):
            return ArrowTexts(self.array[place])
        text: str | None = self.array[place].as_py()
        return text

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.array.to_pylist())


@dataclass(frozen=True)
class TextBatch:
    """Columns of text by name, the rows they come from, and rows whose shape is not the header's."""

    rows: Sequence[int]
    columns: Mapping[str, Sequence[str | None]]
    misshapen: Sequence[tuple[int, str]] = ()


def read_texts(path: Path, batch_rows: int, only: Collection[str] = ()) -> Iterator[TextBatch]:
    """Read a file in batches of rows; a file with a header only gives one batch without rows.

    `only` names the columns that are wanted, where not all are; a CSV file read row by row gives all, as does
    one without these.
    """
    if path.suffix == ".parquet":
        yield from _read_parquet(path, batch_rows, only)
    elif path.suffix == ".csv":
        yield from _read_csv(path, batch_rows, only)
    else:
        raise ExtractError(f"{path.name} is not an extract file. Its name must end in .csv or .parquet.")


def _read_csv(path: Path, batch_rows: int, only: Collection[str]) -> Iterator[TextBatch]:
    """Read by the block as long as every row is whole, and row by row from the first block with another."""
    raw_header = _header(path)
    header = [name.strip().lower() for name in raw_header]
    _no_doubles(path, header)
    raw_names = dict(zip(header, raw_header, strict=True))
    wanted = {name: raw for name, raw in raw_names.items() if name in only} or raw_names
    n_read = 0
    try:
        for block in _blocks(path, list(wanted.values())):
            rows = range(n_read + 2, n_read + 2 + block.num_rows)
            yield TextBatch(rows, dict(zip(wanted, map(ArrowTexts, block.columns), strict=True)))
            n_read += block.num_rows
    except pa.ArrowInvalid:  # a row of another shape, an empty one, or bytes that are not UTF-8
        yield from _read_rows(path, header, batch_rows, n_read)
    else:
        if not n_read:
            yield _text_batch(header, [], 2)


def _header(path: Path) -> list[str]:
    csv.field_size_limit(LONGEST_CELL)
    with _open(path) as file:
        try:
            return next(csv.reader(file))
        except (StopIteration, csv.Error):
            raise ExtractError(
                f"{path.name} has no header. Write the column names in its first row."
            ) from None


def _open(path: Path) -> TextIO:
    # A byte-order mark is dropped; bytes that are not UTF-8 survive as surrogates and refuse their own cell.
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _blocks(path: Path, columns: list[str]) -> Iterator[Any]:
    with pyarrow.csv.open_csv(
        path,
        pyarrow.csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
        pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            include_columns=columns,
            strings_can_be_null=False,
        ),
    ) as reader:
        for block in reader:
            if _has_empty_row(block):
                raise pa.ArrowInvalid("an empty row, which is none")
            yield block


def _has_empty_row(block: Any) -> bool:  # noqa: ANN401 - as above
    empty = _are_empty(block.column(0))
    for column in block.columns[1:]:
        if not pc.any(empty).as_py():
            break
        empty = pc.and_(empty, _are_empty(column))
    return bool(pc.any(empty).as_py())


def _are_empty(column: Any) -> Any:  # noqa: ANN401 - as above
    # Comparing with "" would have pyarrow load all of pandas.
    return pc.invert(pc.binary_length(column).cast(pa.bool_()))


def _read_rows(path: Path, header: list[str], batch_rows: int, n_read: int) -> Iterator[TextBatch]:
    """Read row by row after the header and the rows that were read by the block."""
    with _open(path) as file:
        lines = csv.reader(file)
        for _ in islice(lines, 1 + n_read):
            pass
        first_row = 2 + n_read
        while records := _records(path, lines, batch_rows):
            yield _text_batch(header, records, first_row)
            first_row += len(records)


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


def _read_parquet(path: Path, batch_rows: int, only: Collection[str]) -> Iterator[TextBatch]:
    try:
        with pq.ParquetFile(path) as file:
            names = {name.strip().lower(): name for name in file.schema_arrow.names}
            _no_doubles(path, [name.strip().lower() for name in file.schema_arrow.names])
            wanted = [name for name in names if name in only] or list(names)
            first_row = 2
            for batch in file.iter_batches(
                batch_rows, columns=[names[name] for name in wanted], use_threads=False
            ):
                rows = range(first_row, first_row + batch.num_rows)
                columns = dict(zip(wanted, map(_as_text, batch.columns), strict=True))
                yield TextBatch(rows, columns)
                first_row += batch.num_rows
            if first_row == 2:
                yield TextBatch((), dict.fromkeys(names, ()))
    except (pa.ArrowException, OSError) as error:
        raise ExtractError(f"{path.name} cannot be read as Parquet ({error}). Write it again.") from None


def _as_text(column: pa.Array) -> Sequence[str | None]:
    if pa.types.is_nested(column.type):
        return [None if value is None else json.dumps(value) for value in column.to_pylist()]
    if pa.types.is_binary(column.type):
        values = column.to_pylist()
        return [None if value is None else value.decode(errors="surrogateescape") for value in values]
    return ArrowTexts(column.cast(pa.string()))


def _no_doubles(path: Path, names: list[str]) -> None:
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise ExtractError(f"{path.name} has two columns named {', '.join(doubles)}. Keep one of each.")
