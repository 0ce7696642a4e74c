"""Means, totals, ratios, domains and proportion intervals agree with R's survey package."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sampling import estimate_mean, estimate_ratio, estimate_total, korn_graubard_interval, logit_interval
from sampling.variance import sample_design

# tests/golden/sampling/survey.R wrote it: R survey 4.1.1, R 4.2.2
GOLDEN = json.loads((Path(__file__).parents[1] / "golden/sampling/survey.json").read_text("utf-8"))
DESIGNS = GOLDEN["designs"]
each_design = pytest.mark.parametrize("name", sorted(DESIGNS))


def column(data, name):
    return np.array([math.nan if x is None else x for x in data[name]])


def structure(data):
    found = {key: data[key] for key in ("weights", "strata", "clusters", "fpc") if key in data}
    if "clusters2" in data:
        found["clusters"] = np.column_stack([data["clusters"], data["clusters2"]])
    if "fpc2" in data:
        found["fpc"] = np.column_stack([data["fpc"], data["fpc2"]])
    return found


def assert_agrees(estimate, told):
    assert estimate.value == pytest.approx(told[0], rel=1e-12)
    assert estimate.se == pytest.approx(told[1], rel=1e-10)


@each_design
def test_means_and_totals_of_all_schools(name):
    data, told = DESIGNS[name]["data"], DESIGNS[name]["results"]
    enroll = column(data, "enroll")

    known = ~np.isnan(enroll)

    assert_agrees(estimate_mean(data["api00"], **structure(data)), told["mean_api00"])
    assert_agrees(estimate_total(data["api00"], **structure(data)), told["total_api00"])
    total = estimate_total(np.where(known, enroll, 0), **structure(data), domain=known)
    assert_agrees(total, told["total_enroll"])


@each_design
def test_ratios(name):
    data, told = DESIGNS[name]["data"], DESIGNS[name]["results"]
    enroll, students = column(data, "enroll"), column(data, "api_stu")
    known = ~np.isnan(enroll)

    ratio = estimate_ratio(
        np.where(known, students, 0), np.where(known, enroll, 0), **structure(data), domain=known
    )

    assert_agrees(ratio, told["ratio_stu_enroll"])


@each_design
def test_domains(name):
    data, told = DESIGNS[name]["data"], DESIGNS[name]["results"]
    middle, large = np.array(data["stype"]) == "M", np.nan_to_num(column(data, "enroll")) > 600
    api00, students = data["api00"], np.nan_to_num(column(data, "api_stu"))

    assert_agrees(estimate_mean(api00, **structure(data), domain=middle), told["mean_api00_middle"])
    assert_agrees(estimate_total(api00, **structure(data), domain=middle), told["total_api00_middle"])
    assert_agrees(estimate_ratio(students, api00, **structure(data), domain=middle), told["ratio_middle"])
    assert_agrees(estimate_mean(api00, **structure(data), domain=large), told["mean_api00_large"])


@each_design
def test_degrees_of_freedom(name):
    data, told = DESIGNS[name]["data"], DESIGNS[name]["results"]
    found = structure(data)
    design = sample_design(
        len(data["api00"]), *(found.get(k) for k in ("weights", "strata", "clusters", "fpc"))
    )
    middle, large = np.array(data["stype"]) == "M", np.nan_to_num(column(data, "enroll")) > 600

    assert [design.df(), design.df(middle), design.df(large)] == told["df"]


@each_design
def test_logit_and_beta_intervals_of_a_proportion(name):
    data, told = DESIGNS[name]["data"], DESIGNS[name]["results"]

    rate = estimate_mean(data["sch_wide"], **structure(data))
    n_eff = rate.value * (1 - rate.value) / rate.se**2
    logit = logit_interval(rate.value, rate.se, df=told["df"][0])
    beta = korn_graubard_interval(rate.value * rate.n, rate.n, n_eff=n_eff, df=told["df"][0])

    assert_agrees(rate, told["rate_no"])
    assert list(logit) == pytest.approx(told["rate_no_logit"][2:], rel=1e-6)  # R iterates to about 1e-8
    assert list(beta) == pytest.approx(told["rate_no_beta"][2:], rel=1e-9)


def test_unequal_probabilities_of_counties():
    data = GOLDEN["unequal_probabilities"]["data"]
    told = GOLDEN["unequal_probabilities"]["results"]

    total = estimate_total(data["bush"], weights=data["weights"])

    assert_agrees(total, told["total_bush"])
    assert_agrees(estimate_mean(data["bush"], weights=data["weights"]), told["mean_bush"])
    assert_agrees(
        estimate_ratio(data["bush"], data["votes"], weights=data["weights"]), told["ratio_bush_votes"]
    )


def test_a_poisson_sample_of_schools():
    data, told = GOLDEN["poisson"]["data"], GOLDEN["poisson"]["results"]
    design = {"weights": 1 / np.array(data["p"]), "poisson": True}
    large = np.array(data["enroll"]) > 600

    assert_agrees(estimate_total(data["api00"], **design), told["total_api00"])
    assert_agrees(estimate_mean(data["api00"], **design), told["mean_api00"])
    assert_agrees(estimate_mean(data["sch_wide"], **design), told["rate_no"])
    assert_agrees(estimate_ratio(data["api_stu"], data["enroll"], **design), told["ratio_stu_enroll"])
    assert_agrees(estimate_mean(data["api00"], **design, domain=large), told["mean_api00_large"])
    assert_agrees(estimate_total(data["api00"], **design, domain=large), told["total_api00_large"])
    assert_agrees(estimate_total(data["enroll"], **design), told["total_enroll"])


def test_the_published_figures_of_the_stratified_school_sample():
    data = DESIGNS["stratified_fpc"]["data"]

    mean = estimate_mean(data["api00"], **structure(data))
    rate = estimate_mean(data["sch_wide"], **structure(data))

    assert (round(mean.value, 5), round(mean.se, 5)) == (662.28736, 9.40894)
    assert (round(rate.value, 8), round(rate.se, 5)) == (0.17205199, 0.02434)


def test_weights_follow_from_population_counts_when_none_are_given():
    data = DESIGNS["stratified_fpc"]["data"]

    by_counts = estimate_mean(data["api00"], strata=data["strata"], fpc=data["fpc"])

    assert by_counts.value == pytest.approx(662.28736, abs=1e-5)
