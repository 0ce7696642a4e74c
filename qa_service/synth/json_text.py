"""Columns of JSON text, written column by column."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qa_service.synth.words import join


def json_object(fields: Mapping[str, pa.Array]) -> pa.Array:
    """Write a JSON object per row from columns that are JSON already."""
    pieces: list[pa.Array | str] = []
    for place, (name, values) in enumerate(fields.items()):
        pieces += [("{" if place == 0 else ",") + f'"{name}":', values]
    return join(*pieces, "}", separator="")


def quoted(values: pa.Array) -> pa.Array:
    """Write texts that need no escaping as JSON strings."""
    return join('"', values, '"', separator="")


def number(values: npt.NDArray[np.generic]) -> pa.Array:
    """Write numbers as JSON."""
    return pa.array(values).cast(pa.string())
