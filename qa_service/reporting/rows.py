"""Rows of a read-only statement as frozen records."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import TextClause
from sqlmodel import Session

T = TypeVar("T")

# Fragments of statements: the CRN to show of a {case} in scope; who holds the post p.
CRN_OF = """(SELECT n.crn FROM case_crn n WHERE n.case_id = {case} AND n.is_current
        ORDER BY n.crn LIMIT 1) AS crn"""
HOLDER = """(SELECT h.name FROM post_holder ph JOIN person h ON h.id = ph.person_id WHERE ph.post_id = p.id
        AND ph.from_on <= :day AND (ph.to_on IS NULL OR ph.to_on >= :day) ORDER BY ph.id LIMIT 1) AS holder"""


def list_rows(
    session: Session, statement: TextClause, values: Mapping[str, object], kind: Callable[..., T]
) -> list[T]:
    """Run a statement and make one record of each row, column by column."""
    return [kind(**row) for row in session.connection().execute(statement, dict(values)).mappings()]
