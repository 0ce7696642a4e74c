"""A round from plan to draw: nobody due is missed, the draw can be verified, a spoiled case gets the next ticket."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer

import sampling
from qa_service.core.errors import Conflict, Invalid
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.estate.tables import FactKind, PractitionerFact
from qa_service.rounds import drawing, service
from qa_service.rounds.drawing import FollowUp
from qa_service.rounds.service import RoundPlan
from qa_service.rounds.tables import Arm, CheckStatus, FollowUpCause
from sampling.verify_draw import faults_in

DICE = "31415926535897932384"
SEED = {"dice": [{"witness": "Ann Wells", "rolls": DICE}, {"witness": "Bo Lee", "rolls": DICE}]}


@pytest.fixture
def references():
    return ReferenceSource(seeded_bytes("rounds"))


@pytest.fixture
def area(session):
    """Three officers due with three cases each, one joiner, one on long leave."""
    make_national_post(session)
    make_area(session)
    number = 0
    for code in ("N07A001", "N07A002", "N07A003"):
        make_officer(session, code)
        for _ in range(3):
            number += 1
            case = make_case(session, number, staff_code=code)
            make_assessment(session, case, author_staff_code=code)
    joiner = make_officer(session, "N07A004", from_on=date(2026, 10, 12))
    away = make_officer(session, "N07A005")
    session.add(PractitionerFact(person_id=away.id, kind=FactKind.LONG_LEAVE, from_on=date(2026, 9, 1)))
    for code in ("N07A004", "N07A005"):
        number += 1
        make_assessment(session, make_case(session, number, staff_code=code), author_staff_code=code)
    session.flush()
    return {"joiner": joiner.id, "away": away.id}


def plan(**changes) -> RoundPlan:
    return RoundPlan(
        **{
            "area_kind": "region",
            "area_code": "N07",
            "rubric_version": "1.0",
            "policy_version": "2026-11-01",
            "seed_plan": {"dice": True},
            **changes,
        }
    )


def drawn_round(session, clock, references):
    planned = service.plan_round(session, plan(), by="user:1", at=clock.now())
    service.open_round(session, planned.reference, by="user:1", at=clock.now(), references=references)
    service.seed_round(session, planned.reference, SEED, by="user:1", at=clock.now())
    checks = drawing.draw_checks(
        session, planned.reference, by="user:1", at=clock.now(), references=references
    )
    return planned, checks


def test_london_rounds_are_six_monthly_and_forecast_says_hours_fails_and_cuts(session, clock, area):
    planned = service.plan_round(session, plan(), by="user:1", at=clock.now())

    assert (planned.cadence, planned.window_from_on, planned.window_to_on) == (
        "six_monthly",
        date(2026, 7, 1),
        date(2026, 12, 31),
    )
    assert planned.forecast["n_checks"] == 3
    assert planned.forecast["fails"][0] == pytest.approx(0.1)
    assert planned.forecast["reviewer_hours"][0] >= 7.5


def test_the_same_window_is_never_planned_twice(session, clock, area):
    service.plan_round(session, plan(), by="user:1", at=clock.now())

    with pytest.raises(Conflict, match="already planned"):
        service.plan_round(session, plan(), by="user:1", at=clock.now())


def test_everybody_due_is_drawn_once_and_everybody_else_is_listed_with_the_reason(
    session, clock, area, references
):
    planned, checks = drawn_round(session, clock, references)

    assert len(checks) == len({check.person_id for check in checks}) == 3
    assert [check.inclusion_probability for check in checks] == pytest.approx([1 / 3] * 3)
    reasons = {out.person_id: out.detail for out in service.exclusions(session, planned)}
    assert "less than 8 weeks" in reasons[area["joiner"]]
    assert "long leave" in reasons[area["away"]]


def test_a_due_officer_whose_cases_cannot_be_drawn_is_listed_and_not_forgotten(
    session, clock, area, references
):
    lonely = make_officer(session, "N07A009")
    make_case(session, 99, staff_code="N07A009")

    planned, checks = drawn_round(session, clock, references)

    assert lonely.id not in {check.person_id for check in checks}
    left = [
        (out.case_id is None, out.reason)
        for out in service.exclusions(session, planned)
        if out.person_id == lonely.id
    ]
    assert sorted(left) == [(False, "no_assessment"), (True, "nothing_to_draw")]


def test_an_assessment_older_than_55_weeks_is_not_drawn(session, clock, area, references):
    old = make_officer(session, "N07A008")
    case = make_case(session, 98, staff_code="N07A008")
    make_assessment(session, case, author_staff_code="N07A008", completed_at=datetime(2025, 9, 1, tzinfo=UTC))

    planned, _ = drawn_round(session, clock, references)

    assert ("assessment_out_of_date", case.id) in {
        (out.reason, out.case_id) for out in service.exclusions(session, planned) if out.person_id == old.id
    }


def test_the_transcript_verifies_with_the_stand_alone_script_and_a_changed_byte_does_not(
    session, clock, area, references, tmp_path
):
    planned, _ = drawn_round(session, clock, references)
    transcript = drawing.transcript(session, planned.reference)
    path = tmp_path / "transcript.json"
    path.write_text(json.dumps(transcript), "utf-8")
    script = (Path(sampling.__file__).parent / "verify_draw.py").read_bytes()
    (tmp_path / "verify_draw.py").write_bytes(script)

    right = subprocess.run(
        [sys.executable, "-I", tmp_path / "verify_draw.py", path, "--digest", planned.frame_digest],
        capture_output=True,
        check=False,
    )

    assert right.returncode == 0, right.stdout
    assert transcript["commitment"] == planned.commitment_digest
    ticket = transcript["arms"][0]["tickets"][0]
    transcript["arms"][0]["tickets"][0] = ("0" if ticket[0] != "0" else "1") + ticket[1:]
    assert faults_in(transcript)


def test_a_design_that_is_not_the_one_committed_to_is_never_drawn(session, clock, area, references):
    planned = service.plan_round(session, plan(), by="user:1", at=clock.now())
    service.open_round(session, planned.reference, by="user:1", at=clock.now(), references=references)
    service.seed_round(session, planned.reference, SEED, by="user:1", at=clock.now())
    planned.design = {"arms": [{**arm, "k": 2} for arm in planned.design["arms"]]}

    with pytest.raises(Conflict, match="not the one that was published"):
        drawing.draw_checks(session, planned.reference, by="user:1", at=clock.now(), references=references)


def test_the_transcript_names_nobody(session, clock, area, references):
    planned, _ = drawn_round(session, clock, references)

    text = json.dumps(drawing.transcript(session, planned.reference))

    assert "X0000" not in text
    assert "N07A00" not in text
    assert "Officer" not in text


def test_a_seed_that_was_not_announced_is_refused(session, clock, area, references):
    planned = service.plan_round(session, plan(), by="user:1", at=clock.now())
    service.open_round(session, planned.reference, by="user:1", at=clock.now(), references=references)

    with pytest.raises(Invalid, match="two different named witnesses"):
        service.seed_round(
            session, planned.reference, {"dice": SEED["dice"][:1]}, by="user:1", at=clock.now()
        )


def test_steps_cannot_be_taken_out_of_order(session, clock, area, references):
    planned = service.plan_round(session, plan(), by="user:1", at=clock.now())

    with pytest.raises(Conflict, match="cannot become drawn"):
        drawing.draw_checks(session, planned.reference, by="user:1", at=clock.now(), references=references)


def test_a_spoiled_case_is_replaced_by_the_officers_next_ticket_with_its_reason(
    session, clock, area, references
):
    planned, checks = drawn_round(session, clock, references)
    first = checks[0]

    second = drawing.substitute(
        session, first, "case closed", by="user:1", at=clock.now(), references=references
    )
    third = drawing.substitute(
        session, second, "case closed", by="user:1", at=clock.now(), references=references
    )
    none_left = drawing.substitute(
        session, third, "case closed", by="user:1", at=clock.now(), references=references
    )

    assert (first.status, first.replaced_by_id) == (CheckStatus.SUBSTITUTED, second.id)
    assert second.person_id == third.person_id == first.person_id
    assert [second.ticket_rank, third.ticket_rank] == [2, 3]
    assert none_left is None
    assert faults_in(drawing.transcript(session, planned.reference)) == []


def test_a_recheck_draws_two_more_random_cases_of_the_same_officer(session, clock, area, references):
    _, checks = drawn_round(session, clock, references)
    wanted = FollowUp(FollowUpCause.AFTER_RECHECK, checks[0], n_cases=2)

    more = drawing.draw_follow_up(session, checks[0].person_id, wanted, at=clock.now(), references=references)

    assert [check.arm for check in more] == [Arm.FOLLOW_UP] * 2
    assert checks[0].case_id not in {check.case_id for check in more}
    assert {check.inclusion_probability for check in more} == {1.0}


def test_restore_checks_are_drawn_only_from_assessments_made_after_the_feedback(
    session, clock, area, references
):
    _, checks = drawn_round(session, clock, references)
    after = clock.now()
    clock.advance(days=30)
    fresh = make_case(session, 77, staff_code=checks[0].staff_code)
    make_assessment(
        session, fresh, author_staff_code=checks[0].staff_code, completed_at=after + timedelta(days=10)
    )
    wanted = FollowUp(FollowUpCause.BEFORE_RESTORE, checks[0], n_cases=2, assessed_after=after)

    drawn = drawing.draw_follow_up(
        session, checks[0].person_id, wanted, at=clock.now(), references=references
    )

    assert [check.case_id for check in drawn] == [fresh.id]


def test_a_round_is_closed_only_when_every_check_is_finished(session, clock, area, references):
    planned, checks = drawn_round(session, clock, references)
    service.begin_review(session, planned.reference, by="user:1", at=clock.now())

    with pytest.raises(Conflict, match="3 open checks"):
        service.close_round(session, planned.reference, by="user:1", at=clock.now())

    for check in checks:
        check.status = CheckStatus.FINAL
    session.flush()
    assert (
        service.close_round(session, planned.reference, by="user:1", at=clock.now()).closed_at == clock.now()
    )
