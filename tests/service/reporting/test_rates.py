"""The named rates of RULES 10 against hand-worked and published figures."""

import pytest
from factories.dashboard import dashboard_of
from factories.rates import AT, WALES, make_final_check, make_rates_round
from sqlalchemy import event

from qa_service.core.db import Scope, set_scope
from qa_service.estate.tables import Pdu
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.rates import RateName, rates_by, share_of
from qa_service.reporting.team_events import teams_of
from qa_service.rounds.tables import Arm

POLICY = load_policy()


def _rates(session, level=AreaLevel.PDU):
    return {area.code: area for area in rates_by(session, level, at=AT, policy=POLICY.rates)}


def test_each_named_rate_counts_what_the_rules_say(session, round_):
    make_final_check(session, 1, round_, verdict="fail", assessed="MEDIUM", reviewed="HIGH")
    make_final_check(session, 2, round_, verdict="fail", assessed="LOW", reviewed="MEDIUM")
    make_final_check(session, 3, round_, verdict="pass_with_actions", assessed="HIGH", reviewed="MEDIUM")
    make_final_check(session, 4, round_, verdict="recheck")
    make_final_check(session, 5, round_, verdict="pass")
    make_final_check(session, 6, round_, verdict="not_scorable", reviewed=None)

    area = _rates(session)["LDNTST"]

    counts = {name.value: (area.rate(name).by_officer.k, area.rate(name).by_officer.n) for name in RateName}
    assert counts == {
        "medium_should_be_high_rate": (1, 3),
        "underclassified_rate": (2, 5),
        "overclassified_rate": (1, 5),
        "insufficient_rate": (3, 5),
    }
    assert area.n_not_scorable == 1


def test_nine_of_137_has_the_interval_that_wilson_gives(session, round_):
    for number in range(137):
        is_wrong = number < 9
        make_final_check(
            session,
            number,
            round_,
            verdict="fail" if is_wrong else "pass",
            reviewed="HIGH" if is_wrong else "MEDIUM",
        )

    found = _rates(session)["LDNTST"].rate(RateName.MEDIUM_SHOULD_BE_HIGH).by_officer

    # HM Inspectorate's London figure; limits as printed by statsmodels 0.15 proportion_confint(9, 137, "wilson")
    assert (round(found.low * 100, 2), round(found.high * 100, 2)) == (3.49, 12.01)


def test_large_caseloads_count_for_what_they_are(session, round_):
    make_final_check(session, 1, round_, verdict="fail", reviewed="HIGH", n_cases=30)
    make_final_check(session, 2, round_, n_cases=10)

    found = _rates(session)["LDNTST"].rate(RateName.MEDIUM_SHOULD_BE_HIGH)

    assert found.by_officer.value == 0.5
    assert found.by_case.value == pytest.approx(30 / 40)


def test_a_region_that_is_checked_twice_a_year_counts_once_in_the_rate_of_the_nation(session, round_):
    # given: 8 officers with ten cases each in both regions; in London 2 of 8 found too low in each half-year
    for number in range(8):
        make_final_check(session, number, round_, place=WALES)
    for half in (1, 2):
        london = make_rates_round(session, f"N07-{half}", cadence="six_monthly")
        for number in range(8):
            found = "HIGH" if number < 2 else "MEDIUM"
            make_final_check(session, 8 * half + number, london, days_ago=180 * half - 20, reviewed=found)

    name = RateName.MEDIUM_SHOULD_BE_HIGH
    rate = _rates(session, AreaLevel.NATIONAL)["E&W"].rate(name)
    of_london = _rates(session, AreaLevel.REGION)["N07"].rate(name)

    assert (rate.by_officer.k, rate.by_officer.n) == (4, 24)
    assert rate.by_officer.value == rate.by_case.value == pytest.approx(1 / 8)
    assert of_london.by_officer == share_of(4, 16, "one case an officer, Wilson 95%")
    assert of_london.by_case.value == pytest.approx(1 / 4)


def test_what_targeted_checks_and_sweeps_found_is_in_no_rate(session, round_):
    make_final_check(session, 1, round_)
    make_final_check(session, 2, round_, verdict="fail", reviewed="HIGH", arm=Arm.TARGETED)
    make_final_check(session, 3, round_, verdict="fail", reviewed="HIGH", arm=Arm.SWEEP)

    found = _rates(session)["LDNTST"].rate(RateName.UNDERCLASSIFIED).by_officer

    assert (found.k, found.n) == (0, 1)


def test_a_pdu_looks_back_24_months_and_a_region_12(session, round_):
    for number, days_ago in enumerate((30, 400, 800)):
        make_final_check(session, number, round_, days_ago=days_ago)

    n = {
        level: _rates(session, level)[code].rate(RateName.UNDERCLASSIFIED).by_officer.n
        for level, code in ((AreaLevel.PDU, "LDNTST"), (AreaLevel.REGION, "N07"), (AreaLevel.NATIONAL, "E&W"))
    }

    assert n == {AreaLevel.PDU: 2, AreaLevel.REGION: 1, AreaLevel.NATIONAL: 1}


def test_a_year_back_is_the_same_day_whichever_months_lie_between(session, round_):
    for number, days_ago in enumerate((365, 366)):
        make_final_check(session, number, round_, days_ago=days_ago)

    found = _rates(session, AreaLevel.REGION)["N07"]

    assert found.since == AT.replace(year=AT.year - 1)
    assert found.rate(RateName.UNDERCLASSIFIED).by_officer.n == 1


def test_what_was_drawn_in_a_pdu_that_merged_counts_for_its_successor(session, round_):
    make_final_check(session, 1, round_)
    old = Pdu(code="OLDPDU", name="Old PDU", region_code="N07", closed_on=AT.date(), successor_code="LDNTST")
    session.add(old)
    session.flush()
    moved = make_final_check(session, 2, round_, verdict="fail", reviewed="HIGH")
    moved.drawn_pdu_code = "OLDPDU"
    session.flush()

    areas = _rates(session)

    assert set(areas) == {"LDNTST", "WALTST"}
    assert areas["LDNTST"].rate(RateName.UNDERCLASSIFIED).by_officer.n == 2


def test_bounds_say_what_the_not_scorable_could_change(session, round_):
    for number in range(8):
        make_final_check(session, number, round_, verdict="fail" if number < 2 else "pass")
    for number in (8, 9):
        make_final_check(session, number, round_, verdict="not_scorable", reviewed=None)

    found = dashboard_of(session, RateName.INSUFFICIENT)

    assert found.bounds.n_not_scorable == 2
    assert (found.bounds.all_right.value, found.bounds.all_wrong.value) == (
        pytest.approx(0.2),
        pytest.approx(0.4),
    )


def test_the_dashboard_and_the_list_of_rates_agree(session, round_):
    for number in range(25):
        make_final_check(
            session,
            number,
            round_,
            verdict="fail",
            reviewed="HIGH" if number < 3 else "MEDIUM",
            n_cases=number + 1,
        )
    for number in range(25, 30):
        make_final_check(session, number, round_, place=WALES)

    found = dashboard_of(session)

    listed = {code: area.rate(RateName.MEDIUM_SHOULD_BE_HIGH) for code, area in _rates(session).items()}
    assert found.own.rate == listed["LDNTST"]
    assert {line.area.code: line.rate for line in found.pdus} == {"LDNTST": listed["LDNTST"]}
    assert sum(quarter.n for quarter in found.trend.quarters) == 25


def test_a_heads_page_asks_the_database_six_times(session, round_):
    make_final_check(session, 1, round_)
    set_scope(session, Scope(pdus=("LDNTST",)))
    asked = []
    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))

    dashboard_of(session)
    tree = area_tree(session)
    asked.pop()  # the page keeps the tree of areas that it has
    teams_of(session, tree, tree.pdus["LDNTST"], at=AT, policy=POLICY.rates)

    # Areas, checks and reads, teams; and the scope, widened for the rates and narrowed again.
    assert len(asked) == 6
