"""A round pauses by itself when its first checks fail more often than forecast; its lead decides once."""

import pytest
from factories.rates import AT, make_final_check, make_rates_area
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.estate.tables import Post, PostKind
from qa_service.obligations.tables import Obligation, ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.pausing import reason_to_pause
from qa_service.rounds.tables import Arm, CheckStatus, RoundStatus
from qa_service.workflows.pause_rounds import pause_rounds

POLICY = load_policy()


# Binomial, 4% of the first 20% of 500: at most 9 of 100 with 99% (P(X > 9) = 0.7%, P(X > 8) = 1.9%).
@pytest.mark.parametrize(("n_fails", "pauses"), [(9, False), (10, True)])
def test_a_round_pauses_above_the_forecasts_99_percent_limit_and_not_at_it(n_fails, pauses):
    first = [True] * n_fails + [False] * (100 - n_fails)

    assert (reason_to_pause(first, 500, POLICY) is not None) == pauses


def test_fails_after_the_first_fifth_pause_nothing():
    assert reason_to_pause([False] * 100 + [True] * 50, 500, POLICY) is None


def test_a_round_does_not_wait_for_the_rest_of_the_fifth_once_it_is_over_the_limit():
    reason = reason_to_pause([True] * 10, 500, POLICY)

    assert reason is not None
    assert reason.startswith("10 confirmed fails among the first 10 checks: the forecast's 99% limit")
    assert "for the first 100 is 9" in reason


def test_a_round_without_checks_goes_on():
    assert reason_to_pause([], 0, POLICY) is None


def _ten_checks_three_of_them_failed(session, *, area=("national", "E&W")):
    found = make_rates_area(session)
    found.area_kind, found.area_code = area
    for number in range(10):
        is_fail = number < 3
        check = make_final_check(session, number, found, verdict="fail" if is_fail else "pass")
        check.status = CheckStatus.FINAL if is_fail else CheckStatus.DRAWN
    return found.reference


def test_the_round_is_paused_with_its_reason_and_goes_on_for_good_when_its_lead_says_so(fresh_engine):
    with transaction(fresh_engine, SYSTEM) as session:
        reference = _ten_checks_three_of_them_failed(session)

    with transaction(fresh_engine, SYSTEM) as session:
        n_paused = pause_rounds(session, at=AT)
        paused = rounds.find_round(session, reference)
        status, reason = paused.status, paused.status_reason
    with transaction(fresh_engine, SYSTEM) as session:
        rounds.begin_review(session, reference, by="user:1", at=AT)
    with transaction(fresh_engine, SYSTEM) as session:
        n_paused_again = pause_rounds(session, at=AT)
        duties = session.exec(select(Obligation).where(Obligation.kind == ObligationKind.PAUSED_ROUND)).all()
        owners = [session.get_one(Post, duty.owner_post_id).kind for duty in duties]

    assert (n_paused, status) == (1, RoundStatus.PAUSED)
    assert "2 confirmed fails among the first 2 checks" in reason
    assert n_paused_again == 0
    assert [reason in duty.what for duty in duties] == [True]
    assert owners == [PostKind.NATIONAL]


@pytest.mark.parametrize("area", [("region", "N07"), ("pdu", "LDNTST")])
def test_the_quality_lead_of_the_area_has_the_duty_to_decide_about_a_paused_round(session, area):
    _ten_checks_three_of_them_failed(session, area=area)

    pause_rounds(session, at=AT)

    duty = session.exec(select(Obligation).where(Obligation.kind == ObligationKind.PAUSED_ROUND)).one()
    owner = session.get_one(Post, duty.owner_post_id)
    assert (owner.kind, owner.region_code) == (PostKind.QUALITY_LEAD, "N07")


def test_fails_of_targeted_checks_pause_no_round(session):
    found = make_rates_area(session)
    for number in range(10):
        make_final_check(session, number, found, arm=Arm.TARGETED, verdict="fail", reviewed="HIGH")

    assert pause_rounds(session, at=AT) == 0
