"""A level correction with both sides' levels, group by group (RULES 3)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.core.errors import NotFound
from qa_service.reporting.duties import DutyRow, find_duty
from qa_service.reporting.rows import list_rows
from rubrics import Grid, Group, Level


@dataclass(frozen=True)
class GroupDifference:
    """One group of people at risk, in one setting, as each side sees it."""

    group: Group
    setting: str
    assessed: Level | None
    reviewed: Level | None

    @property
    def is_higher(self) -> bool:
        """Tell whether the reader found a higher level."""
        if self.assessed is None or self.reviewed is None:
            return False
        return self.reviewed > self.assessed


@dataclass(frozen=True)
class CorrectionRow:
    """A case whose level a reader found higher."""

    id: int
    obligation_id: int
    case_name: str
    assessed_overall: str
    reviewed_overall: str
    is_somebody_exposed: bool
    assessed_at: datetime | None
    assessed_grid: dict[str, Any]
    reviewed_grid: dict[str, Any] | None
    own_reasons: str | None
    outcome: str | None
    changed_to: str | None
    changed_on: date | None
    kept_reason: str | None

    def differences(self) -> list[GroupDifference]:
        """List every group that either side assessed, in the order of the grid."""
        theirs = Grid.from_record(self.assessed_grid)
        readers = Grid.from_record(self.reviewed_grid) if self.reviewed_grid else theirs
        return [
            GroupDifference(group, setting, assessed.get(group), reviewed.get(group))
            for setting, assessed, reviewed in (
                ("community", theirs.community, readers.community),
                ("custody", theirs.custody, readers.custody),
            )
            for group in Group
            if group in assessed or group in reviewed
        ]


_CORRECTION = text(
    """
    SELECT l.id, l.obligation_id, c.name AS case_name, l.assessed_overall, l.reviewed_overall,
      l.is_somebody_exposed, s.completed_at AS assessed_at, s.grid AS assessed_grid,
      r.own_grid AS reviewed_grid, r.own_reasons, l.outcome, l.changed_to, l.changed_on, l.kept_reason
    FROM level_correction l JOIN case_record c ON c.id = l.case_id
    JOIN check_record k ON k.id = l.check_id JOIN assessment s ON s.id = k.assessment_id
    LEFT JOIN review r ON r.id = l.review_id WHERE l.id = :id
    """
)


def find_correction(
    session: Session, user: CurrentUser, correction_id: int, at: datetime
) -> tuple[CorrectionRow, DutyRow]:
    """Return a correction of one's own posts or area, with its owner and clock."""
    found = list_rows(session, _CORRECTION, {"id": correction_id}, CorrectionRow)
    if not found:
        raise NotFound("There is no such level correction here.", next_step="Start again from your list.")
    return found[0], find_duty(session, user, found[0].obligation_id, at)
