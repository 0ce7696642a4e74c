"""The gate tells a manager nothing of what they read at this moment (RULES 1, 5 and 8)."""

from datetime import timedelta

import pytest
from factories.accounts import client_of, make_account
from factories.cases import make_assessment, make_case
from factories.estate import make_national_post, make_officer
from factories.reviews import make_setting, want
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.caseload.tables import GateDecision, Hold, HoldStatus
from qa_service.core.db import SYSTEM, transaction
from qa_service.estate import service as estate
from qa_service.reviews.tables import Review, ReviewStatus
from qa_service.rounds.tables import Check

URL = "/api/allocations/check"
AREAS = [
    pytest.param({"pdu": "LDNTST"}, "N07A002", id="the case's own area"),
    pytest.param({"pdu": "WALTST"}, "W01A001", id="another area"),
]


def _make_wanted_read(session) -> None:
    """Case X000001 of N07A001 waits to be read; N07A003 is full, N07A001 alone has room for X000002."""
    make_national_post(session)
    setting = make_setting(session)
    make_officer(session, "N07A002", total_points=2176 - 70)
    make_officer(session, "N07A003", total_points=2170)
    make_officer(session, "W01A001", team="W01T01", total_points=1000)
    make_assessment(session, make_case(session, 2, staff_code="N07A002", tier="B3"))
    want(session, setting.check)


def _place_hold(session) -> None:
    check = session.exec(select(Check)).one()
    owner = estate.spo_post(session, "N07T01").id
    until = check.drawn_at + timedelta(days=30)
    session.add(
        Hold(
            person_id=check.person_id,
            check_id=check.id,
            owner_post_id=owner,
            status=HoldStatus.ACTIVE,
            placed_at=check.drawn_at,
            expires_at=until,
        )
    )


def _submit(session) -> None:
    review = session.exec(select(Review)).one()
    review.status = ReviewStatus.SUBMITTED


@pytest.fixture
def reading(app, fresh_engine, committed, clock):
    """Return a maker of heads of a PDU who read case X000001 at this moment."""
    committed(_make_wanted_read)

    def make(place):
        committed(make_account, Role.HEAD_OF_PDU, username="both", **place)
        reader = committed(make_account, Role.REVIEWER, username="both", region="W01")
        client = client_of(app, fresh_engine, reader, at=clock.now())
        assert client.post("/reviews/next").headers["location"].startswith("/reviews/")
        return client

    return make


@pytest.mark.parametrize(("place", "staff_code"), AREAS)
def test_a_case_in_ones_own_hands_gets_the_answer_of_one_that_does_not_exist(reading, place, staff_code):
    head = reading(place)

    asked = head.post(URL, json={"staff_code": staff_code, "crn": "X000001"})
    nothing = head.post(URL, json={"staff_code": staff_code, "crn": "X999999"})
    page = head.post("/gate", data={"staff_code": staff_code, "crn": "X000001"})

    assert (asked.status_code, asked.content) == (404, nothing.content)
    assert (page.status_code, "there is no such case here" in page.text) == (422, True)


def test_a_head_who_reads_nothing_of_it_is_answered_about_the_same_case(committed, client_as):
    committed(_make_wanted_read)

    answer = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").post(
        URL, json={"staff_code": "N07A002", "crn": "X000001"}
    )

    assert (answer.status_code, answer.json()["answer"]) == (200, "allowed")


@pytest.mark.parametrize(("place", "staff_code"), AREAS)
def test_after_the_read_a_case_may_be_asked_about_in_its_own_area_alone(
    reading, committed, place, staff_code
):
    head = reading(place)
    committed(_submit)

    asked = head.post(URL, json={"staff_code": staff_code, "crn": "X000001"})

    assert asked.status_code == (200 if place["pdu"] == "LDNTST" else 404)


def test_whether_the_officer_being_read_is_on_hold_is_not_told(reading, committed, fresh_engine):
    head = reading({"pdu": "LDNTST"})
    question = {"staff_code": "N07A001", "crn": "X000002"}

    without = head.post(URL, json=question)
    committed(_place_hold)
    with_hold = head.post(URL, json=question)

    assert (without.status_code, without.content) == (403, with_hold.content)
    assert head.post("/gate", data=question).status_code == 403
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.exec(select(GateDecision)).all() == []


def test_nor_do_the_colleagues_with_room_tell_that_the_officer_being_read_is_on_hold(
    reading, committed, client_as
):
    head, another = reading({"pdu": "LDNTST"}), client_as(Role.HEAD_OF_PDU, pdu="LDNTST")
    question = {"staff_code": "N07A003", "crn": "X000002"}

    before = [asker.post(URL, json=question).json()["answer"] for asker in (head, another)]
    committed(_place_hold)
    after = [asker.post(URL, json=question).json()["answer"] for asker in (head, another)]

    assert before == ["refused", "refused"]
    assert after == ["refused", "allowed_over_capacity"]
