"""A cause that lies above the officer, with the question it was found in."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import list_rows
from rubrics import Definition, load


@dataclass(frozen=True)
class FindingRow:
    """What somebody above the officer must answer."""

    item_id: str
    cause: str
    reason: str
    rubric_version: str

    @property
    def question(self) -> str:
        """Return the question of the rubric."""
        return next(item.question for item in self._rubric.questions if item.id == self.item_id)

    @property
    def cause_in_words(self) -> str:
        """Return the cause as the rubric words it."""
        return next((cause.label for cause in self._rubric.causes if cause.code == self.cause), self.cause)

    @property
    def _rubric(self) -> Definition:
        return load("rosh", self.rubric_version)


_FINDING = text(
    """
    SELECT f.item_id, f.cause, f.reason, v.rubric_version
    FROM finding f JOIN verdict v ON v.id = f.verdict_id WHERE f.obligation_id = :duty
    """
)


def finding_of_duty(session: Session, duty_id: int) -> FindingRow | None:
    """Return the finding that a duty answers."""
    found = list_rows(session, _FINDING, {"duty": duty_id}, FindingRow)
    return found[0] if found else None
