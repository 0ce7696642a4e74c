"""Officers as the rules see them: all postings together, with whatever limits the person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlmodel import Session

from qa_service.caseload.rules import PostingHours, Practitioner, available_points
from qa_service.caseload.store import people as store
from qa_service.core.clock import day_of
from qa_service.estate.tables import FactKind, Grade
from qa_service.policy.numbers import Policy

CASE_HOLDING_GRADES = frozenset({Grade.PO, Grade.PSO, Grade.TRAINEE})


@dataclass(frozen=True)
class PostedOfficer:
    """A person's limits and postings on a day; the first posting is the one with most hours."""

    officer: Practitioner
    postings: tuple[store.PostingRow, ...]
    has_left: bool
    is_on_long_leave: bool

    @property
    def main(self) -> store.PostingRow:
        """Return the posting with most hours."""
        return self.postings[0]

    @property
    def hours(self) -> tuple[PostingHours, ...]:
        """Return the hours of every posting, for a cut's arithmetic."""
        return tuple(
            PostingHours(row.staff_code, row.team_code, row.contracted_hours, row.reduction_hours)
            for row in self.postings
        )

    @property
    def can_receive(self) -> bool:
        """Tell whether this is somebody who holds cases now."""
        return self.main.grade in CASE_HOLDING_GRADES and not self.has_left and not self.is_on_long_leave


def posted_officers(
    session: Session,
    *,
    at: datetime,
    policy: Policy,
    people: Collection[int] = (),
    pdus: Collection[str] = (),
    but_for_crn: str = "",
) -> list[PostedOfficer]:
    """Return some people, or everybody posted in some PDUs, with their limits now."""
    day = day_of(at)
    rows = store.list_postings(session, day, people=people, pdus=pdus)
    keys = sorted({row.person_id for row in rows})
    limits = store.list_limits(session, keys, day, at, but_for_crn=but_for_crn)
    return [
        _posted(tuple(postings), limits[person_id], day, policy)
        for person_id, postings in groupby(rows, key=lambda row: row.person_id)
    ]


def posted_officer(
    session: Session, person_id: int, *, at: datetime, policy: Policy, but_for_crn: str = ""
) -> PostedOfficer | None:
    """Return one person with their limits, or None without a posting today."""
    found = posted_officers(session, at=at, policy=policy, people=[person_id], but_for_crn=but_for_crn)
    return found[0] if found else None


def _posted(
    postings: tuple[store.PostingRow, ...], limits: store.LimitRow, day: date, policy: Policy
) -> PostedOfficer:
    facts = limits.facts or {}
    trainee_since = facts.get(FactKind.TRAINEE_STARTED.value)
    own = sum(
        available_points(row.contracted_hours, row.reduction_hours, policy.workload) for row in postings
    )
    officer = Practitioner(
        person_id=limits.person_id,
        grade=postings[0].grade,
        own_available_points=own,
        total_points=sum(row.total_points for row in postings),
        expected_points=limits.expected_points,
        cap_points=limits.cap_points,
        is_on_hold=limits.is_on_hold,
        is_newly_qualified=FactKind.NEWLY_QUALIFIED.value in facts,
        is_sex_offence_trained=FactKind.SEX_OFFENCE_TRAINED.value in facts,
        trainee_months=_whole_months(trainee_since, day) if trainee_since is not None else None,
    )
    return PostedOfficer(officer, postings, limits.has_left, FactKind.LONG_LEAVE.value in facts)


def _whole_months(since_iso: str, day: date) -> int:
    since = date.fromisoformat(since_iso)
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
