"""Published definitions: complete, sound, unchangeable; and every fault of a draft is found at once."""

from __future__ import annotations

import copy
import json
import tomllib
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

import rubrics
from rubrics.loader import read_definition, read_policy

DEFINITIONS = files("rubrics") / "definitions"
DRAFT = json.loads(
    (Path(__file__).parents[1] / "golden" / "rubrics" / "rubric_v1_draft.json").read_text("utf-8")
)
RUBRIC = tomllib.loads((DEFINITIONS / "rosh_v1.toml").read_text("utf-8"))
POLICY = tomllib.loads((DEFINITIONS / "verdict_v1.toml").read_text("utf-8"))


def test_rubric_v1_keeps_every_item_weight_stage_and_criticality_of_the_agreed_draft(definition):
    published = [
        (q.id, q.weight, q.criticality, q.stage, q.counts_for, q.quick_form, bool(q.hint))
        for q in definition.questions
    ]

    agreed = [
        (i["id"], i["weight"], i["critical"], i["stage"], i["counts_for"], i["quick_form"], bool(i["hint"]))
        for i in DRAFT["items"]
    ]
    assert published == agreed
    assert (len(published), sum(question.weight for question in definition.questions)) == (33, 68)


def test_the_stages_ask_what_the_rules_say(definition):
    at_stage_3 = {question.id for question in definition.at_stage(3)}

    assert at_stage_3 == {"A6", "C6", "D3", "D4", "D5", "G1", "G2", "G3", "G4"}
    assert {question.section for question in definition.at_stage(2)} == {"A", "B", "C", "E", "F"}
    assert [question.id for question in definition.at_stage("computed")] == ["D1", "D2"]
    assert definition.at_stage(1) == ()


def test_questions_are_questions_in_plain_words(definition):
    assert all(question.question.endswith("?") for question in definition.questions)
    assert len({question.title for question in definition.questions}) == 33


@pytest.mark.parametrize(
    ("question", "cause", "owner"),
    [
        ("A2", "officer", "none"),
        ("A2", "supervisor", "head_of_pdu"),
        ("A2", "allocation", "head_of_pdu"),
        ("A2", "workload", "head_of_pdu"),
        ("A2", "it_lost_work", "national_lead"),
        ("A2", "partner_no_reply", "none"),
        ("A2", "prior_record", "none"),
        ("G3", "officer", "head_of_pdu"),
        ("G3", None, "head_of_pdu"),
        ("G3", "it_lost_work", "national_lead"),
    ],
)
def test_a_cause_says_whose_finding_it_becomes(question, cause, owner, definition):
    assert definition.finding_owner(question, cause) == owner


def test_the_policy_can_be_reached_with_the_rubric(definition, policy):
    assert rubrics.lint_policy_for(definition, policy) == ()


def test_a_threshold_that_no_scorecard_can_reach_is_found(definition, policy):
    limit = policy.thresholds.max_cannot_tell.model_copy(update={"value": 31})
    strict = policy.model_copy(
        update={"thresholds": policy.thresholds.model_copy(update={"max_cannot_tell": limit})}
    )

    faults = rubrics.lint_policy_for(definition, strict)

    assert faults == (
        "thresholds.max_cannot_tell = 31 can never be reached: the rubric has too few questions asked",
    )


def test_a_definition_cannot_be_changed_after_it_is_loaded(definition):
    with pytest.raises(ValidationError):
        definition.questions[0].weight = 1


def test_an_unknown_version_is_refused_and_the_published_ones_are_named():
    with pytest.raises(rubrics.UnknownDefinitionError, match=r"no published rosh_v9.toml; .* rosh_v1.toml"):
        rubrics.load("rosh", "9")


def test_a_question_that_the_version_does_not_have_is_refused(definition):
    with pytest.raises(KeyError, match="has no question Z9"):
        definition.question("Z9")


def publish(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")
    (folder / "SHA256SUMS").write_text(f"{sha256(text.encode()).hexdigest()}  {name}\n", "utf-8")


def test_a_published_file_that_has_changed_by_one_character_is_refused(tmp_path):
    text = (DEFINITIONS / "rosh_v1.toml").read_text("utf-8")
    publish(tmp_path, "rosh_v1.toml", text)
    (tmp_path / "rosh_v1.toml").write_text(text.replace("weight = 3", "weight = 2", 1), "utf-8")

    with pytest.raises(rubrics.DefinitionChangedError, match="publish the change as a new version"):
        read_definition(tmp_path, "rosh_v1.toml")


@pytest.mark.parametrize(
    ("name", "read"), [("rosh_v1.toml", read_definition), ("verdict_v1.toml", read_policy)]
)
def test_a_published_file_with_faults_is_refused_with_all_of_them(name, read, tmp_path):
    text = (DEFINITIONS / name).read_text("utf-8").replace('source = "RULES 2', 'note = "RULES 2')
    publish(tmp_path, name, text)

    with pytest.raises(rubrics.DefinitionFaultsError) as refused:
        read(tmp_path, name)

    assert any("source: Field required" in fault for fault in refused.value.faults)


RUBRIC_FAULTS = {
    "question A1 is defined 2 times": lambda raw: raw["questions"].append(raw["questions"][0]),
    "questions.A1.source: Field required": lambda raw: raw["questions"][0].pop("source"),
    "questions.A2.weight: Input should be greater than 0": lambda raw: raw["questions"][1].update(weight=0),
    "questions.A3.colour: Extra inputs are not permitted": lambda raw: raw["questions"][2].update(
        colour="red"
    ),
    "question A4 is in the unknown section Q": lambda raw: raw["questions"][3].update(section="Q"),
    "question A5 does not start with its section B": lambda raw: raw["questions"][4].update(section="B"),
    "section H has no question": lambda raw: raw["sections"].append({"id": "H", "name": "Help"}),
    "question D1 must exist with stage 'computed'": lambda raw: raw["questions"][17].update(stage=3),
    "question A6 is computed, but only D1 and D2 can be": lambda raw: raw["questions"][5].update(
        stage="computed"
    ),
    "question A7 is at stage 1": lambda raw: raw["questions"][6].update(stage=1),
    "question G1 counts for the system but names no": lambda raw: raw["questions"][29].pop("finding_owner"),
    "question G2 counts for the system and so cannot": lambda raw: raw["questions"][30].update(
        criticality="stop"
    ),
    "question B1 counts for the officer; its finding": lambda raw: raw["questions"][7].update(
        finding_owner="head_of_pdu"
    ),
    "cause officer is defined 2 times": lambda raw: raw["causes"].append(raw["causes"][0]),
    "levels must be, lowest first and with these codes": lambda raw: raw["levels"][0].update(
        register_code="RL"
    ),
    "groups must be exactly children": lambda raw: raw["groups"].pop(),
}
POLICY_FAULTS = {
    "severity S4 has 2 outcomes": lambda raw: raw["rows"][1].update(severity="S4"),
    "condition level_under is defined 2 times": lambda raw: raw["rows"][0].update(when="level_under"),
    "no row uses the condition record_missing": lambda raw: raw["rows"].pop(5),
    "rows.S3.verdict: Input should be": lambda raw: raw["rows"][1].update(verdict="sacked"),
    "rows.S0.source: Field required": lambda raw: raw["rows"][-1].pop("source"),
    "rows below the condition otherwise": lambda raw: raw["rows"].insert(0, raw["rows"].pop()),
    "a wider one hides those below": lambda raw: raw["rows"].insert(0, raw["rows"].pop(1)),
    "thresholds.pass_score_pct = 101 can never": lambda raw: raw["thresholds"]["pass_score_pct"].update(
        value=101
    ),
    "thresholds.recheck_score_pct = 90 must be": lambda raw: raw["thresholds"]["recheck_score_pct"].update(
        value=90
    ),
    "thresholds.max_cannot_tell: Field required": lambda raw: raw["thresholds"].pop("max_cannot_tell"),
}


@pytest.mark.parametrize(
    ("lint", "sound"),
    [(rubrics.lint_definition, RUBRIC), (rubrics.lint_policy, POLICY)],
    ids=["rubric", "policy"],
)
def test_the_published_files_lint(lint, sound):
    assert lint(sound) == ()


@pytest.mark.parametrize("fault", RUBRIC_FAULTS)
def test_a_fault_planted_in_a_rubric_is_found(fault):
    raw = copy.deepcopy(RUBRIC)
    RUBRIC_FAULTS[fault](raw)

    faults = rubrics.lint_definition(raw)

    assert [found for found in faults if found.startswith(fault)]


@pytest.mark.parametrize("fault", POLICY_FAULTS)
def test_a_fault_planted_in_a_policy_is_found(fault):
    raw = copy.deepcopy(POLICY)
    POLICY_FAULTS[fault](raw)

    faults = rubrics.lint_policy(raw)

    assert [found for found in faults if fault in found]


def test_all_faults_of_a_draft_are_found_at_once():
    raw = copy.deepcopy(RUBRIC)
    planted = [fault for fault in RUBRIC_FAULTS if fault.startswith("question")]
    for fault in planted:
        RUBRIC_FAULTS[fault](raw)

    faults = rubrics.lint_definition(raw)

    assert [fault for fault in planted if not any(found.startswith(fault) for found in faults)] == []


def test_an_empty_draft_is_described_and_not_a_crash():
    assert "questions: Field required" in rubrics.lint_definition({})
    assert "rows: Field required" in rubrics.lint_policy({})
