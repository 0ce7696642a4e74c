"""Load what the other systems know, or make a synthetic area to load."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qa_service.cli.context import BY, migrated_engine, system_clock
from qa_service.cli.output import AsJson, fields, progress_bar, show, table
from qa_service.core.clock import day_of
from qa_service.core.errors import Invalid
from qa_service.intake.reports import IntakeReport
from qa_service.intake.service import import_paths
from qa_service.synth.presets import UnknownPresetError
from qa_service.synth.service import OutputNotEmptyError, generate

# More refused rows than a person reads on a screen; --json gives all of them.
_LISTED_ROWS = 50


def import_files(
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files, folders or zips.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load files of the other systems; good rows load, refused rows are listed and end with 1."""
    with migrated_engine() as engine, progress_bar() as bar:
        reports = import_paths(
            engine,
            paths,
            dry_run=dry_run,
            by=BY,
            clock=system_clock(),
            progress=lambda done, total, step: bar(step or "done", done, total),
        )
    show([_as_values(report) for report in reports], as_json=as_json, text=_told(reports))
    if any(report.refusals for report in reports):
        raise typer.Exit(1)


def _as_values(report: IntakeReport) -> dict[str, object]:
    counts = {"n_accepted": report.n_accepted, "n_changed": report.n_changed, "n_refused": report.n_refused}
    return {**asdict(report), **counts}


def _told(reports: Sequence[IntakeReport]) -> str:
    files = table(
        ("File", "Format", "Outcome", "Accepted", "Changed", "Refused"),
        [
            (one.source_name, one.format_name, one.status.value, one.n_accepted, one.n_changed, one.n_refused)
            for one in reports
        ],
    )
    refusals = [refusal for one in reports for refusal in one.refusals]
    parts = [files]
    if refusals:
        rows = [(r.file, r.place, r.row, r.column, r.reason, r.next_step) for r in refusals[:_LISTED_ROWS]]
        parts.append(table(("File", "Place", "Row", "Column", "What is wrong", "What to do"), rows))
    if len(refusals) > _LISTED_ROWS:
        parts.append(f"... and {len(refusals) - _LISTED_ROWS} more; --json lists all of them.")
    n_findings = sum(len(one.findings) for one in reports)
    if n_findings:
        parts.append(f"{n_findings} data-quality findings: rows were loaded, but sources disagree.")
    parts += [note for one in reports for note in one.notes]
    return "\n\n".join(parts)


def synth(
    preset: Annotated[str, typer.Option(help="pdu, region, national or national-18k.")],
    out: Annotated[Path, typer.Option(help="Folder to write; the truth is written beside it.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the extract; today if not given.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a synthetic area in the extract format, with the truth in a separate file."""
    day = today.date() if today else day_of(system_clock().now())
    try:
        with progress_bar() as bar:
            made = generate(
                preset,
                out,
                seed=seed,
                today=day,
                progress=lambda done, total, _region: bar("Regions", done, total),
            )
    except (UnknownPresetError, OutputNotEmptyError) as error:
        raise Invalid(str(error), next_step="Nothing was written.") from error
    values = {"area": made.area, "folder": str(made.directory), "truth": str(made.truth), **made.n_rows}
    show(values, as_json=as_json, text=fields(values))
