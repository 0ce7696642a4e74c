"""The gate as it is asked: about one officer and one CRN, with a place kept when there is one (RULES 5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_officer
from sqlmodel import select

from qa_service.caseload import service as caseload
from qa_service.caseload.rules import GateAnswer
from qa_service.caseload.tables import GateDecision, PlaceKept
from qa_service.core.errors import Invalid, NotFound
from qa_service.obligations.tables import EscalationItem, ItemKind
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def receiver(session, area):
    """An officer with exactly one place of 63 points, and two cases that want it."""
    for number in (50, 51):
        make_assessment(session, make_case(session, number, staff_code="N07A001"))
    return make_officer(session, "N07A002", total_points=2176 - 63)


def _ask(session, crn="X000050", staff_code="N07A002", at=MONDAY, **options):
    question = caseload.AllocationQuestion(staff_code, crn, **options)
    return caseload.check_allocation(session, question, at=at, by="user:1", policy=POLICY)


def test_the_last_place_is_kept_for_the_first_who_asks_and_refused_to_the_second(session, receiver):
    first = _ask(session, hold_place=True)
    second = _ask(session, "X000051", hold_place=True)

    assert first.decided.answer is GateAnswer.ALLOWED
    assert first.place.expires_at.date() == date(2026, 11, 4)
    assert second.decided.answer is GateAnswer.ALLOWED_OVER_CAPACITY
    assert second.place is None


def test_asking_again_for_the_same_case_keeps_one_place(session, receiver):
    _ask(session, hold_place=True)

    again = _ask(session, hold_place=True)

    assert again.decided.answer is GateAnswer.ALLOWED
    assert len(session.exec(select(PlaceKept)).all()) == 1


def test_a_place_that_nobody_used_is_free_again_after_two_working_days(session, receiver):
    _ask(session, hold_place=True)

    later = _ask(session, "X000051", at=MONDAY + timedelta(days=3))

    assert later.decided.answer is GateAnswer.ALLOWED


def test_over_capacity_a_place_is_kept_only_with_the_spos_name_and_reason(session, receiver):
    _ask(session, hold_place=True)

    spo = caseload.Override("Ann Wells", "the only officer who speaks Welsh")
    kept = _ask(session, "X000051", hold_place=True, override=spo)

    assert kept.decided.answer is GateAnswer.ALLOWED_OVER_CAPACITY
    assert kept.place is not None
    assert (kept.decision.override_by, kept.decision.override_reason) == (spo.name, spo.reason)


def test_a_full_officer_is_refused_while_a_colleague_of_the_pdu_has_room(session, receiver):
    make_officer(session, "N07A003", team="N07T02", total_points=1000)
    _ask(session, hold_place=True)

    second = _ask(session, "X000051")

    assert second.decided.answer is GateAnswer.REFUSED
    assert [reason.code for reason in second.decided.reasons] == ["room_elsewhere"]


def test_a_scheduled_cut_counts_already(session, area, verdict, receiver):
    caseload.record_cut_decision(session, verdict, area.check, at=MONDAY, by="job:test")

    answer = _ask(session, "X000051", staff_code="N07A001")

    assert answer.decided.answer is GateAnswer.REFUSED
    assert "cap" in {reason.code for reason in answer.decided.reasons}


def test_a_hold_refuses_until_it_is_lifted(session, area, receiver):
    area.check.person_id = receiver.id
    due = MONDAY + timedelta(days=7)
    caseload.place_hold(
        session,
        area.check,
        attributed_person_id=receiver.id,
        second_read_due_at=due,
        at=MONDAY,
        by="job:test",
    )

    held = _ask(session)
    caseload.lift_hold(session, area.check.id, "not confirmed", at=MONDAY, by="job:test")
    lifted = _ask(session)

    assert [reason.code for reason in held.decided.reasons] == ["hold"]
    assert lifted.decided.answer is GateAnswer.ALLOWED


def test_a_head_who_goes_over_a_refusal_is_listed_on_the_pdus_standing_escalation(
    session, area, verdict, receiver
):
    caseload.record_cut_decision(session, verdict, area.check, at=MONDAY, by="job:test")

    head = caseload.Override("Bo Lee", "court order names the officer")
    answer = _ask(session, "X000051", staff_code="N07A001", hold_place=True, override=head)

    assert answer.decided.answer is GateAnswer.REFUSED
    assert answer.place is not None
    [item] = session.exec(select(EscalationItem)).all()
    assert (item.kind, "Bo Lee" in item.what) == (ItemKind.OVERRIDE, True)


@pytest.mark.parametrize("override", [("", "a reason"), ("Bo Lee", " ")])
def test_an_override_without_name_or_reason_is_refused_and_nothing_is_recorded(session, receiver, override):
    with pytest.raises(Invalid, match="name and a reason"):
        _ask(session, override=caseload.Override(*override))

    assert not session.exec(select(GateDecision)).all()


@pytest.mark.parametrize(("staff_code", "crn"), [("N07A999", "X000050"), ("N07A002", "X999999")])
def test_an_unknown_officer_or_case_is_said_to_be_unknown(session, receiver, staff_code, crn):
    with pytest.raises(NotFound):
        _ask(session, crn, staff_code=staff_code)


def test_each_answer_is_kept_with_its_reasons_and_its_points(session, receiver):
    _ask(session)

    [decision] = session.exec(select(GateDecision)).all()
    assert (decision.points_before, decision.points_after) == (2113, 2176)
    assert decision.reasons[0]["code"] == "within_capacity"
