"""Rows as PostgreSQL's COPY takes them in without reading text (its manual, COPY, "Binary Format")."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qa_service.intake.arrays import a_text, number, octets, of_width

_NO_VALUE = b"\xff\xff\xff\xff"
_DAYS_TO_2000 = 10_957
_MICROSECONDS_TO_2000 = _DAYS_TO_2000 * 86_400_000_000
_JSONB_VERSION = b"\x01"


def as_binary(columns: Sequence[Any], types: Sequence[str]) -> memoryview:
    """Give rows of checked texts as COPY takes columns of these types."""
    if not len(columns[0]):
        return memoryview(b"")
    cells = [cell for array, name in zip(columns, types, strict=True) for cell in _cells(array, name)]
    n_columns = octets(len(columns).to_bytes(2, "big"))
    rows = pc.binary_join_element_wise(
        n_columns, *cells, octets(b""), null_handling="replace", null_replacement=b""
    )
    ends = np.frombuffer(rows.buffers()[1], np.int32)
    return memoryview(rows.buffers()[2])[ends[rows.offset] : ends[rows.offset + len(rows)]]


def _cells(array: Any, name: str) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    """Give each cell's length and content, as one column of bytes or as two."""
    if name in _FIXED:
        numbers = _FIXED[name](array)
        known = pc.fill_null(numbers, number(0, numbers.type))
        code = _CODES[name]
        cells = np.empty(len(known), dtype=[("length", ">i4"), ("value", code)])
        cells["length"] = np.dtype(code).itemsize
        cells["value"] = np.frombuffer(known.buffers()[1], np.dtype(code).newbyteorder("="))[
            known.offset : known.offset + len(known)
        ]
        return [_or_no_value(array, of_width(cells.tobytes(), cells.itemsize).cast(pa.binary()))]
    content = array.cast(pa.binary())
    extra = len(_JSONB_VERSION) if name == "jsonb" else 0
    lengths = pc.add(
        pc.fill_null(pc.binary_length(content), number(0, pa.int32())), number(extra, pa.int32())
    )
    told = np.frombuffer(lengths.buffers()[1], np.int32)[lengths.offset : lengths.offset + len(lengths)]
    header = _or_no_value(array, of_width(told.astype(">i4").tobytes(), 4).cast(pa.binary()))
    if name == "jsonb":
        version = pc.if_else(pc.is_valid(array), octets(_JSONB_VERSION), octets(b""))
        return [header, version, content]
    return [header, content]


def _or_no_value(array: Any, cells: Any) -> Any:  # noqa: ANN401 - as above
    return pc.if_else(pc.is_valid(array), cells, octets(_NO_VALUE)) if array.null_count else cells


def _moments(array: Any) -> Any:  # noqa: ANN401 - as above
    since_1970 = array.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    return pc.subtract(since_1970, number(_MICROSECONDS_TO_2000))


def _days(array: Any) -> Any:  # noqa: ANN401 - as above
    return pc.subtract(array.cast(pa.date32()).cast(pa.int32()), number(_DAYS_TO_2000, pa.int32()))


_CODES: Mapping[str, str] = {
    "bigint": ">i8",
    "double precision": ">f8",
    "boolean": ">i1",
    "date": ">i4",
    "timestamptz": ">i8",
}
_FIXED: Mapping[str, Callable[[Any], Any]] = {
    "bigint": lambda array: array.cast(pa.int64()),
    "double precision": lambda array: array.cast(pa.float64()),
    "boolean": lambda array: pc.equal(array, a_text("t")).cast(pa.int8()),
    "date": _days,
    "timestamptz": _moments,
}
