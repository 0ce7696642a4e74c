"""Write tables of the extract as CSV or Parquet; the same rows give the same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from qa_service.extract.columns import Kind, Table
from qa_service.extract.errors import ExtractError

Format = Literal["csv", "parquet"]

ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INTEGER: pa.int32(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: pa.timestamp("s", tz="UTC"),
    Kind.JSON: pa.string(),
}


class TableWriter:
    """One open file of the extract; `write` appends rows given as columns. Columns left out are missing."""

    def __init__(self, directory: Path, table: Table, file_format: Format) -> None:
        self.table = table
        self.path = directory / f"{table.name}.{file_format}"
        self.n_rows = 0
        self._schema = pa.schema([(column.name, ARROW[column.kind]) for column in table.columns])
        if file_format == "csv":
            self._file = pc.CSVWriter(self.path, self._schema)
        else:
            self._file = pq.ParquetWriter(self.path, self._schema, compression="zstd")

    def write(self, columns: Mapping[str, Sequence[object] | pa.Array]) -> None:
        """Append rows; values are numpy arrays, lists or Arrow arrays of one length."""
        unknown = columns.keys() - self.table.by_name.keys()
        if unknown:
            raise ExtractError(f"{self.table.name} has no column {', '.join(sorted(unknown))}.")
        n_rows = len(next(iter(columns.values())))
        arrays = [
            pa.array(columns[field.name], type=field.type, from_pandas=True)
            if field.name in columns
            else pa.nulls(n_rows, field.type)
            for field in self._schema
        ]
        self._file.write_table(pa.table(arrays, schema=self._schema))
        self.n_rows += n_rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def write_table(
    directory: Path, table: Table, columns: Mapping[str, Sequence[object]], file_format: Format = "csv"
) -> Path:
    """Write a whole table as one file of the extract and return its path."""
    with TableWriter(directory, table, file_format) as writer:
        writer.write(columns)
    return writer.path
