"""What is drawn and not final yet: a rate says so, how far it can still move, and no more about any check."""

import pytest
from factories.dashboard import dashboard_of
from factories.rates import (
    WALES,
    make_final_check,
    make_rates_area,
    make_rates_round,
    make_waiting_check,
)
from sqlmodel import select
from statsmodels.stats.proportion import proportion_confint

from qa_service.pages.rate_words import unfinished_in_words
from qa_service.policy.numbers import load_policy
from qa_service.reporting.rates import RateName
from qa_service.rounds.tables import Arm, Check, CheckStatus

POLICY = load_policy().rates


@pytest.fixture
def round_(session):
    """25 final mediums in London, 2 of them wrong."""
    found = make_rates_area(session)
    for number in range(25):
        is_hit = number < 2
        make_final_check(
            session,
            number,
            found,
            verdict="fail" if is_hit else "pass",
            reviewed="HIGH" if is_hit else "MEDIUM",
        )
    return found


def _wait(session, round_, n, *, first=50, **options):
    for number in range(first, first + n):
        make_waiting_check(session, number, round_, **options)


def _words(session, name=RateName.MEDIUM_SHOULD_BE_HIGH, **options):
    return unfinished_in_words(dashboard_of(session, name, **options), POLICY)


def test_the_page_says_how_many_of_the_cases_drawn_are_final_and_where_the_rate_will_go(session, round_):
    _wait(session, round_, 8)

    assert _words(session) == (
        "25 of the 33 medium cases drawn are final. A possible fail takes longer than a pass, so this figure"
        " will probably rise; the interval does not allow for that."
    )
    assert "will probably fall" in _words(session, RateName.OVERCLASSIFIED)


def test_the_rate_lies_between_all_that_wait_being_right_and_all_being_wrong(session, round_):
    _wait(session, round_, 8)

    left = dashboard_of(session).unfinished

    for rate, k in ((left.all_right, 2), (left.all_wrong, 10)):
        assert (rate.k, rate.n) == (k, 33)
        assert (rate.low, rate.high) == pytest.approx(proportion_confint(k, 33, method="wilson"))


def test_where_a_check_counts_half_so_does_one_that_waits(session, round_):
    halves = make_rates_round(session, "WAL-H2", cadence="six_monthly")
    for number in range(100, 140):
        verdict, level = ("fail", "HIGH") if number < 110 else ("pass", "MEDIUM")
        make_final_check(session, number, halves, place=WALES, verdict=verdict, reviewed=level)
    _wait(session, halves, 10, first=200, place=WALES)
    _wait(session, round_, 5)

    left = dashboard_of(session, code="E&W").unfinished

    # 25 + 5 that count whole, 40 + 10 that count half: 2 + 10/2 found, and if all that wait were wrong 5 + 10/2.
    assert left.all_right.value == pytest.approx(7 / 55)
    assert left.all_wrong.value == pytest.approx(17 / 55)
    assert (left.all_right.k, left.all_right.n) == (12, 80)


def test_only_mediums_wait_for_the_rate_that_is_about_mediums(session, round_):
    _wait(session, round_, 6)
    _wait(session, round_, 7, first=70, level="HIGH")

    assert dashboard_of(session).unfinished.n_waiting == 6
    assert dashboard_of(session, RateName.UNDERCLASSIFIED).unfinished.n_waiting == 13


def test_neither_a_check_of_another_arm_nor_one_replaced_or_void_waits(session, round_):
    _wait(session, round_, 5, arm=Arm.TARGETED)
    _wait(session, round_, 5, first=60, status=CheckStatus.SUBSTITUTED)
    _wait(session, round_, 5, first=70, status=CheckStatus.VOID)
    _wait(session, round_, 5, first=80, place=WALES)

    found = dashboard_of(session)

    assert found.unfinished is None
    assert unfinished_in_words(found, POLICY) is None
    assert not found.is_all_final  # Wales is compared with


@pytest.mark.parametrize("n", [1, 4])
def test_how_many_of_the_last_few_wait_is_told_to_nobody_as_they_are_likely_fails(session, round_, n):
    _wait(session, round_, n)

    left = dashboard_of(session).unfinished

    assert left.n_waiting is None
    assert (left.all_right.n, left.all_wrong.k) == (29, 6)  # as if four did
    assert _words(session).startswith("Fewer than 5 medium cases drawn here are not final yet.")


def test_whoever_may_not_see_small_counts_learns_nothing_of_what_waits(session, round_):
    _wait(session, round_, 8)

    assert dashboard_of(session, is_suppressed=True).unfinished is None


def test_how_far_a_check_is_changes_nothing_that_is_told(session, round_):
    _wait(session, round_, 8, status=CheckStatus.DRAWN)
    drawn = dashboard_of(session).unfinished

    for check in session.exec(select(Check).where(Check.status == CheckStatus.DRAWN)):
        check.status = CheckStatus.SECOND_READ
    session.flush()

    assert dashboard_of(session).unfinished == drawn
