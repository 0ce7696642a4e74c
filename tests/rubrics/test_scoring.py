"""The score: what counts, what does not, and that a worse answer never helps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rubrics

RUBRIC = rubrics.load("rosh", "1")
POLICY = rubrics.load_policy("1")
ASKED = [question.id for question in RUBRIC.asked]
WORSE = {"yes": "partly", "partly": "no"}

ANSWERS = st.fixed_dictionaries({name: st.sampled_from([*rubrics.Judgement]) for name in ASKED})
LEVELS = st.sampled_from([*rubrics.Level])
GRIDS = st.dictionaries(st.sampled_from([*rubrics.Group]), LEVELS, min_size=1).map(rubrics.Grid)


def place(card: rubrics.Scorecard, *, exposed: bool) -> int:
    """The row of the outcome table: the lower, the graver."""
    severity = rubrics.decide(card, somebody_exposed=exposed, policy=POLICY).severity
    return [row.severity for row in POLICY.rows].index(severity)


@given(answers=ANSWERS, name=st.sampled_from(ASKED), assessed=GRIDS, reviewed=GRIDS, exposed=st.booleans())
@settings(deadline=None)
def test_a_worse_answer_never_improves_the_score_or_the_verdict(answers, name, assessed, reviewed, exposed):
    worse = answers | {name: WORSE.get(answers[name], answers[name])}

    before = rubrics.score(RUBRIC, answers, assessed, reviewed)
    after = rubrics.score(RUBRIC, worse, assessed, reviewed)

    assert after.officer_score <= before.officer_score
    assert after.all_score <= before.all_score
    assert place(after, exposed=exposed) <= place(before, exposed=exposed)


@given(answers=ANSWERS, group=st.sampled_from([*rubrics.Group]), level=LEVELS, exposed=st.booleans())
@settings(deadline=None)
def test_finding_a_higher_level_than_was_recorded_never_improves_the_verdict(answers, group, level, exposed):
    assessed = rubrics.Grid(dict.fromkeys(rubrics.Group, rubrics.Level.LOW))
    lower = rubrics.Grid(dict.fromkeys(rubrics.Group, rubrics.Level.LOW) | {group: level})
    next_level = rubrics.Level(list(rubrics.Level)[min(level.rank, 3)])
    higher = rubrics.Grid(dict.fromkeys(rubrics.Group, rubrics.Level.LOW) | {group: next_level})

    before = rubrics.score(RUBRIC, answers, assessed, lower)
    after = rubrics.score(RUBRIC, answers, assessed, higher)

    assert place(after, exposed=exposed) <= place(before, exposed=exposed)


@given(answers=ANSWERS, assessed=GRIDS, reviewed=GRIDS)
@settings(deadline=None)
def test_the_score_is_the_weighted_share_worked_out_by_hand(answers, assessed, reviewed):
    card = rubrics.score(RUBRIC, answers, assessed, reviewed)

    earned = possible = 0
    for question in RUBRIC.questions:
        half_points = {"yes": 2, "partly": 1, "no": 0}.get(card.judgements[question.id])
        if question.section != "G" and half_points is not None:
            earned += question.weight * half_points
            possible += question.weight * 2
    assert card.officer_score == pytest.approx(100 * earned / possible, abs=0.0500001)


@pytest.mark.parametrize("cause", [cause.code for cause in RUBRIC.causes])
def test_a_cause_never_changes_the_score(cause, read):
    adverse = rubrics.Answer("no", evidence="contact 12", cause=cause, reason="not asked")
    answers = {name: rubrics.Answer("yes") for name in ASKED} | {"A2": adverse}
    grid = rubrics.Grid.from_groups({"public": "medium"})

    card = rubrics.score(RUBRIC, answers, grid, grid)

    assert card.officer_score == read.score(A2="no").officer_score


def test_oversight_questions_enter_the_system_score_and_never_the_officers(read):
    card = read.score(G1="no", G2="no", G3="no", G4="no")

    assert card.officer_score == 100.0
    assert card.all_score == round(100 * 63 / 68, 1)


def test_not_applicable_and_cannot_tell_leave_the_score_and_are_counted(read):
    card = read.score(A3="na", A4="cannot_tell", A1="no")

    section = card.sections[0]
    assert card.officer_score == round(100 * (63 - 3 - 2 - 3) / (63 - 3 - 2), 1)
    assert (section.section, section.n_scored, section.n_not_applicable, section.n_cannot_tell) == (
        "A",
        5,
        1,
        1,
    )


def test_a_section_without_a_scored_answer_has_no_score(read):
    card = read.score(F1="na", F2="na", F3="cannot_tell")

    scores = {section.section: section.score for section in card.sections}
    assert scores["F"] is None
    assert scores["E"] == 100.0


def test_everything_wrong_with_the_answers_is_said_at_once():
    grid = rubrics.Grid.from_groups({"public": "medium"})
    answers = dict.fromkeys(ASKED, "yes") | {"D1": "yes", "Z9": "no"}
    del answers["B2"]

    with pytest.raises(rubrics.AnswersError) as refused:
        rubrics.score(RUBRIC, answers, grid, grid)

    assert refused.value.faults == (
        "B2 Full analysis done is not answered",
        "D1 is worked out from the grids, never asked",
        "Z9 is not a question of rosh",
    )


def test_the_groups_that_only_one_side_assessed_are_not_compared(read):
    card = read.score(
        assessed={"public": "high", "children": "low"}, reviewed={"public": "high", "known_adult": "high"}
    )

    assert card.judgements["D2"] == "yes"
    assert set(card.comparison.not_compared) == {rubrics.Group.CHILDREN, rubrics.Group.KNOWN_ADULT}
