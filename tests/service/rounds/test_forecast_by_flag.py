"""What further checks by flag take and find is forecast apart from the random ones, with its ranges."""

import pytest
from factories.flags import estimate, make_artefact_row, make_flag
from factories.rounds import make_drawable_area, make_planned_round
from sqlmodel import select

from qa_service.cases.tables import Assessment
from qa_service.flags.rules import precision_at
from qa_service.policy.numbers import load_policy
from qa_service.rounds.rules.forecast import RateRange, forecast_targeted
from qa_service.rounds.rules.targeting import design_with_targeted

POLICY = load_policy()


def test_levels_found_range_over_the_interval_and_chance_and_hours_over_the_second_reads():
    # 2.5 hours a read, 1.5 a moderation; by hand: 41 + 2 sqrt(100 x 0.41 x 0.59) = 50.8.
    found = forecast_targeted(
        100, 10, RateRange(0.30, 0.20, 0.41), RateRange(0, 0, 0), POLICY.forecast, second_reads_rate=0.05
    ).as_document()

    assert found["found_flagged"] == [30.0, 12.0, 50.8]
    assert found["found_unflagged"] == [0.0, 0.0, 0.0]
    assert found["reviewer_hours"] == [288.8, 277.3, 315.3]


def test_what_is_found_is_never_more_than_is_read():
    sure = RateRange(0.9, 0.8, 1.0)

    found = forecast_targeted(4, 1, sure, sure, POLICY.forecast, second_reads_rate=0.05)

    assert found.found_flagged.high == 4
    assert found.found_unflagged.high == 1


def test_precision_is_that_of_the_nearest_share_that_was_measured():
    yields = [
        {"budget_share": share, "precision": estimate(value, 0.1, 0.9), "recall": estimate(value, 0.1, 0.9)}
        for share, value in ((0.02, 0.5), (0.10, 0.3), (0.40, 0.2))
    ]
    evaluation = {"reports": {"overall": {"yields": yields}}}

    shares = [precision_at(evaluation, share).precision.value for share in (0.01, 0.09, 0.9)]

    assert shares == [0.5, 0.3, 0.2]
    assert precision_at({}, 0.1) is None


def test_a_plan_with_further_checks_forecasts_them_by_the_artefact_in_force(session, clock):
    make_drawable_area(session, n_officers=4, n_cases_each=5)
    make_artefact_row(session, "a" * 64)
    for place, row in enumerate(session.exec(select(Assessment).order_by(Assessment.id)).all()):
        make_flag(session, row.id, 0.9 - place / 100)

    planned = make_planned_round(session, clock.now(), design=design_with_targeted(6, 0.10))

    targeted = planned.forecast["targeted"]
    assert (targeted["n_flagged"], targeted["n_unflagged"], targeted["n_scored"]) == (5, 1, 20)
    # The factory's artefact is right about 30 of 100 it flags.
    assert targeted["found_flagged"][0] == pytest.approx(5 * 0.30)
    assert planned.forecast["n_checks"] == 4


def test_without_an_approved_artefact_nobody_can_say_what_further_checks_find(session, clock):
    make_drawable_area(session, n_officers=4, n_cases_each=5)

    planned = make_planned_round(session, clock.now(), design=design_with_targeted(6, 0.10))

    targeted = planned.forecast["targeted"]
    assert (targeted["found_flagged"], targeted["found_unflagged"]) == (None, None)
    assert targeted["reviewer_hours"][0] >= 6 * POLICY.forecast.first_read_hours


def test_a_plan_of_random_checks_alone_forecasts_no_others(session, clock):
    make_drawable_area(session)

    assert "targeted" not in make_planned_round(session, clock.now()).forecast
