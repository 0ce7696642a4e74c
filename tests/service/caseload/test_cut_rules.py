"""Every fail gets exactly one decision: new, merged or none with its reason (RULES 4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.caseload.rules import (
    CutDecisionValue,
    CutReason,
    FailFacts,
    LiveCut,
    PostingHours,
    decide_cut,
    decide_end,
)
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
MONDAY = date(2026, 11, 2)
FULL_TIME = PostingHours("N07A001", "N07T01", Decimal(37), Decimal(0))


def _facts(**given) -> FailFacts:
    return FailFacts(
        **{
            "decided_on": MONDAY,
            "arm": "random",
            "is_urgent": False,
            "is_attributed": True,
            "postings": (FULL_TIME,),
            "total_points": 2502,
        }
        | given
    )


def test_a_first_fail_makes_a_new_cut_from_the_next_working_day_for_thirteen_weeks():
    decided = decide_cut(_facts(), POLICY)

    assert decided.answer is CutDecisionValue.NEW
    assert (decided.starts_on, decided.ends_on) == (date(2026, 11, 3), date(2027, 2, 1))
    assert (decided.own_available_points, decided.cap_points, decided.points_over) == (2176, 1740, 762)
    assert not decided.adds_supported_practice


def test_a_fail_on_a_friday_cuts_from_monday_but_an_urgent_one_at_once():
    friday = date(2026, 11, 6)

    normal = decide_cut(_facts(decided_on=friday), POLICY)
    urgent = decide_cut(_facts(decided_on=friday, is_urgent=True), POLICY)

    assert normal.starts_on == date(2026, 11, 9)
    assert urgent.starts_on == friday


def test_an_officer_in_two_teams_gets_one_decision_with_each_posting_by_its_own_hours():
    half = PostingHours("N07A001", "N07T01", Decimal("18.5"), Decimal(0))
    rest = PostingHours("N07A001", "N07T02", Decimal("14.8"), Decimal("3.7"))

    decided = decide_cut(_facts(postings=(half, rest)), POLICY)

    assert [cap.own_available_points for cap in decided.postings] == [1088, 652]
    assert [cap.cap_points for cap in decided.postings] == [870, 521]
    assert decided.cap_points == 870 + 521


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param({"is_attributed": False}, CutReason.NOT_ATTRIBUTABLE, id="not attributable"),
        pytest.param({"arm": "targeted"}, CutReason.ARM_DOES_NOT_CUT, id="the classifier's arm"),
        pytest.param({"arm": "sweep"}, CutReason.ARM_DOES_NOT_CUT, id="sweep"),
        pytest.param({"arm": "caseload_review"}, CutReason.ARM_DOES_NOT_CUT, id="caseload review"),
        pytest.param({"arm": "self_referral"}, CutReason.ARM_DOES_NOT_CUT, id="self-referral"),
        pytest.param({"has_left": True}, CutReason.LEFT_THE_SERVICE, id="left the service"),
        pytest.param({"is_on_long_leave": True}, CutReason.ON_LONG_LEAVE, id="on long leave"),
    ],
)
def test_no_cut_always_has_its_reason(given, reason):
    decided = decide_cut(_facts(**given), POLICY)

    assert (decided.answer, decided.reason) == (CutDecisionValue.NONE, reason)
    assert decided.reasons
    assert (decided.starts_on, decided.points_over) == (None, 0)


def test_a_second_fail_while_a_cut_is_active_does_not_cut_twice():
    live = LiveCut(starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 30), cap_points=1740)

    decided = decide_cut(_facts(live_cut=live, earlier_fails_on=(date(2026, 8, 31),)), POLICY)

    assert decided.answer is CutDecisionValue.MERGED
    assert (decided.cap_points, decided.starts_on) == (1740, date(2026, 9, 1))
    assert decided.ends_on == date(2027, 2, 1)
    assert decided.adds_supported_practice


@pytest.mark.parametrize(
    ("earlier", "supported"),
    [(date(2025, 11, 2), True), (date(2025, 11, 1), False), (MONDAY, True)],
    ids=["twelve months ago to the day", "a day more", "the same day"],
)
def test_a_second_fail_within_twelve_months_adds_support_and_the_same_cap(earlier, supported):
    decided = decide_cut(_facts(earlier_fails_on=(earlier,)), POLICY)

    assert decided.adds_supported_practice is supported
    assert decided.cap_points == 1740


def test_twelve_months_before_the_twenty_ninth_of_february_is_the_twenty_eighth():
    decided = decide_cut(_facts(decided_on=date(2028, 2, 29), earlier_fails_on=(date(2027, 2, 28),)), POLICY)

    assert decided.adds_supported_practice


def test_a_cut_ends_after_its_last_day_whether_or_not_its_restore_checks_are_done():
    last = date(2027, 2, 1)

    assert not decide_end(last, last, 2, POLICY).is_over
    clean = decide_end(last, last + timedelta(days=1), 2, POLICY)
    late = decide_end(last, last + timedelta(days=1), 1, POLICY)

    assert (clean.is_over, clean.is_restore_check_late) == (True, False)
    assert (late.is_over, late.is_restore_check_late) == (True, True)


@given(
    hours=st.lists(
        st.tuples(st.decimals("0", "37", places=1), st.decimals("0", "37", places=1)), min_size=1, max_size=3
    ),
    live_cap=st.none() | st.integers(0, 2176),
    days_running=st.integers(0, 90),
    is_urgent=st.booleans(),
    total=st.integers(0, 5000),
)
def test_a_cut_never_raises_a_cap_and_never_shortens_one(hours, live_cap, days_running, is_urgent, total):
    postings = tuple(PostingHours("N07A001", f"T{i}", c, o) for i, (c, o) in enumerate(hours))
    begun = MONDAY - timedelta(days=days_running)
    live = None if live_cap is None else LiveCut(begun, begun + timedelta(days=90), live_cap)

    decided = decide_cut(
        _facts(postings=postings, live_cut=live, is_urgent=is_urgent, total_points=total), POLICY
    )

    assert decided.reasons
    assert decided.starts_on is not None
    assert decided.ends_on is not None
    if live is None:
        assert decided.cap_points <= decided.own_available_points
    else:
        assert decided.cap_points == live.cap_points
        assert decided.ends_on >= live.ends_on
        assert decided.starts_on <= live.starts_on
    assert decided.points_over == max(0, total - decided.cap_points)


@given(gap=st.integers(0, 400), is_urgent=st.booleans())
def test_deciding_the_same_fail_again_upon_its_own_cut_changes_no_cap_and_no_date(gap, is_urgent):
    day = MONDAY + timedelta(days=gap)
    first = decide_cut(_facts(decided_on=day, is_urgent=is_urgent), POLICY)
    assert first.starts_on is not None
    assert first.ends_on is not None
    live = LiveCut(first.starts_on, first.ends_on, first.cap_points)

    again = decide_cut(_facts(decided_on=day, is_urgent=is_urgent, live_cut=live), POLICY)

    assert (again.starts_on, again.ends_on, again.cap_points) == (
        first.starts_on,
        first.ends_on,
        first.cap_points,
    )
