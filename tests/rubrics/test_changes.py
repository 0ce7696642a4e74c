"""Which old scores may stand beside new ones after a rubric changes."""

from __future__ import annotations

import pytest

import rubrics


def altered(definition, question_id, **fields):
    questions = tuple(
        question.model_copy(update=fields) if question.id == question_id else question
        for question in definition.questions
    )
    return definition.model_copy(update={"version": "2", "questions": questions})


def test_the_same_version_is_comparable_throughout(definition):
    changes = rubrics.compare_definitions(definition, definition)

    assert (changes.added, changes.removed, changes.changed) == ((), (), ())
    assert changes.comparable_sections == tuple("ABCDEFG")
    assert changes.is_verdict_comparable


@pytest.mark.parametrize(
    ("question", "fields", "officer", "everything", "verdict"),
    [
        pytest.param("C3", {"weight": 1}, False, False, False, id="a new weight breaks every score"),
        pytest.param(
            "C3", {"question": "Other?"}, False, False, False, id="a new question breaks every score"
        ),
        pytest.param("G1", {"weight": 2}, True, False, True, id="oversight leaves the officer's score alone"),
        pytest.param(
            "C3", {"criticality": "critical"}, True, True, False, id="criticality breaks verdicts only"
        ),
        pytest.param("C3", {"hint": "another"}, True, True, True, id="a new hint breaks nothing"),
        pytest.param("C3", {"prompts": ("When?",)}, True, True, True, id="a new prompt breaks nothing"),
    ],
)
def test_a_change_breaks_what_it_changes_and_nothing_else(
    question, fields, officer, everything, verdict, definition
):
    changes = rubrics.compare_definitions(definition, altered(definition, question, **fields))

    assert [change.question_id for change in changes.changed] == [question]
    assert changes.is_officer_score_comparable is officer
    assert changes.is_all_score_comparable is everything
    assert changes.is_verdict_comparable is verdict


def test_a_reworded_question_keeps_the_other_questions_and_sections_comparable(definition):
    changes = rubrics.compare_definitions(definition, altered(definition, "C3", question="Other?"))

    assert {q.id for q in definition.questions} - set(changes.comparable_questions) == {"C3"}
    assert changes.comparable_sections == tuple("ABDEFG")
    assert changes.changed[0].before.startswith("Is it specific")


def test_added_and_removed_questions_are_named(definition):
    shorter = definition.model_copy(update={"questions": definition.questions[1:]})

    removed = rubrics.compare_definitions(definition, shorter)
    added = rubrics.compare_definitions(shorter, definition)

    assert removed.removed == added.added == ("A1",)
    assert not removed.is_officer_score_comparable
    assert "A" not in removed.comparable_sections


def test_another_credit_for_partly_breaks_every_score(definition):
    other = definition.model_copy(update={"partly": definition.partly.model_copy(update={"credit": 0.4})})

    changes = rubrics.compare_definitions(definition, other)

    assert changes.comparable_sections == ()
    assert not changes.is_officer_score_comparable
    assert len(changes.comparable_questions) == 33
