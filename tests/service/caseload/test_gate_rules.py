"""The gate's three answers and every reason to refuse (RULES 5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qa_service.caseload.rules import (
    CaseToPlace,
    GateAnswer,
    Practitioner,
    decide_gate,
    load_placement_policy,
)
from rubrics.levels import Level

RULES = load_placement_policy()
OFFICER = Practitioner(person_id=1, grade="PO", own_available_points=2176, total_points=2000)
CASE = CaseToPlace(case_id=1, points=63, level=Level.MEDIUM)


def _decide(officer=OFFICER, case=CASE, n_colleagues_with_room=0):
    return decide_gate(
        officer,
        case,
        n_colleagues_with_room=n_colleagues_with_room,
        capacity_limit_pct=Decimal(100),
        rules=RULES,
    )


def _codes(decided) -> set[str]:
    return {reason.code for reason in decided.reasons}


def test_a_case_that_fits_is_allowed_up_to_exactly_100_percent():
    exactly = _decide(replace(OFFICER, total_points=2113))

    assert exactly.answer is GateAnswer.ALLOWED
    assert (exactly.points_before, exactly.points_after) == (2113, 2176)


def test_one_point_over_is_allowed_over_capacity_only_where_nobody_has_room():
    over = replace(OFFICER, total_points=2114)

    assert _decide(over).answer is GateAnswer.ALLOWED_OVER_CAPACITY
    refused = _decide(over, n_colleagues_with_room=3)
    assert refused.answer is GateAnswer.REFUSED
    assert _codes(refused) == {"room_elsewhere"}


def test_a_place_kept_for_another_case_counts_as_taken():
    decided = _decide(replace(OFFICER, total_points=2060, expected_points=63))

    assert decided.answer is GateAnswer.ALLOWED_OVER_CAPACITY


@pytest.mark.parametrize(
    ("officer", "case", "code"),
    [
        pytest.param({"is_on_hold": True}, {}, "hold", id="hold"),
        pytest.param({"cap_points": 2062}, {}, "cap", id="cap, one point too many"),
        pytest.param({"grade": "PSO"}, {"level": Level.HIGH}, "grade", id="PSO, high"),
        pytest.param({"grade": "PSO"}, {"level": Level.VERY_HIGH}, "grade", id="PSO, very high"),
        pytest.param({"grade": "PSO"}, {"level": None}, "grade", id="PSO, level unknown"),
        pytest.param(
            {"grade": "PQiP", "trainee_months": 5}, {"level": Level.MEDIUM}, "grade", id="trainee, month 5"
        ),
        pytest.param(
            {"grade": "PQiP", "trainee_months": 17}, {"level": Level.HIGH}, "grade", id="trainee, high"
        ),
        pytest.param(
            {"is_newly_qualified": True}, {"mappa_level": "M2"}, "newly_qualified", id="newly qualified, M2"
        ),
        pytest.param(
            {"is_newly_qualified": True}, {"mappa_level": "M3"}, "newly_qualified", id="newly qualified, M3"
        ),
        pytest.param({}, {"is_sexual_offence": True}, "training", id="not trained"),
        pytest.param({}, {"excluded_people": frozenset({1})}, "exclusion", id="conflict or restriction"),
    ],
)
def test_each_limit_refuses_with_its_own_reason(officer, case, code):
    decided = _decide(replace(OFFICER, **officer), replace(CASE, **case))

    assert decided.answer is GateAnswer.REFUSED
    assert _codes(decided) == {code}


@pytest.mark.parametrize(
    ("officer", "case"),
    [
        pytest.param({"cap_points": 2063}, {}, id="exactly at the cap"),
        pytest.param({"grade": "PSO"}, {"level": Level.MEDIUM}, id="PSO, medium"),
        pytest.param({"grade": "PQiP", "trainee_months": 6}, {"level": Level.MEDIUM}, id="trainee, month 6"),
        pytest.param({"grade": "PQiP", "trainee_months": 0}, {"level": Level.LOW}, id="new trainee, low"),
        pytest.param({"is_newly_qualified": True}, {"mappa_level": "M1"}, id="newly qualified, M1"),
        pytest.param({"is_sex_offence_trained": True}, {"is_sexual_offence": True}, id="trained"),
        pytest.param({}, {"excluded_people": frozenset({2})}, id="somebody else is excluded"),
    ],
)
def test_what_is_within_the_limits_is_allowed(officer, case):
    assert _decide(replace(OFFICER, **officer), replace(CASE, **case)).answer is GateAnswer.ALLOWED


def test_every_reason_is_given_at_once():
    officer = replace(OFFICER, grade="PSO", is_on_hold=True, cap_points=1740)

    decided = _decide(officer, replace(CASE, level=Level.HIGH))

    assert _codes(decided) == {"hold", "cap", "grade"}
