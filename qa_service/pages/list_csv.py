"""A list as CSV: what its page shows the same person with the same filters, whole and without any formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import Invalid, NotFound
from qa_service.core.lists import WHOLE, PageRequest
from qa_service.pages.render import Cell, Column
from qa_service.reporting.exports.files import as_csv

Row = Mapping[str, object]


@dataclass(frozen=True)
class Table:
    """A table of a page: what is shown and what is given as a file."""

    columns: Sequence[Column]
    rows: Sequence[Row]


def wants_csv(request: Request) -> bool:
    """Tell whether a list is asked for as a file."""
    return request.query_params.get("format") == "csv"


def wanted_page(request: Request, number: int) -> PageRequest:
    """Return the page to show, or the whole list for a file."""
    return WHOLE if wants_csv(request) else PageRequest(number)


def give_csv(
    session: Session,
    user: CurrentUser,
    name: str,
    table: Table,
    *,
    at: datetime,
    until: datetime | None = None,
    total: int | None = None,
) -> Response:
    """Give a list as a file and record who took how many rows of which list; part of one is refused.

    Figures of a finished period, up to `until`, are called after its last day.
    """
    if total is not None and total > len(table.rows):
        raise Invalid(
            f"This list has {total:,} rows; a file holds {len(table.rows):,}.",
            next_step="Choose fewer by a filter.",
        )
    lines = [[_text(row[column.key]) for column in table.columns] for row in table.rows]
    taken = {"list": name, "n_rows": len(lines)}
    record(session, "list:file:fetched", by=user.actor, at=at, subjects={}, payload=taken)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day_of(until or at)}.csv"'}
    text = as_csv([[column.heading for column in table.columns], *lines])
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def give_table(
    request: Request,
    session: Session,
    user: CurrentUser,
    name: str,
    tables: Mapping[str, Table],
    *,
    at: datetime,
    until: datetime | None = None,
) -> Response:
    """Give the table that the address asks for, whole, as a file: what its page shows the same person."""
    wanted = request.query_params.get("table", "")
    if wanted not in tables:
        raise NotFound(
            "There is no such table on this page.",
            next_step="Open the page and choose a link under a table.",
        )
    return give_csv(session, user, f"{name}-{wanted}", tables[wanted], at=at, until=until)


def _text(value: object) -> str:
    """Write a cell in one line; what stands small under it follows in brackets."""
    if not isinstance(value, Cell):
        return "" if value is None else str(value)
    text = " ".join(part for part in (value.tag.text if value.tag else "", value.text) if part)
    if not value.hint:
        return text
    return f"{text} ({value.hint})" if text else value.hint
