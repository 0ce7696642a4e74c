"""Tell what a file is by what it holds; its name says nothing."""

import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from qa_service.core.errors import Invalid
from qa_service.extract.errors import ExtractError
from qa_service.intake.documents import DamagedDocumentError, parse_json, read_document
from qa_service.intake.entries import Order, Reading
from qa_service.intake.sources import ACCEPTED, Source, refuse_bomb
from qa_service.policy.numbers import load_policy

if TYPE_CHECKING:
    from qa_service.intake.own_extract import TableFile

_LARGEST_JSON_BYTES = 256 * 1024**2
_JSON_BEGINS = (b"{", b"[")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe\x00\x00", b"\xff\xfe", b"\xfe\xff", b"\x00")


@dataclass(frozen=True)
class Recognised:
    """A source, what it was understood to be, and when in a load its turn comes."""

    source: Source
    order: Order
    reading: Reading
    tables: "list[TableFile]" = field(default_factory=list)


def recognise(source: Source, *, day: date) -> Recognised:
    """Read one source as far as its format allows; what no format fits is refused with what would."""
    reading = Reading(source.name, "not recognised")
    if source.fault is not None:
        reading.refuse("", "", source.fault.message, source.fault.next_step)
        return Recognised(source, reading.order, reading)
    try:
        if source.is_folder:
            return _as_extract(source, reading)
        if zipfile.is_zipfile(source.path):
            _read_workbook(source, reading)
        elif _looks_like_json(source.path):
            _read_json(source, reading, day)
        else:
            return _as_extract(source, reading)
    except (ExtractError, DamagedDocumentError) as damage:
        reading.refuse("", "", str(damage), "Send the file again, in UTF-8.")
    except Invalid as refused:
        reading.refuse("", "", refused.message, refused.next_step)
    return Recognised(source, reading.order, reading)


def _looks_like_json(path: Path) -> bool:
    with path.open("rb") as file:
        begins = file.read(64)
    for mark in _BYTE_ORDER_MARKS:
        begins = begins.removeprefix(mark)
    return begins.replace(b"\x00", b"").lstrip().startswith(_JSON_BEGINS)


def _read_json(source: Source, reading: Reading, day: date) -> None:
    if source.path.stat().st_size > _LARGEST_JSON_BYTES:
        raise DamagedDocumentError("the JSON is larger than 256 megabytes; send an extract instead")
    document = parse_json(source.path.read_bytes())
    reading.format_name = ""
    if not read_document(document, reading, day=day):
        reading.format_name = "not recognised"
        reading.refuse("$", "", "the JSON is in none of the formats this service reads", ACCEPTED)


def _read_workbook(source: Source, reading: Reading) -> None:
    # openpyxl is loaded only when a workbook is: web processes stay small.
    from qa_service.intake import wmt  # noqa: PLC0415 - as above

    refuse_bomb(source.path, source.name)
    try:
        wmt.read_workbook(source.path, reading, load_policy().workload)
    except wmt.DamagedWorkbookError as damage:
        reading.refuse("", "", str(damage), ACCEPTED)


def _as_extract(source: Source, reading: Reading) -> Recognised:
    # pyarrow is loaded only when an extract may be: web processes stay small.
    from qa_service.intake import own_extract  # noqa: PLC0415 - as above

    if source.is_folder:
        return Recognised(source, Order.EXTRACT, reading, own_extract.table_files(source))
    table = own_extract.bare_table(source.path) or own_extract.nearest_table(source.path)
    if table is not None:
        return Recognised(source, Order.EXTRACT, reading, [own_extract.TableFile(table, source.path)])
    reading.refuse("", "", "the content is in none of the formats this service reads", ACCEPTED)
    return Recognised(source, Order.SECTIONS, reading)
