"""A reduction request: the figures to key in WMT, as a page, as CSV and as JSON (FORMATS 11 A)."""

import csv
import io
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.caseload import service as caseload
from qa_service.pages.addresses import Key
from qa_service.pages.manager_access import ManagerDep
from qa_service.pages.manager_duties import clock_of
from qa_service.pages.render import Link, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.cuts import RequestRow, find_request
from qa_service.reporting.duties import DutyRow, find_duty, may_meet, must_meet

router = APIRouter(include_in_schema=False)

# A spreadsheet runs a cell that begins with one of these (OWASP ASVS 5.0, 1.2.10).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@router.get("/reductions/{request_id}")
def show_reduction(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, request_id: Key
) -> Response:
    """Show what to key in WMT, field by field as WMT's form asks for it."""
    row, duty = _find(session, user, request_id, clock)
    context = {
        "row": row,
        "duty": duty,
        "clock": clock_of(duty, is_overdue=duty.is_overdue(clock.now())),
        "figures": _figures(session, row, clock),
        "may_meet": may_meet(session, user, duty, clock.now()),
        "breadcrumbs": [Link("My duties", "/duties"), Link("Reduction to key in WMT")],
    }
    return render(request, "manager/reduction.html", context)


@router.get("/reductions/{request_id}/hand-over.json")
def hand_over_json(session: SessionDep, clock: ClockDep, user: ManagerDep, request_id: Key) -> Response:
    """Hand the request over as JSON."""
    row, _ = _find(session, user, request_id, clock)
    return JSONResponse(_figures(session, row, clock), headers=_as_file(row, "json"))


@router.get("/reductions/{request_id}/hand-over.csv")
def hand_over_csv(session: SessionDep, clock: ClockDep, user: ManagerDep, request_id: Key) -> Response:
    """Hand the request over as one line of CSV under its headings."""
    row, _ = _find(session, user, request_id, clock)
    figures = _figures(session, row, clock)
    flat = {**figures, **figures["expected"]}
    del flat["expected"]
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(flat)
    writer.writerow([_cell(value) for value in flat.values()])
    return Response(lines.getvalue(), media_type="text/csv; charset=utf-8", headers=_as_file(row, "csv"))


@router.post("/reductions/{request_id}/keyed")
def mark_keyed(session: SessionDep, clock: ClockDep, user: ManagerDep, request_id: Key) -> Response:
    """Record that the reduction has been keyed; that meets the duty."""
    row, duty = _find(session, user, request_id, clock)
    must_meet(session, user, duty.id, clock.now())
    caseload.mark_keyed(session, row.id, at=clock.now(), by=user.actor)
    return RedirectResponse(f"/reductions/{request_id}", status_code=303)


def _find(
    session: Session, user: CurrentUser, request_id: Key, clock: ClockDep
) -> tuple[RequestRow, DutyRow]:
    row = find_request(session, request_id)
    return row, find_duty(session, user, row.obligation_id, clock.now())


def _figures(session: Session, row: RequestRow, clock: ClockDep) -> dict[str, Any]:
    return caseload.hand_over(session, row.id, at=clock.now(), policy=load_policy())


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _as_file(row: RequestRow, kind: str) -> dict[str, str]:
    name = f"reduction-{row.staff_code}-{row.starts_on.isoformat()}.{kind}"
    return {"content-disposition": f'attachment; filename="{name}"'}
