"""The words and tables of an import: what a quality lead reads before and after loading a file."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from qa_service.intake.reports import Finding, IntakeReport
from qa_service.intake.tables import DataQualityFinding, IntakeRefusal, IntakeRun
from qa_service.pages.render import Column

OUTCOMES = {
    "loaded": "Loaded",
    "unchanged": "Nothing new: known already",
    "refused": "Refused: nothing was loaded",
}
WOULD_BE = {
    "loaded": "Would load",
    "unchanged": "Nothing new: known already",
    "refused": "Nothing could be loaded",
}
# Kinds of finding that say what is held of a case, not only what the file says.
REPEATS_THE_RECORD = {"register_differs", "levels_changed", "sources_differ"}

FILE_COLUMNS = (
    Column("source_name", "File"),
    Column("format_name", "Recognised as"),
    Column("outcome", "Outcome"),
    Column("n_accepted", "Rows accepted", is_numeric=True),
    Column("n_changed", "New or changed", is_numeric=True),
    Column("n_refused", "Rows refused", is_numeric=True),
)
REFUSAL_COLUMNS = (
    Column("where", "Where"),
    Column("row", "Row", is_numeric=True),
    Column("column", "Column"),
    Column("reason", "What is wrong"),
    Column("next_step", "What to do"),
)
FINDING_COLUMNS = (Column("kind", "Kind"), Column("detail", "What does not fit together"))
RUN_COLUMNS = (
    Column("file", "File"),
    Column("when", "Loaded at"),
    Column("outcome", "Outcome"),
    Column("n_changed", "New or changed", is_numeric=True),
    Column("n_refused", "Rows refused", is_numeric=True),
)
# A spreadsheet runs a cell that begins with one of these.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
MOST_SHOWN = 500


def told(reports: Iterable[IntakeReport], *, may_show: Callable[[Finding], bool]) -> dict[str, Any]:
    """Tell what a dry run found, as a page shows it and as it is kept until the lead decides."""
    files: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    notes: list[str] = []
    for report in reports:
        files.append(
            {
                "source_name": report.source_name,
                "format_name": report.format_name,
                "outcome": WOULD_BE[report.status.value],
                "n_accepted": report.n_accepted,
                "n_changed": report.n_changed,
                "n_refused": report.n_refused,
            }
        )
        refusals += [_refusal(asdict(row)) for row in report.refusals]
        findings += [
            {"kind": in_words(finding.kind), "detail": _of(finding.crn, finding.detail)}
            for finding in report.findings
            if may_show(finding)
        ]
        notes += report.notes
    return {
        "files": files,
        "refusals": refusals[:MOST_SHOWN],
        "findings": findings[:MOST_SHOWN],
        "notes": notes[:MOST_SHOWN],
        "n_refused": sum(file["n_refused"] for file in files),
        "n_changed": sum(file["n_changed"] for file in files),
        "n_findings": len(findings),
    }


def _refusal(row: Mapping[str, Any]) -> dict[str, Any]:
    where = row["file"] if not row["place"] else f"{row['file']}: {row['place']}"
    return {"where": where, **{key: row[key] for key in ("row", "column", "reason", "next_step")}}


def kept(
    runs: Iterable[IntakeRun], refusals: Iterable[IntakeRefusal], findings: Iterable[DataQualityFinding]
) -> dict[str, Any]:
    """Tell what imports left behind, as the same page shows it."""
    files = [
        {
            "source_name": run.source_name,
            "format_name": run.format_name,
            "outcome": OUTCOMES[run.status.value],
            "n_accepted": run.n_accepted,
            "n_changed": run.n_changed,
            "n_refused": run.n_refused,
        }
        for run in runs
    ]
    found = [{"kind": in_words(finding.kind), "detail": finding.detail} for finding in findings]
    return {
        "files": files,
        "refusals": [_refusal(_kept_refusal(row)) for row in refusals],
        "findings": found,
        "notes": [],
        "n_refused": sum(run.n_refused for run in runs),
        "n_changed": sum(run.n_changed for run in runs),
        "n_findings": len(found),
    }


def _kept_refusal(row: IntakeRefusal) -> dict[str, Any]:
    return {
        "file": row.file_name,
        "place": row.place,
        "row": row.row_number,
        "column": row.column_name,
        "reason": row.reason,
        "next_step": row.next_step,
    }


def in_words(kind: str) -> str:
    """Return a kind of finding as words: "overall_differs" is "Overall differs"."""
    return kind.replace("_", " ").capitalize()


def _of(crn: str | None, detail: str) -> str:
    return detail if crn is None else f"{crn}: {detail}"


def refusals_csv(rows: Iterable[IntakeRefusal]) -> str:
    """Write refused rows as CSV that no spreadsheet runs."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["file", "place", "row", "column", "what is wrong", "what to do"])
    for row in rows:
        cells = [
            row.file_name,
            row.place,
            row.row_number or "",
            row.column_name or "",
            row.reason,
            row.next_step,
        ]
        writer.writerow([_unarmed(str(cell)) for cell in cells])
    return text.getvalue()


def _unarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINS) else cell
