"""Exports: ask for one, see how far it is, fetch it until it expires; everybody sees their own."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.pages.addresses import Reference
from qa_service.pages.display import moment
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import StatusTag
from qa_service.policy.numbers import load_policy
from qa_service.progress import service as progress
from qa_service.progress.tables import JobRun, JobStatus
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.export_files import FileFormat
from qa_service.reporting.exports import DICTIONARY
from qa_service.workflows.make_export import EXPORT, EXPORTERS, ask_for_export, fetch_export

router = APIRouter(include_in_schema=False)

ExporterDep = Annotated[CurrentUser, require(*EXPORTERS)]
HOME = "/exports"

LEVELS = {AreaLevel.PDU: "PDUs", AreaLevel.REGION: "Regions", AreaLevel.NATIONAL: "England and Wales"}
FORMATS = {
    FileFormat.XLSX: "Excel workbook (XLSX)",
    FileFormat.CSV: "CSV, in a zip with its data dictionary",
    FileFormat.JSON: "JSON",
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
    Column("what", "Rates of"),
    Column("format", "File"),
    Column("status", "Status"),
)
DICTIONARY_COLUMNS = (
    Column("column", "Column"),
    Column("kind", "What it holds"),
    Column("meaning", "Meaning"),
    Column("empty", "Empty means"),
)
_CHOOSE = {"level": "Choose which areas the rates are of", "format": "Choose the kind of file"}


@router.get(HOME)
def list_exports(request: Request, session: SessionDep, clock: ClockDep, user: ExporterDep) -> Response:
    """Offer a new export, and list what this person asked for."""
    return _list(request, session, clock.now(), user, Form())


@router.post(HOME)
def ask(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    references: ReferencesDep,
    user: ExporterDep,
    form: FormDep,
) -> Response:
    """Ask for an export and go to where its progress is shown."""
    known: dict[str, set[str]] = {"level": set(AreaLevel), "format": set(FileFormat)}
    faults = {name: words for name, words in _CHOOSE.items() if form.value(name) not in known[name]}
    if faults:
        return _list(request, session, clock.now(), user, form.with_errors(faults))
    level, file_format = AreaLevel(form.value("level")), FileFormat(form.value("format"))
    run = ask_for_export(session, user, level, file_format, clock=clock, references=references)
    return RedirectResponse(f"{HOME}/{run.reference}", status_code=303)


@router.get(f"{HOME}/{{reference}}")
def show_export(
    request: Request, session: SessionDep, clock: ClockDep, user: ExporterDep, reference: Reference
) -> Response:
    """Show how far an export is, or offer its file."""
    run = progress.own_run(session, EXPORT, reference, by=user.actor)
    context = {
        "run": run,
        "tag": tag_of(run, clock.now()),
        "is_ready": run.status is JobStatus.DONE and not _is_expired(run, clock.now()),
        "is_expired": _is_expired(run, clock.now()),
        "expires_at": _expires_at(run),
        "what": f"Rates: {LEVELS[AreaLevel(run.arguments['level'])]}",
        "breadcrumbs": [Link("Exports", HOME), Link("Export")],
        "columns": DICTIONARY_COLUMNS,
        "rows": [
            {"column": one.column, "kind": one.kind, "meaning": one.meaning, "empty": one.empty_means}
            for one in DICTIONARY
        ],
    }
    return render(request, "exports/export.html", context)


@router.get(f"{HOME}/{{reference}}/file")
def fetch(session: SessionDep, clock: ClockDep, user: ExporterDep, reference: Reference) -> Response:
    """Give the file to whoever asked for it."""
    made = fetch_export(session, user, reference, clock=clock)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers=headers)


def tag_of(run: JobRun, at: datetime) -> StatusTag:
    """Return where an export is, in words."""
    return _EXPIRED if _is_expired(run, at) else _TAGS[run.status]


def _list(request: Request, session: Session, at: datetime, user: CurrentUser, form: Form) -> Response:
    runs = progress.last_runs_of(session, EXPORT, by=user.actor)
    context = {
        "form": form,
        "levels": {level.value: text for level, text in LEVELS.items()},
        "formats": {one.value: text for one, text in FORMATS.items()},
        "columns": COLUMNS,
        "rows": [_row(run, at) for run in runs],
        "least": load_policy().rates.suppress_below,
        "days": load_policy().rates.export_days,
    }
    return render(request, "exports/exports.html", context, status_code=422 if form.errors else 200)


def _row(run: JobRun, at: datetime) -> dict[str, object]:
    expires_at = _expires_at(run)
    until = f"until {moment(expires_at)}" if expires_at and not _is_expired(run, at) else None
    return {
        "asked": Cell(moment(run.asked_at), href=f"{HOME}/{run.reference}"),
        "what": LEVELS[AreaLevel(run.arguments["level"])],
        "format": run.arguments["format"].upper(),
        "status": Cell(tag=tag_of(run, at), hint=until),
    }


def _expires_at(run: JobRun) -> datetime | None:
    return datetime.fromisoformat(run.result["expires_at"]) if run.result else None


def _is_expired(run: JobRun, at: datetime) -> bool:
    expires_at = _expires_at(run)
    return expires_at is not None and expires_at <= at
