"""Write an export as CSV, XLSX or JSON, each with its data dictionary; no cell is ever a formula."""

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from qa_service.reporting.exports.definition import Export

_FORMULA_BEGINS = {"=", "+", "-", "@"}
_CONTROLS = ("\t", "\r", "\n")
_DICTIONARY_COLUMNS = ("column", "kind", "meaning", "empty_means")


class FileFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


MEDIA_TYPES = {
    FileFormat.CSV: "application/zip",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.JSON: "application/json",
}
# Two tables of CSV are two files.
ENDINGS = {FileFormat.CSV: "zip", FileFormat.XLSX: "xlsx", FileFormat.JSON: "json"}


def harmless(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula (OWASP ASVS 5.0, 1.2.10).

    Some drop what cannot be seen before the sign, and read its full-width form as the sign itself.
    """
    if not isinstance(value, str):
        return value
    seen = (one for one in value if unicodedata.category(one)[0] not in {"Z", "C"})
    first = unicodedata.normalize("NFKC", next(seen, ""))
    return f"'{value}" if value.startswith(_CONTROLS) or first in _FORMULA_BEGINS else value


def csv_tables(export: Export) -> dict[str, str]:
    """Return the figures and the data dictionary as texts of CSV, by file name."""
    return {name: as_csv(rows) for name, rows in _tables(export).items()}


def write_export(export: Export, file_format: FileFormat) -> bytes:
    """Write an export as one file; the same export is the same bytes, but for XLSX's own times."""
    if file_format is FileFormat.JSON:
        return _json(export)
    return _workbook(export) if file_format is FileFormat.XLSX else _zip(export)


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as the text of a CSV."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _tables(export: Export) -> dict[str, list[Sequence[object]]]:
    return {
        export.name: [[one.name for one in export.columns], *export.rows],
        "data_dictionary": [_DICTIONARY_COLUMNS, *_dictionary(export)],
        "about": [("item", "text"), *export.about.items()],
    }


def _dictionary(export: Export) -> list[tuple[str, ...]]:
    return [(one.name, one.kind, one.meaning, one.empty_means) for one in export.columns]


def _zip(export: Export) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in csv_tables(export).items():
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _workbook(export: Export) -> bytes:
    # openpyxl is loaded only when a workbook is written: web processes stay small.
    from openpyxl import Workbook  # noqa: PLC0415 - as above

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    for name, rows in _tables(export).items():
        sheet = book.create_sheet(name.replace("_", " ").capitalize())
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([harmless(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _json(export: Export) -> bytes:
    names = [one.name for one in export.columns]
    document = {
        "about": dict(export.about),
        "data_dictionary": [
            dict(zip(_DICTIONARY_COLUMNS, line, strict=True)) for line in _dictionary(export)
        ],
        export.name: [dict(zip(names, row, strict=True)) for row in export.rows],
    }
    return json.dumps(document, default=str, ensure_ascii=False, indent=1).encode()
