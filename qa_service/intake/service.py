"""Load what other systems know, by what a file holds: good rows load, bad rows are listed with a reason."""

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import Clock, day_of
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import NotFound
from qa_service.intake.entries import Order, Reading
from qa_service.intake.recognise import Recognised, recognise
from qa_service.intake.reports import Finding, IntakeReport, Progress, Refusal, TableCount, no_progress
from qa_service.intake.sources import Source, open_sources
from qa_service.intake.staged import RECORDS
from qa_service.intake.store import bulk, records, runs, staging
from qa_service.intake.tables import DataQualityFinding, IntakeRefusal, IntakeRun, RunStatus

if TYPE_CHECKING:
    from qa_service.intake.extract_parts import Part

_LISTED_RUNS = 25
_LISTED_ROWS = 500


class _DryRunReportError(Exception):
    """Undoes the transaction of a dry run and carries its report out."""

    def __init__(self, report: IntakeReport) -> None:
        super().__init__()
        self.report = report


def import_paths(
    engine: Engine,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    by: str,
    clock: Clock,
    progress: Progress = no_progress,
    names: dict[Path, str] | None = None,
) -> list[IntakeReport]:
    """Load files, folders and zips, whatever they are called; each is loaded whole or not at all.

    Files offered together load in an order in which references point backwards. The same content twice
    changes nothing. A dry run says what would happen and writes nothing. `names` are the names people know
    the files by, where they were saved under others (uploads).

    Records `intake:file:loaded` for each file that changed something.
    """
    with open_sources(list(paths), names or {}) as sources:
        day = day_of(clock.now())
        recognised = sorted((recognise(source, day=day) for source in sources), key=lambda one: one.order)
        reports = []
        for number, one in enumerate(recognised):
            progress(number, len(recognised), one.source.name)
            try:
                reports.append(_load(engine, one, by=by, clock=clock, dry_run=dry_run, progress=progress))
            except _DryRunReportError as undone:
                reports.append(undone.report)
        progress(len(recognised), len(recognised), "")
        return reports


def _load(
    engine: Engine, one: Recognised, *, by: str, clock: Clock, dry_run: bool, progress: Progress
) -> IntakeReport:
    """Load one source in one transaction, with what is kept of the run."""
    with transaction(engine, SYSTEM) as session:
        runs.take_turn(session)
        at = clock.now()  # not before its turn: whoever waited for imports has seen all of earlier moments
        before = runs.find_whole_run(session, one.source.digest)
        if before is not None and not one.reading.refusals:
            report = _unchanged(one, before)
        elif one.order is Order.EXTRACT:
            report = _load_extract(session, one, by=by, at=at, progress=progress)
        else:
            report = _load_reading(session, one.source, one.reading, at=at)
        if dry_run:
            raise _DryRunReportError(replace(report, is_dry_run=True))
        run_id = runs.insert_run(session, report, by=by, at=at)
        runs.insert_findings(session, run_id, list(report.findings))
        if report.n_changed:
            counts = {table.table: table.n_changed for table in report.tables}
            record(
                session, "intake:file:loaded", by=by, at=at, subjects={"intake_run": run_id}, payload=counts
            )
    return replace(report, run_id=run_id)


def _unchanged(one: Recognised, before: IntakeRun) -> IntakeReport:
    return IntakeReport(
        source_name=one.source.name,
        format_name=before.format_name,
        status=RunStatus.UNCHANGED,
        content_digest=one.source.digest,
        notes=(f"Loaded before, on {day_of(before.loaded_at)}, as {before.source_name}: nothing to do.",),
    )


def _load_extract(
    session: Session, one: Recognised, *, by: str, at: datetime, progress: Progress
) -> IntakeReport:
    """Copy the tables into staging and merge them; each of the record's as soon as it is staged."""
    # pyarrow is loaded only when an extract is: web processes stay small.
    from qa_service.intake.extract_parts import read_parts  # noqa: PLC0415 - as above

    cursor = staging.cursor_of(session)
    staging.make_stages(cursor)
    told = _Told()
    parameters = {"at": at, "day": day_of(at), "by": by, "last_case_id": staging.last_case_id(cursor)}
    steps: list[str] = []

    def tell(step: str) -> None:
        if step not in steps:
            progress(len(steps), 2 * len(one.tables), step)
            steps.append(step)

    waiting: dict[str, bulk.StagedTable] = {}
    merged: list[bulk.MergedTable] = []
    with closing(read_parts(one.tables)) as all_parts:
        for (file, piece), parts in groupby(all_parts, key=lambda part: (part.file, part.piece)):
            if file.table in RECORDS:
                merged += bulk.merge_staged(cursor, waiting, parameters, tell)
                waiting.clear()
            tell(f"reading {file.name}")
            is_piece = piece is not None
            n_rows = staging.copy_in(cursor, file.table, map(told.rows_of, parts), is_piece=is_piece)
            waiting[file.table.name] = bulk.StagedTable(n_rows, is_piece)
    merged += bulk.merge_staged(cursor, waiting, parameters, tell)
    names = {file.table.name: file.name for file in one.tables}
    counts = []
    for table in bulk.add_up(merged):
        told.refusals += [Refusal(names[table.table], table.table, *row) for row in table.refused]
        n_refused = len({refusal.row for refusal in told.refusals if refusal.place == table.table})
        counts.append(TableCount(table.table, table.n_accepted, table.n_changed, n_refused))
    found = bulk.disagreements(cursor, told.odd_bands, parameters)
    findings = tuple(
        Finding(kind, detail, crn, outside_id, case_id, assessment_id)
        for kind, crn, outside_id, detail, case_id, assessment_id in found
    )
    return _report(one.source, "this service's extract", counts, told.refusals, findings, told.notes)


@dataclass
class _Told:
    """What was found while the parts of an extract were checked."""

    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    odd_bands: list[tuple[str, str]] = field(default_factory=list)

    def rows_of(self, part: "Part") -> memoryview | bytes:
        self.refusals += part.refusals
        self.notes += part.notes
        self.odd_bands += part.odd_bands
        return part.rows


def _load_reading(session: Session, source: Source, reading: Reading, *, at: datetime) -> IntakeReport:
    """Load the entries of another system's file one by one."""
    counts = records.load_entries(session, reading, at=at)
    return _report(
        source, reading.format_name, counts, reading.refusals, tuple(reading.findings), reading.notes
    )


def _report(
    source: Source,
    format_name: str,
    counts: Sequence[TableCount],
    refusals: Sequence[Refusal],
    findings: tuple[Finding, ...],
    notes: Sequence[str],
) -> IntakeReport:
    n_accepted = sum(count.n_accepted for count in counts)
    n_changed = sum(count.n_changed for count in counts)
    if refusals and not n_accepted:
        status = RunStatus.REFUSED
    else:
        status = RunStatus.LOADED if n_changed or not n_accepted else RunStatus.UNCHANGED
    return IntakeReport(
        source_name=source.name,
        format_name=format_name,
        status=status,
        content_digest=source.digest,
        tables=tuple(counts),
        refusals=tuple(refusals),
        findings=findings,
        notes=tuple(notes),
    )


def wait_for_imports(session: Session) -> None:
    """Wait for imports under way: whatever was received before this moment can be read then."""
    runs.wait_for_imports(session)


def last_runs(session: Session, *, by: str) -> list[IntakeRun]:
    """Return the last imports of one person, newest first."""
    return runs.list_runs(session, by, _LISTED_RUNS)


def runs_of(session: Session, run_ids: Collection[int], *, by: str) -> list[IntakeRun]:
    """Return some imports of one person; another person's are not there."""
    found = [run for run_id in run_ids if (run := runs.find_run(session, run_id)) and run.loaded_by == by]
    if not found:
        raise NotFound("There is no such import.", next_step="Choose one from the list of your imports.")
    return found


def refusals_of(session: Session, run_id: int, *, limit: int = _LISTED_ROWS) -> list[IntakeRefusal]:
    """Return the refused rows of an import, as they came."""
    return runs.list_refusals(session, run_id, limit)


def findings_of(session: Session, run_id: int) -> list[DataQualityFinding]:
    """Return what an import found not to fit together, about the cases that this person may see."""
    return runs.list_findings(session, run_id, _LISTED_ROWS)
