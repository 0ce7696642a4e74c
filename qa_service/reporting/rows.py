"""Rows of a read-only statement as frozen records."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import TextClause
from sqlmodel import Session

T = TypeVar("T")


def list_rows(
    session: Session, statement: TextClause, values: Mapping[str, object], kind: Callable[..., T]
) -> list[T]:
    """Run a statement and make one record of each row, column by column."""
    return [kind(**row) for row in session.connection().execute(statement, dict(values)).mappings()]
