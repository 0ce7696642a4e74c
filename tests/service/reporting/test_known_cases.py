"""Cases in cool-off count in rates by case as they were found, and only while their assessment is the same."""

from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np
import pytest
from factories.cases import make_assessment
from factories.rates import AT, make_final_check, make_rates_area, make_rates_round
from sqlmodel import Session

from qa_service.cases.tables import Case
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.definition import Wanted
from qa_service.reporting.exports.equality import equality_export
from qa_service.reporting.rates import NamedRate, RateName, rates_by, readings_by_group
from qa_service.rounds.tables import Arm, Check, Round, RoundUnit

POLICY = load_policy()


@pytest.fixture
def last_round(session):
    return make_rates_area(session)


@pytest.fixture
def this_round(session, last_round):
    return make_rates_round(session, "NAT-2027", drawn_at=AT - timedelta(days=60))


@pytest.fixture
def wrong_then(session, last_round):
    """A medium found to be high, drawn as one of ten 400 days ago."""
    return make_final_check(session, 1, last_round, verdict="fail", reviewed="HIGH", n_cases=10, days_ago=400)


def _in_cool_off(session: Session, round_: Round, checked: Check, *, officer: Check, **changes) -> None:
    """Put a case that was checked into the frame of a round, held by the officer of a check of that round."""
    values = {
        "round_id": round_.id,
        "person_id": officer.person_id,
        "case_id": checked.case_id,
        "assessment_id": checked.assessment_id,
        "staff_code": officer.staff_code,
        "team_code": officer.team_code,
        "pdu_code": officer.drawn_pdu_code,
        "pseudonym": f"p{checked.case_id}",
        "officer_pseudonym": f"o{officer.person_id}",
        "stratum": "cool_off",
        "inclusion_probability": 0.0,
    }
    session.add(RoundUnit(**values | changes))
    session.flush()


def _rate(session: Session, level: AreaLevel = AreaLevel.REGION) -> NamedRate:
    areas = {area.code: area for area in rates_by(session, level, at=AT, policy=POLICY.rates)}
    return areas["LDNTST" if level is AreaLevel.PDU else "N07"].rate(RateName.MEDIUM_SHOULD_BE_HIGH)


def test_a_case_in_cool_off_counts_once_as_it_was_found_beside_what_the_drawn_one_stands_for(
    session, this_round, wrong_then
):
    drawn = make_final_check(session, 2, this_round, n_cases=4)
    _in_cool_off(session, this_round, wrong_then, officer=drawn)

    rate = _rate(session)

    assert rate.by_case.value == pytest.approx(1 / 5)
    assert rate.by_case.method.endswith("beside cases in cool-off as they were found")
    assert (rate.by_officer.k, rate.by_officer.n, rate.by_officer.value) == (0, 1, 0)


def test_over_two_rounds_it_counts_as_drawn_in_one_and_as_known_in_the_other(session, this_round, wrong_then):
    drawn = make_final_check(session, 2, this_round, n_cases=4)
    _in_cool_off(session, this_round, wrong_then, officer=drawn)

    rate = _rate(session, AreaLevel.PDU)

    # Ten cases of the last round stand behind the wrong one, and itself alone in this one.
    assert rate.by_case.value == pytest.approx((10 + 1) / (10 + 4 + 1))
    assert (rate.by_officer.k, rate.by_officer.n) == (1, 2)


def test_once_reassessed_it_is_unknown_because_its_level_was_put_right(session, this_round, wrong_then):
    drawn = make_final_check(session, 2, this_round, n_cases=4)
    case = session.get(Case, wrong_then.case_id)
    anew = make_assessment(session, case, author_staff_code="N07X001", completed_at=AT - timedelta(days=90))
    _in_cool_off(session, this_round, wrong_then, officer=drawn, assessment_id=anew.id)

    assert _rate(session).by_case.value == 0


def test_a_case_that_the_targeted_arm_checked_is_in_no_rate_in_cool_off_either(
    session, last_round, this_round
):
    found = make_final_check(
        session, 1, last_round, verdict="fail", reviewed="HIGH", days_ago=400, arm=Arm.TARGETED
    )
    drawn = make_final_check(session, 2, this_round, n_cases=4)
    _in_cool_off(session, this_round, found, officer=drawn)

    assert _rate(session).by_case.value == 0


def test_it_waits_for_its_officers_own_check_so_that_a_round_half_read_is_not_made_of_it(
    session, this_round, wrong_then
):
    make_final_check(session, 2, this_round, n_cases=4)
    decided_tomorrow = make_final_check(session, 3, this_round, n_cases=4, days_ago=-1)
    _in_cool_off(session, this_round, wrong_then, officer=decided_tomorrow)

    assert _rate(session).by_case.value == 0


def test_that_of_an_officer_with_nothing_to_draw_counts_from_the_draw(session, this_round, wrong_then):
    make_final_check(session, 2, this_round, n_cases=4)
    _in_cool_off(session, this_round, wrong_then, officer=wrong_then)

    assert _rate(session).by_case.value == pytest.approx(1 / 5)


def test_the_equality_export_counts_it_too_and_counts_no_check_twice(session, this_round, wrong_then):
    for number in range(2, 42):
        drawn = make_final_check(session, number, this_round, n_cases=4)
    _in_cool_off(session, this_round, wrong_then, officer=drawn)

    rows = equality_export(session, Wanted(AreaLevel.NATIONAL, datetime(2027, 1, 4, tzinfo=UTC)), POLICY)

    by_case = next(
        row
        for row in rows
        if (row["characteristic"], row["rate"], row["reading"])
        == ("sex", "medium_should_be_high_rate", "by_case")
    )
    assert (by_case["n"], by_case["k"]) == (40, 0)
    assert by_case["value_rate"] == pytest.approx(1 / 161)


def test_over_every_possible_draw_the_rate_by_case_is_right_and_without_the_known_it_is_not():
    # Given what is wrong in each officer's cases: those that can be drawn, and those in cool-off
    drawable = [(1, 0), (0, 0, 1), (0, 0, 0, 0)]
    cool_off = [1, 1, 0]
    truth = (sum(map(sum, drawable)) + sum(cool_off)) / (sum(map(len, drawable)) + len(cool_off))
    weights = [len(cases) for cases in drawable]

    # When every way of drawing one of each officer's is tried
    with_them, without = [], []
    for drawn in product(*drawable):
        for known, kept in ((cool_off, with_them), ([], without)):
            found = readings_by_group(
                np.array([*drawn, *known], dtype=bool),
                np.array([*weights, *([1] * len(known))], dtype=float),
                np.full(3 + len(known), "here"),
                np.arange(3 + len(known)) >= 3,
                np.ones(3 + len(known)),
            )
            kept.append((len(kept), found["here"]["by_case"].value))
    # Then equally likely draws average to the truth
    assert np.mean([value for _, value in with_them]) == pytest.approx(truth)
    assert np.mean([value for _, value in without]) == pytest.approx(2 / 9)
