"""Ask for an export: of which areas, counted up to when, with which columns, as which file."""

from collections.abc import Collection
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.core.clock import day_of
from qa_service.core.errors import NotFound
from qa_service.pages.display import day
from qa_service.pages.exports import HOME, KINDS, LEVELS, ExporterDep
from qa_service.pages.forms import Form, FormDep, form_of
from qa_service.pages.render import Link, render
from qa_service.policy.numbers import RatePolicy, load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.files import FileFormat
from qa_service.reporting.exports.kinds import ExportKind
from qa_service.workflows.make_export import ExportWish, ask_for_export

router = APIRouter(include_in_schema=False)

FORMATS = {
    FileFormat.XLSX: "Excel workbook (XLSX)",
    FileFormat.CSV: "CSV, in a zip with its data dictionary",
    FileFormat.JSON: "JSON",
}
_CHOOSE = {
    "level": "Choose which areas the figures are of",
    "until": "Choose up to when it counts",
    "format": "Choose the kind of file",
}


@router.get(f"{HOME}/new/{{kind}}")
def show_choices(request: Request, clock: ClockDep, user: ExporterDep, kind: str) -> Response:  # noqa: ARG001 - the role
    """Offer what can be chosen, with every column ticked."""
    found = _kind(kind)
    today = day_of(clock.now())
    latest, *_ = found.days_offered(today, load_policy().rates)
    form = form_of({"until": latest.isoformat(), "columns": _optional(found)})
    return _page(request, found, form, today)


@router.post(f"{HOME}/new/{{kind}}")
def ask(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    references: ReferencesDep,
    user: ExporterDep,
    form: FormDep,
    kind: str,
) -> Response:
    """Ask for an export and go to where its progress is shown."""
    found, today = _kind(kind), day_of(clock.now())
    known: dict[str, set[str]] = {
        "level": set(found.definition.levels),
        "until": {*map(date.isoformat, found.days_offered(today, load_policy().rates))},
        "format": set(FileFormat),
    }
    faults = {name: words for name, words in _CHOOSE.items() if form.value(name) not in known[name]}
    if faults:
        faults |= _no_longer_offered(form.value("until"), known["until"])
        return _page(request, found, form.with_errors(faults), today)
    wish = ExportWish(
        kind=found,
        level=AreaLevel(form.value("level")),
        file_format=FileFormat(form.value("format")),
        until=date.fromisoformat(form.value("until")),
        left_out=tuple(name for name in _optional(found) if name not in form.chosen("columns")),
    )
    run = ask_for_export(session, user, wish, clock=clock, references=references)
    return RedirectResponse(f"{HOME}/{run.reference}", status_code=303)


def _no_longer_offered(until: str, offered: Collection[str]) -> dict[str, str]:
    """Say why a period that was offered once, as of an export made long ago, cannot be chosen."""
    try:
        asked = date.fromisoformat(until)
    except ValueError:
        return {}
    if until >= min(offered):
        return {}
    return {"until": f"Figures up to {day(asked)} are no longer offered: choose a later day"}


def _kind(kind: str) -> ExportKind:
    try:
        return ExportKind(kind)
    except ValueError as error:
        raise NotFound("There is no such export.", next_step="Choose one of those offered.") from error


def _optional(kind: ExportKind) -> list[str]:
    return [column.name for column in kind.definition.columns if column.may_be_left_out]


def _page(request: Request, kind: ExportKind, form: Form, today: date) -> Response:
    policy, definition = load_policy().rates, kind.definition
    context = {
        "form": form,
        "kind": kind.value,
        "words": KINDS[kind],
        "levels": {level.value: LEVELS[level] for level in definition.levels},
        "periods": {end.isoformat(): f"Up to {day(end)}" for end in kind.days_offered(today, policy)},
        "formats": {one.value: text for one, text in FORMATS.items()},
        "optional": [(one.name, one.meaning) for one in definition.columns if one.may_be_left_out],
        "always": [one.name for one in definition.columns if not one.may_be_left_out],
        "hint": _hint(definition.levels, policy),
        "breadcrumbs": [Link("Exports", HOME), Link(KINDS[kind][0])],
    }
    return render(request, "exports/new.html", context, status_code=422 if form.errors else 200)


def _hint(levels: Collection[AreaLevel], policy: RatePolicy) -> str:
    """Say which days a file counts, and why it does not count up to now."""
    why = (
        "with the verdicts that stood then. Files of other days would, beside these, give small counts away."
    )
    if AreaLevel.PDU not in levels:
        return f"The calendar year that ended then, {why}"
    return (
        f"The {policy.region_window_months} months before; for PDUs, the {policy.pdu_window_months} months"
        f" up to the last end of a year by then, {why}"
    )
