"""Temporary tables that an extract is copied into before it is merged; they go with the transaction."""

from collections.abc import Iterable
from typing import Any

from psycopg import Connection, Cursor, sql
from sqlmodel import Session

from qa_service.extract.catalogue import TABLES
from qa_service.extract.columns import Column, Table
from qa_service.intake.staged import staged_columns

# The frame of PostgreSQL's binary copies: signature, no flags, no extension; at the end, a row of -1 columns.
_BEGIN, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

# Where a reference of the extract points once the table before it is merged.
_HELD_AS = {
    "regions.region_code": ("region", "code"),
    "pdus.pdu_code": ("pdu", "code"),
    "teams.team_code": ("team", "code"),
    "people.person_key": ("person", "person_key"),
    "staff_codes.staff_code": ("staff_code", "code"),
    "cases.crn": ("case_crn", "crn"),
}

RefusedRow = tuple[int, str, str, str]  # row, column, reason, next step


def cursor_of(session: Session) -> Cursor[Any]:
    """Return a cursor of this transaction's own connection, for COPY and scripts."""
    driver: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment] # psycopg's
    return driver.cursor()


def last_case_id(cursor: Cursor[Any]) -> int:
    """Return the last case known before this import: of a later one nothing is recorded yet."""
    ((last,),) = cursor.execute("SELECT coalesce(max(id), 0) FROM case_record").fetchall()
    return int(last)


def _stage(table: Table) -> sql.Identifier:
    return sql.Identifier(f"stage_{table.name}")


def make_stages(cursor: Cursor[Any]) -> None:
    """Make an empty staging table for each table of the extract; compressing its rows would save nothing."""
    cursor.execute("SET LOCAL work_mem = '64MB'")
    cursor.execute("SET LOCAL temp_buffers = '128MB'")  # room for a piece of a file
    cursor.execute("SET LOCAL default_statistics_target = 10")  # joins on keys need no more
    cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # as findings and refusals tell moments
    cursor.execute(
        "CREATE TEMP TABLE new_assessment (id bigint, case_id bigint, outside_id text, content_digest text,"
        " completed_at timestamptz, overall_stated text, overall_derived text) ON COMMIT DROP"
    )
    for table in TABLES.values():
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in staged_columns(table).items()
        ]
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ({}) WITH (toast_tuple_target = 8160) ON COMMIT DROP").format(
                _stage(table), sql.SQL(", ").join(columns)
            )
        )


def copy_in(
    cursor: Cursor[Any], table: Table, batches: Iterable[memoryview | bytes], *, is_piece: bool
) -> int:
    """Copy rows of bytes (intake/copying.py) into a staging table; return how many there are."""
    if is_piece:
        cursor.execute(sql.SQL("TRUNCATE {}").format(_stage(table)))
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(_stage(table))
    with cursor.copy(statement) as copy:
        copy.write(_BEGIN)
        for batch in batches:
            copy.write(batch)
        copy.write(_END)
    n_staged = cursor.rowcount
    if is_piece:
        return n_staged
    joined_on = [column.name for column in table.columns if column.references or column.name in table.key]
    cursor.execute(
        sql.SQL("ANALYZE {} ({})").format(_stage(table), sql.SQL(", ").join(map(sql.Identifier, joined_on)))
    )
    return n_staged


def drop_repeats(cursor: Cursor[Any], table: Table) -> list[RefusedRow]:
    """Drop rows whose key came before; those that say something else are told."""
    keys = sql.SQL(", ").join(map(sql.Identifier, table.key))
    rows = cursor.execute(
        sql.SQL(
            "WITH told AS (SELECT _row, row_number() OVER w AS n, first_value(_row) OVER w AS first,"
            " _digest, first_value(_digest) OVER w AS first_digest FROM {stage}"
            " WHERE ({keys}) IN (SELECT {keys} FROM {stage} GROUP BY {keys} HAVING count(*) > 1)"
            " WINDOW w AS (PARTITION BY {keys} ORDER BY _row))"
            " DELETE FROM {stage} d USING told t WHERE t._row = d._row AND t.n > 1"
            " RETURNING d._row, t.first, t._digest = t.first_digest"
        ).format(stage=_stage(table), keys=keys)
    ).fetchall()
    told = ", ".join(table.key)
    return [
        (row, told, f"the same {told} as row {first}, with other values", "Keep the row that is right.")
        for row, first, is_same in rows
        if not is_same
    ]


def drop_backward_spans(cursor: Cursor[Any], table: Table) -> list[RefusedRow]:
    """Drop rows whose last day is before their first."""
    if not {"from_on", "to_on"} <= table.by_name.keys():
        return []
    rows = cursor.execute(
        sql.SQL("DELETE FROM {} WHERE to_on < from_on RETURNING _row, to_on").format(_stage(table))
    ).fetchall()
    return [
        (row, "to_on", f"'{to_on}' is before from_on", "Correct the first or the last day.")
        for row, to_on in rows
    ]


def drop_dangling(cursor: Cursor[Any], table: Table) -> list[RefusedRow]:
    """Drop rows that refer to something neither loaded before nor sent in this extract."""
    refused: list[RefusedRow] = []
    for column in _dangling_columns(cursor, table):
        held_in, held_as = _HELD_AS[column.references]
        rows = cursor.execute(
            sql.SQL(
                "DELETE FROM {stage} s WHERE s.{column} IS NOT NULL AND NOT EXISTS"
                " (SELECT 1 FROM {held_in} h WHERE h.{held_as} = s.{column}) RETURNING s._row, s.{column}"
            ).format(
                stage=_stage(table),
                column=sql.Identifier(column.name),
                held_in=sql.Identifier(held_in),
                held_as=sql.Identifier(held_as),
            )
        ).fetchall()
        source = column.references.partition(".")[0]
        refused += [
            (row, column.name, f"{value!r} is not known", f"Load the row of {source} that defines it first.")
            for row, value in rows
        ]
    return refused


def _dangling_columns(cursor: Cursor[Any], table: Table) -> list[Column]:
    """Find in one pass which columns refer to something unknown: hardly ever any."""
    columns = [column for column in table.columns if column.references]
    if not columns:
        return []
    tests = [
        sql.SQL("bool_or({} NOT IN (SELECT {} FROM {}))").format(
            sql.Identifier(column.name), *map(sql.Identifier, reversed(_HELD_AS[column.references]))
        )
        for column in columns
    ]
    statement = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(tests), _stage(table))
    found = cursor.execute(statement).fetchone() or ()
    return [column for column, is_dangling in zip(columns, found, strict=True) if is_dangling]
