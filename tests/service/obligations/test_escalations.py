"""One list per cut, a decision for one item or many, and the ladder (RULES 6)."""

from datetime import UTC, date, datetime

import pytest
from factories.caseload import make_verdict
from sqlmodel import select

from qa_service.caseload.tables import Cut, CutStatus
from qa_service.core.clock import due_after_working_days
from qa_service.core.errors import Conflict, Invalid
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import (
    Escalation,
    ItemDecision,
    ItemKind,
    ItemStatus,
    Obligation,
    ObligationKind,
)
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
OVER = obligations.Item(ItemKind.POINTS, "200 points over the cap stay with the officer", points=200)


@pytest.fixture
def cut(session, area):
    verdict = make_verdict(session, area.check)
    row = Cut(
        person_id=area.officer.id,
        verdict_id=verdict.id,
        status=CutStatus.SCHEDULED,
        cap_pct=80,
        cap_points=1740,
        own_available_points=2176,
        points_at_decision=2502,
        starts_on=date(2026, 11, 3),
        ends_on=date(2027, 2, 1),
        decided_at=MONDAY,
    )
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def overflow(area, cut):
    return obligations.CutOverflow(
        cut_id=cut.id,
        verdict_id=cut.verdict_id,
        person_id=area.officer.id,
        pdu_code="LDNTST",
        owner_post_id=area.spo.id,
        is_urgent=False,
    )


@pytest.fixture
def unplaced(area):
    return obligations.Item(
        ItemKind.CASE,
        "Nobody in the region has room for this case",
        case_id=area.case.id,
        points=63,
        interim_cover="SPO N07T01",
        contact_plan="Appointments go on as planned",
    )


def _escalate(session, overflow, items, at=MONDAY) -> Escalation:
    return obligations.escalate_cut(session, overflow, items, at=at, by="job:test", policy=POLICY)


def _duty(session, escalation) -> Obligation:
    return session.get(Obligation, escalation.obligation_id)


def test_a_cut_has_one_list_for_everything_that_does_not_fit(session, area, overflow, unplaced):
    first = _escalate(session, overflow, [unplaced, OVER])
    second = _escalate(session, overflow, [OVER])

    assert second.id == first.id
    assert [item.kind for item in obligations.items_of(session, first)] == [
        ItemKind.CASE,
        ItemKind.POINTS,
        ItemKind.POINTS,
    ]
    assert _duty(session, first).owner_post_id == area.spo.id


def test_many_items_are_decided_in_one_step_and_the_list_closes_with_the_last(session, overflow, unplaced):
    escalation = _escalate(session, overflow, [unplaced, OVER])
    case, points = (item.id for item in obligations.items_of(session, escalation))

    obligations.decide_items(session, [case], ItemDecision.TRANSFER, "to team 2", at=MONDAY, by="user:1")
    assert _duty(session, escalation).closed_at is None
    obligations.decide_items(session, [points], ItemDecision.FUND, "a vacancy", at=MONDAY, by="user:1")

    duty = _duty(session, escalation)
    assert duty.closed_at == MONDAY
    assert duty.decision == "All items are decided; the last: fund, a vacancy"
    assert {item.status for item in obligations.items_of(session, escalation)} == {ItemStatus.DECIDED}


def test_a_later_item_on_a_closed_list_gets_a_new_clock(session, overflow):
    escalation = _escalate(session, overflow, [OVER])
    [item] = obligations.items_of(session, escalation)
    obligations.decide_items(session, [item.id], ItemDecision.ACCEPT_RISK, "for now", at=MONDAY, by="user:1")
    closed = escalation.obligation_id

    _escalate(session, overflow, [OVER])

    assert escalation.obligation_id != closed
    assert _duty(session, escalation).closed_at is None


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_decided_without_a_reason_in_writing(session, overflow, reason):
    escalation = _escalate(session, overflow, [OVER])
    [item] = obligations.items_of(session, escalation)

    with pytest.raises(Invalid, match="reason in writing"):
        obligations.decide_items(session, [item.id], ItemDecision.FUND, reason, at=MONDAY, by="user:1")

    assert item.status is ItemStatus.OPEN


def test_deciding_a_decided_item_changes_none_of_the_items_sent(session, overflow):
    escalation = _escalate(session, overflow, [OVER, OVER])
    first, second = obligations.items_of(session, escalation)
    obligations.decide_items(session, [first.id], ItemDecision.FUND, "a vacancy", at=MONDAY, by="user:1")

    with pytest.raises(Conflict, match="Decided already"):
        obligations.decide_items(
            session, [first.id, second.id], ItemDecision.TRANSFER, "no", at=MONDAY, by="user:2"
        )

    assert (first.decision, second.status) == (ItemDecision.FUND, ItemStatus.OPEN)


def test_an_undecided_list_rises_every_ten_working_days_up_to_the_national_post(session, area, overflow):
    escalation = _escalate(session, overflow, [OVER])
    owners = []
    at = MONDAY
    for _ in range(4):
        at = due_after_working_days(at, 10).replace(hour=23, minute=59, second=59)
        at = at.replace(microsecond=1)
        obligations.rise_overdue(session, at=at, policy=POLICY)
        duty = _duty(session, escalation)
        owners.append((duty.owner_post_id, duty.n_rungs_risen))

    assert owners == [(area.head.id, 1), (area.director.id, 2), (area.national.id, 3), (area.national.id, 3)]
    assert _duty(session, escalation).closed_at is None


def test_an_undecided_list_goes_to_the_head_on_the_first_day_after_its_ten_working_days(
    session, area, overflow
):
    escalation = _escalate(session, overflow, [OVER])

    on_the_day = obligations.rise_overdue(session, at=datetime(2026, 11, 16, 20, tzinfo=UTC), policy=POLICY)
    day_after = obligations.rise_overdue(session, at=datetime(2026, 11, 17, 6, tzinfo=UTC), policy=POLICY)

    assert (on_the_day, day_after) == (0, 1)
    assert _duty(session, escalation).owner_post_id == area.head.id


def test_an_urgent_list_rises_after_one_working_day(session, area, overflow):
    from dataclasses import replace

    escalation = _escalate(session, replace(overflow, is_urgent=True), [OVER])

    obligations.rise_overdue(session, at=datetime(2026, 11, 4, 6, tzinfo=UTC), policy=POLICY)

    duty = _duty(session, escalation)
    assert (duty.owner_post_id, duty.due_at.date()) == (area.head.id, date(2026, 11, 5))


def test_a_pdu_has_one_standing_list_of_its_head(session, area):
    override = obligations.Item(ItemKind.OVERRIDE, "A refusal of the gate was overridden")

    first = obligations.add_standing_item(session, "LDNTST", override, at=MONDAY, by="user:1", policy=POLICY)
    second = obligations.add_standing_item(session, "LDNTST", override, at=MONDAY, by="user:1", policy=POLICY)

    assert first.id == second.id
    assert _duty(session, first).owner_post_id == area.head.id
    assert (
        len(session.exec(select(Obligation).where(Obligation.kind == ObligationKind.ESCALATION)).all()) == 1
    )
