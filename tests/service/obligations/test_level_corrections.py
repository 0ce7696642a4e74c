"""The case comes first: a higher reading has an owner and a clock at once (RULES 3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from qa_service.core.errors import Conflict, Invalid
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import (
    CorrectionOutcome,
    Escalation,
    EscalationItem,
    ItemDecision,
    ItemStatus,
    LevelCorrection,
    Obligation,
)
from qa_service.outbox.tables import OutboxEvent
from qa_service.policy.numbers import load_policy
from rubrics import Grid, Level, compare_grids

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
HIGHER = compare_grids(
    Grid.from_groups({"children": "LOW", "public": "MEDIUM"}),
    Grid.from_groups({"children": "MEDIUM", "public": "HIGH"}),
)


@pytest.fixture
def reading(area):
    return obligations.HigherReading(
        check_id=area.check.id,
        review_id=area.review.id,
        case_id=area.case.id,
        team_code="N07T01",
        comparison=HIGHER,
        is_somebody_exposed=False,
    )


def _open(session, reading, at=MONDAY) -> LevelCorrection:
    return obligations.open_level_correction(session, reading, at=at, by="user:1", policy=POLICY)


def _duty(session, correction) -> Obligation:
    return session.get(Obligation, correction.obligation_id)


def test_a_later_reader_who_finds_somebody_exposed_makes_the_open_correction_urgent(session, area, reading):
    correction = _open(session, reading)

    _open(session, replace(reading, is_somebody_exposed=True))

    duty = _duty(session, correction)
    assert (correction.is_somebody_exposed, duty.is_urgent, duty.due_at) == (
        True,
        True,
        datetime(2026, 11, 3, 23, 59, 59, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("is_exposed", "due"),
    [
        (False, datetime(2026, 11, 9, 23, 59, 59, tzinfo=UTC)),
        (True, datetime(2026, 11, 3, 23, 59, 59, tzinfo=UTC)),
    ],
    ids=["5 working days", "1 working day when somebody is exposed"],
)
def test_a_higher_reading_is_the_spos_duty(session, area, reading, is_exposed, due):
    correction = _open(session, replace(reading, is_somebody_exposed=is_exposed))

    duty = _duty(session, correction)
    assert duty.owner_post_id == area.spo.id
    assert (duty.due_at, duty.is_urgent) == (due, is_exposed)
    assert (correction.assessed_overall, correction.reviewed_overall) == (Level.MEDIUM, Level.HIGH)
    assert correction.groups == "children, public"
    [event] = session.exec(select(OutboxEvent)).all()
    assert event.event_type == "rosh-qa.level-correction.opened"
    assert event.body["personReference"] == {"identifiers": []}


def test_a_second_reading_of_the_same_check_opens_no_second_correction(session, reading):
    first = _open(session, reading)

    again = _open(session, reading, at=MONDAY + timedelta(days=3))

    assert again.id == first.id
    assert len(session.exec(select(LevelCorrection)).all()) == 1


def test_it_closes_as_changed_on_a_date_to_a_level(session, reading):
    correction = _open(session, reading)

    closing = obligations.Changed(Level.HIGH, date(2026, 11, 2))
    obligations.close_level_correction(session, correction.id, closing, at=MONDAY, by="user:2")

    assert correction.outcome is CorrectionOutcome.CHANGED
    duty = _duty(session, correction)
    assert (duty.decision, duty.closed_by) == ("Changed on 2 November 2026 to high", "user:2")


def test_it_closes_as_kept_only_with_a_reason(session, reading):
    correction = _open(session, reading)

    with pytest.raises(Invalid, match="needs its reason"):
        obligations.close_level_correction(
            session, correction.id, obligations.Kept("  "), at=MONDAY, by="user:2"
        )
    kept = obligations.Kept("the threat was withdrawn on 1 November")
    obligations.close_level_correction(session, correction.id, kept, at=MONDAY, by="user:2")

    assert correction.outcome is CorrectionOutcome.KEPT
    assert _duty(session, correction).decision == "Kept, because the threat was withdrawn on 1 November"


def test_a_change_in_the_future_is_refused(session, reading):
    correction = _open(session, reading)

    with pytest.raises(Invalid, match="future"):
        obligations.close_level_correction(
            session, correction.id, obligations.Changed(Level.HIGH, date(2026, 11, 3)), at=MONDAY, by="user:2"
        )

    assert _duty(session, correction).closed_at is None


def test_a_closed_correction_is_not_closed_again(session, reading):
    correction = _open(session, reading)
    kept = obligations.Kept("checked with police")
    obligations.close_level_correction(session, correction.id, kept, at=MONDAY, by="user:2")

    with pytest.raises(Conflict, match="closed already"):
        obligations.close_level_correction(session, correction.id, kept, at=MONDAY, by="user:3")


def test_an_overdue_correction_goes_to_the_head_of_pdu_and_is_settled_when_the_spo_corrects(
    session, area, reading
):
    correction = _open(session, reading)
    late = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)

    n_risen = obligations.rise_overdue(session, at=late, policy=POLICY)
    again = obligations.rise_overdue(session, at=late, policy=POLICY)

    assert (n_risen, again) == (1, 0)
    [escalation] = session.exec(select(Escalation)).all()
    duty = session.get(Obligation, escalation.obligation_id)
    assert (duty.owner_post_id, duty.due_at.date()) == (area.head.id, date(2026, 11, 24))
    assert _duty(session, correction).owner_post_id == area.spo.id
    changed = obligations.Changed(Level.HIGH, date(2026, 11, 10))
    obligations.close_level_correction(session, correction.id, changed, at=late, by="user:2")
    [item] = session.exec(select(EscalationItem)).all()
    assert (item.status, item.decision) == (ItemStatus.DECIDED, ItemDecision.DONE)
    assert duty.closed_at == late


def test_a_decision_that_leaves_the_level_uncorrected_gets_its_own_time_and_then_escalates_again(
    session, reading
):
    _open(session, replace(reading, is_somebody_exposed=True))
    wednesday, friday = (datetime(2026, 11, day, 6, 0, tzinfo=UTC) for day in (4, 6))
    obligations.rise_overdue(session, at=wednesday, policy=POLICY)
    [item] = session.exec(select(EscalationItem)).all()
    obligations.decide_items(
        session, [item.id], ItemDecision.STOP_OTHER_WORK, "do this today", at=wednesday, by="user:9"
    )

    at_once = obligations.rise_overdue(session, at=wednesday, policy=POLICY)
    later = obligations.rise_overdue(session, at=friday, policy=POLICY)

    assert (at_once, later) == (0, 1)
    assert len(session.exec(select(Escalation)).all()) == 2
