"""Insert many rows in one statement: COPY refuses row-level security, and thousands of objects are slow."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import TextClause, any_, literal, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, SQLModel


@cache
def _statement(table: type[SQLModel]) -> tuple[TextClause, Mapping[str, Any]]:
    name = table.__tablename__
    defaults = {
        column: field.default
        for column, field in table.model_fields.items()
        if column != "id" and not field.is_required()
    }
    columns = ", ".join(column for column in table.model_fields if column != "id")
    statement = text(
        f"INSERT INTO {name} ({columns}) SELECT {columns}"  # noqa: S608 - names of our own tables
        f" FROM jsonb_populate_recordset(NULL::{name}, CAST(:rows AS jsonb))"
    )
    return statement, defaults


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in their order; a column that a row does not name gets the table's default."""
    statement, defaults = _statement(table)
    told = json.dumps([{**defaults, **row} for row in rows], default=str)
    session.flush()
    session.connection().execute(statement, {"rows": told})


def one_of(names: Sequence[str]) -> ColumnElement[Any]:
    """Stand for any of some texts in a comparison, as one parameter however many they are."""
    return any_(literal(list(names), ARRAY(TEXT)))
