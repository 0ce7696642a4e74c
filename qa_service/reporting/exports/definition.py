"""What an export is: its columns with their meaning, whose rows it holds, and what may be left out of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from qa_service.core.clock import day_of, end_of_day
from qa_service.core.errors import Invalid
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.releases import Release

Row = Mapping[str, object]
# What nobody can promise; told in every file.
NOT_PROMISED = (
    "Not covered: what was decided anew on appeal after a period ended, areas that merged or moved since, and"
    " what somebody knows from elsewhere"
)


@dataclass(frozen=True)
class Column:
    """One column and its line in the dictionary; a figure's n, interval and window are never left out."""

    name: str
    kind: str
    meaning: str
    empty_means: str = "never empty"
    may_be_left_out: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for: areas of a level, up to the last period that was over at a moment.

    Without `pdus` every area of the level is given; `left_out` are columns.
    """

    level: AreaLevel
    at: datetime
    pdus: Collection[str] | None = None
    left_out: Collection[str] = ()


@dataclass(frozen=True)
class Definition:
    """One kind of export."""

    name: str
    what: str
    levels: tuple[AreaLevel, ...]
    columns: tuple[Column, ...]
    rows: Callable[[Session, Wanted, Policy], Sequence[Row]]
    suppression: Callable[[Policy], str]
    release: Callable[[Wanted, Policy], Release]

    def check(self, wanted: Wanted) -> None:
        """Refuse a level that it is not made for, and to leave out what figures cannot be read without."""
        if wanted.level not in self.levels:
            raise Invalid(
                f"There is no {self.name} export by {wanted.level.value}.",
                next_step=f"Choose one of: {', '.join(self.levels)}.",
            )
        may_go = [column.name for column in self.columns if column.may_be_left_out]
        for name in wanted.left_out:
            if name not in may_go:
                raise Invalid(
                    f"The column {name} cannot be left out of the {self.name} export.",
                    next_step=f"Leave out only: {', '.join(may_go)}.",
                )


@dataclass(frozen=True)
class Export:
    """Columns, rows in their order, and what holds for all of them; `name` names the table."""

    name: str
    until: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    about: Mapping[str, str]


def make(session: Session, definition: Definition, wanted: Wanted, *, policy: Policy) -> Export:
    """Make an export; whoever shows it decides whose areas `wanted` holds."""
    definition.check(wanted)
    columns = tuple(column for column in definition.columns if column.name not in wanted.left_out)
    release = definition.release(wanted, policy)
    until = day_of(release.until)
    about = {
        "what": definition.what,
        "counted": f"{day_of(release.since)} to {until}, as verdicts stood then",
        "suppression": definition.suppression(policy),
        "intervals": "95%; figures whose intervals overlap are not told apart",
    }
    rows = definition.rows(session, wanted, policy)
    return Export(
        definition.name, until, columns, tuple(tuple(row[one.name] for one in columns) for row in rows), about
    )


def counted_to(until: date | None, now: datetime) -> datetime:
    """Return the moment before which everything counts had to be over: the end of a past day, or now."""
    if until is None:
        return now
    if until >= day_of(now):
        raise Invalid(f"{until} is not over.", next_step="Choose a day that is, or none for the latest.")
    return end_of_day(until)
