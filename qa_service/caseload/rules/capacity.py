"""How many points a posting can carry, and what a cut makes of it (RULES 4, FORMATS 3.2)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from qa_service.policy.numbers import WorkloadPolicy

_TENTH = Decimal("0.1")  # WMT keeps hours and percentages to one decimal


@dataclass(frozen=True)
class PostingHours:
    """A posting's hours a week; reductions that this service asked for are left out."""

    staff_code: str
    team_code: str
    contracted_hours: Decimal
    other_reduction_hours: Decimal


@dataclass(frozen=True)
class PostingCap:
    """The arithmetic of a cut for one posting."""

    hours: PostingHours
    own_available_points: int
    cap_points: int
    reduction_hours: Decimal


def available_points(contracted_hours: Decimal, reduction_hours: Decimal, workload: WorkloadPolicy) -> int:
    """Return trunc(nominal x (contracted - reductions) / default hours), as WMT does; never below 0."""
    worked = max(contracted_hours - reduction_hours, Decimal(0))
    return int(workload.nominal_target_points * worked / workload.default_hours)


def cap_posting(hours: PostingHours, cap_pct: Decimal, workload: WorkloadPolicy) -> PostingCap:
    """Return one posting's cap and the hours to key in WMT so that its available points fall to the cap."""
    own = available_points(hours.contracted_hours, hours.other_reduction_hours, workload)
    cap = int(cap_pct * own / 100)
    reduction = (own - cap) * workload.default_hours / workload.nominal_target_points
    return PostingCap(hours, own, cap, reduction.quantize(_TENTH, ROUND_HALF_UP))


def workload_pct(total_points: int, points_available: int) -> Decimal:
    """Return the workload in percent to one decimal (WMT capacity): 0 where either is 0."""
    if not total_points or not points_available:
        return Decimal(0)
    return (Decimal(100) * total_points / points_available).quantize(_TENTH, ROUND_HALF_UP)
