"""Causes, coverage, cost and team events of an area, counted by hand."""

from datetime import date

import pytest
from factories.cases import make_case
from factories.estate import make_area, make_officer
from factories.rates import AT, LONDON, WALES, Place, add_read, make_final_check

from qa_service.core.db import Scope, set_scope
from qa_service.estate.tables import FactKind, Team
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.causes import causes_of
from qa_service.reporting.cost import cost_of
from qa_service.reporting.coverage import CoverageState, coverage_of
from qa_service.reporting.team_events import events_of_team, teams_of
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds.tables import Arm, CheckStatus

POLICY = load_policy()


def _of(work, session, code="LDNTST", **options):
    tree = area_tree(session)
    return work(session, tree, tree.pdus[code], at=AT, policy=POLICY, **options)


def _fail(session, number, round_, answers, **options):
    check = make_final_check(session, number, round_, verdict="fail", reviewed="HIGH", **options)
    add_read(session, check, ReadKind.FIRST, level="HIGH", verdict="fail", answers=answers)


def test_a_cause_is_counted_once_in_a_fail_however_many_lines_name_it(session, round_):
    _fail(
        session,
        1,
        round_,
        {"A2": ("no", "workload"), "A3": ("no", "workload"), "B2": ("partly", "supervisor")},
    )
    _fail(session, 2, round_, {"A2": ("no", "officer")})

    found = _of(causes_of, session)

    assert {one.code: one.share.k for one in found.causes if one.share.k} == {
        "workload": 1,
        "supervisor": 1,
        "officer": 1,
    }
    assert (found.n_fails, found.load_share.k) == (2, 1)


def test_workload_in_over_40_pct_of_ten_fails_calls_for_a_plan_and_nine_fails_are_too_few(session, round_):
    for number in range(9):
        _fail(session, number, round_, {"A2": ("no", "workload" if number < 5 else "officer")})
    nine = _of(causes_of, session)

    _fail(session, 9, round_, {"A2": ("no", "officer")})
    ten = _of(causes_of, session)

    assert (nine.is_over_the_threshold, ten.is_over_the_threshold) == (False, True)


def test_lines_are_counted_over_the_checks_in_which_they_applied(session, round_):
    for number, judgement in enumerate(("no", "yes", "partly", "na", "cannot_tell")):
        check = make_final_check(session, number, round_)
        add_read(session, check, ReadKind.FIRST, level="MEDIUM", answers={"A2": (judgement, "officer")})

    [line] = _of(causes_of, session).lines

    assert (line.item_id, line.share.k, line.share.n) == ("A2", 1, 3)


def test_workload_is_that_of_the_week_of_the_assessment(session, round_):
    make_final_check(session, 1, round_, workload=(2000, 2176))
    make_final_check(session, 2, round_, workload=(2176, 2176))
    make_final_check(session, 3, round_, verdict="fail", reviewed="HIGH", workload=(2500, 2176))
    make_final_check(session, 4, round_)

    found = _of(causes_of, session)

    assert {one.band: (one.share.k, one.share.n) for one in found.workload} == {
        "Under 100%": (0, 1),
        "100% to 110%": (0, 1),
        "110% and over": (1, 1),
        "Not known": (0, 1),
    }


def test_every_officer_of_an_area_stands_in_exactly_one_state(session, round_):
    checked = make_final_check(session, 1, round_)
    open_one = make_final_check(session, 2, round_)
    open_one.status = CheckStatus.OPENED
    make_officer(session, "N07D001")
    make_case(session, 9, staff_code="N07D001")
    make_officer(session, "N07N001")
    make_officer(session, "N07J001", from_on=date(2026, 10, 20))
    make_officer(session, "N07L001", facts=(FactKind.LONG_LEAVE,))
    make_officer(session, "W01D001", team="W01T01")
    session.flush()

    found = _of(coverage_of, session)

    states = {one.name: one.state for one in found.officers}
    assert states == {
        "Officer N07X001": CoverageState.CHECKED,
        "Officer N07X002": CoverageState.BEING_CHECKED,
        "Officer N07D001": CoverageState.OVERDUE,
        "Officer N07N001": CoverageState.NOT_DUE,
        "Officer N07J001": CoverageState.NOT_DUE,
        "Officer N07L001": CoverageState.NOT_DUE,
    }
    assert checked.person_id in {one.person_id for one in found.officers}
    assert (found.n_to_be_checked, len(found.officers)) == (3, 6)
    [without] = [one for one in found.officers if one.name == "Officer N07N001"]
    assert without.reason == "holds no case; due once they hold one"


def test_somebody_due_for_the_first_time_is_due_and_not_overdue(session, round_):
    make_officer(session, "N07D001", from_on=date(2026, 8, 3))
    make_case(session, 9, staff_code="N07D001")

    [officer] = _of(coverage_of, session).officers

    assert officer.state is CoverageState.DUE


def test_hours_are_reads_times_planning_hours_and_each_arm_stands_alone(session, round_):
    for number, arm in enumerate((Arm.RANDOM, Arm.RANDOM, Arm.TARGETED)):
        check = make_final_check(session, number, round_, arm=arm, verdict="fail", reviewed="HIGH")
        add_read(session, check, ReadKind.FIRST, level="HIGH", verdict="fail")
        if arm is Arm.RANDOM:
            add_read(session, check, ReadKind.SECOND, level="HIGH", verdict="fail")

    random, targeted = _of(cost_of, session).arms

    # The policy's planning hours: 2.5 for each read; one officer's caseload is carried in 1,650 hours a year.
    assert (random.arm, random.n_reads, float(random.hours), random.hours_per_error) == (
        Arm.RANDOM,
        4,
        10.0,
        5.0,
    )
    assert (targeted.arm, float(targeted.hours), targeted.too_low.k) == (Arm.TARGETED, 2.5, 1)
    assert random.caseload_years_per_error == pytest.approx(5.0 / 1650)
    # 5 hours for each of 2 checks, over the share of too low levels at either end of its interval.
    assert random.hours_per_error_limits == pytest.approx(
        (5.0 / random.too_low.high, 5.0 / random.too_low.low)
    )


def test_a_team_has_events_and_counts_of_the_cases_that_whoever_asks_may_see(session, round_):
    make_final_check(session, 1, round_, verdict="recheck")
    make_final_check(session, 2, round_, verdict="fail", reviewed="HIGH", is_limited_access=True)
    make_final_check(session, 3, round_, place=WALES)
    set_scope(session, Scope(pdus=("LDNTST",)))

    tree = area_tree(session)
    teams = teams_of(session, tree, tree.pdus["LDNTST"], at=AT, policy=POLICY.rates)
    events = events_of_team(session, tree, tree.pdus["LDNTST"], at=AT, policy=POLICY.rates, team=LONDON.team)

    assert [(team.code, team.n_final, team.n_fails, team.n_rechecks) for team in teams] == [
        ("N07T01", 1, 0, 1),
        ("N07T02", 0, 0, 0),
    ]
    assert [(one.officer, one.verdict) for one in events] == [("Officer N07X001", "recheck")]


def test_a_team_that_moved_lists_the_checks_it_is_counted_with_those_drawn_in_its_pdu(session, round_):
    make_area(session, pdu="LDNNEW", teams=("N07T09",))
    make_final_check(session, 1, round_, verdict="recheck")
    session.get(Team, LONDON.team).pdu_code = "LDNNEW"
    make_final_check(session, 2, round_, place=Place("N07", "LDNNEW", LONDON.team))

    tree = area_tree(session)
    asked = {"at": AT, "policy": POLICY.rates, "team": LONDON.team}
    [counts] = teams_of(session, tree, tree.pdus["LDNNEW"], **asked)
    events = events_of_team(session, tree, tree.pdus["LDNNEW"], **asked)

    assert counts.n_final == 1
    assert [one.reference for one in events] == ["K2"]


def test_those_who_have_waited_longest_stand_first(session, round_):
    make_final_check(session, 1, round_, days_ago=500)
    make_final_check(session, 2, round_, days_ago=700)
    make_officer(session, "N07D001")
    make_case(session, 9, staff_code="N07D001")

    names = [one.name for one in _of(coverage_of, session).officers]

    assert names == ["Officer N07D001", "Officer N07X002", "Officer N07X001"]
