"""Lists made from flags: in order, within reach, with where to stop, and never to the one who reads the case."""

import math
from datetime import UTC, datetime

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_officer
from factories.flags import estimate, evaluation, make_artefact_row, make_flag
from factories.rounds import make_drawable_area, make_drawn_round
from sqlalchemy import text

from qa_service.core.db import SYSTEM, Scope, set_scope
from qa_service.core.errors import Conflict, NotFound
from qa_service.flags.rules import remaining_below
from qa_service.flags.tables import FlagArtefact
from qa_service.reporting.flagged import rank_cases, undrawn_flagged
from qa_service.reporting.reach import Reach

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
LONDON = Reach(("LDNTST",), ())
HIGH = {"children": "LOW", "public": "HIGH", "known_adult": "MEDIUM", "staff": "LOW"}


@pytest.fixture
def cases(session):
    """Four mediums scored .9, .6, .3 and .1, a high scored .5 in a group, a medium without a score, a low.

    Of two more highs one has no scorer for its lower groups, of the other every level is high.
    """
    make_area(session)
    make_officer(session, "N07A001")
    make_artefact_row(session)
    made = {}
    for number, (name, score) in enumerate(
        {"first": 0.9, "second": 0.6, "fourth": 0.3, "fifth": 0.1, "waiting": None}.items(), start=1
    ):
        case = made[name] = make_case(session, number)
        assessment = make_assessment(session, case)
        if score is not None:
            make_flag(session, assessment.id, score)
    made["third"] = make_case(session, 8)
    make_flag(session, make_assessment(session, made["third"], groups=HIGH).id, 0.5, target="public")
    for number, target in ((10, "unscored"), (11, "none")):
        made[target] = make_case(session, number)
        make_flag(
            session,
            make_assessment(session, made[target], groups=HIGH).id,
            0.0,
            target=target,
            sentence="No scorer for its lower levels (staff).",
        )
    low = make_case(session, 9)
    make_flag(session, make_assessment(session, low, groups={"public": "LOW"}).id, 0.99)
    return made


def names(session, reach=LONDON, **options):
    return [case.name for case in rank_cases(session, reach, at=AT, **options).cases]


def test_mediums_and_highs_come_by_score_and_those_without_one_last(session, cases):
    ordered = [cases[name].name for name in ("first", "second", "third", "fourth", "fifth")]

    assert names(session)[:5] == ordered
    assert names(session, first=1, n=2) == ordered[1:3]
    assert rank_cases(session, LONDON, at=AT).n_all == 8


def test_a_high_without_a_scorer_for_its_lower_groups_is_unscored_and_not_free_of_doubt(session, cases):
    found = rank_cases(session, LONDON, at=AT)

    assert {case.name for case in found.cases[-3:-1]} == {cases["waiting"].name, cases["unscored"].name}
    assert found.cases[-1].name == cases["none"].name
    assert (found.n_without_score, found.n_unscored) == (1, 1)
    by_name = {case.name: case for case in found.cases}
    assert by_name[cases["unscored"].name].score_rate is None
    assert by_name[cases["none"].name].score_rate == 0


def test_a_list_ends_at_the_areas_edge(session, cases):
    assert names(session, Reach(("OTHER1",), ())) == []
    assert len(names(session, Reach((), ("N07T01",)))) == 8


def test_a_limited_access_case_is_in_nobodys_list_unless_they_are_named(session, cases):
    cases["first"].is_limited_access = True
    session.flush()

    set_scope(session, Scope(regions=("N07",)))
    assert cases["first"].name not in names(session)
    assert rank_cases(session, LONDON, at=AT).n_all == 7
    set_scope(session, Scope(regions=("N07",), limited=(cases["first"].id,)))
    assert cases["first"].name in names(session)
    set_scope(session, SYSTEM)


def test_a_case_that_the_asker_reads_at_this_moment_is_left_out(session, cases):
    check = session.execute(
        text(
            "INSERT INTO check_record (reference, purpose, arm, cause, status, case_id, assessment_id, person_id,"
            " staff_code, team_code, drawn_pdu_code, drawn_region_code, rubric_version, policy_version, drawn_at,"
            " pack_through_item_id, is_urgent) SELECT 'K', 'live', 'follow_up', 'after_recheck', 'opened',"
            " a.case_id, a.id, p.id, 'N07A001', 'N07T01', 'LDNTST', 'N07', '1', '2026-11-01', :at, 0, false"
            " FROM assessment a CROSS JOIN person p WHERE a.case_id = :case LIMIT 1 RETURNING id"
        ),
        {"at": AT, "case": cases["second"].id},
    ).scalar_one()
    assert rank_cases(session, LONDON, at=AT).cases[1].is_being_checked

    session.execute(text("SELECT set_config('app.reading', :reading, true)"), {"reading": f"{{{check}}}"})

    assert cases["second"].name not in names(session)


def test_where_to_stop_says_how_many_wrong_mediums_remain_below_the_line(session, cases):
    top, line, end = rank_cases(session, LONDON, at=AT, n_read=[0, 2, 9]).stops

    assert (line.n_read, line.score_rate) == (2, 0.6)
    # Below the second: the fourth, the fifth and the one without a score.
    assert line.mediums.n == 3
    # The line is above the last of the artefact's table (log odds 0), so its last rate holds: 4% (2% to 6%).
    assert line.mediums.wrong.value == pytest.approx(0.12)
    assert (line.mediums.wrong.low, line.mediums.wrong.high) == (pytest.approx(0.06), pytest.approx(0.18))
    assert (top.mediums.n, top.score_rate) == (5, 0.9)
    assert (end.mediums.n, end.highs.n, end.mediums.wrong) == (0, 0, None)


def measured(session, lines, highs=None):
    """Let the artefact have measured these shares (with their limits) of wrong mediums below some log odds."""
    row = session.get_one(FlagArtefact, "a" * 64)
    table = [{"score": score, "wrong_rate": estimate(*rates)} for score, rates in lines.items()]
    row.evaluation = evaluation(remaining=table) | ({"highs": highs} if highs else {})
    session.flush()


def test_reading_more_never_leaves_more_wrong_ones_though_the_measured_rates_rise_and_fall(session, cases):
    # below 1 in 5 many were found wrong by chance, below 2 in 5 and 7 in 10 few
    measured(session, {-1.4: (0.5, 0.2, 0.9), -0.4: (0.1, 0.05, 0.3), 0.85: (0.12, 0.01, 0.5)})

    found = rank_cases(session, LONDON, at=AT, n_read=range(9)).stops

    for figure in ("value", "low", "high"):
        told = [getattr(stop.mediums.wrong, figure) for stop in found if stop.mediums.wrong]
        assert len(told) > 4
        assert told == sorted(told, reverse=True)
    # Scored below 1 in 5 or not at all: the fifth and the waiting one. Half of such are wrong: one of the two.
    assert [round(stop.mediums.wrong.value, 2) for stop in found[:3]] == [1.0, 1.0, 1.0]


def test_at_least_as_many_wrong_ones_remain_as_below_the_measured_line_beneath():
    lines = {-2.0: (0.1, 0.05, 0.2), -1.0: (0.2, 0.15, 0.3), 0.0: (0.3, 0.22, 0.4)}
    table = [{"score": score, "wrong_rate": estimate(*rates)} for score, rates in lines.items()]

    def limits(log_odds, n_below):
        rate = 1 / (1 + math.exp(-log_odds))
        found = remaining_below(evaluation(remaining=table), rate, n_below, [100, 200, 300])
        return round(found.low, 6), round(found.high, 6)

    assert limits(-1.5, 150) == (5, 45)  # between two lines
    assert limits(-0.5, 250) == (30, 100)
    assert limits(-3.0, 50) == (0, 10)  # beneath all: nothing was measured there
    assert limits(0.5, 300) == (66, 120)


def test_what_remains_does_not_depend_on_which_other_lengths_are_asked_about(session, cases):
    measured(session, {-1.4: (0.5, 0.2, 0.9), -0.4: (0.1, 0.05, 0.3), 0.85: (0.12, 0.01, 0.5)})

    alone = [rank_cases(session, LONDON, at=AT, n_read=[n]).stops[0] for n in range(9)]

    assert tuple(alone) == rank_cases(session, LONDON, at=AT, n_read=range(9)).stops


def test_highs_that_should_be_high_for_one_more_group_are_counted_from_their_own_random_checks(
    session, cases
):
    measured(session, {0.0: (0.04, 0.02, 0.06)}, highs=estimate(0.1, 0.05, 0.2, 60))

    top, line, *_ = rank_cases(session, LONDON, at=AT, n_read=[0, 3]).stops

    assert (top.highs.n, line.highs.n) == (3, 2)
    assert top.highs.wrong.value == pytest.approx(0.3)
    assert (line.highs.wrong.low, line.highs.wrong.high) == (pytest.approx(0.1), pytest.approx(0.4))


def test_from_too_few_checked_highs_nobody_says_how_many_of_them_are_wrong(session, cases):
    measured(session, {0.0: (0.04, 0.02, 0.06)}, highs=estimate(0.1, 0.05, 0.2, 19))

    [line] = rank_cases(session, LONDON, at=AT, levels=["HIGH"], n_read=[1]).stops

    assert (line.highs.n, line.highs.wrong, line.mediums.n) == (2, None, 0)


def test_without_checks_to_judge_by_nobody_can_say_where_to_stop(session, cases):
    session.execute(text("UPDATE flag_artefact SET evaluation = '{}'"))
    session.expire_all()

    [line] = rank_cases(session, LONDON, at=AT, n_read=[2]).stops

    assert (line.mediums.wrong, line.highs.wrong) == (None, None)


def test_an_spo_sees_the_teams_flagged_cases_that_were_not_drawn_after_the_round_closes(session, clock):
    drawn, checks = make_drawn_round_with_flags(session, clock.now())
    team = Reach((), ("N07T01",))

    with pytest.raises(Conflict, match="not closed yet"):
        undrawn_flagged(session, team, drawn.reference, at=clock.now())
    session.execute(text("UPDATE round SET status = 'closed'"))
    found = undrawn_flagged(session, team, drawn.reference, at=clock.now())

    assert {case.case_id for case in found}.isdisjoint({check.case_id for check in checks})
    assert all(case.is_flagged for case in found)
    assert len(found) == 6  # nine flagged cases, three of them drawn
    with pytest.raises(NotFound):
        undrawn_flagged(session, team, "no-round", at=clock.now())


def make_drawn_round_with_flags(session, at):
    make_drawable_area(session)
    make_artefact_row(session)
    for key in session.execute(text("SELECT id FROM assessment")).scalars():
        make_flag(session, key, 0.8)
    return make_drawn_round(session, at)
