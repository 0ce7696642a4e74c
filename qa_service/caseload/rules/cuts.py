"""Exactly one CutDecision for each fail: new, merged into the live cut, or none with its reason (RULES 4)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from qa_service.caseload.rules.capacity import PostingCap, PostingHours, cap_posting
from qa_service.core.clock import add_working_days, months_before
from qa_service.policy.numbers import Policy

# RULES 2: a fail from any other arm corrects the case only; the classifier never chooses who is cut.
ARMS_THAT_CUT = frozenset({"random", "follow_up"})


class CutDecisionValue(StrEnum):
    """What is decided."""

    NEW = "new"
    MERGED = "merged"
    NONE = "none"


class CutReason(StrEnum):
    """Why."""

    CONFIRMED_FAIL = "confirmed_fail"
    LIVE_CUT_EXISTS = "live_cut_exists"
    NOT_ATTRIBUTABLE = "not_attributable"
    ARM_DOES_NOT_CUT = "arm_does_not_cut"
    LEFT_THE_SERVICE = "left_the_service"
    ON_LONG_LEAVE = "on_long_leave"


@dataclass(frozen=True)
class LiveCut:
    """A cut of the same person that is scheduled or active."""

    starts_on: date
    ends_on: date
    cap_points: int


@dataclass(frozen=True)
class FailFacts:
    """All that the decision depends on.

    Parameters
    ----------
    total_points : int
        Carried over all postings, with what the failed case gains at its new level.
    earlier_fails_on : tuple of date
        Days of the same person's other confirmed fails in arms that cut.
    """

    decided_on: date
    arm: str
    is_urgent: bool
    is_attributed: bool
    has_left: bool = False
    is_on_long_leave: bool = False
    postings: tuple[PostingHours, ...] = ()
    total_points: int = 0
    live_cut: LiveCut | None = None
    earlier_fails_on: tuple[date, ...] = ()


@dataclass(frozen=True)
class CutDecided:
    """The decision with its working; dates and points are empty when there is none."""

    answer: CutDecisionValue
    reason: CutReason
    reasons: tuple[str, ...]
    policy_version: str
    adds_supported_practice: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    cap_pct: Decimal | None = None
    own_available_points: int = 0
    cap_points: int = 0
    total_points: int = 0
    postings: tuple[PostingCap, ...] = ()

    @property
    def points_over(self) -> int:
        """Return the points that no longer fit under the cap."""
        return max(0, self.total_points - self.cap_points) if self.cap_pct is not None else 0


def decide_cut(facts: FailFacts, policy: Policy) -> CutDecided:
    """Decide what one confirmed fail does to the officer's cap."""
    refusal = _reason_for_none(facts)
    if refusal is not None:
        reason, sentence = refusal
        supported = reason is CutReason.ON_LONG_LEAVE and _is_second_fail(facts, policy)
        return CutDecided(CutDecisionValue.NONE, reason, (sentence,), policy.version, supported)
    return _decide_dates_and_cap(facts, policy)


def _reason_for_none(facts: FailFacts) -> tuple[CutReason, str] | None:
    if facts.arm not in ARMS_THAT_CUT:
        return CutReason.ARM_DOES_NOT_CUT, (
            f"The case came from the {facts.arm.replace('_', ' ')} arm: it is corrected, and nobody is cut."
        )
    if not facts.is_attributed:
        return CutReason.NOT_ATTRIBUTABLE, "The assessment cannot be attributed to the officer."
    if facts.has_left:
        return CutReason.LEFT_THE_SERVICE, "The officer has left the service."
    if facts.is_on_long_leave:
        return CutReason.ON_LONG_LEAVE, "The officer is on long leave and carries no cases."
    return None


def _decide_dates_and_cap(facts: FailFacts, policy: Policy) -> CutDecided:
    starts_on = facts.decided_on if facts.is_urgent else add_working_days(facts.decided_on, 1)
    ends_on = starts_on + timedelta(weeks=policy.cut.length_weeks) - timedelta(days=1)
    caps = tuple(cap_posting(hours, policy.cut.cap_pct, policy.workload) for hours in facts.postings)
    answer, reason, cap_points = (
        CutDecisionValue.NEW,
        CutReason.CONFIRMED_FAIL,
        sum(cap.cap_points for cap in caps),
    )
    reasons = [f"A confirmed fail: the cap is {policy.cut.cap_pct:f}% of the officer's own available points."]
    if facts.live_cut is not None:
        answer, reason, cap_points = (
            CutDecisionValue.MERGED,
            CutReason.LIVE_CUT_EXISTS,
            facts.live_cut.cap_points,
        )
        starts_on, ends_on = min(starts_on, facts.live_cut.starts_on), max(ends_on, facts.live_cut.ends_on)
        reasons.append(
            f"A live cut is prolonged to {ends_on:%-d %B %Y}; its cap stays at {cap_points} points."
        )
    supported = _is_second_fail(facts, policy)
    if supported:
        months = policy.cut.second_fail_within_months
        reasons.append(f"A second confirmed fail within {months} months adds supported practice, not depth.")
    return CutDecided(
        answer=answer,
        reason=reason,
        reasons=tuple(reasons),
        policy_version=policy.version,
        adds_supported_practice=supported,
        starts_on=starts_on,
        ends_on=ends_on,
        cap_pct=policy.cut.cap_pct,
        own_available_points=sum(cap.own_available_points for cap in caps),
        cap_points=cap_points,
        total_points=facts.total_points,
        postings=caps,
    )


def _is_second_fail(facts: FailFacts, policy: Policy) -> bool:
    since = months_before(facts.decided_on, policy.cut.second_fail_within_months)
    return any(since <= day <= facts.decided_on for day in facts.earlier_fails_on)


@dataclass(frozen=True)
class EndDecided:
    """Whether a cut is over, why, and whether its restore checks are late."""

    is_over: bool
    is_restore_check_late: bool
    reason: str


def decide_end(ends_on: date, today: date, n_clean_restore_checks: int, policy: Policy) -> EndDecided:
    """Decide whether a cut is over: a late restore check is somebody's duty and never prolongs it."""
    if today <= ends_on:
        return EndDecided(False, False, f"The cut runs until {ends_on:%-d %B %Y}.")
    wanted = policy.cut.n_restore_checks
    if n_clean_restore_checks >= wanted:
        return EndDecided(True, False, f"Restored: {wanted} random cases checked, none under-classified.")
    return EndDecided(
        True, True, f"Its time is over; {n_clean_restore_checks} of {wanted} restore checks done."
    )
