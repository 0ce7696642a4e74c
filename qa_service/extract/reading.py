"""Read a file of the extract: good rows as typed columns, bad rows as faults.

Text first: every cell of a CSV or Parquet file becomes text and is read by the same rules, so that a bad
value is reported by its row and never loses the rows around it. Whether keys repeat and references resolve
is for the reader of all files to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_service.extract.catalogue import table_named
from qa_service.extract.columns import Column, Kind, Table
from qa_service.extract.faults import Fault, shown
from qa_service.extract.texts import TextBatch, read_texts
from qa_service.extract.values import RefusedValueError, Value, parse

BATCH_ROWS = 10_000
# Few distinct texts: each is read once per file.
REPEATED = {Kind.CODE, Kind.FLAG, Kind.DATE, Kind.INTEGER, Kind.NUMBER}

Outcome = Value | RefusedValueError | None


@dataclass(frozen=True)
class Batch:
    """Good rows of a file as typed columns, with their row numbers; and what was refused or left unread.

    Row numbers are a spreadsheet's: the header is row 1.
    """

    table: Table
    rows: Sequence[int]
    columns: Mapping[str, Sequence[Value | None]]
    faults: Sequence[Fault] = ()
    notes: Sequence[Fault] = ()

    def records(self) -> Iterator[tuple[int, dict[str, Value | None]]]:
        """Walk the good rows as (row number, values by column name)."""
        names = list(self.columns)
        for row, values in zip(self.rows, zip(*self.columns.values(), strict=True), strict=True):
            yield row, dict(zip(names, values, strict=True))


def read_table(path: Path, *, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Read one file of the extract in batches; the file's name says which table it is.

    Raises
    ------
    UnknownTableError
        The file is not named after a table.
    ExtractError
        The file as a whole cannot be read (not CSV or Parquet, no header, damaged).
    """
    table = table_named(path.stem)
    memory: dict[str, dict[str | None, Outcome]] = {column.name: {} for column in table.columns}
    for number, batch in enumerate(read_texts(path, batch_rows)):
        if number == 0:
            missing = [c for c in table.columns if c.is_required and c.name not in batch.columns]
            notes = [_unread(path, table, name) for name in batch.columns if name not in table.by_name]
            if missing:
                yield Batch(table, (), {}, [_absent(path, table, column) for column in missing], notes)
                return
            yield _checked(path, table, batch, memory, notes)
        else:
            yield _checked(path, table, batch, memory, ())


def _checked(
    path: Path,
    table: Table,
    batch: TextBatch,
    memory: dict[str, dict[str | None, Outcome]],
    notes: Sequence[Fault],
) -> Batch:
    faults = [
        Fault(path, table.name, row, "", "", reason, "Write one cell per column of the header")
        for row, reason in batch.misshapen
    ]
    columns: dict[str, list[Outcome]] = {}
    refused: set[int] = set()
    for column in table.columns:
        texts = batch.columns.get(column.name, (None,) * len(batch.rows))
        outcomes = columns[column.name] = _read_column(column, texts, memory[column.name])
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome, RefusedValueError):
                refused.add(place)
                cell = shown(texts[place])
                where = (path, table.name, batch.rows[place], column.name)
                faults.append(Fault(*where, cell, outcome.reason, outcome.remedy))
    kept = [place for place in range(len(batch.rows)) if place not in refused]
    good = {name: [_value(outcomes[place]) for place in kept] for name, outcomes in columns.items()}
    faults.sort(key=lambda fault: fault.row)
    return Batch(table, [batch.rows[place] for place in kept], good, faults, notes)


def _read_column(
    column: Column, texts: Sequence[str | None], memory: dict[str | None, Outcome]
) -> list[Outcome]:
    if column.kind not in REPEATED:
        return [_read_cell(column, text) for text in texts]
    for text in set(texts) - memory.keys():
        memory[text] = _read_cell(column, text)
    return [memory[text] for text in texts]


def _read_cell(column: Column, text: str | None) -> Outcome:
    try:
        return parse(column, text)
    except RefusedValueError as refusal:
        return refusal


def _value(outcome: Outcome) -> Value | None:
    assert not isinstance(outcome, RefusedValueError)
    return outcome


def _absent(path: Path, table: Table, column: Column) -> Fault:
    reason = "this required column is not in the file, so no row of it can be read"
    return Fault(path, table.name, 1, column.name, "", reason, f"Add the column: {column.meaning}")


def _unread(path: Path, table: Table, name: str) -> Fault:
    remedy = f"Remove it, or give it the name of a column of {table.name}"
    return Fault(
        path, table.name, 1, shown(name), "", "is not a column of this table and was not read", remedy
    )
