"""May this officer take this case? Allowed, allowed over capacity, or refused, with reasons (RULES 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from qa_service.caseload.rules.placement_policy import PlacementPolicy
from rubrics.levels import Level


class GateAnswer(StrEnum):
    """The three answers."""

    ALLOWED = "allowed"
    ALLOWED_OVER_CAPACITY = "allowed_over_capacity"
    REFUSED = "refused"


@dataclass(frozen=True)
class GateReason:
    """One reason: a stable code and a plain sentence."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Practitioner:
    """What limits an officer.

    Parameters
    ----------
    total_points : int
        Carried over all postings.
    expected_points : int
        Of places kept for others and of cases proposed to this officer.
    cap_points : int or None
        Of a cut that is scheduled or active.
    trainee_months : int or None
        Whole months of training, for a trainee.
    """

    person_id: int
    grade: str
    own_available_points: int
    total_points: int
    expected_points: int = 0
    cap_points: int | None = None
    is_on_hold: bool = False
    is_newly_qualified: bool = False
    is_sex_offence_trained: bool = False
    trainee_months: int | None = None

    def room(self, capacity_limit_pct: Decimal) -> int:
        """Return the points that still fit under 100% and under the cap."""
        limit = int(capacity_limit_pct * self.own_available_points / 100)
        if self.cap_points is not None:
            limit = min(limit, self.cap_points)
        return limit - self.total_points - self.expected_points


@dataclass(frozen=True)
class CaseToPlace:
    """What matters about a case when it is given to somebody."""

    case_id: int
    points: int
    level: Level | None = None
    mappa_level: str | None = None
    is_sexual_offence: bool = False
    excluded_people: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GateDecided:
    """The answer, its reasons, and the points before and after."""

    answer: GateAnswer
    reasons: tuple[GateReason, ...]
    points_before: int
    points_after: int


def placement_reasons(
    officer: Practitioner, case: CaseToPlace, rules: PlacementPolicy
) -> Iterator[GateReason]:
    """Yield every reason why this officer may not hold this case, whatever their workload."""
    highest = rules.highest_level(officer.grade, officer.trainee_months)
    if case.level is None and highest < Level.VERY_HIGH:
        yield GateReason(
            "grade", f"The case has no level, and a {officer.grade} may hold {highest.label} at most."
        )
    if case.level is not None and case.level > highest:
        yield GateReason(
            "grade", f"A {officer.grade} may hold {highest.label} at most; this case is {case.level.label}."
        )
    if officer.is_newly_qualified and case.mappa_level in rules.mappa_levels_for_experienced:
        yield GateReason(
            "newly_qualified", f"A newly qualified officer holds no MAPPA {case.mappa_level} case."
        )
    if case.is_sexual_offence and not officer.is_sex_offence_trained:
        yield GateReason("training", "The case needs an officer trained for sexual offences.")
    if officer.person_id in case.excluded_people:
        yield GateReason("exclusion", "This officer must not hold this case (conflict or restriction).")


def decide_gate(
    officer: Practitioner,
    case: CaseToPlace,
    *,
    n_colleagues_with_room: int,
    capacity_limit_pct: Decimal,
    rules: PlacementPolicy,
) -> GateDecided:
    """Decide whether an officer may take a case.

    Parameters
    ----------
    n_colleagues_with_room : int
        Officers of the PDU who may hold the case and would stay within 100% and their own cap.
    """
    before = officer.total_points + officer.expected_points
    after = before + case.points
    refusals = [*_limits(officer, after), *placement_reasons(officer, case, rules)]
    limit = int(capacity_limit_pct * officer.own_available_points / 100)
    is_over = after > limit
    if is_over and n_colleagues_with_room:
        refusals.append(
            GateReason(
                "room_elsewhere",
                f"The workload would pass {capacity_limit_pct:g}%, and in the PDU "
                + (
                    "1 colleague has"
                    if n_colleagues_with_room == 1
                    else f"{n_colleagues_with_room} colleagues have"
                )
                + " room for the case.",
            )
        )
    if refusals:
        return GateDecided(GateAnswer.REFUSED, tuple(refusals), before, after)
    if is_over:
        reason = GateReason(
            "over_capacity", f"{after:,} points would pass {limit:,}; nobody in the PDU has room."
        )
        return GateDecided(GateAnswer.ALLOWED_OVER_CAPACITY, (reason,), before, after)
    reason = GateReason("within_capacity", f"{after} points stay within {limit}.")
    return GateDecided(GateAnswer.ALLOWED, (reason,), before, after)


def _limits(officer: Practitioner, points_after: int) -> Iterator[GateReason]:
    if officer.is_on_hold:
        yield GateReason("hold", "New allocations are held while a check is confirmed.")
    if officer.cap_points is not None and points_after > officer.cap_points:
        yield GateReason("cap", f"{points_after:,} points would pass the cap of {officer.cap_points:,}.")
