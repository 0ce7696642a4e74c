"""Check the cells of an extract by the column, and give the good rows as PostgreSQL takes them in.

Every distinct text is read once by the extract's own rules (`extract.values.parse`), so that this path and
the row-by-row reader of the extract cannot disagree; free text is only looked at as a whole.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from math import isfinite
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import from_json

from qa_service.extract.columns import Column, Kind, Table
from qa_service.extract.faults import shown
from qa_service.extract.records import ASSESSMENTS
from qa_service.extract.texts import ArrowTexts, TextBatch
from qa_service.extract.values import RefusedValueError, Value, parse
from qa_service.intake import predictors
from qa_service.intake.arrays import a_text, joined, number, numbers, of_width, strings, truths
from qa_service.intake.copying import as_binary
from qa_service.intake.limits import longest_text
from qa_service.intake.shaping import with_documents
from qa_service.intake.staged import DIGEST, ROW, staged_columns

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_UTC_MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.0{1,6})?Z$"
_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
# Perhaps a number that no column could hold, which would stop the whole import.
_HUGE = re.compile(r"\d[eE]\+?\d{3,}")
_NO_TEXT = pa.nulls(1, pa.string())[0]
_DOCUMENT = r"^[\[{]"


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that refuses its row."""

    row: int
    column: str
    reason: str
    next_step: str


@dataclass(frozen=True)
class CheckedBatch:
    """Good rows as COPY takes them in, with row number and digest, and the cells that refused the others."""

    rows: memoryview
    faults: Sequence[CellFault]
    odd_bands: Sequence[tuple[str, str]]  # the row's digest, what is odd


class Checker:
    """Checks the batches of one file; remembers what it has read."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._memory: dict[str, dict[str | None, str | RefusedValueError | None]] = {}
        self._odd: dict[str, list[str]] = {}

    def check(self, batch: TextBatch) -> CheckedBatch:
        """Check one batch of rows."""
        faults = [
            CellFault(row, "", reason, "Write one cell per column of the header.")
            for row, reason in batch.misshapen
        ]
        arrays: list[Any] = []
        refused: set[int] = set()
        for column in self.table.columns:
            texts = batch.columns.get(column.name)
            array, wrong = self._column(column, texts, len(batch.rows))
            arrays.append(array)
            for place, refusal in wrong:
                refused.add(place)
                value = f"{shown(texts[place])!r} " if texts and texts[place] else ""
                reason = f"{value}{refusal.reason}"
                faults.append(CellFault(batch.rows[place], column.name, reason, f"{refusal.remedy}."))
        good = {
            ROW: numbers(batch.rows),
            **{column.name: array for column, array in zip(self.table.columns, arrays, strict=True)},
            DIGEST: _digests(arrays),
        }
        if refused:
            keep = truths([place not in refused for place in range(len(batch.rows))])
            good = {name: array.filter(keep) for name, array in good.items()}
        return CheckedBatch(self._as_staged(good), faults, self._odd_bands(good))

    def _as_staged(self, good: Mapping[str, Any]) -> memoryview:
        columns = with_documents(good) if self.table is ASSESSMENTS else good
        types = staged_columns(self.table)
        return as_binary([columns[name] for name in types], list(types.values()))

    def _column(
        self, column: Column, texts: Sequence[str | None] | None, n_rows: int
    ) -> tuple[Any, list[tuple[int, RefusedValueError]]]:
        if texts is None:
            return pa.nulls(n_rows, pa.string()), []
        try:
            array = texts.array if isinstance(texts, ArrowTexts) else strings(texts)
            whole = self._plain(column, array)
            if whole is not None:
                return whole, []
            encoded = array.dictionary_encode()
        except UnicodeEncodeError:  # bytes that were not UTF-8: their own cells are refused
            outcomes = [self._read(column, text) for text in texts]
            wrong = [(place, one) for place, one in enumerate(outcomes) if isinstance(one, RefusedValueError)]
            return strings([one if isinstance(one, str) else None for one in outcomes]), wrong
        return self._by_distinct_text(column, encoded)

    def _plain(self, column: Column, array: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return a column as a whole when nothing in it needs a closer look, else None."""
        if column.kind not in {Kind.TEXT, Kind.MOMENT, Kind.JSON}:
            return None
        try:
            array = pc.utf8_trim_whitespace(array)
            array = pc.if_else(pc.equal(array, a_text("")), _NO_TEXT, array)
            if column.is_required and array.null_count:
                return None
            if column.kind is Kind.MOMENT:
                return _in_one_spelling(array) if _are_moments(array) else None
        except pa.ArrowInvalid:
            return None
        if column.kind is Kind.JSON:
            return array if self._are_documents(column, array) else None
        return array if _are_texts(self.table.name, column, array) else None

    def _are_documents(self, column: Column, array: Any) -> bool:  # noqa: ANN401 - as above
        if pc.all(pc.match_substring_regex(array, _DOCUMENT)).as_py() is False:
            return False
        for doubtful in (_UNSTORABLE, _HUGE):
            if pc.any(pc.match_substring_regex(array, doubtful.pattern)).as_py():
                return False
        try:
            for text in array.to_pylist():
                if text is not None:
                    self._look_for_odd_bands(column, text, from_json(text, allow_inf_nan=False))
        except ValueError:
            return False
        return True

    def _by_distinct_text(
        self,
        column: Column,
        encoded: Any,  # noqa: ANN401 - as below
    ) -> tuple[Any, list[tuple[int, RefusedValueError]]]:
        """Read each text of a column once."""
        memory = self._memory.setdefault(column.name, {})
        texts = [*encoded.dictionary.to_pylist(), None]
        for text in texts:
            if text not in memory:
                memory[text] = self._read(column, text)
        outcomes = [memory[text] for text in texts]
        if column.kind in {Kind.TEXT, Kind.JSON}:
            memory.clear()  # hardly ever repeated
        indices = encoded.indices.fill_null(number(len(texts) - 1, pa.int32()))
        array = strings([one if isinstance(one, str) else None for one in outcomes]).take(indices)
        refusals = {place: one for place, one in enumerate(outcomes) if isinstance(one, RefusedValueError)}
        if not refusals:
            return array, []
        places = enumerate(indices.to_pylist())
        return array, [(place, refusals[index]) for place, index in places if index in refusals]

    def _odd_bands(self, good: Mapping[str, Any]) -> list[tuple[str, str]]:
        if not self._odd:
            return []
        pairs = zip(good[DIGEST].to_pylist(), good["predictors"].to_pylist(), strict=True)
        found = [(digest.decode(), odd) for digest, text in pairs for odd in self._odd.get(text, ())]
        self._odd.clear()
        return found

    def _read(self, column: Column, text: str | None) -> str | RefusedValueError | None:
        """Read one text by the extract's rules, and say it as PostgreSQL does."""
        try:
            value = parse(column, text)
            if column.kind is not Kind.JSON:
                return _storable(self.table.name, column, value)
            kept = _json(text)
        except RefusedValueError as refusal:
            return refusal
        self._look_for_odd_bands(column, kept, value)
        return kept

    def _look_for_odd_bands(self, column: Column, kept: str | None, value: object) -> None:
        if column.name == "predictors" and kept is not None and isinstance(value, dict):
            odd = list(predictors.contradicted_bands(value.get("output")))
            if odd:
                self._odd[kept] = odd


def _digests(columns: Sequence[Any]) -> Any:  # noqa: ANN401 - as above
    """Digest what each row says: the same from CSV and Parquet, because cells are spelt one way by now."""
    # No cell is an empty text and none holds a NUL, so that no two rows that differ are joined to the same.
    rows = joined(*columns, separator="\x00", for_null="")
    ends = memoryview(rows.buffers()[1]).cast("i")[rows.offset :]
    cells = memoryview(rows.buffers()[2]) if len(rows) else b""
    digests = [sha256(cells[begin:end]).hexdigest() for begin, end in pairwise(ends[: len(rows) + 1])]
    return of_width("".join(digests).encode(), 64)


def _are_texts(table: str, column: Column, array: Any) -> bool:  # noqa: ANN401 - as above
    if column.pattern:
        if pc.all(pc.match_substring_regex(array, f"^(?:{column.pattern})$")).as_py() is False:
            return False
    elif pc.any(pc.match_substring(array, "\x00")).as_py():
        return False
    limit = longest_text(table, column.name)
    return limit is None or (pc.max(pc.utf8_length(array)).as_py() or 0) <= limit


def _are_moments(array: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether all are moments in UTC as this service writes them; `ArrowInvalid` when one is no date."""
    if pc.all(pc.match_substring_regex(array, _UTC_MOMENT)).as_py() is False:
        return False
    years = pc.min_max(pc.year(pc.utf8_slice_codeunits(array, 0, 19).cast(pa.timestamp("s"))))
    first, last = years["min"].as_py(), years["max"].as_py()
    return first is None or (first >= _FIRST_YEAR and last <= _LAST_YEAR)


def _in_one_spelling(moments: Any) -> Any:  # noqa: ANN401 - as above
    day, time = pc.utf8_slice_codeunits(moments, 0, 10), pc.utf8_slice_codeunits(moments, 11, 19)
    return joined(day, "T", time, "Z")


def _storable(table: str, column: Column, value: Value | None) -> str | None:
    """Spell a value, or refuse what its column in the database could not hold."""
    if isinstance(value, str) and column.kind is Kind.TEXT:
        limit = longest_text(table, column.name)
        if limit is not None and len(value) > limit:
            raise RefusedValueError(f"is longer than {limit} characters", "Shorten it")
    if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        remedy = "Correct the year; leave an end that is not known empty"
        raise RefusedValueError("is not a plausible date", remedy)
    return _spelt(value)


def _json(text: str | None) -> str | None:
    """Return JSON as PostgreSQL can keep it: no NUL, no half characters, no NaN."""
    if text is None:
        return None
    if _UNSTORABLE.search(text):
        raise RefusedValueError("holds characters that are not text", "Save the file as UTF-8")
    if "NaN" in text or "Infinity" in text or _HUGE.search(text):
        try:
            json.loads(text, parse_constant=_no_constant, parse_float=_storable_number)
        except ValueError:
            raise RefusedValueError("holds a number that is none", "Write null instead") from None
    return text.strip() or None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _storable_number(text: str) -> None:
    if not isfinite(float(text)):
        raise ValueError(text)


def _spelt(value: Value | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)
