"""What a column and a table of the extract are: type, unit, range, codes, and what missing means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """How a cell's text is read."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    MOMENT = "moment"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: `references` is `table.column`; `is_audit` columns are never a classifier's input."""

    name: str
    kind: Kind
    meaning: str
    missing: str = ""
    unit: str = ""
    codes: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    references: str = ""
    is_audit: bool = False

    @property
    def is_required(self) -> bool:
        """A column that says what missing means may be empty; one that does not may not."""
        return not self.missing


@dataclass(frozen=True)
class Table:
    """One file of the extract: what a row is, the columns that tell rows apart, all columns in order."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their names, in file order."""
        return MappingProxyType({column.name: column for column in self.columns})


def text(name: str, meaning: str, missing: str = "", **more: str) -> Column:
    """Define free text, or an identifier when a `pattern` is given."""
    return Column(
        name=name,
        kind=Kind.TEXT,
        meaning=meaning,
        missing=missing,
        pattern=more.get("pattern", ""),
        references=more.get("references", ""),
    )


def code(
    name: str, meaning: str, codes: tuple[str, ...], missing: str = "", *, is_audit: bool = False
) -> Column:
    """Define one of a closed list of codes; letter case does not matter on reading."""
    return Column(name=name, kind=Kind.CODE, meaning=meaning, codes=codes, missing=missing, is_audit=is_audit)


def date(name: str, meaning: str, missing: str = "") -> Column:
    """Define a calendar date, YYYY-MM-DD."""
    return Column(name=name, kind=Kind.DATE, meaning=meaning, missing=missing)


def moment(name: str, meaning: str, missing: str = "") -> Column:
    """Define a moment in UTC, YYYY-MM-DDTHH:MM:SSZ."""
    return Column(name=name, kind=Kind.MOMENT, meaning=meaning, missing=missing)


def flag(name: str, meaning: str, missing: str = "") -> Column:
    """Define a yes or no: true or false."""
    return Column(name=name, kind=Kind.FLAG, meaning=meaning, missing=missing)


def count(name: str, meaning: str, maximum: float, missing: str = "") -> Column:
    """Define a whole number from 0."""
    return Column(name=name, kind=Kind.INTEGER, meaning=meaning, minimum=0, maximum=maximum, missing=missing)


def json_of(name: str, meaning: str, missing: str = "") -> Column:
    """Define a JSON object or array as text."""
    return Column(name=name, kind=Kind.JSON, meaning=meaning, missing=missing)
