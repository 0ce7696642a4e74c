"""Merge the staged tables of an extract, each after those it refers to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Cursor

from qa_service.extract.catalogue import TABLES
from qa_service.intake.store.scripts import FoundRow, run_findings, run_script
from qa_service.intake.store.staging import (
    RefusedRow,
    drop_backward_spans,
    drop_dangling,
    drop_repeats,
)

# The large tables, which no other table's merge reads: each is merged as soon as it is staged.
RECORDS = frozenset({"assessments", "case_pack_items"})


@dataclass(frozen=True)
class MergedTable:
    """What became of the staged rows of one table."""

    table: str
    n_accepted: int
    n_changed: int
    refused: tuple[RefusedRow, ...]


def merge_staged(
    cursor: Cursor[Any],
    staged: Mapping[str, int],
    parameters: Mapping[str, object],
    tell: Callable[[str], None],
) -> list[MergedTable]:
    """Merge staged tables of so many rows; those with wrong keys, spans or references are told."""
    if not {"staff_codes", "cases"}.isdisjoint(staged):
        run_script(cursor, "prepare", parameters)
    merged = []
    for table in TABLES.values():
        if table.name not in staged:
            continue
        tell(f"merging {table.name}")
        _, refused = drop_repeats(cursor, table)
        refused += drop_backward_spans(cursor, table)
        refused += drop_dangling(cursor, table)
        n_changed, more = run_script(cursor, table.name, parameters)
        refused += more
        merged.append(
            MergedTable(table.name, staged[table.name] - len(refused), n_changed, tuple(sorted(refused)))
        )
    if not {"regions", "pdus", "teams", "posts"}.isdisjoint(staged):
        run_script(cursor, "vacant_posts", parameters)
    if not {"pdus", "teams", "case_assignments"}.isdisjoint(staged):
        run_script(cursor, "place_cases", parameters)
    return merged


def disagreements(
    cursor: Cursor[Any], odd_bands: Collection[tuple[int, str]], parameters: Mapping[str, object]
) -> list[FoundRow]:
    """List what does not fit in the assessments just loaded."""
    found = run_findings(cursor, parameters)
    details = dict(odd_bands)
    rows = cursor.execute(
        "SELECT s._row, s.crn, s.assessment_id, n.case_id, n.id FROM unnest(%s::bigint[]) AS odd (_row)"
        " JOIN stage_assessments s USING (_row) JOIN new_assessment n ON n.outside_id = s.assessment_id",
        [list(details)],
    ).fetchall()
    return found + [
        ("band_differs", crn, outside_id, details[row], case_id, assessment_id)
        for row, crn, outside_id, case_id, assessment_id in rows
    ]
