"""What a reviewer must still give before a stage can be locked."""

from __future__ import annotations

import rubrics
from rubrics import Answer

GOOD = Answer("no", evidence="contact log 3 May", cause="workload", reason="No enquiry was made")


def complete(definition, stage, **answers):
    return {question.id: Answer("yes") for question in definition.at_stage(stage)} | answers


def test_a_complete_stage_can_be_locked(definition):
    answers = complete(definition, 2, A2=GOOD, A3=Answer("na"), C7=Answer("cannot_tell"))

    faults = rubrics.validate_answers(definition, 2, answers)

    assert faults == ()


def test_every_missing_part_is_listed_in_the_order_of_the_form(definition):
    answers = complete(definition, 2, A2=Answer("no"), B1=Answer("partly", cause="tired", reason="a\nb"))
    del answers["A1"]

    faults = rubrics.validate_answers(definition, 2, answers)

    assert [(fault.question_id, fault.part.value) for fault in faults] == [
        ("A1", "judgement"),
        ("A2", "evidence"),
        ("A2", "cause"),
        ("A2", "reason"),
        ("B1", "cause"),
        ("B1", "evidence"),
        ("B1", "reason"),
    ]
    assert faults[0].message == "Answer A1 Offending history."


def test_spaces_are_no_evidence_and_no_reason(definition):
    answers = complete(definition, 2, A2=Answer("partly", evidence="  ", cause="officer", reason=" \n"))

    faults = rubrics.validate_answers(definition, 2, answers)

    assert [fault.part.value for fault in faults] == ["evidence", "reason"]


def test_an_empty_form_asks_for_every_question_of_the_stage(definition):
    faults = rubrics.validate_answers(definition, 3, {})

    assert [fault.question_id for fault in faults] == ["A6", "C6", "D3", "D4", "D5", "G1", "G2", "G3", "G4"]


def test_answers_of_another_stage_or_computed_or_unknown_are_refused(definition):
    answers = complete(definition, 3, A1=Answer("yes"), D1=Answer("yes"), Z9=Answer("yes"))

    faults = rubrics.validate_answers(definition, 3, answers)

    assert [(fault.question_id, fault.part.value) for fault in faults] == [
        ("A1", "question"),
        ("D1", "question"),
        ("Z9", "question"),
    ]


def test_stage_1_has_levels_only_and_no_questions(definition):
    faults = rubrics.validate_answers(definition, 1, {})

    assert faults == ()


def test_the_two_comparisons_are_never_asked(definition):
    faults = rubrics.validate_answers(definition, "computed", {"D1": Answer("yes")})

    assert [fault.part.value for fault in faults] == ["question"]
