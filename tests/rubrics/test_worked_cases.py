"""The two worked cases and the six controls of POLICY 8, field by field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rubrics

CASES = json.loads(
    (Path(__file__).parents[1] / "golden" / "rubrics" / "worked_cases.json").read_text("utf-8")
)


@pytest.mark.parametrize("name", CASES)
def test_the_worked_cases_come_out_exactly_as_expected(name, definition, policy):
    case = CASES[name]
    expected = case["expected"]
    assessed = rubrics.Grid.from_groups(case["assessed_grid"])
    reviewed = rubrics.Grid.from_groups(case["reviewed_grid"])

    card = rubrics.score(definition, case["answers"], assessed, reviewed)
    decision = rubrics.decide(card, somebody_exposed=case["somebody_exposed"], policy=policy)

    assert assessed.overall is rubrics.Level(case["assessed_overall"])
    assert reviewed.overall is rubrics.Level(case["reviewed_overall"])
    assert card.officer_score == expected["officer_score"]
    assert card.all_score == expected["all_score"]
    assert list(card.critical_no) == expected["critical_no"]
    assert list(card.stop_items_no) == expected["stop_items_no"]
    assert list(card.cannot_tell) == expected["cannot_tell"]
    assert card.comparison.gap == expected["gap"]
    assert {group.value: gap for group, gap in card.comparison.group_gaps.items()} == expected["group_gaps"]
    assert {group.value for group in card.comparison.crossed_high_line} == set(expected["crossed_high_line"])
    assert decision.severity == expected["severity"]
    assert decision.verdict == expected["verdict"]
    assert decision.is_urgent
    assert decision.kind is rubrics.Kind.LEVEL


WEAK_BUT_RIGHT = {"C3": "partly", "A7": "partly", "C1": "partly", "C5": "no", "F1": "no", "G1": "no"}


@pytest.mark.parametrize(
    ("answers", "score", "severity"),
    [
        pytest.param({}, 100.0, "S0", id="all-yes -> S0"),
        pytest.param(WEAK_BUT_RIGHT, 91.3, "S0", id="weak-but-right 91.3 -> S0"),
        pytest.param({"F2": "no"}, 95.2, "S1", id="one critical (F2) 95.2 -> S1"),
        pytest.param({"A2": "no", "F2": "no"}, 90.5, "S2", id="two critical (A2, F2) 90.5 -> S2"),
        pytest.param({"E4": "cannot_tell"}, 100.0, "H", id="E4 cannot-tell -> H"),
    ],
)
def test_the_controls_come_out_as_the_policy_says(answers, score, severity, read):
    card = read.score(**answers)

    decision = read.decide(**answers)

    assert card.officer_score == score
    assert decision.severity == severity


def test_recorded_high_and_reviewed_medium_is_over_rated(decide):
    decision = decide(assessed={"public": "high"}, reviewed={"public": "medium"})

    assert decision.severity == "O"
    assert decision.verdict == "pass_with_actions"
    assert decision.is_overrated
