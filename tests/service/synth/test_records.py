"""The record of a synthetic case tells a reader why its level is wrong."""

import json

import pandas as pd
import pytest

from qa_service.synth.words import Bank, load_banks

GRID = [
    *(f"community_{group}" for group in ("children", "public", "known_adult", "staff")),
    *(f"custody_{group}" for group in ("children", "public", "known_adult", "staff", "prisoners")),
]
RANKS = {"LOW": 0, "MEDIUM": 1, "HIGH": 2, "VERY_HIGH": 3}
TELLS = {
    "violent_history": ("CONVICTION", "wounding|grievous|robbery with violence"),
    "police_callouts": ("ENQUIRY_POLICE", "call-outs|attendances|incidents"),
    "child_concern": ("ENQUIRY_CHILDREN", "protection plan|bruising|teacher"),
    "custody_violence": ("CUSTODY_REPORT", "blade|assault on another|fire-setting"),
    "intelligence": ("POLICE_INTELLIGENCE", "firearm|exploitation|threats"),
    "earlier_high": ("DOCUMENT", "high risk"),
    "order_breached": ("EVENT", "Breach of|Charged with breach"),
    "circumstances_changed": ("EVENT", "Hostel place|Relationship ended|Relapse"),
}


@pytest.fixture(scope="module")
def latest(london) -> pd.DataFrame:
    return london.truth.merge(london.tables["assessments"], on=["assessment_id", "crn"])


@pytest.fixture(scope="module")
def items(london) -> pd.DataFrame:
    return london.tables["case_pack_items"]


@pytest.mark.parametrize("fact", TELLS)
def test_what_was_ignored_stands_in_the_case_pack_before_the_assessment(latest, items, fact):
    kind, words = TELLS[fact]
    wrong = latest[latest["is_too_low"] & latest["why"].str.split(";").map(lambda why: fact in why)]
    telling = items[(items["kind"] == kind) & items["text"].str.contains(words, regex=True)]

    seen = wrong.merge(telling, on="crn", suffixes=("", "_item"))

    known = seen[pd.to_datetime(seen["happened_on"], utc=True) <= seen["completed_at"]]
    assert len(wrong) > 20
    assert set(known["crn"]) == set(wrong["crn"])


def test_every_level_too_low_has_a_reason(latest):
    assert (latest[latest["is_too_low"]]["why"] != "").all()


def test_the_overall_level_is_the_highest_group_for_both_sides(latest):
    recorded = latest[GRID].apply(lambda column: column.map(RANKS)).max(axis=1)
    true = latest[[f"true_{name}" for name in GRID]].apply(lambda column: column.map(RANKS)).max(axis=1)

    assert (recorded == latest["overall_stated"].map(RANKS)).all()
    assert (true == latest["true_overall"].map(RANKS)).all()
    assert (latest["is_too_low"] == (recorded < true)).all()
    assert (latest["is_too_high"] == (recorded > true)).all()


def test_a_group_may_be_too_low_although_the_overall_level_is_right(latest):
    hidden = latest[latest["is_group_too_low"]]

    lower = sum((hidden[name].map(RANKS) < hidden[f"true_{name}"].map(RANKS)).astype(int) for name in GRID)

    assert (hidden["overall_stated"] == hidden["true_overall"]).all()
    assert (lower >= 1).mean() > 0.99


@pytest.mark.parametrize(("item", "kind"), [("item_A2", "ENQUIRY_POLICE"), ("item_A3", "ENQUIRY_CHILDREN")])
def test_the_enquiry_items_are_answered_by_the_log(latest, items, item, kind):
    states = items[items["kind"] == kind].groupby("crn")["state"].agg(set)
    asked = latest[["crn", item]].join(states, on="crn")
    asked["state"] = asked["state"].map(lambda found: found if isinstance(found, set) else set())

    assert asked[asked[item] == "yes"]["state"].map(lambda found: found >= {"REPLIED", "ANALYSED"}).all()
    assert asked[asked[item] == "partly"]["state"].map(lambda f: "REPLIED" in f and "ANALYSED" not in f).all()
    assert asked[asked[item] == "no"]["state"].map(lambda found: "REPLIED" not in found).all()


@pytest.mark.parametrize(
    ("item", "rate"),
    [("A2", 0.30), ("A3", 0.35), ("C1", 0.15), ("F2", 0.30), ("E2", 0.30), ("E3", 0.30), ("G3", 0.40)],
)
def test_items_fail_at_the_inspectorates_rates(latest, item, rate):
    answers = latest[f"item_{item}"]

    assert (answers[answers != "na"] == "no").mean() == pytest.approx(rate, abs=0.05)


def test_an_event_not_reviewed_came_after_the_assessment_and_more_than_ten_working_days_ago(latest, items):
    events = items[items["calls_for_review"]].set_index("crn")["happened_on"]
    missed = latest[latest["is_review_missed"]].join(events, on="crn")

    happened = pd.to_datetime(missed["happened_on"], utc=True)
    assert len(missed) > 100
    assert (happened > missed["completed_at"]).all()


def test_copied_text_is_the_text_of_the_assessment_before(london, latest):
    previous = london.tables["assessments"][
        ["crn", "completed_at", "nature_of_risk", "risk_increase_factors"]
    ]
    pairs = latest[latest["is_copied"]].merge(previous, on="crn", suffixes=("", "_before"))
    pairs = pairs[pairs["completed_at_before"] < pairs["completed_at"]]

    same = pairs["nature_of_risk"] == pairs["nature_of_risk_before"]

    assert latest["is_copied"].mean() == pytest.approx(0.20, abs=0.02)
    assert same.groupby(pairs["crn"]).any().all()


def test_unrelated_assessments_seldom_share_their_text(latest):
    fresh = latest[~latest["is_copied"]]
    whole = fresh["nature_of_risk"] + fresh["risk_imminence"] + fresh["who_is_at_risk"]

    assert whole.duplicated().mean() < 0.005


def test_registers_and_levels_disagree_more_often_where_the_level_is_too_low(london, latest):
    codes = {"RLRH": "LOW", "RMRH": "MEDIUM", "RHRH": "HIGH", "RVHR": "VERY_HIGH"}
    register = london.tables["registrations"].query("code in @codes").set_index("crn")["code"].map(codes)
    both = latest.join(register.rename("register"), on="crn").dropna(subset="register")

    disagrees = (both["register"] != both["overall_stated"]).groupby(both["is_too_low"]).mean()

    assert disagrees[False] == pytest.approx(0.04, abs=0.015)
    assert disagrees[True] == pytest.approx(0.25, abs=0.06)


def test_both_generations_of_predictors_are_in_use_and_none_is_out_of_range(london):
    predictors = london.tables["assessments"]["predictors"].head(2_000).map(json.loads)

    versions = predictors.map(lambda found: found["outputVersion"])
    serious = [
        found["output"]["combinedSeriousReoffendingPredictor"]
        for found in predictors
        if found["outputVersion"] == "2"
    ]
    assert set(versions) == {"1", "2"}
    assert all(0 < score["score"] < 100 for score in serious)
    assert all((score["score"] >= 6.9) == (score["band"] == "VERY_HIGH") for score in serious)


def test_some_authors_cannot_be_told_and_some_cases_have_limited_access(london):
    cases, access = london.tables["cases"], london.tables["case_access"]
    limited = set(cases[cases["is_limited_access"]]["crn"])

    missing = london.tables["assessments"]["author_staff_code"].isna().mean()

    assert missing == pytest.approx(0.05, abs=0.01)
    assert len(limited) / len(cases) == pytest.approx(0.01, abs=0.003)
    assert set(access[access["kind"] == "PERMITTED"]["crn"]) == limited


def test_two_or_three_assessments_are_held_of_each_case(london):
    completed = london.tables["assessments"].dropna(subset="completed_at")

    assert completed.groupby("crn").size().mean() == pytest.approx(2.5, abs=0.1)


@pytest.mark.parametrize(
    ("file_name", "section"),
    [("record_phrases.toml", None), ("phrases.toml", "assessment"), ("phrases.toml", "fact")],
)
def test_a_slot_is_never_left_open_in_a_sentence(file_name, section):
    banks: dict[str, Bank] = dict(load_banks(file_name, section))

    pieces = [text.as_py() for bank in banks.values() for part in bank.parts for text in part]

    assert banks
    assert not any("{" in piece or "}" in piece for piece in pieces)
