"""Who takes the cases that leave: nobody passes 100% or their cap; what fits nowhere says so (RULES 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from qa_service.caseload.rules.gate import CaseToPlace, Practitioner, placement_reasons
from qa_service.caseload.rules.placement_policy import PlacementPolicy
from rubrics.levels import Level


class Nearness(IntEnum):
    """How far a case travels; nearer receivers come first."""

    OWN_TEAM = 0
    OWN_PDU = 1
    SAME_REGION = 2

    @property
    def label(self) -> str:
        """Return the words for a reason."""
        return {0: "same team", 1: "same PDU", 2: "same region"}[self.value]


@dataclass(frozen=True)
class Receiver:
    """An officer who may take cases, and under which posting."""

    officer: Practitioner
    staff_code: str
    team_code: str
    nearness: Nearness


@dataclass(frozen=True)
class Placement:
    """One case and who takes it."""

    case: CaseToPlace
    receiver: Receiver
    reason: str


@dataclass(frozen=True)
class PlacementPlan:
    """Every listed case, placed or not."""

    placed: tuple[Placement, ...]
    unplaced: tuple[CaseToPlace, ...]


def place(
    cases: Sequence[CaseToPlace],
    receivers: Sequence[Receiver],
    *,
    capacity_limit_pct: Decimal,
    rules: PlacementPolicy,
) -> PlacementPlan:
    """Place cases one after another, the ones that count most first, each with the nearest who has room.

    The order of the receivers given does not matter: nearest first, then whoever got fewest, then most room.
    """
    ready = {
        receiver.officer.person_id: receiver for receiver in receivers if not receiver.officer.is_on_hold
    }
    n_received = dict.fromkeys(ready, 0)
    placed: list[Placement] = []
    unplaced: list[CaseToPlace] = []
    for case in sorted(cases, key=lambda case: (-_weight(case, rules), case.case_id)):
        able = [
            receiver
            for receiver in ready.values()
            if _can_take(receiver.officer, case, capacity_limit_pct, rules)
        ]
        if not able:
            unplaced.append(case)
            continue
        chosen = min(
            able,
            key=lambda r: (
                r.nearness,
                n_received[r.officer.person_id],
                -r.officer.room(capacity_limit_pct),
                r.staff_code,
            ),
        )
        placed.append(Placement(case, chosen, _reason(case, chosen)))
        n_received[chosen.officer.person_id] += 1
        ready[chosen.officer.person_id] = replace(
            chosen,
            officer=replace(chosen.officer, expected_points=chosen.officer.expected_points + case.points),
        )
    return PlacementPlan(tuple(placed), tuple(unplaced))


def _weight(case: CaseToPlace, rules: PlacementPolicy) -> int:
    return rules.case_weight_of_level[case.level.value] * case.points if case.level is not None else 0


def _can_take(officer: Practitioner, case: CaseToPlace, limit_pct: Decimal, rules: PlacementPolicy) -> bool:
    if case.level is None or case.level is Level.VERY_HIGH:
        return False
    return officer.room(limit_pct) >= case.points and not any(placement_reasons(officer, case, rules))


def _reason(case: CaseToPlace, receiver: Receiver) -> str:
    level = case.level.label if case.level is not None else "unknown"
    return (
        f"{level} risk, {case.points} points; the receiver is in the {receiver.nearness.label} and has room"
    )
