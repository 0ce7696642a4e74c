"""What an import says afterwards: what was loaded, what was refused and why, what does not fit together."""

from collections.abc import Callable
from dataclasses import dataclass

from qa_service.intake.tables import RunStatus

# Told now and then how far an import has come: steps done, steps in all, the step under way.
Progress = Callable[[int, int, str], None]


def no_progress(n_done: int, n_total: int, step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not loaded: where it is, why, and what to do.

    Parameters
    ----------
    place : str
        Table, sheet or JSON path inside the file.
    row : int, optional
        Row as the person sees it in the file; JSON has none.
    """

    file: str
    place: str
    row: int | None
    column: str
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Two sources, or two parts of one, that disagree; the row was loaded.

    Parameters
    ----------
    case_id, assessment_id : int, optional
        What `crn` and `outside_id` name, where that is known already.
    """

    kind: str
    detail: str
    crn: str | None = None
    outside_id: str | None = None
    case_id: int | None = None
    assessment_id: int | None = None


@dataclass(frozen=True, slots=True)
class TableCount:
    """What became of the rows of one table."""

    table: str
    n_accepted: int
    n_changed: int
    n_refused: int


@dataclass(frozen=True)
class IntakeReport:
    """What became of one file, or of one folder or zip of tables.

    Parameters
    ----------
    notes : tuple of str
        What was not read and why, when nothing is wrong with it.
    run_id : int, optional
        Where it is kept; a dry run is not.
    """

    source_name: str
    format_name: str
    status: RunStatus
    content_digest: str
    tables: tuple[TableCount, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    is_dry_run: bool = False
    run_id: int | None = None

    @property
    def n_accepted(self) -> int:
        """Rows loaded or already known."""
        return sum(table.n_accepted for table in self.tables)

    @property
    def n_changed(self) -> int:
        """Rows that changed something."""
        return sum(table.n_changed for table in self.tables)

    @property
    def n_refused(self) -> int:
        """Rows refused; a row with two faults counts once."""
        return len({(refusal.file, refusal.place, refusal.row) for refusal in self.refusals})
