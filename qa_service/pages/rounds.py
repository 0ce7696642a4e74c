"""Rounds for quality leads and those above them: the list, and one round with its cases, left out and log."""

from typing import Any

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.estate import service as estate
from qa_service.pages import rounds_words as words
from qa_service.pages.display import day, number
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.render import Cell, Column, FilterField, render
from qa_service.pages.rounds_access import LEADS, VIEWERS, ViewerDep, may_run, round_for, view_of
from qa_service.pages.status_tags import STATUS_TAGS, status_tag
from qa_service.reporting import rounds as reporting
from qa_service.reporting.rounds import RoundProgress
from qa_service.rounds.service import pdu_codes_of
from qa_service.rounds.tables import CheckStatus

router = APIRouter(include_in_schema=False)

ROUND_COLUMNS = (
    Column("round", "Round"),
    Column("status", "Status"),
    Column("checked", "Checked"),
    Column("failed", "Failed", is_numeric=True),
    Column("due", "Due"),
)
PDU_COLUMNS = (
    Column("name", "PDU"),
    Column("n_checks", "Drawn", is_numeric=True),
    Column("n_finished", "Finished", is_numeric=True),
    Column("n_failed", "Failed", is_numeric=True),
)
CASE_COLUMNS = (
    Column("officer", "Practitioner", sort="officer"),
    Column("pdu", "PDU", sort="pdu"),
    Column("status", "Status", sort="status"),
    Column("verdict", "Verdict"),
    Column("ticket_rank", "Ticket", is_numeric=True),
    Column("step", "If the case is spoiled"),
)
LEFT_OUT_COLUMNS = (Column("officer", "Practitioner"), Column("reason", "Why"), Column("detail", "In full"))
LOG_COLUMNS = (Column("at", "When"), Column("title", "What"), Column("by", "By"), Column("text", "In full"))
REPLACEABLE = frozenset({CheckStatus.DRAWN, CheckStatus.ASSIGNED, CheckStatus.OPENED})


@router.get("/rounds")
def list_rounds(request: Request, session: SessionDep, clock: ClockDep, user: ViewerDep) -> Response:
    """List the rounds of somebody's areas."""
    found = reporting.list_progress(session, view_of(user, *VIEWERS))
    today = day_of(clock.now())
    context = {
        "n_rounds": len(found),
        "n_overdue": sum(
            one.round.closed_at is None and one.round.window_to_on < today and one.n_checks > 0
            for one in found
        ),
        "columns": ROUND_COLUMNS,
        "rows": [_round_row(one) for one in found],
        "may_plan": user.has(*LEADS),
        "data_up_to": clock.now(),
    }
    return render(request, "rounds/list.html", context)


def _round_row(progress: RoundProgress) -> dict[str, object]:
    found = progress.round
    return {
        "round": Cell(
            progress.area_name,
            href=f"/rounds/{found.reference}",
            hint=f"{found.window_from_on:%b %Y} to {found.window_to_on:%b %Y}",
        ),
        "status": Cell(tag=status_tag("round", found.status.value)),
        "checked": f"{number(progress.n_finished)} of {number(progress.n_checks)}"
        if progress.n_checks
        else None,
        "failed": number(progress.n_failed) if progress.n_checks else None,
        "due": day(found.window_to_on),
    }


def page_of(
    request: Request, user: CurrentUser, progress: RoundProgress, template: str, context: dict[str, Any]
) -> Response:
    """Show one part of a round."""
    frame = {
        "progress": progress,
        "round": progress.round,
        "title": words.title_of(progress),
        "breadcrumbs": words.crumbs(progress, inside=False),
        "may_run": may_run(user, progress),
        "words": words,
    }
    return render(request, template, {**frame, **context})


@router.get("/rounds/{reference}")
def show_overview(
    request: Request, session: SessionDep, clock: ClockDep, user: ViewerDep, reference: str
) -> Response:
    """Show where a round is, what comes next, and how far each PDU has come."""
    progress = round_for(session, user, reference, *VIEWERS)
    found = progress.round
    context = {
        "parts": words.parts_of(found, "Overview"),
        "forecast_columns": words.FORECAST_COLUMNS,
        "forecast_rows": words.forecast_rows(found.forecast),
        "targeted_rows": words.targeted_rows(found.forecast),
        "by_status": reporting.count_by_status(session, found),
        "pdu_columns": PDU_COLUMNS,
        "pdu_rows": reporting.list_progress_by_pdu(session, found),
        "n_uncovered": reporting.count_left_out(session, found).get(("nothing_to_draw", True), 0),
        "data_up_to": clock.now(),
    }
    return page_of(request, user, progress, "rounds/overview.html", context)


@router.get("/rounds/{reference}/cases")
def show_cases(
    request: Request, session: SessionDep, clock: ClockDep, user: ViewerDep, reference: str, page: int = 1
) -> Response:
    """List the cases that were drawn."""
    progress = round_for(session, user, reference, *VIEWERS)
    found = progress.round
    names = {pdu.code: pdu.name for pdu in estate.pdus(session)}
    pdus = [(code, names.get(code, code)) for code in pdu_codes_of(session, found.area_kind, found.area_code)]
    sort = request.query_params.get("sort", "")
    cases = reporting.list_cases(
        session, found, wanted_page(request, page), filters=dict(request.query_params), sort=sort
    )
    can_replace = may_run(user, progress)
    rows = [_case_row(found.reference, row, can_replace=can_replace) for row in cases.rows]
    if wants_csv(request):
        name, columns = f"{reference}-cases", CASE_COLUMNS[:-1]
        return give_csv(session, user, name, Table(columns, rows), at=clock.now(), total=cases.total)
    context = {
        "parts": words.parts_of(found, "Cases"),
        "columns": CASE_COLUMNS,
        "filters": (
            FilterField("officer", "Practitioner"),
            FilterField("pdu", "PDU", tuple(pdus)),
            FilterField(
                "status", "Status", tuple((name, tag.text) for name, tag in STATUS_TAGS["check"].items())
            ),
        ),
        "sort": sort,
        "page": cases,
        "rows": rows,
    }
    return page_of(request, user, progress, "rounds/cases.html", context)


def _case_row(reference: str, row: Any, *, can_replace: bool) -> dict[str, object]:  # noqa: ANN401 - a row of the query
    is_replaceable = can_replace and row["status"] in REPLACEABLE
    return {
        "officer": Cell(row["officer"], hint=f"{row['staff_code']}, {row['team']}"),
        "pdu": row["pdu"],
        "status": Cell(tag=status_tag("check", row["status"]), hint=row["status_reason"]),
        "verdict": Cell(tag=status_tag("verdict", row["verdict"])) if row["verdict"] else None,
        "ticket_rank": row["ticket_rank"],
        "step": Cell("Replace", href=f"/rounds/{reference}/cases/{row['reference']}/replace")
        if is_replaceable
        else None,
    }


@router.get("/rounds/{reference}/left-out")
def show_left_out(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: ViewerDep,
    reference: str,
    page: int = 1,
    reason: str = "",
) -> Response:
    """List every practitioner who was left out, and count the cases, each with the reason."""
    progress = round_for(session, user, reference, *VIEWERS)
    counts = reporting.count_left_out(session, progress.round)
    found = reporting.list_left_out(session, progress.round, wanted_page(request, page), reason=reason)
    rows = [
        {
            "officer": row["officer"],
            "reason": words.REASONS[row["reason"]],
            "detail": words.why_left_out(row),
        }
        for row in found.rows
    ]
    if wants_csv(request):
        name = f"{reference}-left-out"
        return give_csv(session, user, name, Table(LEFT_OUT_COLUMNS, rows), at=clock.now(), total=found.total)
    officer_reasons = sorted(name for name, is_officer in counts if is_officer)
    context = {
        "parts": words.parts_of(progress.round, "Left out"),
        "columns": LEFT_OUT_COLUMNS,
        "filters": (
            FilterField("reason", "Why", tuple((name, words.REASONS[name]) for name in officer_reasons)),
        ),
        "page": found,
        "rows": rows,
        "case_counts": [
            (words.REASONS[name], n) for (name, is_officer), n in counts.items() if not is_officer
        ],
    }
    return page_of(request, user, progress, "rounds/left_out.html", context)


@router.get("/rounds/{reference}/log")
def show_log(
    request: Request, session: SessionDep, clock: ClockDep, user: ViewerDep, reference: str
) -> Response:
    """Show what was done with a round, by whom and when."""
    progress = round_for(session, user, reference, *VIEWERS)
    events = words.events(reporting.list_events(session, progress.round))
    if wants_csv(request):
        rows = [vars(event) for event in events]
        return give_csv(session, user, f"{reference}-log", Table(LOG_COLUMNS, rows), at=clock.now())
    context = {"parts": words.parts_of(progress.round, "Log"), "events": events}
    return page_of(request, user, progress, "rounds/log.html", context)
