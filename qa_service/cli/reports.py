"""Rates for people and files, and the verification of the log."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from qa_service.audit import service as audit_log
from qa_service.cli.context import system_clock, system_session
from qa_service.cli.output import AsJson, command_group, fields, show, table
from qa_service.policy.numbers import load_policy
from qa_service.reporting.area_rates import suppress_small
from qa_service.reporting.rates import AreaLevel, AreaRates, rates_by

audit = command_group()
By = Annotated[AreaLevel, typer.Option("--by", help="pdu, region or national.")]


@audit.callback()
def _audit() -> None:
    """Verify the log."""


def _areas(level: AreaLevel) -> list[AreaRates]:
    with system_session() as session:
        return rates_by(session, level, at=system_clock().now(), policy=load_policy().rates)


def _lines(areas: Iterable[AreaRates]) -> list[dict[str, object]]:
    """Return one line for each area and rate, every practitioner counting once."""
    return [
        {
            "code": area.code,
            "name": area.name,
            "rate": named.name.value,
            "k": named.by_officer.k,
            "n": named.by_officer.n,
            "value": named.by_officer.value,
            "low": named.by_officer.low,
            "high": named.by_officer.high,
            "method": named.by_officer.method,
            "is_too_few": area.is_too_few,
            "n_not_scorable": area.n_not_scorable,
            "since": area.since.date(),
        }
        for area in areas
        for named in area.rates
    ]


def _cells(line: dict[str, object]) -> tuple[object, ...]:
    value, low, high = (line[name] for name in ("value", "low", "high"))
    has_value = isinstance(value, float) and isinstance(low, float) and isinstance(high, float)
    shown = f"{value:.1%} ({low:.1%} to {high:.1%})" if has_value else line["method"]
    note = "too few to compare" if line["is_too_few"] else ""
    return line["name"], line["rate"], f"{line['k']} of {line['n']}", shown, note


def rates(by: By = AreaLevel.PDU, *, as_json: AsJson = False) -> None:
    """Show the rates of the random arm, each with n and its 95% interval."""
    lines = _lines(_areas(by))
    text = table(("Area", "Rate", "Found", "Value (95% interval)", "Note"), map(_cells, lines))
    show(lines, as_json=as_json, text=text)


def export(
    out: Annotated[Path, typer.Option(help="CSV file to write.")],
    by: By = AreaLevel.PDU,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the rates to a CSV file; small numbers are suppressed, because files travel."""
    least = load_policy().rates.suppress_below
    lines = _lines(suppress_small(area, least) for area in _areas(by))
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=[*lines[0]] if lines else ["code"])
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in line.items()} for line in lines)
    values = {"file": str(out), "n_rows": len(lines), "suppressed_below": least}
    show(values, as_json=as_json, text=fields(values))


def _harmless(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula (OWASP ASVS 5.0, 1.2.10)."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


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
