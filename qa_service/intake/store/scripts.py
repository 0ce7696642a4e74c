"""Run the merge scripts (sql/): a statement is a refusal, a change that counts, a finding, or neither.

A check looks for anything to refuse in one pass; where it finds nothing, the refusals are passed over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString

from psycopg import Cursor

from qa_service.intake.store.staging import RefusedRow

_MARK = re.compile(r"^-- (check|refuse|change|find|do)(?: (.*))?$", re.MULTILINE)

FoundRow = tuple[str, str, str, str, int, int]  # kind, CRN, source's id, what disagrees, case, assessment


@dataclass(frozen=True)
class Statement:
    """One statement; a refusal says `column | reason | next step` and returns (_row, value)."""

    mark: str
    says: tuple[str, ...]
    text: LiteralString


@cache
def _script(name: str) -> tuple[Statement, ...]:
    text: LiteralString = (files(__package__) / "sql" / f"{name}.sql").read_text("utf-8")
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return tuple(
        Statement(
            mark=mark[1],
            says=tuple(part.strip() for part in (mark[2] or "").split("|")),
            text=text[mark.end() : end].strip().rstrip(";"),
        )
        for mark, end in zip(marks, ends, strict=True)
    )


def run_script(
    cursor: Cursor[Any], name: str, parameters: Mapping[str, object]
) -> tuple[int, list[RefusedRow]]:
    """Run one script; return how many rows it changed, and the rows it refused."""
    n_changed, refused, is_doubtful = 0, [], True
    for statement in _script(name):
        if statement.mark == "refuse" and not is_doubtful:
            continue
        cursor.execute(statement.text, parameters)
        if statement.mark == "check":
            is_doubtful = any(row[0] for row in cursor.fetchall())
        elif statement.mark == "change":
            n_changed += cursor.rowcount
        elif statement.mark == "refuse":
            column, reason, next_step = statement.says
            refused += [(row, column, f"'{value}': {reason}", next_step) for row, value in cursor.fetchall()]
    return n_changed, refused


def run_findings(cursor: Cursor[Any], parameters: Mapping[str, object]) -> list[FoundRow]:
    """Compare what was just loaded."""
    found: list[FoundRow] = []
    for statement in _script("findings"):
        cursor.execute(statement.text, parameters)
        if statement.mark == "find":
            found += [(statement.says[0], *row) for row in cursor.fetchall()]
    return found
