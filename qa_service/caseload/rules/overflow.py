"""Which cases no longer fit after a cut, and which leave first (RULES 5): never the hard work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa_service.caseload.rules.gate import CaseToPlace
from qa_service.policy.numbers import OverflowPolicy
from rubrics.levels import Level


@dataclass(frozen=True)
class HeldCase:
    """One of the officer's cases with the dates that protect it from moving.

    Parameters
    ----------
    needs_another_grade : bool
        Its confirmed level may not be held by this officer's grade.
    """

    case: CaseToPlace
    started_on: date | None = None
    released_on: date | None = None
    release_due_on: date | None = None
    ends_on: date | None = None
    next_hearing_on: date | None = None
    high_risk_event_on: date | None = None
    is_failed_case: bool = False
    is_limited_access: bool = False
    needs_another_grade: bool = False


@dataclass(frozen=True)
class OverflowList:
    """What moves, in order, and what stays over.

    Parameters
    ----------
    points_over : int
        Above the cap now.
    ending_points : int
        Of natural ends that come soon enough.
    points_left : int
        Still over when every listed case has moved: one item on the cut's escalation.
    """

    listed: tuple[HeldCase, ...]
    points_over: int
    ending_points: int
    points_left: int


def list_overflow(
    cases: Sequence[HeldCase], *, points_over: int, on: date, policy: OverflowPolicy, n_moved: int = 0
) -> OverflowList:
    """List the cases that leave: lowest confirmed risk first, and only as many as the shortfall needs.

    Within one level the case with the most points goes first, so that fewer people lose their officer. A
    listed case that turns out not to be needed stays, the riskiest first.

    Parameters
    ----------
    n_moved : int
        People already being moved because of the same cut.
    """
    soon = on + timedelta(weeks=policy.natural_ends_within_weeks)
    ending = {held.case.case_id for held in cases if held.ends_on is not None and held.ends_on <= soon}
    ending_points = sum(held.case.points for held in cases if held.case.case_id in ending)
    staying = [held for held in cases if held.case.case_id not in ending]
    must = [held for held in staying if held.is_failed_case and held.needs_another_grade]
    may = [held for held in staying if not held.is_failed_case and _may_move(held, on, policy)]
    shortfall = max(0, points_over - ending_points)
    n_most = max(0, policy.most_people_moved - n_moved)
    listed = _give_back(_take(must, sorted(may, key=_order), shortfall, n_most), shortfall)
    left = shortfall - sum(held.case.points for held in listed)
    return OverflowList(tuple(listed), points_over, ending_points, max(0, left))


def _may_move(held: HeldCase, on: date, policy: OverflowPolicy) -> bool:
    """Tell whether a case may move by itself: a known level below very high, and nothing about to happen."""
    if held.case.level is None or held.case.level is Level.VERY_HIGH or not held.case.points:
        return False
    near = timedelta(weeks=policy.not_within_weeks_of_release_or_start)
    turning_points = (held.started_on, held.released_on, held.release_due_on)
    if held.is_limited_access or any(day is not None and abs(day - on) <= near for day in turning_points):
        return False
    coming = (held.next_hearing_on, held.high_risk_event_on)
    return not any(day is not None and day >= on for day in coming)


def _order(held: HeldCase) -> tuple[int, int, int]:
    rank = held.case.level.rank if held.case.level is not None else 0
    return rank, -held.case.points, held.case.case_id


def _take(must: list[HeldCase], may: list[HeldCase], shortfall: int, n_most: int) -> list[HeldCase]:
    listed = must[:n_most]
    covered = sum(held.case.points for held in listed)
    for held in may:
        if covered >= shortfall or len(listed) >= n_most:
            break
        listed.append(held)
        covered += held.case.points
    return listed


def _give_back(listed: list[HeldCase], shortfall: int) -> list[HeldCase]:
    spare = sum(held.case.points for held in listed) - shortfall
    kept = list(listed)
    for held in sorted(listed, key=_order, reverse=True):
        if not held.is_failed_case and held.case.points <= spare:
            kept.remove(held)
            spare -= held.case.points
    return kept
