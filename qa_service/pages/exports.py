"""Exports: what there is, how far one's own are, and each file until it expires; everybody sees their own."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import NotFound
from qa_service.pages.addresses import Reference
from qa_service.pages.display import day, moment
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import PageNumber
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import StatusTag
from qa_service.policy.numbers import load_policy
from qa_service.progress import service as progress
from qa_service.progress.service import FILE_NOT_KEPT
from qa_service.progress.tables import JobRun, JobStatus
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.definition import Column as ExportColumn
from qa_service.reporting.exports.kinds import ExportKind
from qa_service.workflows.make_export import EXPORT, EXPORTERS, ExportWish, fetch_export

router = APIRouter(include_in_schema=False)

ExporterDep = Annotated[CurrentUser, require(*EXPORTERS)]
HOME = "/exports"

LEVELS = {AreaLevel.PDU: "PDUs", AreaLevel.REGION: "Regions", AreaLevel.NATIONAL: "England and Wales"}
KINDS = {
    ExportKind.RATES: ("Rates", "Wrong risk levels in each area, raw and corrected for reader error"),
    ExportKind.EQUALITY: (
        "Equality monitoring",
        "Rates by sex, ethnicity and age of the people supervised, and of the officers checked",
    ),
    ExportKind.COST: (
        "Cost of the programme",
        "Reviewer hours and caseloads for each level found too low, by the way cases were chosen",
    ),
}
_TAGS = {
    JobStatus.QUEUED: StatusTag("Waiting", "blue"),
    JobStatus.RUNNING: StatusTag("Being made", "yellow"),
    JobStatus.DONE: StatusTag("Ready", "green"),
    JobStatus.FAILED: StatusTag("Failed", "red"),
}
_EXPIRED = StatusTag("Expired", "grey")
COLUMNS = (
    Column("asked", "Asked for"),
    Column("what", "What"),
    Column("counted", "Counted"),
    Column("format", "File"),
    Column("status", "Status"),
)
DICTIONARY_COLUMNS = (
    Column("column", "Column"),
    Column("kind", "What it holds"),
    Column("meaning", "Meaning", is_long=True),
    Column("empty", "Empty means"),
)


@router.get(HOME)
def list_exports(
    request: Request, session: SessionDep, clock: ClockDep, user: ExporterDep, number: PageNumber = 1
) -> Response:
    """Offer each kind of export, and list what this person asked for."""
    page = progress.runs_of(session, EXPORT, wanted_page(request, number), by=user.actor)
    at, policy = clock.now(), load_policy().rates
    rows = [_row(run, at) for run in page.rows]
    if wants_csv(request):
        return give_csv(session, user, "exports", Table(COLUMNS, rows), at=at, total=page.total)
    context = {
        "kinds": [(f"{HOME}/new/{kind}", *words) for kind, words in KINDS.items()],
        "columns": COLUMNS,
        "page": page,
        "rows": rows,
        "least": policy.suppress_below,
        "least_equality": policy.suppress_equality_below,
        "days": policy.export_days,
    }
    return render(request, "exports/exports.html", context)


@router.get(f"{HOME}/{{reference}}")
def show_export(
    request: Request, session: SessionDep, clock: ClockDep, user: ExporterDep, reference: Reference
) -> Response:
    """Show how far an export is, or offer its file."""
    run = progress.own_run(session, EXPORT, reference, by=user.actor)
    wish = ExportWish.of_arguments(run.arguments)
    until = wish.until or _last_day(wish, run)
    columns = [one for one in wish.kind.definition.columns if one.name not in wish.left_out]
    context = {
        "run": run,
        "tag": tag_of(run, clock.now()),
        "is_ready": run.status is JobStatus.DONE and not _is_expired(run, clock.now()),
        "is_expired": _is_expired(run, clock.now()),
        "expires_at": _expires_at(run),
        "what": _what(wish),
        "counted": _counted(wish, run),
        "again": f"{HOME}/new/{wish.kind}",
        "until": until.isoformat(),
        "is_offered": until in wish.kind.days_offered(day_of(clock.now()), load_policy().rates),
        "wish": wish,
        "kept": [one.name for one in columns if one.may_be_left_out],
        "breadcrumbs": [Link("Exports", HOME), Link("Export")],
        "columns": DICTIONARY_COLUMNS,
        "rows": dictionary_rows(columns),
    }
    return render(request, "exports/export.html", context)


@router.get(f"{HOME}/{{reference}}/file")
def fetch(session: SessionDep, clock: ClockDep, user: ExporterDep, reference: Reference) -> Response:
    """Give the file to whoever asked for it; while there is none, go to the page that says why."""
    try:
        made = fetch_export(session, user, reference, clock=clock)
    except NotFound as gone:
        if gone.code != FILE_NOT_KEPT:
            raise
        return RedirectResponse(f"{HOME}/{reference}", status_code=303)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers=headers)


def tag_of(run: JobRun, at: datetime) -> StatusTag:
    """Return where an export is, in words."""
    return _EXPIRED if _is_expired(run, at) else _TAGS[run.status]


def dictionary_rows(columns: list[ExportColumn]) -> list[dict[str, str]]:
    """Return columns as lines of the data dictionary."""
    return [
        {"column": one.name, "kind": one.kind, "meaning": one.meaning, "empty": one.empty_means}
        for one in columns
    ]


def _row(run: JobRun, at: datetime) -> dict[str, object]:
    expires_at, wish = _expires_at(run), ExportWish.of_arguments(run.arguments)
    until = f"until {moment(expires_at)}" if expires_at and not _is_expired(run, at) else None
    return {
        "asked": Cell(moment(run.asked_at), href=f"{HOME}/{run.reference}"),
        "what": _what(wish),
        "counted": _counted(wish, run),
        "format": wish.file_format.upper(),
        "status": Cell(tag=tag_of(run, at), hint=until),
    }


def _what(wish: ExportWish) -> str:
    return f"{KINDS[wish.kind][0]}: {LEVELS[wish.level]}"


def _counted(wish: ExportWish, run: JobRun) -> str:
    return f"up to {day(_last_day(wish, run))}"


def _last_day(wish: ExportWish, run: JobRun) -> date:
    wanted = wish.wanted(run.asked_at, ())
    return day_of(wish.kind.definition.release(wanted, load_policy()).until)


def _expires_at(run: JobRun) -> datetime | None:
    return datetime.fromisoformat(run.result["expires_at"]) if run.result else None


def _is_expired(run: JobRun, at: datetime) -> bool:
    expires_at = _expires_at(run)
    return expires_at is not None and expires_at <= at
