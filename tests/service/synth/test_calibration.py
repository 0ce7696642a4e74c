"""Synthetic areas agree with the published figures they are calibrated on (POLICY 9 and the WMT tables)."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from qa_service.synth.calibration import load_calibration
from qa_service.synth.cases import HIGH, LOW, MEDIUM, draw_cases
from qa_service.synth.estate import load_pdus, load_regions, plan_regions
from qa_service.synth.presets import preset_named
from qa_service.synth.staff import draw_practitioners

TODAY = date(2026, 11, 2)
SEED = 20261102  # as in conftest.py: tables and truth come from there


@pytest.fixture(scope="module")
def nation() -> pd.DataFrame:
    """Draw the national caseload without writing it: one row per case."""
    figures, preset = load_calibration(), preset_named("national")
    parts = []
    for plan in plan_regions(preset, figures, SEED):
        staff = draw_practitioners(plan, preset, figures, SEED)
        cases = draw_cases(plan, staff, figures, SEED)
        parts.append(
            pd.DataFrame(
                {
                    "region": plan.code,
                    "officer": [f"{plan.code}{place}" for place in cases.officers],
                    "pdu": [plan.pdus[place].code for place in plan.pdu_of_practitioner[cases.officers]],
                    "recorded": cases.recorded,
                    "true": cases.true,
                    "is_copied": cases.is_copied,
                    "is_overloaded": staff.target_pct[cases.officers] > 130,
                    "has_abuse": cases.has_domestic_abuse,
                    "has_child": cases.has_child,
                    "mappa_category": cases.mappa_categories,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def too_low_rate(cases: pd.DataFrame) -> float:
    mediums = cases[cases["recorded"] == MEDIUM]
    return float((mediums["true"] > mediums["recorded"]).mean())


def test_there_are_twelve_regions_and_109_pdus_of_which_18_in_london():
    assert len(load_regions()) == 12
    assert len(load_pdus()) == 109
    assert sum(pdu.region_code == "N07" for pdu in load_pdus()) == 18


def test_the_nation_has_242_000_cases_and_10_700_practitioners(nation):
    plans = list(plan_regions(preset_named("national"), load_calibration(), SEED))

    assert len(nation) == 242_000
    assert sum(len(plan.pdu_of_practitioner) for plan in plans) == 10_700
    assert nation["pdu"].nunique() == 109


def test_levels_are_mixed_as_the_audit_office_found(nation):
    shares = nation["recorded"].value_counts(normalize=True).sort_index()

    # Low 21.5, medium 57, high 20, very high 1.5 per cent.
    assert shares.to_numpy() == pytest.approx([0.215, 0.57, 0.20, 0.015], abs=0.025)


def test_nine_in_137_mediums_are_too_low_two_in_100_lows_and_four_in_100_highs_too_high(nation):
    lows, highs = (nation[nation["recorded"] == level] for level in (LOW, HIGH))

    # 109 PDU rates with a spread of 3.5 points average to within about 0.35 of the mean.
    assert too_low_rate(nation) == pytest.approx(9 / 137, abs=0.008)
    assert (lows["true"] > LOW).mean() == pytest.approx(0.02, abs=0.003)
    assert (highs["true"] < HIGH).mean() == pytest.approx(0.04, abs=0.003)


def test_pdus_differ_by_the_calibrated_spread():
    plans = plan_regions(preset_named("national"), load_calibration(), SEED)

    rates = np.concatenate([plan.too_low_rates for plan in plans])

    assert rates.mean() == pytest.approx(0.066, abs=0.011)
    assert rates.std() == pytest.approx(0.035, abs=0.009)


def test_copied_text_overload_and_a_wrong_level_go_together(nation):
    copied = too_low_rate(nation[nation["is_copied"]]) / too_low_rate(nation[~nation["is_copied"]])
    loaded = too_low_rate(nation[nation["is_overloaded"]]) / too_low_rate(nation[~nation["is_overloaded"]])

    assert copied == pytest.approx(1.8, abs=0.15)
    assert loaded == pytest.approx(1.4, abs=0.15)


def test_prevalence_is_as_published(nation):
    assert nation["has_abuse"].mean() == pytest.approx(0.30, abs=0.02)
    assert nation["has_child"].mean() == pytest.approx(0.35, abs=0.02)
    assert (nation["mappa_category"] > 0).mean() == pytest.approx(0.20, abs=0.02)


def test_eighteen_thousand_officers_hold_forty_cases_each():
    preset, figures = preset_named("national-18k"), load_calibration()
    plans = list(plan_regions(preset, figures, SEED))
    smallest = min(plans, key=lambda plan: plan.n_cases)

    staff = draw_practitioners(smallest, preset, figures, SEED)

    assert sum(len(plan.pdu_of_practitioner) for plan in plans) == 18_000
    assert sum(plan.n_cases for plan in plans) == 720_000
    assert set(staff.n_cases) == {40}


def latest_load(london) -> pd.DataFrame:
    weeks = london.tables["weekly_workload"]
    latest = weeks[weeks["week_on"] == weeks["week_on"].max()]
    return latest.merge(london.tables["postings"], on=["staff_code", "team_code"])


@pytest.mark.slow
def test_workload_is_about_117_per_cent_and_pos_hold_about_35_cases(london):
    load = latest_load(london)
    people = load.groupby("staff_code").agg(
        total=("total_points", "sum"),
        available=("available_points", "sum"),
        n_cases=("n_cases", "sum"),
        grade=("grade", "first"),
    )
    holders = people[people["n_cases"] > 0]
    pct = holders["total"] / holders["available"] * 100

    assert pct.mean() == pytest.approx(117, abs=3)
    assert pct.std() == pytest.approx(20, abs=4)
    assert holders[holders["grade"] == "PO"]["n_cases"].mean() == pytest.approx(35.2, abs=2.5)


@pytest.mark.slow
def test_available_points_follow_wmts_formula(london):
    load = latest_load(london)
    held = london.tables["reductions"].query("status == 'ACTIVE'")
    hours = held.groupby(["staff_code", "team_code"])["hours"].sum().rename("reduction").reset_index()
    load = load.merge(hours, how="left").fillna({"reduction": 0.0})

    expected = np.floor(2176 * (load["contracted_hours"] - load["reduction"]) / 37 + 1e-9)

    assert (load["available_points"] == expected).all()
    newly_qualified = load[(load["contracted_hours"] == 37) & (load["reduction"] == 7.4)]
    assert set(newly_qualified["available_points"]) == {1740}


@pytest.mark.slow
def test_people_are_as_varied_as_a_real_region(london):
    people, postings = london.tables["people"], london.tables["postings"]
    current = postings[postings["to_on"].isna()]
    today = pd.Timestamp(TODAY)
    joined = pd.to_datetime(current["from_on"]) > today - pd.Timedelta(weeks=8)

    assert len(people) > 1_100
    assert current["staff_code"].duplicated().sum() > 5  # in two teams
    assert postings["to_on"].notna().sum() > 10  # leavers
    assert people["long_leave_from_on"].notna().sum() > 10
    assert joined.sum() > 15
    assert (current["contracted_hours"] < 37).mean() == pytest.approx(0.18, abs=0.05)
    assert set(current["grade"]) == {"PO", "NQO", "PSO", "PQIP", "SPO"}
    assert london.tables["staff_codes"]["person_key"].duplicated().any()  # came from another region
