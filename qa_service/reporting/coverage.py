"""Who has been checked of those who were to be: every officer of an area in one state, nobody missed.

Due, window and reasons are those the frame uses (rounds/rules/frame.py). Somebody is overdue when the window
before this one also passed without a check of theirs although they were due in it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import Area, AreaTree
from qa_service.rounds import store
from qa_service.rounds.rules.frame import OfficerFacts, decide_who_is_due
from sampling import DueDecision


class CoverageState(StrEnum):
    """Where an officer stands in the window that runs now."""

    OVERDUE = "overdue"
    DUE = "due"
    BEING_CHECKED = "being_checked"
    CHECKED = "checked"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class OfficerCoverage:
    """One officer: where they are, their state, why, and when they were last drawn and checked."""

    person_id: int
    name: str
    pdu: str
    team: str
    state: CoverageState
    reason: str
    last_drawn_on: date | None
    last_checked_on: date | None


@dataclass(frozen=True)
class Coverage:
    """The officers of an area, the most pressing first."""

    officers: tuple[OfficerCoverage, ...]

    def count(self, *states: CoverageState) -> int:
        """Count the officers in some states."""
        return sum(officer.state in states for officer in self.officers)

    @property
    def n_to_be_checked(self) -> int:
        """Return how many were or are due in the window."""
        return len(self.officers) - self.count(CoverageState.NOT_DUE)

    def by_pdu(self) -> Mapping[str, Counter[CoverageState]]:
        """Count states in each PDU."""
        found: dict[str, Counter[CoverageState]] = {}
        for officer in self.officers:
            found.setdefault(officer.pdu, Counter())[officer.state] += 1
        return found


# An officer in two teams stands in one of them; a check counts for the person, whatever case it was of.
_PLACES = text(
    """
    SELECT DISTINCT ON (s.person_id) s.person_id, p.name, t.pdu_code, t.name AS team,
           k.last_checked_on, k.is_open, x.detail AS nothing_to_draw,
           EXISTS (SELECT FROM staff_code own JOIN case_assignment h ON h.staff_code = own.code
                   WHERE own.person_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on >= :on)
           ) AS holds_a_case
    FROM posting o JOIN staff_code s ON s.code = o.staff_code JOIN team t ON t.code = o.team_code
    JOIN person p ON p.id = s.person_id
    LEFT JOIN LATERAL (
      SELECT max((c.final_at AT TIME ZONE 'Europe/London')::date)
               FILTER (WHERE c.status = 'final') AS last_checked_on, bool_or(c.status <> 'final') AS is_open
      FROM check_record c WHERE c.person_id = p.id AND c.arm = 'random' AND c.purpose = 'live'
        AND c.status NOT IN ('substituted', 'void')) k ON true
    LEFT JOIN LATERAL (
      SELECT e.detail FROM round_exclusion e JOIN round r ON r.id = e.round_id
      WHERE e.person_id = p.id AND e.case_id IS NULL AND e.reason = 'nothing_to_draw'
        AND r.window_from_on <= :on AND r.window_to_on >= :on ORDER BY e.id DESC LIMIT 1) x ON true
    WHERE t.pdu_code = ANY(:pdus) AND o.from_on <= :on AND (o.to_on IS NULL OR o.to_on >= :on)
    ORDER BY s.person_id, o.contracted_hours DESC, o.id
    """
)
_ORDER = list(CoverageState)


def coverage_of(session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: Policy) -> Coverage:
    """Return where every officer of an area stands; names are for those who may see them."""
    on = day_of(at)
    with seeing_everything(session):
        codes = tree.drawn_codes(area)
        facts = store.list_officers(session, codes, on)
        rows = session.connection().execute(_PLACES, {"pdus": codes, "on": on})
        places = {row.person_id: row for row in rows}
    decisions = decide_who_is_due(facts, on, policy)
    overdue = _overdue(facts, decisions, policy)
    officers = []
    for one in facts:
        place, decision = places.get(one.person_id), decisions[one.person_id]
        if place is None:
            continue
        state, reason = _state(decision, is_open=bool(place.is_open), is_overdue=one.person_id in overdue)
        if decision.is_due:
            reason = place.nothing_to_draw or reason
            if not place.holds_a_case:
                state, reason = CoverageState.NOT_DUE, "holds no case; due once they hold one"
        officers.append(
            OfficerCoverage(
                person_id=one.person_id,
                name=place.name,
                pdu=tree.current_code.get(place.pdu_code, place.pdu_code),
                team=place.team,
                state=state,
                reason=reason,
                last_drawn_on=one.last_checked_on,
                last_checked_on=place.last_checked_on,
            )
        )
    return Coverage(tuple(sorted(officers, key=_most_pressing_first)))


def _most_pressing_first(one: OfficerCoverage) -> tuple[int, date, str, int]:
    return _ORDER.index(one.state), one.last_checked_on or date.min, one.name, one.person_id


def _state(decision: DueDecision, *, is_open: bool, is_overdue: bool) -> tuple[CoverageState, str]:
    if decision.is_due:
        if is_overdue:
            return CoverageState.OVERDUE, "not checked in the window before this one either"
        return CoverageState.DUE, decision.reason
    if decision.window is None or not decision.reason.startswith("already"):
        return CoverageState.NOT_DUE, decision.reason
    if is_open:
        return CoverageState.BEING_CHECKED, "drawn in this window, not final yet"
    return CoverageState.CHECKED, "drawn in this window, and final"


def _overdue(facts: Sequence[OfficerFacts], decisions: Mapping[int, DueDecision], policy: Policy) -> set[int]:
    """Return the people who are due now and were due, unchecked, on the last day of the window before."""
    due = [one for one in facts if decisions[one.person_id].is_due]
    last_days: dict[date, list[OfficerFacts]] = {}
    for one in due:
        window = decisions[one.person_id].window
        assert window is not None
        last_days.setdefault(window.starts_on - timedelta(days=1), []).append(one)
    return {
        person_id
        for day, officers in last_days.items()
        for person_id, decision in decide_who_is_due(officers, day, policy).items()
        if decision.is_due
    }
