"""Uploading a file: it is kept and checked first, and loaded when the lead has seen what would happen."""

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep, SettingsDep, require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.cases.service import case_of_crn
from qa_service.core.errors import Invalid
from qa_service.intake import service
from qa_service.intake.reports import Finding
from qa_service.pages import upload_words as words
from qa_service.pages.display import moment
from qa_service.pages.forms import Form
from qa_service.pages.render import Cell, Link, render
from qa_service.pages.upload_staging import find_staged, stage
from qa_service.reviews import service as reviews

router = APIRouter(include_in_schema=False)

LeadDep = Annotated[CurrentUser, require(Role.QUALITY_LEAD)]
_HOME = Link("Upload", "/upload")


@router.get("/upload")
def show_form(request: Request, session: SessionDep, user: LeadDep) -> Response:
    """Ask for a file, and list what this lead has loaded."""
    return _form(request, session, user, Form())


@router.post("/upload")
def check(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
    references: ReferencesDep,
    user: LeadDep,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep the file and find out what loading it would do; nothing is loaded yet."""
    if file is None or not file.filename:
        return _form(
            request, session, user, Form(errors={"file": "Choose a file to upload"}), status_code=422
        )
    try:
        upload = stage(settings, user.id, references.make(), file.file, name=file.filename)
    except Invalid as error:
        return _form(request, session, user, Form(errors={"file": f"{error.message} {error.next_step}"}), 422)
    reports = service.import_paths(
        request.app.state.engine,
        [upload.content],
        dry_run=True,
        by=user.actor,
        clock=clock,
        names={upload.content: upload.name},
    )
    reading, _ = reviews.reading_now(session, user.id)
    upload.keep_report(words.told(reports, may_show=lambda finding: _may_show(session, finding, reading)))
    return RedirectResponse(f"/upload/checked/{upload.reference}", status_code=303)


@router.get("/upload/checked/{reference}")
def show_checked(request: Request, settings: SettingsDep, user: LeadDep, reference: str) -> Response:
    """Show what loading would do, row by refused row."""
    upload = find_staged(settings, user.id, reference)
    context = {
        "title": f"Check {upload.name}",
        "breadcrumbs": (_HOME, Link("Check")),
        "told": upload.report(),
        "reference": reference,
    }
    return _result(request, context)


@router.post("/upload/checked/{reference}/load")
def load(
    request: Request, clock: ClockDep, settings: SettingsDep, user: LeadDep, reference: str
) -> RedirectResponse:
    """Load the file that was checked; good rows load, each refused row is kept with its reason."""
    upload = find_staged(settings, user.id, reference)
    reports = service.import_paths(
        request.app.state.engine,
        [upload.content],
        by=user.actor,
        clock=clock,
        names={upload.content: upload.name},
    )
    upload.discard()
    query = "&".join(f"run={report.run_id}" for report in reports)
    return RedirectResponse(f"/upload/imports?{query}", status_code=303)


@router.post("/upload/checked/{reference}/discard")
def discard(settings: SettingsDep, user: LeadDep, reference: str) -> RedirectResponse:
    """Do not load the file."""
    find_staged(settings, user.id, reference).discard()
    return RedirectResponse("/upload", status_code=303)


@router.get("/upload/imports")
def show_imports(
    request: Request,
    session: SessionDep,
    user: LeadDep,
    run: Annotated[list[int], Query(default_factory=list)],
) -> Response:
    """Show what an import loaded and refused."""
    runs = service.runs_of(session, run, by=user.actor)
    ids = [found.id for found in runs]
    refusals = [row for run_id in ids for row in service.refusals_of(session, run_id)]
    findings = [row for run_id in ids for row in service.findings_of(session, run_id)]
    context = {
        "title": f"Import of {runs[0].source_name}",
        "breadcrumbs": (_HOME, Link("Import")),
        "told": words.kept(runs, refusals, findings),
        "csv_links": [
            Link(f"Refused rows of {found.source_name} (CSV)", f"/upload/imports/{found.id}/refused.csv")
            for found in runs
            if found.n_refused
        ],
    }
    return _result(request, context)


@router.get("/upload/imports/{run_id}/refused.csv")
def refused_rows(session: SessionDep, user: LeadDep, run_id: int) -> Response:
    """Give every refused row of an import as CSV."""
    (run,) = service.runs_of(session, [run_id], by=user.actor)
    text = words.refusals_csv(service.refusals_of(session, run_id, limit=run.n_refused * 100))
    headers = {"content-disposition": f'attachment; filename="refused-{run_id}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _may_show(session: Session, finding: Finding, reading: Collection[int]) -> bool:
    """Tell whether a finding may be shown: what it repeats of a record, only to those who may see it.

    It tells levels: of a case that the lead reads themselves at this moment nothing is shown.
    """
    case = case_of_crn(session, finding.crn) if finding.crn is not None else None
    if case is None:
        return finding.crn is None or finding.kind not in words.REPEATS_THE_RECORD
    return case.id not in reading


def _form(
    request: Request, session: Session, user: CurrentUser, form: Form, status_code: int = 200
) -> Response:
    rows = [
        {
            "file": Cell(run.source_name, href=f"/upload/imports?run={run.id}"),
            "when": moment(run.loaded_at),
            "outcome": words.OUTCOMES[run.status.value],
            "n_changed": run.n_changed,
            "n_refused": run.n_refused,
        }
        for run in service.last_runs(session, by=user.actor)
    ]
    context = {"form": form, "columns": words.RUN_COLUMNS, "rows": rows}
    return render(request, "upload/form.html", context, status_code)


def _result(request: Request, context: Mapping[str, object]) -> Response:
    columns = {
        "file_columns": words.FILE_COLUMNS,
        "refusal_columns": words.REFUSAL_COLUMNS,
        "finding_columns": words.FINDING_COLUMNS,
        "most_shown": words.MOST_SHOWN,
    }
    return render(request, "upload/result.html", {**columns, **context})
