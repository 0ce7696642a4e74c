"""Arrow columns and values made without `pyarrow.array` and `pyarrow.scalar`, which load all of pandas."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def strings(values: Sequence[str | None]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Make a column of texts.

    Raises
    ------
    UnicodeEncodeError
        A text holds bytes that were not UTF-8.
    """
    cells = [b"" if value is None else value.encode() for value in values]
    ends = np.zeros(len(cells) + 1, dtype=np.int32)
    np.cumsum([len(cell) for cell in cells], out=ends[1:])
    return pa.Array.from_buffers(
        pa.string(), len(cells), [_validity(values), pa.py_buffer(ends), pa.py_buffer(b"".join(cells))]
    )


@cache
def a_text(value: str) -> Any:  # noqa: ANN401 - as above
    """Make one text to compare or join columns with."""
    return strings([value])[0]


@cache
def octets(value: bytes) -> Any:  # noqa: ANN401 - as above
    """Make one value of bytes."""
    ends = np.array([0, len(value)], dtype=np.int32)
    return pa.Array.from_buffers(pa.binary(), 1, [None, pa.py_buffer(ends), pa.py_buffer(value)])[0]


def number(value: int, kind: Any = None) -> Any:  # noqa: ANN401 - as above
    """Make one number, of a column's type."""
    return numbers([value]).cast(kind or pa.int64())[0]


def joined(*parts: Any, separator: str = "", for_null: str | None = None) -> Any:  # noqa: ANN401 - as above
    """Join columns and texts row by row; a null makes its row null, or reads as `for_null`."""
    told = [a_text(part) if isinstance(part, str) else part for part in parts]
    if for_null is None:
        return pc.binary_join_element_wise(*told, a_text(separator))
    return pc.binary_join_element_wise(
        *told, a_text(separator), null_handling="replace", null_replacement=for_null
    )


def of_width(cells: bytes, width: int) -> Any:  # noqa: ANN401 - as above
    """Cut bytes into cells of one width."""
    return pa.Array.from_buffers(pa.binary(width), len(cells) // width, [None, pa.py_buffer(cells)])


def truths(values: Sequence[bool]) -> Any:  # noqa: ANN401 - as above
    """Make a column of yes and no."""
    bits = np.packbits(np.asarray(values, dtype=bool), bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])


def numbers(values: Sequence[int]) -> Any:  # noqa: ANN401 - as above
    """Make a column of whole numbers."""
    whole = np.asarray(values, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(whole)])


def _validity(values: Sequence[object]) -> Any:  # noqa: ANN401 - as above
    known = np.fromiter((value is not None for value in values), dtype=bool, count=len(values))
    return None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
