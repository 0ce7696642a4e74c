"""Read the WMT extract workbook: one row per officer and team, with counts by tier and place of supervision.

Points are recomputed from the counts. Suspended tiers (columns ending in S) and untiered cases count nothing
(FORMATS 3.1). Points come from the filtered tab where there is one, because WMT leaves inactive cases out
of them; the number of cases comes from the full tab.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from qa_service.intake.entries import (
    OfficerEntry,
    Order,
    PduEntry,
    Reading,
    RegionEntry,
    TeamEntry,
    WorkloadEntry,
)
from qa_service.intake.fields import RefusedFieldError, illegible, read_count, read_day, read_grade, text_of
from qa_service.policy.numbers import WorkloadPolicy

_TIER = re.compile(r"(comm|cust|licence|license)tier([a-d][0-3]|0)(s?)")
_BLANK_CELL = re.compile(rb'<c (?:[rs]="[A-Z0-9]+" ?)+/>')
_TABLE = {"comm": "community", "cust": "custody", "licence": "licence", "license": "licence"}
_OFFICER = ("region_code", "pdu_code", "team_code", "om_key")
_ROSTER_TABS = ("wmt_extract", "wmt_extract_filtered", "t2a", "omic_teams")
_MOST_CASES = 1_000
_MOST_ROWS = 100_000

Row = Mapping[str, Any]


class DamagedWorkbookError(ValueError):
    """The file cannot be read as a workbook, or lacks the tab of officers."""


@dataclass
class _Officer:
    """One officer in one team, gathered over the tabs."""

    place: str
    row: int
    fields: Row
    n_cases: int = 0
    total_points: int = 0
    seen: set[str] = field(default_factory=set)


def read_workbook(path: Path, reading: Reading, workload: WorkloadPolicy) -> None:
    """Read the officers' tabs; the tabs of single cases and contacts are named as not loaded."""
    try:
        book = openpyxl.load_workbook(_without_padding(path), read_only=True, data_only=True)
    except Exception as error:
        # zipfile and openpyxl let a dozen kinds of error through for a damaged file.
        raise DamagedWorkbookError(f"the workbook is damaged ({type(error).__name__}: {error})") from error
    _read_book(book, reading, workload)


def _without_padding(path: Path) -> io.BytesIO:
    """Copy a workbook without its blank cells: WMT pads tabs with thousands of rows of them."""
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(copy, "w") as slim:
        for member in book.infolist():
            content = book.read(member)
            is_sheet = member.filename.startswith("xl/worksheets/")
            slim.writestr(member.filename, _BLANK_CELL.sub(b"", content) if is_sheet else content)
    copy.seek(0)
    return copy


def _read_book(book: Any, reading: Reading, workload: WorkloadPolicy) -> None:  # noqa: ANN401 - as above
    try:
        tabs = {name.strip().lower(): book[name] for name in book.sheetnames}
        if "wmt_extract" not in tabs:
            raise DamagedWorkbookError("the workbook has no tab WMT_Extract, so it is not the WMT extract")
        reading.format_name, reading.order = "WMT extract workbook", Order.ESTATE
        officers: dict[tuple[str, str], _Officer] = {}
        for name in _ROSTER_TABS:
            if name in tabs:
                _read_tab(tabs[name], name, officers, reading, workload)
        others = [tab.title for name, tab in tabs.items() if name not in _ROSTER_TABS]
        if others:
            reading.notes.append(f"Tabs of single cases and contacts are not loaded: {', '.join(others)}.")
    finally:
        book.close()
    for officer in officers.values():
        with reading.refusing(officer.place, officer.row):
            _enter(officer, reading)


def _read_tab(
    sheet: Any,  # noqa: ANN401 - openpyxl's read-only sheet
    name: str,
    officers: dict[tuple[str, str], _Officer],
    reading: Reading,
    workload: WorkloadPolicy,
) -> None:
    nameless = 0
    for number, row in _rows(sheet, reading):
        if all(text_of(row.get(column)) is None for column in _OFFICER):
            counted = [
                column for column, value in row.items() if _TIER.fullmatch(column) and value not in (None, 0)
            ]
            if all(column.endswith("s") for column in counted):
                nameless += 1
                continue
            reading.refuse(sheet.title, "OM_Key", "cases are counted for nobody", "Name the officer.", number)
            continue
        with reading.refusing(sheet.title, number):
            _add(sheet.title, name, number, row, officers, workload)
    if nameless:
        reading.notes.append(
            f"{sheet.title}: {nameless} rows name no officer and hold only suspended cases, worth no points."
        )


def _rows(sheet: Any, reading: Reading) -> Iterator[tuple[int, Row]]:  # noqa: ANN401 - as above
    """Give the rows that hold anything, by lower-case heading; padding is passed over."""
    sheet.reset_dimensions()
    lines = sheet.iter_rows(values_only=True)
    header = [(text_of(cell) or "").lower().replace("-", "") for cell in next(lines, ())]
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    missing = [column for column in (*_OFFICER, "datestamp") if column not in named]
    if twice or missing:
        what = f"two columns {', '.join(twice)}" if twice else f"no column {', '.join(missing)}"
        next_step = "Send the tab with the headings of the WMT extract."
        reading.refuse(sheet.title, (twice or missing)[0], f"the tab has {what}", next_step, 1)
        return
    for number, line in enumerate(lines, 2):
        if number > _MOST_ROWS:
            next_step = "Send a tab without padding, or in parts."
            reading.refuse(sheet.title, "", f"rows from {number} on were not read", next_step, number)
            return
        row = {name: cell for name, cell in zip(header, line, strict=False) if name}
        if any(text_of(cell) is not None for cell in row.values()):
            yield number, row


def _add(
    title: str,
    tab: str,
    number: int,
    row: Row,
    officers: dict[tuple[str, str], _Officer],
    workload: WorkloadPolicy,
) -> None:
    """Add one row's counts to its officer."""
    if illegible({key: str(value) for key, value in row.items()}):
        raise RefusedFieldError("", "holds characters that are not text", "Save the workbook again.")
    codes = {column: _code(row, column) for column in _OFFICER}
    counts = _counts(row)
    stated = read_count(row.get("vcrn_count"), "V-CRN_Count", maximum=_MOST_CASES)
    key = (codes["om_key"], codes["team_code"])
    officer = officers.setdefault(key, _Officer(title, number, {**row, **codes}))
    if tab in officer.seen:
        next_step = "Keep the row that is right."
        raise RefusedFieldError("OM_Key", f"{key[0]} in {key[1]} has a row before this one", next_step)
    officer.seen.add(tab)
    table = "custody" if tab == "t2a" else None
    points = sum(
        n * workload.points[table or place].get(tier, 0)
        for (place, tier, held), n in counts.items()
        if not held
    )
    if tab == "wmt_extract_filtered":
        officer.total_points = points
    else:
        officer.total_points += points
        officer.n_cases += stated if stated is not None else sum(counts.values())


def _counts(row: Row) -> dict[tuple[str, str, bool], int]:
    """Return the cases by points table, tier and whether they are suspended."""
    counts: dict[tuple[str, str, bool], int] = {}
    for column, value in row.items():
        match = _TIER.fullmatch(column)
        n = read_count(value, column, maximum=_MOST_CASES) if match else None
        if match and n:
            counts[_TABLE[match[1]], match[2].upper(), bool(match[3])] = n
    return counts


def _code(row: Row, column: str) -> str:
    code = (text_of(row.get(column)) or "").upper()
    if not code or len(code) > 10 or not (code.isascii() and code.isalnum()):
        next_step = "Write the code of up to 10 letters and digits."
        raise RefusedFieldError(column, f"{code[:60]!r} is not a code", next_step)
    return code


def _enter(officer: _Officer, reading: Reading) -> None:
    """Turn one officer into entries; the row is refused as a whole when a field of it is wrong."""
    row, place, number = officer.fields, officer.place, officer.row
    grade = read_grade(row.get("om_grade_code"), "OM_Grade_Code")
    seen_on = read_day(row.get("datestamp"), "Datestamp")
    if seen_on is None:
        raise RefusedFieldError("Datestamp", "is missing", "Send the row with its date.")
    parts = (text_of(row.get(column)) for column in ("om_forename", "om_surname"))
    name = " ".join(part for part in parts if part)
    if not name:
        raise RefusedFieldError("OM_Surname", "the officer has no name", "Send the row with a name.")
    region, pdu, team, code = (row[column] for column in _OFFICER)
    region_name, pdu_name, team_name = (
        text_of(row.get(f"{area}_desc")) or row[f"{area}_code"] for area in ("region", "pdu", "team")
    )
    reading.entries += [
        RegionEntry(place=place, row=number, code=region, name=region_name[:120]),
        PduEntry(place=place, row=number, code=pdu, name=pdu_name[:160], region_code=region),
        TeamEntry(place=place, row=number, code=team, name=team_name[:160], pdu_code=pdu),
        OfficerEntry(
            place=place,
            row=number,
            staff_code=code,
            name=name[:160],
            team_code=team,
            seen_on=seen_on,
            grade=grade,
        ),
        WorkloadEntry(
            place=place,
            row=number,
            staff_code=code,
            team_code=team,
            seen_on=seen_on,
            total_points=officer.total_points,
            n_cases=officer.n_cases,
        ),
    ]
