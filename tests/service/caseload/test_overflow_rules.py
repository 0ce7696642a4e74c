"""Which cases leave after a cut, and which never do (RULES 5)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.caseload.rules import CaseToPlace, HeldCase, list_overflow
from qa_service.policy.numbers import load_policy
from rubrics.levels import Level

POLICY = load_policy("2026-11-01").overflow
TODAY = date(2026, 11, 2)


def _held(number: int, points: int = 60, level: Level | None = Level.LOW, **facts) -> HeldCase:
    return HeldCase(CaseToPlace(number, points, level), **facts)


def _ids(found) -> list[int]:
    return [held.case.case_id for held in found.listed]


def _list(cases, points_over, **given):
    return list_overflow(cases, points_over=points_over, on=TODAY, policy=POLICY, **given)


def test_only_the_shortfall_moves_lowest_risk_first_and_fewest_people():
    cases = [
        _held(1, 60, Level.HIGH),
        _held(2, 60, Level.MEDIUM),
        _held(3, 40, Level.LOW),
        _held(4, 50, Level.LOW),
    ]

    found = _list(cases, 90)

    assert _ids(found) == [4, 3]
    assert found.points_left == 0


def test_nothing_moves_when_natural_ends_within_four_weeks_cover_the_shortfall():
    cases = [_held(1, 60, ends_on=TODAY + timedelta(weeks=4)), _held(2, 60)]

    found = _list(cases, 60)

    assert (_ids(found), found.ending_points, found.points_left) == ([], 60, 0)


def test_an_end_a_day_after_four_weeks_does_not_count():
    cases = [_held(1, 60, ends_on=TODAY + timedelta(weeks=4, days=1))]

    assert _ids(_list(cases, 60)) == [1]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"started_on": TODAY - timedelta(weeks=8)}, id="started 8 weeks ago"),
        pytest.param({"released_on": TODAY - timedelta(weeks=7)}, id="released 7 weeks ago"),
        pytest.param({"release_due_on": TODAY + timedelta(weeks=8)}, id="release due in 8 weeks"),
        pytest.param({"next_hearing_on": TODAY + timedelta(days=200)}, id="a hearing is scheduled"),
        pytest.param({"high_risk_event_on": TODAY}, id="a high-risk event today"),
        pytest.param({"is_failed_case": True}, id="the failed case itself"),
        pytest.param({"is_limited_access": True}, id="limited access: moved by hand only"),
        pytest.param({"level": Level.VERY_HIGH}, id="very high never moves by itself"),
        pytest.param({"level": None}, id="level unknown"),
    ],
)
def test_a_protected_case_never_moves_by_itself(facts):
    found = _list([_held(1, 60, **facts)], 60)

    assert (_ids(found), found.points_left) == ([], 60)


@pytest.mark.parametrize(
    "facts",
    [
        {"started_on": TODAY - timedelta(weeks=8, days=1)},
        {"released_on": TODAY - timedelta(weeks=8, days=1)},
        {"release_due_on": TODAY + timedelta(weeks=8, days=1)},
        {"next_hearing_on": TODAY - timedelta(days=1)},
    ],
    ids=["started longer ago", "released longer ago", "release further off", "hearing is over"],
)
def test_a_case_a_day_outside_the_protected_time_may_move(facts):
    assert _ids(_list([_held(1, 60, **facts)], 60)) == [1]


def test_the_failed_case_leaves_first_when_its_corrected_level_needs_another_grade():
    failed = _held(1, 115, Level.HIGH, is_failed_case=True, needs_another_grade=True)

    found = _list([_held(2, 60), failed], 100)

    assert _ids(found) == [1]


def test_at_most_eight_people_move_and_the_rest_is_one_figure():
    cases = [_held(number, 50) for number in range(1, 21)]

    found = _list(cases, 762)

    assert len(found.listed) == 8
    assert found.points_left == 762 - 8 * 50


def test_people_already_moving_for_the_same_cut_count_towards_the_eight():
    cases = [_held(number, 50) for number in range(1, 21)]

    assert len(_list(cases, 762, n_moved=5).listed) == 3


def test_a_listed_case_that_is_not_needed_stays_the_riskiest_first():
    cases = [_held(1, 30, Level.LOW), _held(2, 20, Level.LOW), _held(3, 100, Level.MEDIUM)]

    found = _list(cases, 100)

    assert _ids(found) == [3]


CASES = st.lists(
    st.builds(
        lambda points, level, **facts: (points, level, facts),
        points=st.integers(0, 220),
        level=st.sampled_from([*Level, None]),
        started_on=st.none() | st.dates(TODAY - timedelta(days=400), TODAY),
        ends_on=st.none() | st.dates(TODAY, TODAY + timedelta(days=200)),
        next_hearing_on=st.none() | st.dates(TODAY - timedelta(days=50), TODAY + timedelta(days=50)),
    ),
    max_size=30,
).map(lambda rows: [_held(i, points, level, **facts) for i, (points, level, facts) in enumerate(rows)])


@given(cases=CASES, over=st.integers(0, 2000))
@settings(max_examples=300)
def test_what_is_listed_is_needed_allowed_and_never_more_than_eight_people(cases, over):
    found = _list(cases, over)

    assert len(found.listed) <= 8
    assert len(set(_ids(found))) == len(found.listed)
    assert all(held.case.level not in {None, Level.VERY_HIGH} for held in found.listed)
    moved = sum(held.case.points for held in found.listed)
    shortfall = max(0, over - found.ending_points)
    assert found.points_left == max(0, shortfall - moved)
    for held in found.listed:  # without any one of them the shortfall would not be covered
        assert moved - held.case.points < shortfall
    listed = set(_ids(found))
    free = [
        held
        for held in cases
        if held.case.case_id not in listed and _ids(_list([replace(held)], 10_000)) == [held.case.case_id]
    ]
    if found.points_left and len(found.listed) < 8:
        assert not free  # points stay over only when nobody else may move, or eight already do
