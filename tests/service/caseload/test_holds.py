"""Holds have an owner, expire unless renewed by name, and are placed once per check (RULES 4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from qa_service.caseload import service as caseload
from qa_service.caseload.tables import Hold, HoldStatus
from qa_service.core.errors import Conflict, Invalid
from qa_service.estate import service as estate
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 9, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def hold(session, area) -> Hold:
    return _place(session, area, DUE)


def _place(session, area, due, person_id=None):
    return caseload.place_hold(
        session,
        area.check,
        attributed_person_id=person_id or area.officer.id,
        second_read_due_at=due,
        at=MONDAY,
        by="job:test",
    )


def test_a_hold_is_the_quality_leads_and_ends_five_working_days_after_the_second_read_is_due(session, hold):
    assert hold.owner_post_id == estate.quality_lead_post(session, "N07").id
    assert hold.expires_at.date() == date(2026, 11, 16)


def test_a_second_would_be_fail_of_the_same_check_only_moves_the_expiry(session, area, hold):
    again = _place(session, area, DUE + timedelta(days=1))

    assert again.id == hold.id
    assert hold.expires_at.date() == date(2026, 11, 17)
    assert len(session.exec(select(Hold)).all()) == 1


def test_a_hold_that_nobody_renews_expires_and_one_that_is_renewed_by_name_does_not(session, hold):
    late = datetime(2026, 11, 16, 12, tzinfo=UTC)
    with pytest.raises(Invalid, match="by name"):
        caseload.renew_hold(session, hold.id, name=" ", at=late, by="user:1", policy=POLICY)
    caseload.renew_hold(session, hold.id, name="Ann Wells", at=late, by="user:1", policy=POLICY)

    renewed = caseload.expire_holds(session, at=datetime(2026, 11, 17, tzinfo=UTC), by="job:test")
    expired = caseload.expire_holds(session, at=datetime(2026, 11, 24, tzinfo=UTC), by="job:test")

    assert (renewed, expired) == (0, 1)
    assert hold.status is HoldStatus.EXPIRED
    with pytest.raises(Conflict, match="expired already"):
        caseload.renew_hold(session, hold.id, name="Ann Wells", at=late, by="user:1", policy=POLICY)


def test_nobody_is_held_for_an_assessment_that_is_not_theirs(session, area):
    hold = caseload.place_hold(
        session, area.check, attributed_person_id=None, second_read_due_at=DUE, at=MONDAY, by="job:test"
    )

    assert hold is None
