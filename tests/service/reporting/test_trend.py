"""Quarters against their baseline: a new version of the rubric begins a new one, and is stated."""

import re
from datetime import timedelta

import pytest
from factories.dashboard import dashboard_of
from factories.rates import AT, make_final_check, make_waiting_check

from qa_service.pages.rate_charts import p_chart_of
from qa_service.pages.rate_words import no_chart_in_words, trend_in_words
from qa_service.policy.numbers import load_policy

# AT is 2 November 2026: days back into Q4, Q3 and Q2 of 2026.
Q4, Q3, Q2 = 10, 60, 150
POLICY = load_policy().rates


def _checks(session, round_, first, n, n_hits, *, days_ago, rubric="1"):
    for number in range(first, first + n):
        is_hit = number < first + n_hits
        make_final_check(
            session,
            number,
            round_,
            verdict="fail" if is_hit else "pass",
            reviewed="HIGH" if is_hit else "MEDIUM",
            days_ago=days_ago,
            rubric=rubric,
        )


@pytest.fixture
def changed(session, round_):
    """Rubric 1 finds 2 of 40, rubric 2, from the middle of a quarter on, 24 of 40."""
    _checks(session, round_, 0, 20, 2, days_ago=Q2)
    _checks(session, round_, 20, 20, 0, days_ago=Q3)
    _checks(session, round_, 40, 20, 12, days_ago=Q3 - 20, rubric="2")
    _checks(session, round_, 60, 20, 12, days_ago=Q4, rubric="2")
    return dashboard_of(session)


def test_each_rubric_has_the_rate_over_its_own_quarters_as_baseline(changed):
    trend = changed.trend

    assert [(one.rubric, one.rate, one.since) for one in trend.baselines] == [
        ("1", 0.05, "Q2 2026"),
        ("2", 0.6, "Q3 2026"),
    ]
    assert trend.baseline == 0.6


def test_a_rate_that_the_new_rubric_doubled_is_not_beyond_the_old_ones_limits(changed):
    assert [quarter.name for quarter in changed.trend.quarters if quarter.is_beyond] == []


def test_the_quarter_of_the_change_stands_once_under_each_rubric(changed):
    shown = [(one.name, one.k, one.n, one.baseline) for one in changed.trend.quarters if one.n]

    assert shown == [
        ("Q2 2026", 2, 20, 0.05),
        ("Q3 2026, v1", 0, 20, 0.05),
        ("Q3 2026, v2", 12, 20, 0.6),
        ("Q4 2026", 12, 20, 0.6),
    ]


def test_the_chart_and_its_sentence_state_both_baselines_and_where_the_second_begins(changed):
    assert (
        "The rubric changed, so the baseline begins anew: 5.0% under version 1, from Q2 2026;"
        " 60.0% under version 2, from Q3 2026." in trend_in_words(changed)
    )
    assert ">Rubric v2</text>" in p_chart_of(changed)


def test_with_one_rubric_one_baseline_is_stated_and_nothing_begins(session, round_):
    _checks(session, round_, 0, 20, 2, days_ago=Q3)

    found = dashboard_of(session)

    assert "Baseline 10.0%: all the final quarters." in trend_in_words(found)
    assert "Rubric v" not in p_chart_of(found)
    assert len(found.trend.quarters) == 8


def test_the_quarters_of_an_earlier_rubric_that_have_no_rate_are_not_put_on_the_later_baseline(changed):
    levels = re.findall(r'<path d="M([\d.]+) ([\d.]+)L([\d.]+) \2" stroke="#0b0c0c"/>', p_chart_of(changed))

    assert [(start, end) for start, _, end in levels] == [("52", "470.4"), ("470.4", "590")]


def test_a_quarter_is_that_of_the_draw_because_a_fail_is_decided_later_than_a_pass(session, round_):
    _checks(session, round_, 0, 20, 0, days_ago=Q3)
    late = make_final_check(session, 20, round_, verdict="fail", reviewed="HIGH", days_ago=Q4)
    late.drawn_at = AT - timedelta(days=Q3)
    session.flush()

    shown = [(one.name, one.k, one.n) for one in dashboard_of(session).trend.quarters if one.n]

    assert shown == [("Q3 2026", 1, 21)]


def test_a_quarter_with_checks_that_wait_is_counted_and_not_charted_nor_in_the_baseline(session, round_):
    _checks(session, round_, 0, 20, 2, days_ago=Q2)
    _checks(session, round_, 20, 20, 0, days_ago=Q3)
    make_waiting_check(session, 40, round_, days_ago=Q3)

    found = dashboard_of(session)

    quarter = next(one for one in found.trend.quarters if one.name == "Q3 2026")
    assert (quarter.is_final, quarter.k, quarter.n, quarter.rate, quarter.high) == (False, 0, 20, None, None)
    assert found.trend.baseline == 0.1
    told = "Not charted until every check drawn in it is final: Q3 2026. A possible fail takes longer than a pass"
    assert f"{told}, so until then a rate seems too low." in trend_in_words(found)


def test_a_quarter_of_fewer_than_twenty_checks_has_no_rate_and_most_such_no_chart(session, round_):
    _checks(session, round_, 0, 20, 2, days_ago=Q2)
    _checks(session, round_, 20, 19, 1, days_ago=Q3)
    _checks(session, round_, 40, 1, 1, days_ago=Q4)

    found = dashboard_of(session)

    told = {one.name: (one.rate, one.high, one.is_beyond, one.is_too_few) for one in found.trend.quarters}
    assert told["Q3 2026"] == told["Q4 2026"] == (None, None, False, True)
    assert told["Q2 2026"][0] == 0.1
    assert p_chart_of(found) is None
    assert "most quarters that are final have fewer than 20 checks" in no_chart_in_words(found, POLICY)


def test_quarters_of_the_draw_are_not_for_those_who_may_not_see_small_counts(session, round_):
    _checks(session, round_, 0, 20, 6, days_ago=Q2)

    assert dashboard_of(session, is_suppressed=True).trend is None
