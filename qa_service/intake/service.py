"""Load what other systems know, by what a file holds: good rows load, bad rows are listed with a reason."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
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
from qa_service.intake.store import bulk, records, runs, staging
from qa_service.intake.tables import DataQualityFinding, IntakeRefusal, IntakeRun, RunStatus

if TYPE_CHECKING:
    from qa_service.intake.own_extract import TableFile

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
                reports.append(_load(engine, one, by=by, at=clock.now(), dry_run=dry_run, progress=progress))
            except _DryRunReportError as undone:
                reports.append(undone.report)
        progress(len(recognised), len(recognised), "")
        return reports


def _load(
    engine: Engine, one: Recognised, *, by: str, at: datetime, dry_run: bool, progress: Progress
) -> IntakeReport:
    """Load one source in one transaction, with what is kept of the run."""
    with transaction(engine, SYSTEM) as session:
        runs.take_turn(session)
        before = runs.find_whole_run(session, one.source.digest)
        if before is not None:
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
    """Copy the tables into staging, then merge them each after those it refers to."""
    cursor = staging.cursor_of(session)
    staging.make_stages(cursor)
    refusals: list[Refusal] = []
    notes: list[str] = []
    odd_bands: list[tuple[int, str]] = []
    n_steps = 2 * len(one.tables)
    for number, file in enumerate(one.tables):
        progress(number, n_steps, f"reading {file.name}")
        staging.copy_in(cursor, file.table, _checked(file, refusals, notes, odd_bands))
    parameters = {"at": at, "day": day_of(at), "by": by}
    staged = {file.table.name: file.name for file in one.tables}
    done = iter(range(len(one.tables), n_steps))
    merged = bulk.merge_staged(
        cursor, staged, parameters, lambda table: progress(next(done), n_steps, f"merging {table}")
    )
    counts = []
    for table in merged:
        name = staged[table.table]
        refusals += [Refusal(name, table.table, *_row_first(row)) for row in table.refused]
        n_refused = len({refusal.row for refusal in refusals if refusal.place == table.table})
        counts.append(TableCount(table.table, table.n_accepted, table.n_changed, n_refused))
    found = bulk.disagreements(cursor, odd_bands, parameters)
    findings = tuple(Finding(kind, detail, crn, outside_id) for kind, crn, outside_id, detail in found)
    return _report(one.source, "this service's extract", counts, refusals, findings, notes)


def _row_first(refused: staging.RefusedRow) -> tuple[int, str, str, str]:
    return refused


def _checked(
    file: "TableFile", refusals: list[Refusal], notes: list[str], odd_bands: list[tuple[int, str]]
) -> Iterator[bytes]:
    """Give the good rows of a file batch by batch, and list the others."""
    # pyarrow is loaded only when an extract is: web processes stay small.
    from qa_service.extract.errors import ExtractError  # noqa: PLC0415 - as above
    from qa_service.intake.checking import Checker  # noqa: PLC0415 - as above
    from qa_service.intake.own_extract import absent_columns, read_batches, unread_columns  # noqa: PLC0415 - as above

    checker = Checker(file.table)
    try:
        for number, batch in enumerate(read_batches(file)):
            if number == 0:
                notes += [
                    f"{file.name}: {name!r} is not a column of {file.table.name} and was not read."
                    for name in unread_columns(file.table, batch)
                ]
                absent = absent_columns(file.table, batch)
                if absent:
                    refusals.extend(_absent(file, name) for name in absent)
                    return
            checked = checker.check(batch)
            refusals.extend(
                Refusal(file.name, file.table.name, fault.row, fault.column, fault.reason, fault.next_step)
                for fault in checked.faults
            )
            odd_bands += checked.odd_bands
            yield checked.csv
    except ExtractError as error:
        refusals.append(Refusal(file.name, file.table.name, None, "", str(error), "Send the file again."))


def _absent(file: "TableFile", name: str) -> Refusal:
    meaning = file.table.by_name[name].meaning
    return Refusal(
        file.name,
        file.table.name,
        1,
        name,
        "this required column is not in the file, so none of its rows can be read",
        f"Add the column: {meaning}.",
    )


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
