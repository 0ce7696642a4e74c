"""What is used is what was approved: a file that can be read, cannot run, and shows when it was changed."""

import json
import pickle
import re
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from models.artefact import fingerprint, from_text, load, make_artefact, save, to_text
from models.atrs import atrs_record, check_record, unfilled_fields
from models.card import write_card
from models.columns import inputs
from models.errors import ArtefactRefusedError, ColumnsRefusedError, ModelError
from models.explain import all_reasons, explain
from models.features import build_features
from models.labels import build_labels
from models.scorer import LinearScorer
from models.training import train


@pytest.fixture(name="made", scope="module")
def fixture_made(build):
    records, truly_high = build.records()
    labels = build_labels(records, build.reviews(records, truly_high.to_numpy()))
    model, report = train(records, labels, target="overall", n_reviews=40, seed=1)
    features = build_features(records)
    scorer = LinearScorer.of(model, tuple(features.columns), report.threshold.score)
    artefact = make_artefact(
        {"overall": scorer}, {"overall": report}, features, trained_at="2026-11-22T06:00:00Z", seed=1
    )
    return records, features, model, artefact


def test_a_saved_classifier_scores_as_the_one_that_was_trained(made, tmp_path):
    _, features, model, artefact = made

    digest = save(artefact, tmp_path / "a.json")
    loaded = load(tmp_path / "a.json", expected_digest=digest)

    np.testing.assert_allclose(
        loaded.scorers["overall"].score(features), model.decision_function(features.to_numpy()), atol=1e-9
    )
    assert loaded.reports == artefact.reports
    assert loaded.scorers["overall"].is_flagged(features).sum() > 0


def test_two_savings_of_one_training_have_one_digest(made, tmp_path):
    *_, artefact = made

    assert save(artefact, tmp_path / "a.json") == save(load_again(artefact, tmp_path), tmp_path / "b.json")


def load_again(artefact, folder):
    save(artefact, folder / "c.json")
    return load(folder / "c.json")


def test_a_changed_weight_is_noticed(made, tmp_path):
    *_, artefact = made
    path = tmp_path / "a.json"
    save(artefact, path)
    read = json.loads(path.read_text())
    read["content"]["scorers"]["overall"]["label_weight"][3] += 1e-6
    path.write_text(json.dumps(read))

    with pytest.raises(ArtefactRefusedError, match="changed after it was written"):
        load(path)


def test_another_classifier_than_the_approved_one_is_refused(made, tmp_path):
    *_, artefact = made
    save(artefact, tmp_path / "a.json")

    with pytest.raises(ArtefactRefusedError, match="not the approved classifier"):
        load(tmp_path / "a.json", expected_digest="0" * 64)


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("the pickle ran",))


@pytest.mark.parametrize(
    "content", [pickle.dumps(Trap()), b"", b"[]", b"{}", b'{"sha256": "0", "content": {}}'], ids=str
)
def test_a_pickle_or_anything_else_is_refused_without_running(content, tmp_path):
    (tmp_path / "a.json").write_bytes(content)

    with pytest.raises(ArtefactRefusedError, match="is not a classifier of this service"):
        load(tmp_path / "a.json")


def _deep(_content):
    return "[" * 100_000 + "]" * 100_000


def _not_a_number(content):
    return json.dumps({"sha256": "0", "content": content | {"seed": float("nan")}})


def _with_digest(content):
    written = json.dumps(content, sort_keys=True).encode()
    return json.dumps({"sha256": sha256(written).hexdigest(), "content": content})


def _without_scorers(content):
    return _with_digest({name: part for name, part in content.items() if name != "scorers"})


def _without_columns(content):
    return _with_digest({name: part for name, part in content.items() if name != "columns_digest"})


def _with_more(content):
    return _with_digest(content | {"more": 1})


def _of_words(content):
    content["scorers"]["overall"]["mean"] = ["many"] * len(content["scorers"]["overall"]["mean"])
    return _with_digest(content)


def _too_short(content):
    content["scorers"]["overall"]["label_weight"] = [0.0]
    return _with_digest(content)


@pytest.mark.parametrize(
    "damage",
    [_deep, _not_a_number, _without_scorers, _without_columns, _with_more, _of_words, _too_short],
    ids=lambda damage: damage.__name__,
)
def test_a_file_that_is_no_whole_classifier_is_refused_though_its_digest_may_fit(made, damage):
    *_, artefact = made
    content = json.loads(to_text(artefact)[1])["content"]

    with pytest.raises(ArtefactRefusedError):
        from_text(damage(content), "Artefact x")


def test_features_of_another_contract_are_not_scored(made):
    _, features, _, artefact = made

    with pytest.raises(ColumnsRefusedError, match="not those the classifier was trained on"):
        artefact.scorers["overall"].score(features[features.columns[::-1]])


def test_a_reason_counts_one_thing_in_the_singular(made):
    records, _, _, artefact = made
    record = records[:1].assign(n_police_intelligence=1.0, n_previous_sanctions=2.0)

    told = {reason.column: reason.sentence for reason in all_reasons(artefact.scorers["overall"], record)[0]}

    assert told["n_police_intelligence"].startswith("1 item of police intelligence is on the record")
    assert told["n_previous_sanctions"].startswith("2 previous sanctions are recorded")


def test_what_is_absent_is_said_in_words_and_days_stay_a_number(made):
    records, _, _, artefact = made
    record = records[:1].assign(n_harm_triggers=0.0, n_previous_assessments=0.0, days_to_complete=0.0)

    told = {reason.column: reason.sentence for reason in all_reasons(artefact.scorers["overall"], record)[0]}

    assert told["n_harm_triggers"].startswith("No screening questions are answered yes (typical: ")
    assert told["n_previous_assessments"].startswith("There are no earlier assessments")
    assert told["days_to_complete"].startswith("The assessment took 0 days")


def test_the_fingerprint_is_of_the_rows_whatever_their_order(made):
    _, features, *_ = made

    assert fingerprint(features) == fingerprint(features.iloc[::-1])
    assert fingerprint(features) != fingerprint(features.iloc[1:])


def test_the_cases_of_the_training_have_not_drifted_and_changed_ones_have(made):
    _, features, _, artefact = made
    moved = features.assign(n_words=features["n_words"] + 3)

    assert set(artefact.drift(features)["reading"]) == {"steady"}
    assert artefact.drift(moved)["reading"].to_dict()["n_words"] == "retrain"


def test_the_reasons_of_a_score_add_up_to_it_exactly(made):
    records, features, _, artefact = made
    scorer = artefact.scorers["overall"]

    sums = [sum(reason.contribution for reason in reasons) for reasons in all_reasons(scorer, records[:50])]

    np.testing.assert_allclose(np.array(sums) + scorer.average_score, scorer.score(features[:50]), atol=1e-9)


def test_reasons_are_strongest_first_and_only_what_calls_for_a_look(made):
    records, _, _, artefact = made

    for reasons in explain(artefact.scorers["overall"], records[:50], n_reasons=4):
        contributions = [reason.contribution for reason in reasons]
        assert contributions == sorted(contributions, reverse=True)
        assert len(reasons) <= 4
        assert min(contributions, default=1) > 0


def test_a_reason_is_a_sentence_about_the_record_with_the_rubric_item_to_read(made):
    records, _, _, artefact = made
    record = records[:1].assign(n_violent_sanctions=9.0, unmentioned_weapon=1.0, violent_predictor_pct=np.nan)

    told = {reason.column: reason for reason in all_reasons(artefact.scorers["overall"], record)[0]}

    assert re.fullmatch(
        r"9 sanctions for violence are recorded \(typical: [\d.]+\)\.", told["n_violent_sanctions"].sentence
    )
    assert told["unmentioned_weapon"].sentence == "The record mentions a weapon and the assessment does not."
    assert told["violent_predictor_pct"].sentence == "Violent predictor pct: not calculated."
    assert told["unmentioned_weapon"].item == "A1"


def test_no_sentence_says_what_a_person_will_do(made):
    records, _, _, artefact = made
    sentences = [
        reason.sentence
        for reasons in all_reasons(artefact.scorers["overall"], records[:100])
        for reason in reasons
    ]

    said = " ".join([*sentences, write_card(artefact), *(column.says + column.absent for column in inputs())])

    assert not re.search(
        r"will (re-?)?offend|reoffend|likely to (re-?)?offend|dangerous", said, re.IGNORECASE
    )


def test_the_card_states_its_figures_with_intervals_and_its_limits(made):
    *_, artefact = made
    report = artefact.reports["overall"]

    card = write_card(artefact)

    assert f"{report['auprc']['value']:.3f} ({report['auprc']['low']:.3f} to" in card
    assert "Belief in each size of correction" in card
    assert "| register above the assessment | " in card
    assert f"| {report['growth'][0]['n_reviews']} | " in card
    assert "too few to compare" in card or "withheld" in card or "not shown" in card
    assert "Where not to trust it" in card
    assert artefact.data_fingerprint[:12] in card


def test_the_card_tells_what_finding_a_stated_share_of_the_wrong_mediums_would_take(made):
    *_, artefact = made
    report = artefact.reports["overall"]
    told = "To find at least 80% of the wrong mediums with 90% confidence, 43% of mediums would have to be flagged."
    asked = replace(artefact, reports={"overall": {**report, "to_find": {"sentence": told}}})

    assert f"\n- {told}\n" in write_card(asked)
    assert "To find at least" not in write_card(artefact)  # its training was asked for no share


def test_the_transparency_record_holds_every_field_of_the_standard_and_the_artefacts_figures(made):
    *_, artefact = made

    record = atrs_record(artefact)

    specification = record["tier_2"]["tool_specification_model"]
    assert set(record) == {"tier_1", "tier_2"}
    assert specification["model_performance"]["overall"]["auprc"] == artefact.reports["overall"]["auprc"]
    assert artefact.data_fingerprint in specification["model_version"]
    assert (
        record["tier_2"]["tool_specification_development_data"]["data_quantities"]["overall"]["n_cases"]
        == 600
    )
    assert json.loads(json.dumps(record)) == record


def test_what_only_the_publishing_organisation_knows_is_listed_and_nothing_else(made):
    *_, artefact = made

    unfilled = unfilled_fields(atrs_record(artefact))

    assert "tier_1.overview.contact_email" in unfilled
    assert "tier_2.risks_mitigations_and_impact_assessments.impact_assessments" in unfilled
    # two ways to reach it, three of who owns it, six of a supplier, phase, two agreements, assessments
    assert len(unfilled) == 15


@pytest.mark.parametrize(
    ("section", "change", "fault"),
    [
        ("risks_mitigations_and_impact_assessments", {"risks_and_mitigations": ""}, "is missing or empty"),
        ("description_and_rationale", {"marketing": "Best in class"}, "is not in the standard"),
    ],
    ids=["an empty field", "a field of its own"],
)
def test_a_record_that_leaves_a_field_of_the_standard_empty_is_refused_by_name(made, section, change, fault):
    *_, artefact = made
    record = atrs_record(artefact)
    record["tier_2"][section] |= change

    with pytest.raises(ModelError, match=f"tier_2.{section}.{next(iter(change))} {fault}"):
        check_record(record)
