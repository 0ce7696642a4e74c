"""Which areas stand out: limits, lists and charts, and what may not be shown."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from sampling import (
    NCHS_2017,
    benjamini_hochberg,
    decide_presentation,
    excess_p_values,
    funnel_curves,
    funnel_limits,
    funnel_power,
    hide_beside,
    korn_graubard_interval,
    p_chart,
    suppressed_cells,
)
from sampling.errors import EstimationError

PDUS = np.full(108, 167)


def test_a_hundred_and_eight_equal_pdus_raise_the_published_false_alarms():
    look, act = funnel_limits(PDUS, 0.066, 0.95), funnel_limits(PDUS, 0.066)

    assert (look.upper_k[0], round(look.high[0], 3)) == (18, 0.108)
    assert (act.upper_k[0], round(act.high[0], 3)) == (22, 0.132)
    assert look.expected_false_alarms_above == pytest.approx(1.6, abs=0.05)
    assert act.expected_false_alarms_above == pytest.approx(0.07, abs=0.005)


@pytest.mark.parametrize(
    ("true_rate", "look", "act"), [(0.13, 0.77, 0.42), (0.20, 0.999, 0.986), (0.10, 0.31, 0.07)]
)
def test_power_to_find_a_worse_pdu_is_what_the_design_page_states(true_rate, look, act):
    assert funnel_power(167, 0.066, true_rate, 0.95) == pytest.approx(look, abs=0.006)
    assert funnel_power(167, 0.066, true_rate) == pytest.approx(act, abs=0.006)


def test_a_better_pdu_is_found_on_the_lower_side():
    limits = funnel_limits(400, 0.066, 0.95)

    power = funnel_power(400, 0.066, 0.02, 0.95)

    assert power == pytest.approx(stats.binom.cdf(limits.lower_k[0] - 1, 400, 0.02))


@given(st.integers(1, 500), st.floats(0.01, 0.99), st.sampled_from([0.95, 0.998]))
def test_chance_alone_passes_a_limit_no_more_often_than_stated_and_the_limit_is_the_tightest(
    n, centre, level
):
    limits = funnel_limits(n, centre, level)
    tail = (1 - level) / 2

    assert limits.p_above[0] <= tail + 1e-12
    assert limits.p_below[0] <= tail + 1e-12
    assert stats.binom.sf(limits.upper_k[0] - 1, n, centre) > tail - 1e-9
    assert stats.binom.cdf(limits.lower_k[0], n, centre) > tail - 1e-9
    assert limits.expected_false_alarms_below == limits.p_below[0]


def test_the_drawn_curve_lies_where_the_chances_of_two_neighbouring_counts_put_it():
    # 10 fair coins: F(7) = 968/1024 and F(8) = 1013/1024 either side of 0.975; the lower curve mirrors it.
    r, a = 8, (1013 / 1024 - 0.975) / (45 / 1024)

    low, high = funnel_curves(10, 0.5, 0.95)

    assert high[0] == pytest.approx((r - a) / 10)
    # The smallest count with F >= 0.025 is 2 (56/1024), so a = (56/1024 - 0.025) / (45/1024).
    assert low[0] == pytest.approx((2 - (56 / 1024 - 0.025) / (45 / 1024)) / 10)


@given(st.integers(1, 500), st.floats(0.01, 0.99), st.sampled_from([0.95, 0.998]))
def test_the_drawn_curve_is_within_one_count_of_the_exact_limit(n, centre, level):
    limits = funnel_limits(n, centre, level)

    low, high = funnel_curves(n, centre, level)

    assert limits.upper_k[0] - 1 - 1e-6 <= high[0] * n <= limits.upper_k[0] + 1e-6
    assert max(0, limits.lower_k[0] - 1) - 1e-6 <= low[0] * n <= limits.lower_k[0] + 1e-6
    assert limits.low[0] <= limits.high[0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_list_of_discoveries_is_that_of_statsmodels(p_values):
    found = benjamini_hochberg(p_values)

    listed, adjusted, *_ = multipletests(p_values, 0.05, "fdr_bh")

    assert found.adjusted_p == pytest.approx(adjusted)
    near = np.abs(adjusted - 0.05) < 1e-12
    assert (found.listed | near).tolist() == (listed | near).tolist()


def test_excess_counts_have_exact_one_sided_p_values():
    assert excess_p_values([0, 2], [2, 2], 0.1).tolist() == pytest.approx([1, 0.01])


def test_limits_of_a_chart_step_with_each_periods_checks_and_after_a_new_rubric():
    chart = p_chart([3, 6, 3, 30, 10, 12], [30, 60, 30, 60, 50, 50], changes=(4,))

    assert chart.centre.tolist() == pytest.approx([42 / 180] * 4 + [22 / 100] * 2)
    assert chart.high[0] > chart.high[1]
    assert chart.outside.tolist() == [False, False, False, True, False, False]


def test_a_stretch_without_any_hit_has_no_limits_and_no_signal():
    chart = p_chart([0, 0], [20, 20])

    assert np.isnan(chart.high).all()
    assert not chart.outside.any()


def test_a_lone_small_count_takes_the_next_smallest_of_its_row_and_column_with_it():
    table = [[3, 20, 30, 53], [40, 50, 60, 150], [70, 80, 90, 240], [113, 150, 180, 443]]

    hidden = suppressed_cells(table, 5)

    assert hidden.tolist() == [
        [True, True, False, False],
        [True, True, False, False],
        [False, False, False, False],
        [False, False, False, False],
    ]


@given(st.integers(2, 5).flatmap(lambda width: st.lists(
    st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=2, max_size=5)))  # fmt: skip
def test_no_hidden_count_is_ever_alone_in_its_row_or_column(inner):
    counts = np.array(inner)
    table = np.block([[counts, counts.sum(1)[:, None]], [counts.sum(0), counts.sum()]])

    hidden = suppressed_cells(table, 5)

    assert hidden[(table > 0) & (table < 5)].all()
    assert not (hidden.sum(axis=0) == 1).any()
    assert not (hidden.sum(axis=1) == 1).any()


@pytest.mark.parametrize("total", range(5, 41, 5))
def test_whoever_knows_the_total_and_what_is_shown_finds_no_small_count_of_hits_or_of_the_rest(total):
    """Every table of four areas with 10 checks each, by going through all that it could be."""
    n, tables = 10, [told for told in product((0, 1, 4, 5, 10), repeat=4) if sum(told) == total]
    for hits in tables:
        parts = np.array([hits, [n - k for k in hits]])
        hidden = hide_beside(((parts > 0) & (parts < 5)).any(axis=0), parts, 5)

        could_be = [
            told
            for told in product(range(n + 1), repeat=4)
            if sum(told) == total
            and all(k == true for k, true, is_hidden in zip(told, hits, hidden, strict=True) if not is_hidden)
        ]
        for place in np.flatnonzero(hidden):
            assert len({told[place] for told in could_be}) > 1


def test_two_hidden_counts_that_add_up_to_a_small_one_take_a_third_with_them():
    hidden = hide_beside([True, True, False, False], [[1, 1, 20, 9], [99, 99, 80, 71]], 5)

    assert hidden.tolist() == [True, True, False, True]


def test_a_hidden_count_of_a_group_whose_total_is_known_takes_another_of_that_group_with_it():
    hits, rest = [[3, 40, 20, 30]], [[90, 90, 90, 90]]
    hidden = [[True, False, False, False]]

    # Places 0 and 1 make one group, 2 and 3 another: hidden across groups, each would follow from its own total.
    assert hide_beside(hidden, [hits, rest], 5).tolist() == [[True, False, True, False]]
    assert hide_beside(hidden, [hits, rest], 5, also=[[0, 1], [2, 3]]).tolist() == [[True] * 4]


def test_where_rows_and_columns_cross_a_nought_hides_no_count_beside_it():
    hits, rest = [[12, 0, 20], [30, 40, 50]], [[50, 50, 50], [60, 60, 60]]

    hidden = hide_beside([[True, True, False], [False] * 3], [hits, rest], 5)

    assert hidden[0].all()


def test_an_area_in_which_nothing_was_checked_is_never_hidden_because_it_protects_nothing():
    hits, rest = [0, 0, 0, 6], [0, 0, 5, 3]

    assert hide_beside([False, False, False, True], [hits, rest], 5).tolist() == [False, False, True, True]


def test_a_table_whose_totals_do_not_add_up_is_refused():
    with pytest.raises(EstimationError, match="totals do not add up"):
        suppressed_cells([[1, 2, 4], [1, 1, 2], [2, 3, 6]], 5)


@pytest.mark.parametrize(
    ("k", "n", "shown"),
    [
        pytest.param(11, 167, "show", id="a PDU's year is just publishable"),
        pytest.param(5, 83, "too_uncertain", id="a London half-year is not"),
        pytest.param(10, 29, "too_few_to_compare", id="29 checks"),
        pytest.param(10, 30, "too_uncertain", id="30 points wide or more"),
        pytest.param(1, 1000, "show", id="narrow whatever the rate"),
        pytest.param(0, 60, "too_uncertain", id="nought of few"),
    ],
)
def test_rates_are_shown_by_the_nchs_standard(k, n, shown):
    assert decide_presentation(korn_graubard_interval(k, n), n, NCHS_2017) == shown


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda: funnel_limits(0, 0.1), id="no checks"),
        pytest.param(lambda: funnel_limits(10, 0), id="no centre"),
        pytest.param(lambda: funnel_power(10, 0.1, 1.2), id="rate over 1"),
        pytest.param(lambda: p_chart([1], [0]), id="no checks in a period"),
        pytest.param(lambda: p_chart([1, 1], [2, 2], changes=(5,)), id="a change after the end"),
        pytest.param(lambda: benjamini_hochberg([1.2]), id="p over 1"),
        pytest.param(lambda: suppressed_cells([[1, 2]], 5), id="no totals"),
    ],
)
def test_counts_that_do_not_fit_are_refused(attempt):
    with pytest.raises(EstimationError):
        attempt()
