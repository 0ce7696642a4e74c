"""What came after an assessment has a score of its own, and no way into the flag."""

import numpy as np
import pandas as pd
import pytest

from models.artefact import load, make_artefact, save
from models.atrs import atrs_record
from models.card import write_card
from models.columns import Purpose, columns_digest, inputs
from models.errors import ArtefactRefusedError, ColumnsRefusedError
from models.explain import all_reasons
from models.features import build_features
from models.labels import build_labels
from models.record_since import add_since
from models.records import build_records
from models.scorer import LinearScorer
from models.training import train

ASSESSED = "2026-06-10"
NOW = pd.Timestamp("2026-11-02", tz="UTC")


def since(build, items=(), registrations=(), as_of=NOW):
    tables = build.tables([build.assessment("A1", ASSESSED)], items, registrations)
    records = build_records(tables, pd.Series(["A1"]))
    return add_since(records, tables, pd.Series(as_of, index=records.index))


def test_only_what_was_recorded_after_the_assessment_and_by_the_moment_counts(build):
    items = [
        build.item("CONVICTION", "2026-06-09"),
        build.item("CONVICTION", "2026-07-01"),
        build.item("CONVICTION", "2026-12-01"),
        build.item("EVENT", "2026-08-01", text="Arrested with a knife", calls_for_review=True),
    ]

    row = since(build, items).iloc[0]

    assert row["since_n_convictions"] == 1
    assert row["since_n_trigger_events"] == 1
    assert row["since_weapon"] == 1
    assert row["since_fire"] == 0
    assert row["days_since_assessment"] == 145
    assert row["since_known_until_at"] == pd.Timestamp("2026-08-01", tz="UTC")


def test_what_was_received_after_the_assessment_came_since_whenever_it_was_recorded(build):
    # given: police were asked before the assessment; their reply bears the moment of the question
    replied = {"state": "REPLIED", "text": "strangled her"}
    reply = build.item("ENQUIRY_POLICE", "2026-06-01", **replied, received_at="2026-08-02")
    tables = build.tables([build.assessment("A1", ASSESSED, received_at="2026-06-11")], [reply])
    records = build_records(tables, pd.Series(["A1"]))

    found = {
        day: add_since(records, tables, pd.Series(pd.Timestamp(day, tz="UTC"), index=records.index)).iloc[0]
        for day in ("2026-08-01", "2026-08-02")
    }

    assert (records["police_enquiry_state"].item(), records["record_strangulation"].item()) == (0, 0)
    assert found["2026-08-01"]["since_n_enquiry_replies"] == 0
    assert found["2026-08-02"]["since_n_enquiry_replies"] == 1
    assert found["2026-08-02"]["since_strangulation"] == 1
    assert found["2026-08-02"]["since_known_until_at"] == pd.Timestamp("2026-08-02", tz="UTC")


def test_a_register_entry_about_harm_begun_since_counts(build):
    registrations = [
        ["X000001", "ADVP", None, None, pd.Timestamp("2026-08-01"), pd.NaT],
        ["X000001", "RCPR", None, None, pd.Timestamp("2026-01-01"), pd.NaT],
        ["X000001", "RHRH", None, None, pd.Timestamp("2026-08-01"), pd.NaT],
    ]

    assert since(build, registrations=registrations)["since_n_registrations"].tolist() == [1]


def test_a_register_entry_received_after_the_moment_does_not_count_and_a_changed_one_counts_once(build):
    begun = pd.Timestamp("2026-08-01")
    registrations = [
        ["X000001", "ADVP", None, None, begun, pd.NaT, "2026-08-05", "2026-09-01"],
        ["X000001", "ADVP", "ADV1", None, begun, pd.NaT, "2026-09-01", None],
        ["X000001", "WEAP", None, None, begun, pd.NaT, "2026-11-20", None],
    ]

    row = since(build, registrations=registrations).iloc[0]

    assert row["since_n_registrations"] == 1
    assert row["since_known_until_at"] == pd.Timestamp("2026-09-01", tz="UTC")


def test_what_a_review_led_to_after_its_pack_was_frozen_does_not_enter(build):
    items = [build.item("EVENT", "2026-08-01", calls_for_review=True)]

    before = since(build, items, as_of=pd.Timestamp("2026-07-31", tz="UTC"))

    assert before["since_n_trigger_events"].tolist() == [0]


def test_the_flag_refuses_a_table_that_knows_what_came_after(build):
    table = since(build)

    with pytest.raises(ColumnsRefusedError, match="since_weapon is not in the contract"):
        build_features(table)
    with pytest.raises(ColumnsRefusedError, match="since_weapon is missing"):
        build_features(table[[name for name in table if "since_" not in name]], Purpose.REVIEW_NOW)


def test_a_row_that_looks_past_its_own_moment_is_refused(build):
    table = since(build)
    table["since_known_until_at"] = NOW + pd.Timedelta(seconds=1)

    with pytest.raises(ColumnsRefusedError, match="recorded after the moment it is for"):
        build_features(table, Purpose.REVIEW_NOW)


@pytest.fixture(name="trained", scope="module")
def fixture_trained(build):
    records, truly_high = build.records()
    rng = np.random.default_rng(3)
    own = [column for column in inputs(Purpose.REVIEW_NOW) if column not in inputs()]
    later = pd.DataFrame({column.name: rng.integers(0, 2, len(records)).astype(float) for column in own})
    worse = later["since_threat_to_kill"].to_numpy() == 1
    table = records.join(later).assign(as_of=NOW, since_known_until_at=records["assessed_at"])
    labels = build_labels(records, build.reviews(records, truly_high.to_numpy() | (worse & ~truly_high)))
    model, report = train(table, labels, target="overall", n_reviews=40, seed=1, purpose=Purpose.REVIEW_NOW)
    features = build_features(table, Purpose.REVIEW_NOW)
    scorer = LinearScorer.of(model, tuple(features.columns), report.threshold.score)
    artefact = make_artefact(
        {"overall": scorer},
        {"overall": report},
        features,
        trained_at="2026-11-22T06:00:00Z",
        seed=1,
        purpose=Purpose.REVIEW_NOW,
    )
    return table, records, features, artefact


def test_events_since_that_reviews_found_telling_raise_the_second_score(trained):
    table, _, features, artefact = trained
    scorer = artefact.scorers["overall"]
    reasons = {reason.column: reason for reason in all_reasons(scorer, table[:1], Purpose.REVIEW_NOW)[0]}

    worse = features.assign(since_threat_to_kill=1.0)
    calm = features.assign(since_threat_to_kill=0.0)

    assert (scorer.score(worse) > scorer.score(calm)).all()
    assert reasons["since_threat_to_kill"].sentence.startswith("The record since the assessment")


def test_its_card_and_record_say_what_it_is_for_and_that_no_check_is_chosen_by_it(trained):
    *_, artefact = trained

    card, record = write_card(artefact), atrs_record(artefact)

    assert card.startswith("# Classifier card: needs a review now")
    assert "It chooses no check and no reader sees it" in card
    assert f"{len(inputs(Purpose.REVIEW_NOW))} inputs" in card
    assert record["tier_2"]["tool_specification_model"]["model_name"] == "Needs a review now"
    assert "Not the choice of checks" in record["tier_2"]["description_and_rationale"]["scope"]


def test_an_artefact_of_one_purpose_never_serves_the_other(trained, tmp_path):
    _, records, _, artefact = trained
    save(artefact, tmp_path / "now.json")

    assert columns_digest() != columns_digest(Purpose.REVIEW_NOW)
    assert load(tmp_path / "now.json", purpose=Purpose.REVIEW_NOW).purpose is Purpose.REVIEW_NOW
    with pytest.raises(ArtefactRefusedError, match="trained for another purpose than flag"):
        load(tmp_path / "now.json")
    with pytest.raises(ColumnsRefusedError, match="not those the classifier was trained on"):
        artefact.scorers["overall"].score(build_features(records))
