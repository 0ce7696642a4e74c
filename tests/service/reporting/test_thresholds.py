"""A PDU over a threshold of RULES 6 gets one finding for its regional director, and no second one for the same."""

from datetime import timedelta

import pytest
from factories.rates import AT, WALES, make_fails
from sqlmodel import select

from qa_service.estate import service as estate
from qa_service.estate.tables import Pdu
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import (
    Escalation,
    EscalationKind,
    ImprovementPlan,
    ItemKind,
    Obligation,
    PlanGround,
)
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.thresholds import plan_of_duty, plans_of
from qa_service.workflows.open_improvement_plans import open_improvement_plans

POLICY = load_policy()


def _escalate(session, overdue_kind, pdu="LDNTST"):
    item = obligations.Item(ItemKind.NOTICE, "over 110% for four weeks")
    found = obligations.add_standing_item(session, pdu, item, at=AT, by="job:test", policy=POLICY)
    if overdue_kind is EscalationKind.PDU:
        return found
    duty = session.get_one(Obligation, found.obligation_id)
    other = Escalation(kind=overdue_kind, obligation_id=_copy(session, duty), pdu_code=pdu, opened_at=AT)
    session.add(other)
    session.flush()
    return other


def _copy(session, duty):
    values = duty.model_dump(exclude={"id"})
    again = Obligation(**values)
    session.add(again)
    session.flush()
    return again.id


def _open(session, at=AT):
    return open_improvement_plans(session, at=at, policy=POLICY)


def _plans(session):
    return session.exec(select(ImprovementPlan).order_by(ImprovementPlan.id)).all()


def test_five_of_ten_fails_with_load_causes_give_the_regional_director_a_finding_with_a_clock(
    session, round_
):
    make_fails(session, round_, 10, 5)

    n_opened = _open(session)

    [plan] = _plans(session)
    duty = session.get_one(Obligation, plan.obligation_id)
    assert (n_opened, plan.pdu_code, plan.ground, plan.n_counted, plan.n_of) == (
        1,
        "LDNTST",
        PlanGround.CAUSES,
        5,
        10,
    )
    assert duty.owner_post_id == estate.regional_director_post(session, "N07").id
    assert duty.kind.value == "finding"
    # 20 working days after Monday 2 November 2026 is Monday 30 November.
    assert duty.due_at.date().isoformat() == "2026-11-30"
    assert "PDU LDNTST" in duty.what


@pytest.mark.parametrize(("n", "n_load"), [(9, 9), (10, 4)])
def test_nine_fails_are_too_few_and_exactly_40_pct_is_not_more_than_40(session, round_, n, n_load):
    make_fails(session, round_, n, n_load)

    assert _open(session) == 0


def test_fails_of_more_than_12_months_ago_and_of_other_pdus_do_not_count(session, round_):
    make_fails(session, round_, 5, 5)
    make_fails(session, round_, 5, 5, first=5, days_ago=380)
    make_fails(session, round_, 5, 5, first=10, place=WALES)

    assert _open(session) == 0


def test_counted_again_the_next_minute_or_month_it_opens_nothing_more(session, round_):
    make_fails(session, round_, 10, 10)
    _open(session)

    again = [_open(session, AT + timedelta(days=days)) for days in (0, 1, 30)]

    assert (again, len(_plans(session))) == ([0, 0, 0], 1)


def test_an_answered_finding_comes_again_only_when_a_whole_window_later_it_is_still_so(session, round_):
    make_fails(session, round_, 10, 10)
    _open(session)
    [plan] = _plans(session)
    obligations.close_obligation(session, plan.obligation_id, "Two posts filled", at=AT, by="user:1")
    make_fails(session, round_, 10, 10, first=10, days_ago=-300)

    soon, later = _open(session, AT + timedelta(days=360)), _open(session, AT + timedelta(days=370))

    assert (soon, later) == (0, 1)


def test_more_than_half_of_the_escalations_risen_past_the_head_is_a_threshold_of_its_own(session, round_):
    first, second, third = (
        _escalate(session, kind)
        for kind in (EscalationKind.PDU, EscalationKind.CORRECTION, EscalationKind.REDUCTION)
    )
    director = estate.regional_director_post(session, "N07").id
    risen = [session.get_one(Obligation, one.obligation_id) for one in (first, second)]

    risen[0].owner_post_id, risen[0].n_rungs_risen = director, 1
    session.flush()
    one_of_three = _open(session)
    risen[1].owner_post_id, risen[1].n_rungs_risen = director, 1
    session.flush()
    two_of_three = _open(session)

    [plan] = _plans(session)
    assert (one_of_three, two_of_three) == (0, 1)
    assert (plan.ground, plan.n_counted, plan.n_of) == (PlanGround.RISEN, 2, 3)
    assert third.pdu_code == plan.pdu_code


def test_an_escalation_that_began_above_the_head_has_not_risen_past_the_head(session, round_):
    found = _escalate(session, EscalationKind.PDU)
    duty = session.get_one(Obligation, found.obligation_id)
    duty.owner_post_id = estate.regional_director_post(session, "N07").id
    session.flush()

    assert _open(session) == 0


def test_fails_of_a_pdu_that_merged_count_for_the_one_in_use_and_its_plan_is_not_opened_twice(
    session, round_
):
    make_fails(session, round_, 10, 10)
    _open(session)
    session.add(Pdu(code="LDNNEW", name="PDU LDNNEW", region_code="N07"))
    session.flush()
    old = session.get_one(Pdu, "LDNTST")
    old.successor_code, old.closed_on = "LDNNEW", AT.date()
    session.flush()

    assert _open(session) == 0

    tree = area_tree(session)
    [shown] = plans_of(session, tree, tree.pdus["LDNNEW"], at=AT, policy=POLICY)
    assert (shown.pdu_code, shown.n_of) == ("LDNTST", 10)


def test_the_plan_of_a_duty_says_what_was_counted_and_another_duty_has_none(session, round_):
    make_fails(session, round_, 12, 6)
    _open(session)
    [plan] = _plans(session)

    found = plan_of_duty(session, plan.obligation_id)

    assert (found.n_counted, found.n_of, found.pdu_name, found.closed_at) == (6, 12, "PDU LDNTST", None)
    assert plan_of_duty(session, plan.obligation_id + 1) is None
