"""What a reader of another system's file understood: one entry for each thing to load."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

from qa_service.intake.fields import RefusedFieldError
from qa_service.intake.reports import Finding, Refusal
from rubrics import Level


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something to load; `place` is its sheet or JSON path, `row` its row in a sheet."""

    place: str
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class RegionEntry(Entry):
    """A region."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PduEntry(Entry):
    """A PDU."""

    code: str
    name: str
    region_code: str


@dataclass(frozen=True, kw_only=True)
class TeamEntry(Entry):
    """A team; without a PDU it must be known already."""

    code: str
    name: str
    pdu_code: str | None


@dataclass(frozen=True, kw_only=True)
class OfficerEntry(Entry):
    """A staff code at work in a team; what the source does not say stays as it is."""

    staff_code: str
    name: str
    team_code: str
    seen_on: date
    grade: str | None = None
    email: str | None = None
    contracted_hours: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class WorkloadEntry(Entry):
    """A week's points; without a team the staff code must have one posting only."""

    staff_code: str
    team_code: str | None
    seen_on: date
    total_points: int
    n_cases: int
    available_points: int | None = None
    stated_workload_pct: Decimal | None = None
    weekly_hours: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class CaseEntry(Entry):
    """What a source says of a case; None leaves what is known."""

    crn: str
    name: str | None = None
    tier: str | None = None
    tier_version: str | None = None
    case_type: str | None = None
    is_limited_access: bool | None = None
    staff_code: str | None = None
    team_code: str | None = None
    held_from_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RegistrationEntry(Entry):
    """An entry of the nDelius register."""

    crn: str
    code: str
    level: str | None
    description: str | None
    from_on: date | None
    to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AssessmentEntry(Entry):
    """An assessment, or a section that adds to one already loaded (`grid` is None).

    Parameters
    ----------
    crn : str, optional
        Empty when the section names only the assessment.
    outside_id : str, optional
        The source's id; empty means the latest assessment of the case at that moment.
    header : mapping
        Columns of the assessment that the source gives: type, status, dates, author name.
    """

    source: str
    crn: str | None
    outside_id: str | None
    header: Mapping[str, Any]
    grid: Mapping[str, Mapping[str, str]] | None
    overall_stated: Level | None
    overall_derived: Level | None
    register_level: Level | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    completed_at: datetime | None = None
    is_limited_access: bool | None = None


class Order(IntEnum):
    """In which order files offered together load, so that references point backwards."""

    ESTATE = 0
    EXTRACT = 1
    STAFF = 2
    CASES = 3
    ASSESSMENTS = 4
    SECTIONS = 5


@dataclass
class Reading:
    """Everything understood in one file, and everything refused or left out with its reason."""

    file: str
    format_name: str = ""
    order: Order = Order.SECTIONS
    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, place: str, column: str, reason: str, next_step: str, row: int | None = None) -> None:
        """Refuse one thing and go on with the rest."""
        self.refusals.append(Refusal(self.file, place, row, column, reason, next_step))

    @contextmanager
    def refusing(self, place: str, row: int | None = None) -> Iterator[None]:
        """Turn what a block cannot use into a refusal, and go on with the rest."""
        try:
            yield
        except RefusedFieldError as refusal:
            self.refuse(place, refusal.column, refusal.reason, refusal.next_step, row)
