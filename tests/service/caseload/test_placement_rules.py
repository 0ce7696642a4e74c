"""Where moved cases may go: checked by arithmetic that shares nothing with the rules (feasibility.py)."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.caseload.rules import (
    CaseToPlace,
    Nearness,
    Practitioner,
    Receiver,
    load_placement_policy,
    place,
)
from rubrics.levels import Level

_spec = importlib.util.spec_from_file_location("feasibility", Path(__file__).parent / "feasibility.py")
assert _spec is not None
assert _spec.loader is not None
feasibility = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(feasibility)

RULES = load_placement_policy()

CASES = st.lists(
    st.fixed_dictionaries(
        {
            "points": st.integers(1, 220),
            "level": st.sampled_from(["LOW", "MEDIUM", "HIGH", "VERY_HIGH", None]),
            "mappa": st.sampled_from([None, "M1", "M2", "M3"]),
            "sexual": st.booleans(),
            "excluded": st.frozensets(st.integers(1, 6), max_size=2),
        }
    ),
    max_size=8,
).map(lambda rows: [{"id": 100 + i} | row for i, row in enumerate(rows)])

RECEIVERS = st.lists(
    st.fixed_dictionaries(
        {
            "grade": st.sampled_from(["PO", "PSO", "PQiP"]),
            "months": st.integers(0, 18),
            "available": st.integers(0, 2176),
            "slack": st.integers(-300, 400),
            "expected": st.integers(0, 150),
            "cap_share": st.none() | st.integers(60, 99),
            "hold": st.booleans(),
            "new": st.booleans(),
            "trained": st.booleans(),
            "nearness": st.sampled_from(list(Nearness)),
        }
    ),
    max_size=6,
).map(
    lambda rows: [
        {
            "person": 1 + i,
            "total": max(0, row["available"] - row["slack"]),
            "cap": None if row["cap_share"] is None else row["available"] * row["cap_share"] // 100,
        }
        | row
        for i, row in enumerate(rows)
    ]
)


def _place(cases: list[dict], receivers: list[dict]):
    return place(
        [
            CaseToPlace(
                case_id=c["id"],
                points=c["points"],
                level=None if c["level"] is None else Level(c["level"]),
                mappa_level=c["mappa"],
                is_sexual_offence=c["sexual"],
                excluded_people=frozenset(c["excluded"]),
            )
            for c in cases
        ],
        [
            Receiver(
                Practitioner(
                    person_id=r["person"],
                    grade=r["grade"],
                    own_available_points=r["available"],
                    total_points=r["total"],
                    expected_points=r["expected"],
                    cap_points=r["cap"],
                    is_on_hold=r["hold"],
                    is_newly_qualified=r["new"],
                    is_sex_offence_trained=r["trained"],
                    trainee_months=r["months"],
                ),
                staff_code=f"N07A{r['person']:03d}",
                team_code="N07T01",
                nearness=r["nearness"],
            )
            for r in receivers
        ],
        capacity_limit_pct=Decimal(100),
        rules=RULES,
    )


@given(cases=CASES, receivers=RECEIVERS)
@settings(max_examples=1000)
def test_reallocation_conserves_points_and_never_passes_100_percent_a_cap_a_hold_or_a_grade_rule(
    cases, receivers
):
    plan = _place(cases, receivers)

    given_to = {p.case.case_id: p.receiver.officer.person_id for p in plan.placed}
    assert feasibility.faults(cases, receivers, given_to) == []
    assert sorted([*given_to, *(case.case_id for case in plan.unplaced)]) == [c["id"] for c in cases]
    moved = sum(p.case.points for p in plan.placed) + sum(case.points for case in plan.unplaced)
    assert moved == sum(c["points"] for c in cases)


@given(cases=CASES, receivers=RECEIVERS)
@settings(max_examples=300)
def test_no_case_is_left_unplaced_that_one_more_receiver_could_still_take(cases, receivers):
    plan = _place(cases, receivers)

    given_to = {p.case.case_id: p.receiver.officer.person_id for p in plan.placed}
    for case in plan.unplaced:
        for receiver in receivers:
            assert feasibility.faults(cases, receivers, given_to | {case.case_id: receiver["person"]})


@given(cases=CASES, receivers=RECEIVERS, order=st.randoms(use_true_random=False))
def test_the_plan_does_not_depend_on_the_order_of_rows(cases, receivers, order):
    plan = _place(cases, receivers)
    order.shuffle(cases)
    order.shuffle(receivers)

    assert _place(cases, receivers) == plan


def _case(number: int, points: int, level="LOW") -> dict:
    return {
        "id": number,
        "points": points,
        "level": level,
        "mappa": None,
        "sexual": False,
        "excluded": frozenset(),
    }


def _receiver(person: int, *, room: int, nearness=Nearness.OWN_TEAM, cap: int | None = None) -> dict:
    return {
        "person": person,
        "grade": "PO",
        "months": 0,
        "available": 2176,
        "total": 2176 - room,
        "expected": 0,
        "cap": cap,
        "hold": False,
        "new": False,
        "trained": False,
        "nearness": nearness,
    }


def test_the_nearest_receiver_with_room_is_chosen_and_said_why():
    near, far = _receiver(1, room=63), _receiver(2, room=2000, nearness=Nearness.SAME_REGION)

    plan = _place([_case(10, 63), _case(11, 63)], [far, near])

    assert {p.case.case_id: p.receiver.officer.person_id for p in plan.placed} == {10: 1, 11: 2}
    assert plan.placed[0].reason == "low risk, 63 points; the receiver is in the same team and has room"


def test_medium_cases_get_the_scarce_room_before_low_ones():
    plan = _place([_case(10, 63, "LOW"), _case(11, 63, "MEDIUM")], [_receiver(1, room=63)])

    assert [p.case.case_id for p in plan.placed] == [11]
    assert [case.case_id for case in plan.unplaced] == [10]


@pytest.mark.parametrize("nearness", list(Nearness))
def test_a_receiver_under_a_cut_takes_nothing_above_their_own_cap(nearness):
    receiver = _receiver(1, room=500, nearness=nearness, cap=1738)

    plan = _place([_case(10, 63)], [receiver])

    assert plan.placed == ()
