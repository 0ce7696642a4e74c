"""RULES 4's arithmetic and the outside systems' own vectors."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.caseload.rules import PostingHours, available_points, cap_posting, workload_pct
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
WORKLOAD = POLICY.workload


@pytest.mark.parametrize(
    ("contracted", "reductions", "points"),
    [
        pytest.param("37", "1.8", 2070, id="hmpps-workload CapacityCalculatorTest: 37 h less 1.8 h"),
        pytest.param("30", "1.8", 1658, id="hmpps-workload CapacityCalculatorTest: 30 h less 1.8 h"),
        pytest.param("37", "7.4", 1740, id="FORMATS 12: a 7.4 h reduction leaves 80%"),
        pytest.param("37", "0", 2176, id="full time"),
        pytest.param("18.5", "37", 0, id="more reduction than hours leaves nothing, not less than nothing"),
    ],
)
def test_available_points_are_those_of_the_workload_tool(contracted, reductions, points):
    found = available_points(Decimal(contracted), Decimal(reductions), WORKLOAD)

    assert found == points


@pytest.mark.parametrize(
    ("contracted", "other", "own", "cap", "hours"),
    [
        pytest.param("37", "0", 2176, 1740, "7.4", id="RULES 4: full time"),
        pytest.param("37", "7.4", 1740, 1392, "5.9", id="RULES 4: newly qualified, 7.4 h reduction held"),
        pytest.param("37", "29.6", 435, 348, "1.5", id="RULES 4: trainee at 80% reduction"),
        pytest.param("22.2", "0", 1305, 1044, "4.4", id="RULES 4: part time, 22.2 h"),
    ],
)
def test_a_cut_caps_each_posting_at_80_percent_of_its_own_available_points(
    contracted, other, own, cap, hours
):
    posting = PostingHours("N07A001", "N07T01", Decimal(contracted), Decimal(other))

    found = cap_posting(posting, POLICY.cut.cap_pct, WORKLOAD)

    assert (found.own_available_points, found.cap_points) == (own, cap)
    assert found.reduction_hours == Decimal(hours)


@pytest.mark.parametrize(
    ("total", "available", "pct"),
    [(2502, 2176, "115.0"), (2502, 1740, "143.8"), (1580, 1265, "124.9"), (0, 2176, "0"), (2502, 0, "0")],
)
def test_workload_is_rounded_as_the_workload_tool_rounds_capacity(total, available, pct):
    assert workload_pct(total, available) == Decimal(pct)


@given(
    contracted=st.decimals("0", "45", places=1),
    other=st.decimals("0", "37", places=1),
    cap_pct=st.decimals("1", "99", places=2),
)
def test_a_cut_never_raises_a_cap_and_its_reduction_never_takes_more_than_is_cut(contracted, other, cap_pct):
    posting = PostingHours("N07A001", "N07T01", contracted, other)

    found = cap_posting(posting, cap_pct, WORKLOAD)

    assert 0 <= found.cap_points <= found.own_available_points
    exact = Decimal(37) * (found.own_available_points - found.cap_points) / Decimal(2176)
    assert abs(found.reduction_hours - exact) <= Decimal("0.05")
