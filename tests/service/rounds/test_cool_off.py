"""A case checked in the last rounds is in the frame, known and not drawn again; its officer is not forgotten."""

from datetime import UTC, date, datetime

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from factories.flags import make_artefact_row, make_flag
from factories.rounds import LEAD, SEED, make_planned_round, make_references
from sqlmodel import select

from qa_service.cases.tables import Assessment, Case
from qa_service.policy.numbers import load_policy
from qa_service.rounds import service
from qa_service.rounds.rules.frame import OfficerFacts, cool_off_starts
from qa_service.rounds.rules.targeting import design_with_targeted
from qa_service.rounds.tables import Arm, Check, CheckStatus, RoundUnit
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round

POLICY = load_policy()
LAST_ROUND = datetime(2026, 2, 10, 10, tzinfo=UTC)


def _check(
    session, case: Case, officer_id: int, *, drawn_at: datetime = LAST_ROUND, arm: Arm = Arm.FOLLOW_UP
):
    """Add a final check of a case, without a round of its own."""
    assessment = session.exec(select(Assessment).where(Assessment.case_id == case.id)).one()
    cause = {"cause": "after_recheck"} if arm is Arm.FOLLOW_UP else {}
    check = Check(
        reference=f"K{case.id}",
        arm=arm,
        **cause,
        status=CheckStatus.FINAL,
        case_id=case.id,
        assessment_id=assessment.id,
        person_id=officer_id,
        staff_code="N07A001",
        team_code="N07T01",
        drawn_pdu_code="LDNTST",
        drawn_region_code="N07",
        rubric_version="1",
        policy_version="2026-11-01",
        drawn_at=drawn_at,
        pack_through_item_id=0,
        final_at=drawn_at,
    )
    session.add(check)
    session.flush()


@pytest.fixture
def london(session):
    """Ann holds a case checked in the last six-monthly round and two others; Bo holds one, checked then too."""
    make_national_post(session)
    make_area(session)
    held = {}
    for code, numbers in (("N07A001", (1, 2, 3)), ("N07A002", (4,))):
        held[code] = make_officer(session, code)
        for number in numbers:
            case = make_case(session, number, staff_code=code)
            make_assessment(session, case, author_staff_code=code)
            held[number] = case
    _check(session, held[1], held["N07A001"].id)
    _check(session, held[4], held["N07A002"].id)
    return held


def _opened(session, at):
    planned = make_planned_round(session, at)
    open_round(session, planned.reference, by=LEAD, at=at, references=make_references())
    units = session.exec(select(RoundUnit).where(RoundUnit.round_id == planned.id))
    return planned, {unit.case_id: unit for unit in units}


def test_a_case_checked_in_the_last_round_is_in_the_frame_and_cannot_be_drawn(session, clock, london):
    planned, units = _opened(session, clock.now())

    checked, others = units[london[1].id], [units[london[2].id], units[london[3].id]]
    assert (checked.stratum, checked.inclusion_probability) == ("cool_off", 0)
    assert [(unit.stratum, unit.inclusion_probability) for unit in others] == [("", 0.5), ("", 0.5)]

    service.seed_round(session, planned.reference, SEED, by=LEAD, at=clock.now())
    [drawn] = draw_round(
        session, planned.reference, by=LEAD, at=clock.now(), references=make_references("draw")
    )
    assert drawn.case_id in {london[2].id, london[3].id}


def test_it_is_listed_among_the_left_out_with_the_day_it_was_checked(session, clock, london):
    planned, _ = _opened(session, clock.now())

    told = [
        (out.case_id, out.detail) for out in service.exclusions(session, planned) if out.reason == "cool_off"
    ]
    assert told == [(london[1].id, "checked on 2026-02-10"), (london[4].id, "checked on 2026-02-10")]


def test_an_officer_whose_only_case_is_in_cool_off_is_due_and_listed_as_having_nothing_to_draw(
    session, clock, london
):
    planned, _ = _opened(session, clock.now())

    bo = london["N07A002"].id
    left = {(out.case_id, out.reason) for out in service.exclusions(session, planned) if out.person_id == bo}
    assert left == {(london[4].id, "cool_off"), (None, "nothing_to_draw")}
    assert "nothing_to_draw" in {reason for _, reason in planned.excluded_officers}


def test_a_plan_forecasts_as_many_checks_as_are_drawn_and_ranks_no_case_that_cannot_be(
    session, clock, london
):
    make_artefact_row(session)
    for number in (1, 2, 3, 4):
        [assessment] = session.exec(select(Assessment).where(Assessment.case_id == london[number].id))
        make_flag(session, assessment.id, 0.9 if number == 1 else 0.1)

    planned = make_planned_round(session, clock.now(), design=design_with_targeted(2, 0.10))

    # Ann's two cases that were not checked lately; of Bo's, none.
    assert planned.forecast["n_checks"] == 1
    assert planned.forecast["targeted"]["n_scored"] == 2


@pytest.mark.parametrize(
    ("drawn_at", "stratum"),
    [
        (datetime(2025, 6, 30, 12, tzinfo=UTC), ""),  # three six-monthly rounds ago
        (datetime(2025, 7, 1, 12, tzinfo=UTC), "cool_off"),
        (datetime(2026, 10, 1, 12, tzinfo=UTC), "cool_off"),  # a sweep of the present one
    ],
)
def test_in_london_two_rounds_of_cool_off_are_a_year(session, clock, london, drawn_at, stratum):
    _check(session, london[2], london["N07A001"].id, drawn_at=drawn_at, arm=Arm.SELF_REFERRAL)

    _, units = _opened(session, clock.now())

    assert units[london[2].id].stratum == stratum


@pytest.mark.parametrize(
    ("regions", "began"),
    [
        (("N07",), date(2025, 7, 1)),
        (("W01",), date(2024, 1, 1)),
        (("N07", "W01"), date(2025, 7, 1)),  # in two regions the shorter cadence holds
    ],
)
def test_cool_off_counts_the_regions_own_rounds(regions, began):
    posts = tuple((code, date(2020, 1, 6), None) for code in regions)
    moved = ("W01", date(2015, 1, 5), date(2020, 1, 5))
    officer = OfficerFacts(1, date(2020, 1, 6), (moved, *posts), None, (), None)

    assert cool_off_starts([officer], date(2026, 11, 2), POLICY) == {1: began}
