"""A case's row holds what was known when its assessment was completed, and nothing later."""

import pandas as pd
import pytest

from models import record_history
from models.errors import ColumnsRefusedError
from models.features import build_features
from models.records import build_records, latest_assessments

NOW = "2026-06-01"


def row_of(tables, assessment_id="A1"):
    return build_records(tables, pd.Series([assessment_id])).iloc[0]


def test_a_row_built_from_the_extract_keeps_the_contract(build):
    records = build_records(build.tables([build.assessment("A1", NOW)]), pd.Series(["A1"]))

    features = build_features(records)

    assert len(features) == 1
    assert not features.isna().any(axis=None)


LATER = {
    "a police reply": ("ENQUIRY_POLICE", {"state": "ANALYSED", "text": "knife, strangulation, arson"}),
    "an event": ("EVENT", {"calls_for_review": True}),
    "a custody report": ("CUSTODY_REPORT", {"text": "adjudication, segregation"}),
    "an absence": ("CONTACT", {"state": "ABSENT_UNACCEPTABLE"}),
    "an order": ("ORDER", {"text": "restraining order"}),
}


@pytest.mark.parametrize(("kind", "changes"), LATER.values(), ids=LATER.keys())
def test_nothing_recorded_after_the_assessment_changes_its_row(build, kind, changes):
    known = build.item("CONTACT", "2026-05-01", "attended")
    late = build.item(kind, "2026-06-02", **changes)
    assessment = build.assessment("A1", NOW)

    before = row_of(build.tables([assessment], [known]))
    after = row_of(build.tables([assessment], [known, late]))

    pd.testing.assert_series_equal(before, after)


def test_an_event_that_happened_before_but_was_recorded_after_is_not_known(build):
    late = build.item("EVENT", "2026-06-02", calls_for_review=True, happened_on=pd.Timestamp("2026-05-20"))

    assert row_of(build.tables([build.assessment("A1", NOW)], [late]))["n_trigger_events"] == 0


def test_later_assessments_register_entries_and_releases_change_nothing(build):
    assessment = build.assessment("A1", NOW)
    later = build.assessment("A2", "2026-09-01", community_public="HIGH")
    entry = ["X000001", "RHRH", None, None, pd.Timestamp("2026-06-02"), None]

    before = row_of(build.tables([assessment]))
    after = row_of(build.tables([assessment, later], registrations=[entry]))

    pd.testing.assert_series_equal(before, after)
    assert pd.isna(before["days_since_release"])  # released a month after


STOOD = ["X000001", "RCHD", "RSKM", None, pd.Timestamp("2026-01-01"), None, None]
LATER_IN_THE_REGISTER = {
    "a level raised in place": [
        [*STOOD, "2026-06-20"],
        ["X000001", "RCHD", "RSKH", None, pd.Timestamp("2026-01-01"), None, "2026-06-20", None],
    ],
    "an entry removed, from a day before": [
        [*STOOD, "2026-06-20"],
        ["X000001", "RCHD", "RSKM", None, *pd.to_datetime(["2026-01-01", "2026-03-01"]), "2026-06-20", None],
    ],
    "an entry of a day before": [
        STOOD,
        ["X000001", "RHRH", None, None, pd.Timestamp("2026-04-01"), None, "2026-06-20", None],
        ["X000001", "ADVP", None, None, pd.Timestamp("2026-04-01"), None, "2026-06-20", None],
    ],
}


@pytest.mark.parametrize("entries", LATER_IN_THE_REGISTER.values(), ids=LATER_IN_THE_REGISTER.keys())
def test_what_reached_the_register_after_the_assessment_is_not_known_whatever_its_date(build, entries):
    assessment = build.assessment("A1", NOW)
    next_one = build.assessment("A2", "2026-07-01")

    before = row_of(build.tables([assessment], registrations=[STOOD]))
    after = row_of(build.tables([assessment], registrations=entries))
    of_next, stood = (
        row_of(build.tables([next_one], registrations=register), "A2") for register in (entries, [STOOD])
    )

    pd.testing.assert_series_equal(before, after)
    register = [name for name in of_next.index if name.startswith("register_")]
    assert not of_next[register].equals(stood[register])  # the next assessment does know it


def test_a_holder_entered_after_the_assessment_is_not_known_from_whichever_day(build):
    assessment = build.assessment("A1", NOW)

    known = row_of(build.tables([assessment], assigned_at="2026-05-20"))
    late = row_of(build.tables([assessment], assigned_at="2026-06-20"))

    assert known["days_since_allocation"] == row_of(build.tables([assessment]))["days_since_allocation"] > 0
    assert pd.isna(late["days_since_allocation"])


def test_an_entry_that_slips_past_the_cut_is_refused(build, monkeypatch):
    # given: somebody takes the cut of the register away
    monkeypatch.setattr(record_history, "known_at", lambda versions, _: versions)
    late = ["X000001", "RHRH", None, None, pd.Timestamp("2026-04-01"), None, "2026-06-20", None]

    records = build_records(
        build.tables([build.assessment("A1", NOW)], registrations=[late]), pd.Series(["A1"])
    )

    with pytest.raises(ColumnsRefusedError, match="recorded after the assessment"):
        build_features(records)


def test_the_offence_is_that_of_the_case_when_it_was_assessed(build):
    # given: a case first of theft, then from July of a knife wounding that was recorded only then
    theft = {"offence": "Theft", "is_sexual_offence": True, "released_on": pd.Timestamp("2026-03-01")}
    tables = build.tables(
        [build.assessment("A1", NOW), build.assessment("A2", "2026-08-01")],
        former_case=theft | {"replaced_at": "2026-07-10"},
    )

    facts = ["is_violent_offence", "is_weapon_offence", "is_sexual_offence", "days_since_release"]
    assert row_of(tables)[facts].tolist() == [0, 0, 1, 92]
    assert row_of(tables, "A2")[facts].tolist() == [1, 1, 0, 31]


RECEIPTS = {
    "before anybody kept it": (None, 1),
    "with the assessment": ("2026-06-02", 1),
    "after it": ("2026-06-03", 0),
}


@pytest.mark.parametrize(("received_at", "n_known"), RECEIPTS.values(), ids=RECEIPTS.keys())
def test_items_and_earlier_assessments_are_known_if_received_no_later_than_the_assessment(
    build, received_at, n_known
):
    item = build.item("EVENT", "2026-05-20", calls_for_review=True, received_at=received_at)
    earlier = build.assessment("A0", "2025-06-01", received_at=received_at)
    assessment = build.assessment("A1", NOW, received_at="2026-06-02")

    row = row_of(build.tables([earlier, assessment], [item]))

    assert (row["n_trigger_events"], row["n_previous_assessments"]) == (n_known, n_known)


def test_what_the_assessment_itself_put_on_the_register_is_not_an_input(build):
    same_day = ["X000001", "RHRH", None, None, pd.Timestamp(NOW), None]
    earlier = ["X000001", "RMRH", None, None, pd.Timestamp("2026-01-01"), None]

    row = row_of(build.tables([build.assessment("A1", NOW)], registrations=[earlier, same_day]))

    assert row["register_overall_level"] == 1
    assert row["register_level_at_completion"] == 2


def test_the_overall_level_is_the_highest_of_all_cells_prisoners_too(build):
    row = row_of(
        build.tables([build.assessment("A1", NOW, custody_prisoners="VERY_HIGH", custody_children="MEDIUM")])
    )

    assert (row["assessed_overall"], row["assessed_children"], row["assessed_public"]) == (3, 1, 0)


def test_a_group_that_was_not_assessed_has_no_level(build):
    nobody = {"community_children": None, "custody_children": None}

    assert pd.isna(row_of(build.tables([build.assessment("A1", NOW, **nobody)]))["assessed_children"])


def test_earlier_levels_and_copied_text_come_from_the_assessment_before(build):
    words = "He is a risk to his former partner when he has been drinking and has lost his job"
    old = build.assessment(
        "A0", "2025-06-01", community_known_adult="VERY_HIGH", who_is_at_risk="nothing alike"
    )
    middle = build.assessment("A1", "2026-01-01", community_known_adult="HIGH", who_is_at_risk=words)
    new = build.assessment("A2", NOW, who_is_at_risk=words)

    row = row_of(build.tables([old, middle, new]), "A2")

    assert row["previous_known_adult_level"] == 2
    assert row["highest_previous_level"] == 3
    assert row["n_previous_assessments"] == 2
    assert row["previous_text_similarity"] == 1
    assert row["days_since_previous"] == 147


def test_a_fact_in_the_record_that_the_text_leaves_out_is_seen(build):
    item = build.item("POLICE_INTELLIGENCE", "2026-03-01", "Seen in March with a Knife; set fire to a car.")
    text = "The public are at risk; he carried a blade."

    row = row_of(build.tables([build.assessment("A1", NOW, who_is_at_risk=text)], [item]))

    assert (row["record_weapon"], row["unmentioned_weapon"]) == (1, 0)
    assert (row["record_fire"], row["unmentioned_fire"]) == (1, 1)
    assert (row["record_strangulation"], row["unmentioned_strangulation"]) == (0, 0)


def test_an_enquiry_counts_by_how_far_it_had_come(build):
    items = [
        build.item("ENQUIRY_POLICE", "2026-02-01", state="REQUESTED"),
        build.item("ENQUIRY_POLICE", "2026-02-20", state="REPLIED"),
        build.item("ENQUIRY_POLICE", "2026-06-20", state="ANALYSED"),
    ]
    assessment = build.assessment("A1", NOW, screening={"R1.3.2": "YES"})

    row = row_of(build.tables([assessment], items))

    assert row["police_enquiry_state"] == 3
    assert row["has_unanalysed_abuse_indicator"] == 1
    assert row["children_enquiry_state"] == 0


PREDICTORS = {
    "old": {
        "violencePredictorScore": {"twoYears": 34.5, "ovpRisk": "Medium"},
        "riskOfSeriousRecidivismScore": {"percentageScore": 7.1, "scoreLevel": "HIGH"},
        "sexualPredictorScore": {"ospDirectContactScoreLevel": "VERY_HIGH"},
    },
    "new": {
        "violentReoffendingPredictor": {"score": 34.5, "band": "MEDIUM"},
        "combinedSeriousReoffendingPredictor": {"score": 7.1, "band": "High"},
        "directContactSexualReoffendingPredictor": {"score": 40, "band": "VERY_HIGH"},
    },
    "new without bands": {
        "violentReoffendingPredictor": {"score": 34.5},
        "combinedSeriousReoffendingPredictor": {"score": 6.5},
        "directContactSexualReoffendingPredictor": {"band": "VERY_HIGH"},
    },
}


@pytest.mark.parametrize("output", PREDICTORS.values(), ids=PREDICTORS.keys())
def test_both_generations_of_predictors_are_read(build, output):
    row = row_of(
        build.tables([build.assessment("A1", NOW, predictors={"outputVersion": "?", "output": output})])
    )

    assert row["violent_predictor_pct"] == 34.5
    assert row["violent_predictor_band"] == 1
    assert row["serious_recidivism_predictor_band"] == 2
    assert row["sexual_contact_predictor_band"] == 3
    assert pd.isna(row["general_predictor_pct"])


def test_what_was_not_answered_is_missing_and_not_nought(build):
    bare = {"screening": None, "needs": None, "predictors": None, "n_previous_sanctions": None}

    row = row_of(build.tables([build.assessment("A1", NOW, **bare)]))

    missing = ["n_harm_triggers", "need_alcohol_score", "violent_predictor_pct", "n_previous_sanctions"]
    assert row[missing].isna().all()


def test_screening_triggers_without_a_full_analysis_are_seen(build):
    row = row_of(build.tables([build.assessment("A1", NOW, has_full_analysis=False)]))

    assert row["has_triggers_without_analysis"] == 1
    assert row["n_harm_triggers"] == 1


def test_the_latest_completed_assessment_of_each_case_is_the_one_checked(build):
    open_one = build.assessment("A3", "2026-08-01", completed_at=pd.NaT)
    tables = build.tables([build.assessment("A1", "2026-01-01"), build.assessment("A2", NOW), open_one])

    assert latest_assessments(tables.assessments).tolist() == ["A2"]


def test_audit_columns_say_where_and_whose_the_case_is(build):
    row = row_of(build.tables([build.assessment("A1", NOW)]))

    assert row[["officer", "pdu_code", "region_code", "grade", "sex", "age_band"]].tolist() == [
        "N07B001",
        "N07AAA",
        "N07",
        "PO",
        "M",
        "35 to 49",
    ]


def test_a_register_that_stands_above_the_assessment_is_seen_group_by_group(build):
    registrations = [
        ["X000001", "RHRH", None, None, pd.Timestamp("2026-01-01"), pd.NaT],
        ["X000001", "RCHD", "RSKH", None, pd.Timestamp("2026-01-01"), pd.NaT],
        ["X000001", "REG17", "RSKL", None, pd.Timestamp("2026-01-01"), pd.NaT],
    ]
    assessment = build.assessment("A1", NOW, community_public="MEDIUM")

    row = row_of(build.tables([assessment], registrations=registrations))
    silent = row_of(build.tables([assessment]))

    assert row["register_levels_above"] == 1  # high against medium
    assert row["n_groups_register_above"] == 1  # children: high against low; public: low against medium
    assert pd.isna(silent["register_levels_above"])
    assert silent["n_groups_register_above"] == 0
