"""Feedback is shown after the SPO's conversation, at the latest two working days later (RULES 4)."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from factories.caseload import make_check, make_verdict
from factories.cases import make_assessment, make_case, make_limited
from factories.estate import make_area, make_national_post, make_officer
from factories.reviews import references
from sqlmodel import select

from qa_service.core.clock import day_of
from qa_service.core.errors import Conflict, NotFound
from qa_service.estate import service as estate
from qa_service.feedback import service as feedback
from qa_service.obligations.tables import Obligation, ObligationKind
from qa_service.reviews.tables import VerdictValue

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def area(session):
    make_national_post(session)
    make_area(session)
    officer = make_officer(session, "N07A001")
    case = make_case(session, 1)
    check = make_check(session, case, make_assessment(session, case), officer)
    return SimpleNamespace(officer=officer, check=check, case=case)


def _record(session, area, verdict=VerdictValue.FAIL):
    return feedback.record_feedback(
        session,
        make_verdict(session, area.check, verdict=verdict),
        area.check,
        {"reasons": ["The overall level was recorded as medium and the review found high."]},
        at=MONDAY,
        references=references(),
    )


def test_the_officer_sees_a_fail_only_after_the_conversation(session, area):
    row = _record(session, area)

    with pytest.raises(NotFound):
        feedback.own_feedback(session, row.reference, person_id=area.officer.id)
    assert feedback.feedback_shown_to(session, area.officer.id) == []
    feedback.record_conversation(session, row.reference, at=TUESDAY, by="user:1")

    assert feedback.own_feedback(session, row.reference, person_id=area.officer.id).shown_at == TUESDAY
    [duty] = session.exec(select(Obligation)).all()
    assert (duty.kind, duty.decision) == (ObligationKind.CONVERSATION, "Talked through")
    assert duty.owner_post_id == estate.spo_post(session, "N07T01").id


def test_the_conversation_about_a_limited_access_case_is_had_by_whoever_may_know_of_it(session, area):
    head = estate.head_of_pdu_post(session, "LDNTST")
    make_limited(session, area.case, listed=estate.holder_of_post(session, head.id, day_of(MONDAY)))

    _record(session, area)

    [duty] = session.exec(select(Obligation)).all()
    assert (duty.kind, duty.owner_post_id) == (ObligationKind.CONVERSATION, head.id)


def test_a_late_conversation_does_not_keep_the_officer_waiting(session, area):
    row = _record(session, area)
    assert row.show_by_at.date() == date(2026, 11, 4)

    in_time = feedback.show_overdue(session, at=datetime(2026, 11, 4, 20, tzinfo=UTC), by="job:test")
    late_at = datetime(2026, 11, 5, 0, 5, tzinfo=UTC)
    late = feedback.show_overdue(session, at=late_at, by="job:test")

    assert (in_time, late) == (0, 1)
    assert row.shown_at == late_at
    [duty] = session.exec(select(Obligation)).all()
    assert duty.closed_at is None  # the conversation is still owed


@pytest.mark.parametrize("verdict", [VerdictValue.PASS, VerdictValue.PASS_WITH_ACTIONS])
def test_a_pass_is_shown_at_once(session, area, verdict):
    row = _record(session, area, verdict)

    assert row.shown_at == MONDAY
    assert session.exec(select(Obligation)).all() == []


def test_a_recheck_is_talked_through_like_a_fail(session, area):
    assert _record(session, area, VerdictValue.RECHECK).shown_at is None


def test_reading_it_is_acknowledged_once(session, area):
    row = _record(session, area, VerdictValue.PASS)

    feedback.acknowledge(session, row.reference, person_id=area.officer.id, at=TUESDAY)
    feedback.acknowledge(session, row.reference, person_id=area.officer.id, at=TUESDAY + timedelta(days=5))

    assert row.acknowledged_at == TUESDAY


def test_nobody_else_sees_an_officers_feedback(session, area):
    row = _record(session, area, VerdictValue.PASS)
    other = make_officer(session, "N07A002")

    with pytest.raises(NotFound):
        feedback.own_feedback(session, row.reference, person_id=other.id)


def test_a_conversation_is_recorded_once(session, area):
    row = _record(session, area)
    feedback.record_conversation(session, row.reference, at=TUESDAY, by="user:1")

    with pytest.raises(Conflict, match="recorded already"):
        feedback.record_conversation(session, row.reference, at=TUESDAY, by="user:1")
