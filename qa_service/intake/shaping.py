"""Make up an assessment's grid, texts and details as JSON, by the column."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow.compute as pc

from qa_service.extract.columns import Kind
from qa_service.extract.records import ASSESSMENTS, LEVELS
from qa_service.intake.arrays import a_text, joined, strings
from qa_service.intake.staged import DETAILS, GRID, TEXTS

_NEEDS_ESCAPE = r'[\x00-\x1f"\\]'
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL = re.compile(r"[\x00-\x1f]")

Columns = Mapping[str, Any]  # pyarrow has no types


def with_documents(columns: Columns) -> dict[str, Any]:
    """Add what an assessment's row holds as documents to the columns they are made of."""
    details = _object([(name, _as_json(name, columns[name])) for name in DETAILS])
    return {
        **columns,
        "grid": _object([(place, _places(columns, place)) for place in GRID]),
        "overall_derived": _highest(columns),
        "texts": _object([(name, _quoted(columns[name])) for name in TEXTS]),
        "details": details,
        "has_null_details": pc.if_else(pc.match_substring(details, "null"), a_text("t"), a_text("f")),
    }


def _object(members: Sequence[tuple[str, Any]]) -> Any:  # noqa: ANN401 - as above
    """Make JSON objects of members that are JSON; a null is left out."""
    told = [joined(f",{json.dumps(name)}:", value) for name, value in members]
    # Joining with commas and skipping nulls would lose the rows in which everything is null (Arrow 26).
    whole = joined("{", *told, "}", for_null="")
    return pc.replace_substring(whole, "{,", "{", max_replacements=1)


def _places(columns: Columns, place: str) -> Any:  # noqa: ANN401 - as above
    return _object([(group, _quoted(columns[f"{place}_{group}"])) for group in GRID[place]])


def _highest(columns: Columns) -> Any:  # noqa: ANN401 - as above
    """Recompute the overall level: the highest group, in the community or in custody."""
    levels = strings(LEVELS)
    ranks = [
        pc.index_in(columns[f"{place}_{group}"], value_set=levels)
        for place, groups in GRID.items()
        for group in groups
    ]
    return levels.take(pc.max_element_wise(*ranks))


def _as_json(name: str, array: Any) -> Any:  # noqa: ANN401 - as above
    kind = ASSESSMENTS.by_name[name].kind
    if kind is Kind.FLAG:
        return pc.if_else(pc.equal(array, a_text("t")), a_text("true"), a_text("false"))
    if kind is Kind.MOMENT:  # to the second
        array = joined(pc.utf8_slice_codeunits(array, 0, 19), "Z")
    return array if kind in {Kind.JSON, Kind.INTEGER} else _quoted(array)


def _quoted(array: Any) -> Any:  # noqa: ANN401 - as above
    """Write texts as JSON strings."""
    if pc.any(pc.match_substring_regex(array, _NEEDS_ESCAPE)).as_py():
        for plain, escaped in _ESCAPES.items():
            array = pc.replace_substring(array, plain, escaped)
        if pc.any(pc.match_substring_regex(array, _CONTROL.pattern)).as_py():
            array = strings([text and _CONTROL.sub(_escape, text) for text in array.to_pylist()])
    return joined('"', array, '"')


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
