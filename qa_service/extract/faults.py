"""Why a row of an extract is refused, in words that say where it is and what to do."""

from dataclasses import dataclass
from pathlib import Path

LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """One refused row (or, with `row` 1, the header row of a file), and the cell that refuses it."""

    path: Path
    table: str
    row: int
    column: str
    value: str
    reason: str
    remedy: str


def shown(value: str | None) -> str:
    """Cut a value to a length that fits a table of faults, with unreadable bytes made visible."""
    text = (value or "").encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
