"""Every row of the outcome table of RULES 2, at its edges and in its order."""

from __future__ import annotations

import pytest

import rubrics

MEDIUM = {"public": "medium", "children": "medium", "staff": "low"}


def found(**levels: str) -> dict[str, str]:
    return MEDIUM | levels


# Weights: officer's questions 63. Each set below is without stop or critical items unless it says so.
PARTLY_EVERYTHING_PLAIN = dict.fromkeys(
    ("A6", "A7", "B3", "C2", "C3", "C4", "C5", "C6", "D3", "D4", "D5", "E1", "E3", "F1"), "partly"
)
PARTLY_CRITICAL = dict.fromkeys(("A1", "A2", "A3", "A4", "A5", "B1", "C1", "C7", "E2", "F2", "F3"), "partly")


@pytest.mark.parametrize(
    ("reviewed", "exposed", "severity", "is_urgent"),
    [
        pytest.param(found(public="high"), False, "S3", False, id="S3 overall one level under"),
        pytest.param(found(public="high"), True, "S4", True, id="S4 overall under and somebody exposed"),
        pytest.param(found(public="very_high"), False, "S4", True, id="S4 overall two levels under"),
        pytest.param(found(staff="high"), False, "S4", True, id="S4 one group two levels under"),
        pytest.param(found(staff="medium"), False, "S1", False, id="S1 a group under below the high line"),
        pytest.param(found(staff="medium"), True, "S1", False, id="S1 stays with somebody exposed"),
        pytest.param(found(), True, "S0", False, id="S0 exposed but nothing under"),
    ],
)
def test_the_grids_decide_the_level_rows(reviewed, exposed, severity, is_urgent, decide):
    decision = decide(assessed=MEDIUM, reviewed=reviewed, exposed=exposed)

    assert decision.severity == severity
    assert decision.is_urgent is is_urgent


def test_a_low_case_that_is_medium_overall_fails_although_the_high_line_is_not_reached(decide):
    decision = decide(assessed={"public": "low"}, reviewed={"public": "medium"})

    assert (decision.severity, decision.verdict) == ("S3", "fail")


def test_a_group_across_the_high_line_fails_although_the_overall_levels_agree(decide):
    decision = decide(
        assessed={"public": "high", "children": "medium"}, reviewed={"public": "high", "children": "high"}
    )

    assert (decision.severity, decision.verdict, decision.kind) == ("S3", "fail", "level")


def test_a_group_the_officer_left_out_still_raises_the_overall(decide):
    decision = decide(assessed={"public": "medium"}, reviewed={"public": "medium", "children": "high"})

    assert decision.severity == "S3"


@pytest.mark.parametrize(
    ("answers", "exposed", "severity", "verdict"),
    [
        pytest.param({"B2": "no"}, True, "S3s", "fail", id="S3s B2 no and somebody exposed"),
        pytest.param({"E4": "no"}, True, "S3s", "fail", id="S3s E4 no and somebody exposed"),
        pytest.param({"E4": "no"}, False, "S2", "recheck", id="S2 E4 no and nobody exposed"),
        pytest.param({"E4": "partly"}, True, "S0", "pass", id="S0 E4 partly is no stop"),
        pytest.param({"B2": "cannot_tell"}, False, "H", "not_scorable", id="H B2 cannot tell"),
        pytest.param(
            dict.fromkeys(("A1", "C2", "F1", "G3"), "cannot_tell"),
            False,
            "H",
            "not_scorable",
            id="H four unknown",
        ),
        pytest.param(
            dict.fromkeys(("A1", "C2", "F1"), "cannot_tell"), False, "S0", "pass", id="three unknown"
        ),
        pytest.param({"A1": "no", "A2": "no"}, False, "S2", "recheck", id="S2 two critical no"),
        pytest.param({"A1": "no"}, False, "S1", "pass_with_actions", id="S1 one critical no"),
        pytest.param({"A1": "no"}, True, "S1", "pass_with_actions", id="S1 a critical no is no safeguard"),
        pytest.param(
            {"G1": "no", "G2": "no", "G3": "no", "G4": "no"}, False, "S0", "pass", id="G never counts"
        ),
    ],
)
def test_the_answers_decide_the_other_rows(answers, exposed, severity, verdict, decide):
    decision = decide(assessed=MEDIUM, exposed=exposed, **answers)

    assert (decision.severity, decision.verdict) == (severity, verdict)


@pytest.mark.parametrize(
    ("points_off", "severity"),
    [(12.5, "S0"), (13, "S1"), (22, "S1"), (22.5, "S2")],
    ids=["12.5 of 63 off: 80.2", "13 of 63 off: 79.4", "22 of 63 off: 65.1", "22.5 of 63 off: 64.3"],
)
def test_the_score_alone_decides_at_80_and_at_65(points_off, severity, read):
    names = [*PARTLY_EVERYTHING_PLAIN, *PARTLY_CRITICAL]
    weights = {question.id: question.weight for question in read.definition.questions}
    answers: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (-weights[name], name)):
        if sum(weights[done] / 2 for done in answers) + weights[name] / 2 <= points_off:
            answers[name] = "partly"

    decision = read.decide(**answers)

    assert read.score(**answers).officer_score == round(100 * (63 - points_off) / 63, 1)
    assert decision.severity == severity


@pytest.mark.parametrize(
    ("partly", "score", "severity"),
    [
        # Three one-point questions do not apply, so 60 points count; partly loses half of a weight.
        (("A1", "A2", "A3", "A5", "C1", "F2", "A4", "A6", "A7"), 80.0, "S0"),
        ((*PARTLY_CRITICAL, "A6", "A7", "C2", "C3", "C4", "C6", "D3"), 65.0, "S1"),
    ],
    ids=["exactly 80 passes", "exactly 65 is no recheck"],
)
def test_a_score_exactly_at_a_threshold_is_not_below_it(partly, score, severity, read):
    answers = dict.fromkeys(("B3", "C5", "F1"), "na") | dict.fromkeys(partly, "partly")

    decision = read.decide(**answers)

    assert read.score(**answers).officer_score == score
    assert decision.severity == severity


@pytest.mark.parametrize(
    ("read_facts", "severity"),
    [
        pytest.param({"reviewed": found(public="very_high"), "B2": "no"}, "S4", id="S4 before S3s"),
        pytest.param({"reviewed": found(public="high"), "E4": "cannot_tell"}, "S3", id="S3 before H"),
        pytest.param({"reviewed": found(public="low", children="low"), "B2": "no"}, "S3s", id="S3s before O"),
        pytest.param({"B2": "no", "E4": "cannot_tell"}, "S3s", id="S3s before H"),
    ],
)
def test_the_first_row_that_holds_wins_with_somebody_exposed(read_facts, severity, decide):
    exposed = severity != "S3"

    decision = decide(assessed=MEDIUM, exposed=exposed, **read_facts)

    assert decision.severity == severity


@pytest.mark.parametrize(
    ("answers", "reviewed", "severity"),
    [
        pytest.param({"E4": "cannot_tell"}, found(public="low", children="low"), "O", id="O before H"),
        pytest.param({"A1": "no", "A2": "no"}, found(public="low", children="low"), "O", id="O before S2"),
        pytest.param({"B2": "no", "E4": "cannot_tell"}, MEDIUM, "H", id="H before S2"),
        pytest.param({"A1": "no", "A2": "no"}, found(staff="medium"), "S2", id="S2 before S1"),
    ],
)
def test_the_first_row_that_holds_wins_with_nobody_exposed(answers, reviewed, severity, decide):
    decision = decide(assessed=MEDIUM, reviewed=reviewed, **answers)

    assert decision.severity == severity


def test_a_level_fail_is_still_noted_as_over_rated_when_the_overall_is_lower(decide):
    decision = decide(
        assessed={"public": "very_high", "children": "medium"},
        reviewed={"public": "high", "children": "high"},
    )

    assert decision.severity == "S3"
    assert decision.is_overrated


def test_over_rating_one_group_lowers_the_score_but_is_not_a_critical_no(read):
    card = read.score(assessed=MEDIUM, reviewed=found(staff="low", children="low"))

    assert card.judgements["D2"] == "no"
    assert card.critical_no == ()
    assert card.officer_score == round(100 * 60 / 63, 1)


def test_over_rating_overall_is_no_stop_item(read):
    card = read.score(assessed=MEDIUM, reviewed=found(public="low", children="low"))

    assert card.judgements["D1"] == "no"
    assert card.stop_items_no == ()


@pytest.mark.parametrize(
    ("reviewed", "exposed", "severity"),
    [
        pytest.param(found(staff="medium"), False, "S3", id="a group under below the high line"),
        pytest.param(found(staff="medium"), True, "S3", id="the same with somebody exposed"),
        pytest.param(found(public="high"), False, "S3", id="overall under"),
        pytest.param(found(public="high"), True, "S4", id="overall under and somebody exposed"),
        pytest.param(found(staff="high"), False, "S4", id="a group two levels under"),
        pytest.param(
            found(public="low", children="low", staff="medium"), False, "S3", id="one under, two over"
        ),
    ],
)
def test_an_extra_case_with_any_level_recorded_too_low_is_a_fail(reviewed, exposed, severity, decide):
    decision = decide(assessed=MEDIUM, reviewed=reviewed, exposed=exposed, extra_case=True)

    assert (decision.severity, decision.verdict, decision.kind) == (severity, "fail", "level")
    assert decision.is_urgent is (severity == "S4")


@pytest.mark.parametrize(
    ("reviewed", "answers", "severity"),
    [
        pytest.param(found(), {}, "S0", id="the same levels"),
        pytest.param(found(public="low", children="low"), {}, "O", id="over-rated"),
        pytest.param(found(), {"A1": "no", "A2": "no"}, "S2", id="poor quality"),
    ],
)
def test_an_extra_case_that_is_not_recorded_too_low_is_judged_like_any_other(
    reviewed, answers, severity, decide
):
    decision = decide(assessed=MEDIUM, reviewed=reviewed, extra_case=True, **answers)

    assert decision.severity == severity


def test_an_officer_is_told_that_an_extra_case_fails_for_any_level_recorded_too_low(read):
    decision = read.decide(assessed=MEDIUM, reviewed=found(staff="medium"), extra_case=True)

    assert [rubrics.explain(reason, read.definition) for reason in decision.reasons] == [
        "The review found a higher level than was recorded for: staff.",
        "This is an extra case, in which any level recorded too low is a fail.",
    ]


@pytest.mark.parametrize("extra_case", [True, False], ids=["extra case", "any other"])
@pytest.mark.parametrize("exposed", [True, False])
@pytest.mark.parametrize("public", list(rubrics.Level))
@pytest.mark.parametrize("staff", list(rubrics.Level))
def test_the_hold_at_lock_1_agrees_with_the_verdict_at_submit(public, staff, exposed, extra_case, decide):
    assessed = {"public": "medium", "staff": "low"}
    reviewed = {"public": public.value, "staff": staff.value}

    provisional = rubrics.decide_provisional_severity(
        rubrics.Grid.from_groups(assessed),
        rubrics.Grid.from_groups(reviewed),
        somebody_exposed=exposed,
        is_extra_case=extra_case,
    )

    final = decide(assessed=assessed, reviewed=reviewed, exposed=exposed, extra_case=extra_case).severity
    assert provisional == (final if final in {"S3", "S4"} else None)


def test_every_decision_names_its_policy_and_gives_a_sentence_for_each_reason(read, policy):
    decision = read.decide(assessed=MEDIUM, reviewed=found(public="high"), exposed=True)

    sentences = [rubrics.explain(reason, read.definition) for reason in decision.reasons]

    assert (decision.policy_version, decision.policy_digest) == ("1", policy.digest)
    assert sentences == [
        "The overall level was recorded as medium and the review found high.",
        "The review found high or above, and the record less, for: public.",
        "The reviewer judged that somebody is exposed to the risk now.",
    ]


def test_a_reason_names_the_questions_in_words(read):
    decision = read.decide(A1="no", F2="no")

    assert [rubrics.explain(reason, read.definition) for reason in decision.reasons] == [
        "The answer is no to critical questions: A1 Offending history, F2 Reviewed after events."
    ]


def test_a_reason_about_a_question_of_another_version_is_refused(definition):
    reason = rubrics.Reason(rubrics.ReasonCode.CRITICAL_NO, questions=("Z9",))

    with pytest.raises(rubrics.ReasonError, match="no question Z9"):
        rubrics.explain(reason, definition)
