"""Figures as files that travel, and the verification of the log."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qa_service.audit import service as audit_log
from qa_service.cli.context import system_clock, system_session
from qa_service.cli.output import AsJson, command_group, fields, show
from qa_service.core.errors import Invalid
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.definition import Export, Wanted, counted_to, make
from qa_service.reporting.exports.files import ENDINGS, csv_tables, write_export
from qa_service.reporting.exports.kinds import ExportKind

audit = command_group()


@audit.callback()
def _audit() -> None:
    """Verify the log."""


def export(
    out: Annotated[
        Path, typer.Option(help="File to write: .csv (and its dictionary), .zip, .xlsx or .json.")
    ],
    what: Annotated[ExportKind, typer.Option(help="rates, equality or cost.")] = ExportKind.RATES,
    by: Annotated[
        AreaLevel | None, typer.Option("--by", help="pdu, region or national; equality not by pdu.")
    ] = None,
    *,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="A day by which what is counted was over; without it, today."
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option(help="A column to leave out; may be given several times.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write figures to a file with a data dictionary; small counts are left out, because files travel."""
    at = counted_to(until.date() if until else None, system_clock().now())
    with system_session() as session:
        wanted = Wanted(by or what.definition.levels[0], at, left_out=tuple(leave_out or ()))
        made = make(session, what.definition, wanted, policy=load_policy())
    written = _files(made, out)
    for path, content in written.items():
        path.write_bytes(content)
    values = {"files": [*map(str, written)], "n_rows": len(made.rows), **made.about}
    show(values, as_json=as_json, text=fields(values))


def _files(made: Export, out: Path) -> dict[Path, bytes]:
    if out.suffix == ".csv":
        tables = csv_tables(made)
        beside = out.with_name(f"{out.stem}_dictionary.csv")
        return {out: tables[made.name].encode(), beside: tables["data_dictionary"].encode()}
    formats = {f".{ending}": one for one, ending in ENDINGS.items()}
    if out.suffix not in formats:
        raise Invalid(f"{out.name} has no ending of an export.", next_step="Use .csv, .zip, .xlsx or .json.")
    return {out: write_export(made, formats[out.suffix])}


@audit.command()
def verify(
    anchor: Annotated[str | None, typer.Option(help="SEQ:HASH kept outside the service.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Recompute the log's chain; with an anchor a cut-off end is found too. Faults end with 1."""
    with system_session() as session:
        report = audit_log.verify(session, anchor=anchor)
        head = audit_log.anchor_of(session)
    faults = [f"Event {seq}: {what}." for seq, what in report.faults]
    values = {"audit_ok": report.is_ok, "n_events": report.n_events, "anchor": head, "faults": faults}
    found = "\n".join(faults or ["The log is whole."])
    show(values, as_json=as_json, text=f"{report.n_events} events. {found}\nKeep outside today: {head}")
    if not report.is_ok:
        raise typer.Exit(1)
