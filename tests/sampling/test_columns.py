"""What callers hold in lists, arrays and pandas is read alike, and what does not fit is refused by name."""

import json
import math
from dataclasses import asdict
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from sampling import (
    Combined,
    DrawError,
    EstimationError,
    Exclusion,
    Frame,
    PerOfficer,
    PoissonTargeted,
    ReadingTimes,
    SamplingError,
    TakeAllTop,
    Unit,
    benjamini_hochberg,
    cohen_kappa,
    correct_for_reviewer_error,
    decide_presentation,
    detection_probability,
    difference_estimate,
    draw_round,
    estimate_mean,
    estimate_rates_by_group,
    estimate_ratio,
    estimate_total,
    excess_p_values,
    extend_draw,
    funnel_limits,
    gwet_ac1,
    hide_beside,
    in_rolling_window,
    inclusion_probabilities,
    korn_graubard_interval,
    krippendorff_alpha,
    logit_interval,
    multiplicity_weights,
    not_scorable_bounds,
    p_chart,
    pool_rates,
    positive_agreement,
    reviewer_hours,
    rogan_gladen,
    sample_size,
    shrink_rates,
    suppressed_cells,
    union_probability,
    verify_draw,
    wilson_interval,
)
from sampling.suppression import NCHS_2017

NAN = math.nan
Y = [1, 0, 1, 1]


@pytest.mark.parametrize(
    "design",
    [
        pytest.param({"weights": [2, 3, 2, 3], "strata": ["a", "a", "b", "b"]}, id="lists of whole numbers"),
        pytest.param(
            {"weights": np.array([2.0, 3, 2, 3]), "strata": np.array([7, 7, 9, 9])}, id="arrays, other names"
        ),
        pytest.param(
            {
                "weights": pd.Series([2, 3, 2, 3], index=[4, 9, 1, 0]),
                "strata": pd.Categorical(["a", "a", "b", "b"]),
                "clusters": pd.Series([1, 2, 1, 2], dtype="Int64"),
                "domain": pd.Series([True] * 4, dtype="boolean"),
            },
            id="pandas, in any index",
        ),
    ],
)
@pytest.mark.parametrize("y", [Y, np.array(Y, dtype=bool), pd.Series(Y, index=[3, 1, 2, 0])])
def test_lists_arrays_and_pandas_give_the_same_estimate(y, design):
    rate = estimate_mean(y, **design)

    assert rate == estimate_mean(Y, weights=[2, 3, 2, 3], strata=[1, 1, 2, 2])


def test_weights_all_equal_change_nothing_but_the_total():
    plain, equal = estimate_mean(Y), estimate_mean(Y, weights=[7] * 4)

    assert [equal.value, equal.se, equal.low, equal.high] == pytest.approx(
        [plain.value, plain.se, plain.low, plain.high]
    )
    assert estimate_total(Y, weights=[7] * 4).value == 21


def test_an_infinite_population_is_drawn_from_as_if_with_replacement():
    finite, infinite = estimate_mean(Y), estimate_mean(Y, weights=[1] * 4, fpc=[math.inf] * 4)

    assert infinite == finite


def test_readers_who_never_differ_leave_alpha_and_ac1_unbounded():
    alike = [[1, 2, 3, 1], [1, 2, 3, 1]]

    for agreement in (gwet_ac1(alike), krippendorff_alpha(alike), krippendorff_alpha([[1, 2], [1, 2]])):
        assert (agreement.value, agreement.low, agreement.high) == (1, -1, 1)


def test_kappa_without_weights_may_be_asked_for_as_sklearn_does():
    assert cohen_kappa(Y, [1, 0, 0, 1], weights=None) == cohen_kappa(Y, [1, 0, 0, 1], weights="none")


def test_a_transcript_is_written_whatever_whole_number_was_given():
    frame = Frame("r", tuple(Unit(f"p{i}", "o", "", i / 9) for i in range(5)))

    for design in (PerOfficer(k=np.int64(2)), TakeAllTop(np.int64(2)), PoissonTargeted(np.float64(2), 0.1)):
        assert verify_draw(draw_round(frame, design, "seed"))


def test_a_transcript_is_written_whatever_kind_of_number_a_score_or_a_design_is():
    frame = Frame("r", tuple(Unit(f"p{i}", "o", "", np.float32(i / 9)) for i in range(5)))

    for n, floor in ((np.int64(2), np.float32(0.1)), (Fraction(5, 2), Fraction(1, 10))):
        assert verify_draw(draw_round(frame, PoissonTargeted(n, floor), "seed"))


def test_an_interval_of_numpys_numbers_is_that_of_plain_ones_and_can_be_written():
    found = wilson_interval(np.int64(3), np.int64(10))

    assert json.loads(json.dumps(asdict(found))) == asdict(wilson_interval(3, 10))
    assert wilson_interval(np.float32(1), 3) == wilson_interval(1.0, 3)


READ = {"sensitivity": (9, 10), "specificity": (90, 100)}
ONE_CASE = Frame("r", (Unit("p1", "o"),))
REFUSED = {
    "y with a gap": lambda: estimate_mean([1, None, 0]),
    "y in words": lambda: estimate_mean(["yes", "no"]),
    "y a single number": lambda: estimate_mean(1),
    "y as a generator": lambda: estimate_mean(i for i in range(3)),
    "no y": lambda: estimate_total([]),
    "weights with a gap": lambda: estimate_mean([1, 0], weights=[1, NAN]),
    "weights all 0": lambda: estimate_mean([1, 0], weights=[0, 0]),
    "strata with a gap": lambda: estimate_mean(Y, strata=["a", "a", None, None]),
    "strata with nan": lambda: estimate_mean(Y, strata=[1, 1, NAN, NAN]),
    "strata as pairs": lambda: estimate_mean(Y, strata=[("a", 1), ("a", 1), ("b", 1), ("b", 1)]),
    "clusters with pandas NA": lambda: estimate_mean(Y, clusters=pd.Series([1, 2, 3, None], dtype="Int64")),
    "strata of numbers and text": lambda: estimate_mean(Y, strata=np.array([1, "b", 1, "b"], dtype=object)),
    "groups of numbers and text": lambda: estimate_rates_by_group(Y, np.array([1, "b"] * 2, dtype=object)),
    "domain with nan": lambda: estimate_mean(Y, domain=[1, NAN, 1, 1]),
    "domain with pandas NA": lambda: estimate_mean([1, 0], domain=pd.array([True, None], dtype="boolean")),
    "domain in words": lambda: estimate_mean(Y, domain=["a", "", "b", "c"]),
    "domain as positions": lambda: estimate_mean(Y, domain=[0, 2, 3, 1]),
    "fpc with a gap": lambda: estimate_mean([1, 0], weights=[2, 2], fpc=[NAN, NAN]),
    "fpc that differs within a stratum": lambda: estimate_mean([1, 0], fpc=[10, 20]),
    "fpc infinite without weights": lambda: estimate_mean([1, 0], fpc=[math.inf] * 2),
    "fpc as one number": lambda: estimate_mean([1, 0], fpc=10),
    "confidence of 95": lambda: estimate_total([5, 6], confidence=95),
    "confidence nan": lambda: estimate_ratio([1, 2], [3, 4], confidence=NAN),
    "poisson without weights": lambda: estimate_total(Y, poisson=True),
    "poisson with strata": lambda: estimate_total(Y, weights=[2] * 4, strata=[1, 1, 2, 2], poisson=True),
    "poisson weights below 1": lambda: estimate_total(Y, weights=[0.5] * 4, poisson=True),
    "groups without a name": lambda: estimate_rates_by_group([1, 0], ["a", None]),
    "a group without weight": lambda: estimate_rates_by_group(Y, ["a", "a", "b", "b"], weights=[0, 0, 1, 1]),
    "difference of nothing": lambda: difference_estimate([], [], []),
    "no population scores": lambda: difference_estimate([1, 0, 1], [0.1, 0.2, 0.3], []),
    "population scores with a gap": lambda: difference_estimate([1, 0, 1], [0.1, 0.2, 0.3], [NAN, 1]),
    "wilson of words": lambda: wilson_interval("3", 10),
    "wilson of nothing": lambda: wilson_interval(None, 10),
    "wilson of several": lambda: wilson_interval(np.array([1, 2]), 10),
    "wilson nan": lambda: wilson_interval(NAN, 10),
    "wilson k > n": lambda: wilson_interval(11, 10),
    "wilson n = 0": lambda: wilson_interval(0, 0),
    "Korn-Graubard nan": lambda: korn_graubard_interval(3, 10, n_eff=NAN),
    "Korn-Graubard df nan": lambda: korn_graubard_interval(3, 10, df=NAN),
    "logit df 0": lambda: logit_interval(0.1, 0.1, df=0),
    "shrink with a gap": lambda: shrink_rates([NAN, 1], [5, 5]),
    "correct with shares for counts": lambda: correct_for_reviewer_error(
        5, 100, sensitivity=0.9, specificity=0.95
    ),
    "correct of infinitely many": lambda: correct_for_reviewer_error(5, math.inf, **READ),
    "correct confidence": lambda: correct_for_reviewer_error(5, 100, **READ, confidence=NAN),
    "Rogan-Gladen rate over 1": lambda: rogan_gladen(1.5, 0.9, 0.9),
    "funnel of nan": lambda: funnel_limits([NAN], 0.1),
    "p-chart of halves": lambda: p_chart([1.5], [5]),
    "p-chart change between periods": lambda: p_chart([1, 2], [5, 5], changes=(0.5,)),
    "p values of k > n": lambda: excess_p_values([5], [2], 0.1),
    "p values of no centre": lambda: excess_p_values([1], [5], NAN),
    "false discovery rate nan": lambda: benjamini_hochberg([0.1], NAN),
    "kappa with a gap": lambda: cohen_kappa([None, 1], [1, 1]),
    "kappa of numbers and text": lambda: cohen_kappa(np.array([1, "a"], dtype=object), ["a", "a"]),
    "kappa of a reader in numbers, one in text": lambda: cohen_kappa(
        np.array(["a", "b"], dtype=object), np.array([1, 2], dtype=object)
    ),
    "kappa of unknown weights": lambda: cohen_kappa(Y, Y, weights="squared"),
    "kappa of a category twice": lambda: cohen_kappa(Y, Y, categories=[0, 1, 1]),
    "kappa confidence": lambda: cohen_kappa(Y, [1, 0, 0, 1], confidence=95),
    "positive agreement with nan": lambda: positive_agreement([1, NAN], [1, 0]),
    "AC1 of words": lambda: gwet_ac1([["a", "b"], ["a", "b"]]),
    "AC1 of nothing": lambda: gwet_ac1([[], []]),
    "alpha of unknown level": lambda: krippendorff_alpha([[1, 2, 3], [1, 2, 2]], level="ordinals"),
    "alpha of infinity": lambda: krippendorff_alpha([[1, 2, math.inf], [1, 2, 2]], level="interval"),
    "alpha of rows of unequal length": lambda: krippendorff_alpha([[1, 2], [1]]),
    "chances in words": lambda: inclusion_probabilities(["a"], 1),
    "chances of none": lambda: inclusion_probabilities([1, 2], 0),
    "chances of nan": lambda: inclusion_probabilities([1, 2], NAN),
    "chances of sizes too large to add up": lambda: inclusion_probabilities([1e308, 1e308], 1),
    "union of no arm": union_probability,
    "union over 1": lambda: union_probability([1.5]),
    "multiplicity of other units": lambda: multiplicity_weights([0.1], [0.1, 0.2]),
    "pooled by nan": lambda: pool_rates([estimate_mean(Y)], [NAN]),
    "pooled without estimates": lambda: pool_rates([0.1], [5]),
    "bounds of 2": lambda: not_scorable_bounds([1, 2], [True, True]),
    "bounds of what may be scorable": lambda: not_scorable_bounds([1, 0], [1, NAN]),
    "window of no month": lambda: in_rolling_window([], None, 0),
    "window of a row without a day": lambda: in_rolling_window([None], date(2026, 1, 1), 12),
    "sample size of nan": lambda: sample_size(0.1, 0.05, design_effect=NAN),
    "detection by half a check": lambda: detection_probability(1.5, 0.1),
    "hours of fewer than none": lambda: reviewer_hours(-1, ReadingTimes(1, 1, 1, 0.1, 0.1)),
    "hours of a word": lambda: reviewer_hours("5", ReadingTimes(1, 1, 1, 0.1, 0.1)),
    "times in words": lambda: ReadingTimes("1", 1, 1, 0.1, 0.1),
    "times of nan": lambda: ReadingTimes(NAN, 1, 1, 0.1, 0.1),
    "cells of halves": lambda: suppressed_cells([[1.5, 1.5], [1.5, 1.5]], 5),
    "flags of other cells": lambda: hide_beside([[True]], [[[1, 2]]], 5),
    "names that are numbers": lambda: Frame("r", (Unit(1, "o"),)),
    "rows cut short": lambda: Frame("r", (("p1", "o"),)),
    "a score in words": lambda: Frame("r", (Unit("p1", "o", "", "high"),)),
    "an exclusion without reason": lambda: Frame("r", (), (("p1", "o"),)),
    "half a case per officer": lambda: PerOfficer(k=1.5),
    "the top minus one": lambda: TakeAllTop(-1),
    "Poisson of nan": lambda: PoissonTargeted(NAN, 0.1),
    "Poisson of an unknown size": lambda: PoissonTargeted(1, 0.1, "risk"),
    "a seed that is a number": lambda: draw_round(ONE_CASE, PerOfficer(), 5),
    "a seed of half a character": lambda: draw_round(ONE_CASE, PerOfficer(), "\ud800"),
    "a name of half a character": lambda: Frame("r", (Unit("\ud800", "o"),)),
    "no frame": lambda: draw_round(None, PerOfficer(), "s"),
    "no design": lambda: draw_round(ONE_CASE, None, "s"),
    "a design in words": lambda: draw_round(ONE_CASE, "random", "s"),
    "a kind of design": lambda: draw_round(ONE_CASE, PerOfficer, "s"),
    "an arm in words": lambda: Combined(("random",)),
    "nothing to verify": lambda: verify_draw(None),
    "extended in words": lambda: extend_draw(draw_round(ONE_CASE, PerOfficer(), "s"), "3"),
    "substituted without a reason": lambda: draw_round(ONE_CASE, PerOfficer(), "s").substitute("p1", None),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_in_the_packages_own_words(attempt):
    with pytest.raises(SamplingError):
        attempt()


def test_a_refusal_names_the_argument():
    with pytest.raises(EstimationError, match="domain has 1 gaps"):
        estimate_mean(Y, domain=[1, NAN, 1, 1])
    with pytest.raises(EstimationError, match="fpc differs within a stratum"):
        estimate_mean([1, 0], fpc=[10, 20])
    with pytest.raises(EstimationError, match="groups has gaps"):
        estimate_rates_by_group([1, 0], ["a", None])
    with pytest.raises(DrawError, match="a seed is made by combine_seed"):
        draw_round(Frame("r", ()), PerOfficer(), 5)


def test_a_rate_of_unknown_precision_is_not_shown():
    assert decide_presentation(wilson_interval(5, 50), NAN, NCHS_2017) == "too_few_to_compare"


def test_exclusions_may_be_given_as_plain_rows():
    frame = Frame("r", (), (("p1", "o", "closed"),))

    assert frame.exclusions == (Exclusion("p1", "o", "closed"),)
