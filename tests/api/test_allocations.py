"""The gate over HTTP: three answers with reasons, overrides by role, nothing outside one's area (RULES 5)."""

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.caseload.tables import GateDecision
from qa_service.core.db import SYSTEM, transaction

URL = "/api/allocations/check"
NEW_CASE = {"staff_code": "N07A001", "crn": "X000001"}


def _make(session, *, points: int = 1000):
    make_national_post(session)
    make_area(session)
    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    make_officer(session, "N07A001", total_points=points)
    make_officer(session, "N07A002", total_points=2150)
    make_officer(session, "W01A001", team="W01T01", total_points=1000)
    make_assessment(session, make_case(session, 1, staff_code="N07A002"))
    make_assessment(
        session, make_case(session, 2, staff_code="W01A001", team="W01T01", region="W01", pdu="WALTST")
    )


@pytest.fixture
def spo(committed, client_as):
    committed(_make)
    return client_as(Role.SPO, team="N07T01")


def test_an_officer_with_room_may_take_the_case_and_keeps_a_place_for_two_working_days(spo):
    answer = spo.post(URL, json=NEW_CASE | {"hold_place": True})

    assert answer.status_code == 200
    assert answer.json()["answer"] == "allowed"
    assert answer.json()["points_before"] == 1000
    assert answer.json()["place_kept_until"].startswith("2026-11-04T23:59:59")


def test_a_full_officer_is_refused_while_a_colleague_has_room(spo):
    answer = spo.post(URL, json=NEW_CASE | {"staff_code": "N07A002"})

    assert answer.json()["answer"] == "refused"
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["room_elsewhere"]


def test_nobody_below_100_percent_asks_for_the_spos_name_and_reason(committed, client_as):
    committed(_make, points=2170)
    spo = client_as(Role.SPO, team="N07T01")

    asked = spo.post(URL, json=NEW_CASE | {"hold_place": True}).json()
    override = {"name": "Holder of N07T01", "reason": "Court tomorrow."}
    named = spo.post(URL, json=NEW_CASE | {"hold_place": True, "override": override}).json()

    assert (asked["answer"], asked["place_kept_until"]) == ("allowed_over_capacity", None)
    assert named["place_kept_until"] is not None


def test_only_a_head_of_pdu_may_go_over_a_refusal_and_a_refused_override_leaves_no_trace(
    spo, client_as, fresh_engine
):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")
    body = NEW_CASE | {
        "staff_code": "N07A002",
        "hold_place": True,
        "override": {"name": "Somebody", "reason": "Knows him."},
    }

    by_spo, by_head = spo.post(URL, json=body), head.post(URL, json=body)

    assert (by_spo.status_code, by_spo.json()["code"]) == (403, "not_allowed")
    assert by_head.json()["answer"] == "refused"
    assert by_head.json()["place_kept_until"] is not None
    with transaction(fresh_engine, SYSTEM) as session:
        assert [row.override_by for row in session.exec(select(GateDecision))] == ["Somebody"]


@pytest.mark.parametrize(
    "changes",
    [{"staff_code": "W01A001"}, {"staff_code": "N07A999"}, {"crn": "X000002"}, {"crn": "X999999"}],
    ids=["officer elsewhere", "no such officer", "case elsewhere", "no such case"],
)
def test_what_lies_elsewhere_and_what_does_not_exist_get_the_same_answer(spo, changes):
    answer = spo.post(URL, json=NEW_CASE | changes)
    nothing = spo.post(URL, json={"staff_code": "A", "crn": "B"})

    assert answer.status_code == nothing.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.content == nothing.content


def test_an_unusable_question_names_every_fault(spo):
    answer = spo.post(URL, json={"staff_code": "", "surprise": 1})

    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["faults"]} == {"staff_code", "crn", "surprise"}


def test_a_post_without_the_sessions_token_is_refused(spo):
    answer = spo.post(URL, json=NEW_CASE, headers={"x-csrf-token": "another"})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD})
)
def test_nobody_but_a_manager_asks_the_gate(committed, client_as, role):
    committed(_make)

    answer = client_as(role, region="N07").post(URL, json=NEW_CASE)

    assert (answer.status_code, answer.json()["code"]) == (403, "role")
