"""Merge the staged tables of an extract, each after those it refers to."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
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


@dataclass(frozen=True)
class StagedTable:
    """A staged table, or a piece of one in which no key comes twice."""

    n_rows: int
    is_piece: bool


@dataclass(frozen=True)
class MergedTable:
    """What became of the staged rows of one table."""

    table: str
    n_accepted: int
    n_changed: int
    refused: tuple[RefusedRow, ...]


def merge_staged(
    cursor: Cursor[Any],
    staged: Mapping[str, StagedTable],
    parameters: Mapping[str, object],
    tell: Callable[[str], None],
) -> list[MergedTable]:
    """Merge staged tables; rows with wrong keys, spans or references are told."""
    if not {"staff_codes", "cases"}.isdisjoint(staged):
        run_script(cursor, "prepare", parameters)
    merged = []
    for table in TABLES.values():
        if table.name not in staged:
            continue
        tell(f"merging {table.name}")
        one = staged[table.name]
        refused = [] if one.is_piece else drop_repeats(cursor, table)
        refused += drop_backward_spans(cursor, table)
        refused += drop_dangling(cursor, table)
        n_changed, more = run_script(cursor, table.name, parameters)
        refused += more
        merged.append(MergedTable(table.name, one.n_rows - len(refused), n_changed, tuple(refused)))
    if not {"regions", "pdus", "teams", "posts"}.isdisjoint(staged):
        run_script(cursor, "vacant_posts", parameters)
    if not {"pdus", "teams", "case_assignments"}.isdisjoint(staged):
        run_script(cursor, "place_cases", parameters)
    return merged


def add_up(merged: Iterable[MergedTable]) -> Iterator[MergedTable]:
    """Make one of the pieces of each table."""
    for name, pieces in groupby(merged, key=lambda piece: piece.table):
        ones = list(pieces)
        yield MergedTable(
            name,
            sum(one.n_accepted for one in ones),
            sum(one.n_changed for one in ones),
            tuple(sorted(row for one in ones for row in one.refused)),
        )


def disagreements(
    cursor: Cursor[Any], odd_bands: Collection[tuple[str, str]], parameters: Mapping[str, object]
) -> list[FoundRow]:
    """List what does not fit in the assessments just loaded."""
    found = run_findings(cursor, parameters)
    digests, details = zip(*odd_bands, strict=True) if odd_bands else ((), ())
    bands = cursor.execute(
        "SELECT 'band_differs', c.crn, n.outside_id, odd.detail, n.case_id, n.id"
        " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS odd (content_digest, detail, place)"
        " JOIN new_assessment n USING (content_digest)"
        " JOIN case_crn c ON c.case_id = n.case_id AND c.is_current ORDER BY odd.place",
        [list(digests), list(details)],
    )
    return found + bands.fetchall()
