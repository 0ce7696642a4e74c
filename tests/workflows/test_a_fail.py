"""What happens when a check fails: RULES 9, day by day, and everything in the verdict's transaction."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import add_posting, add_workload, make_national_post, make_officer
from factories.reviews import HIGH, SAME, answers, make_reader, make_setting, references, want
from sqlmodel import Session, col, select
from workflows.reading import CHILDREN_MEDIUM, go_on, lock_1, read, submit

from qa_service.caseload import service as caseload
from qa_service.caseload.tables import (
    CaseloadReviewCase,
    Cut,
    CutDecision,
    CutDecisionValue,
    CutStatus,
    Hold,
    HoldStatus,
    Move,
    ReductionRequest,
)
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import Conflict
from qa_service.estate import service as estate
from qa_service.feedback.tables import Feedback
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import (
    Escalation,
    EscalationItem,
    Finding,
    ItemKind,
    LevelCorrection,
    Obligation,
    ObligationKind,
)
from qa_service.outbox.tables import OutboxEvent
from qa_service.reviews.tables import ReadKind, Review, ReviewKind, Verdict, VerdictValue
from qa_service.rounds.tables import Arm, CheckStatus
from qa_service.workflows.run_due import run_due
from rubrics import Level

DAY_0 = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY_3, DAY_7, DAY_9 = (DAY_0 + timedelta(days=days) for days in (3, 7, 9))


@pytest.fixture
def area(session):
    """An officer at 115% with ten low cases; one colleague with room for two of them; a check of case 1."""
    make_national_post(session)
    setting = make_setting(session)
    add_workload(session, "N07A001", team="N07T01", total_points=2502, week_on=date(2026, 11, 2))
    for number in range(2, 12):
        case = make_case(session, number, tier="C3")
        make_assessment(session, case, groups={"public": "LOW"})
    make_officer(session, "N07A002", total_points=2176 - 160)
    first, second = make_reader(session, "first", region="N07"), make_reader(session, "second")
    want(session, setting.check)
    return SimpleNamespace(check=setting.check, officer=setting.officer, first=first, second=second)


def _all(session: Session, kind) -> list:
    return list(session.exec(select(kind).order_by(col(kind.id))))


def _fail(session, area, **options):
    """Both readers find it high, the SPO corrects it, and the officer's time to reply passes."""
    read(session, area.first, at=DAY_3, **options)
    for correction in _all(session, LevelCorrection):
        changed = obligations.Changed(Level.HIGH, date(2026, 11, 9))
        obligations.close_level_correction(session, correction.id, changed, at=DAY_7, by="user:9")
    read(session, area.second, at=DAY_9, **options)
    run_due(session, at=datetime(2026, 11, 13, 6, tzinfo=UTC), references=references("due"))


def test_lock_1_opens_the_correction_and_the_hold_before_the_reader_has_answered_anything_else(session, area):
    lock_1(session, area.first, at=DAY_3)

    [correction] = _all(session, LevelCorrection)
    duty = session.get(Obligation, correction.obligation_id)
    assert duty.owner_post_id == estate.spo_post(session, "N07T01").id
    assert duty.due_at.date() == date(2026, 11, 12)
    [hold] = _all(session, Hold)
    assert (hold.person_id, hold.status) == (area.officer.id, HoldStatus.ACTIVE)
    assert session.get(Obligation, duty.id).closed_at is None


def test_a_would_be_fail_asks_for_a_second_read_in_another_region_and_for_the_officers_reply(session, area):
    read(session, area.first, at=DAY_3)

    kinds = session.exec(select(ReviewKind).order_by(ReviewKind.review_id)).all()
    assert [kind.kind for kind in kinds] == [ReadKind.FIRST, ReadKind.SECOND]
    assert kinds[1].unwanted_region_code == "N07"
    assert kinds[1].true_due_at.date() == date(2026, 11, 12)
    assert area.check.status is CheckStatus.SECOND_READ
    assert not _all(session, Verdict)
    [hold] = _all(session, Hold)
    assert hold.expires_at.date() == date(2026, 11, 19)  # the second read's due date + 5 working days


def test_two_agreeing_reads_wait_for_the_officers_reply_and_the_lapse_makes_it_final(session, area):
    read(session, area.first, at=DAY_3)
    read(session, area.second, at=DAY_9)
    assert not _all(session, Verdict)

    on_the_last_day = run_due(session, at=datetime(2026, 11, 12, 20, tzinfo=UTC), references=references())
    the_day_after = run_due(session, at=datetime(2026, 11, 13, 6, tzinfo=UTC), references=references())

    assert (on_the_last_day["replies_lapsed"], the_day_after["replies_lapsed"]) == (0, 1)
    [verdict] = _all(session, Verdict)
    assert (verdict.verdict, verdict.severity) == (VerdictValue.FAIL, "S3")
    assert sorted(verdict.decided_by["readers"]) == sorted([area.first, area.second])


def test_a_fail_cuts_informs_moves_escalates_and_helps_in_one_transaction(session, area):
    _fail(session, area, given={"G3": "no", "A4": "no"}, causes={"G3": "supervisor", "A4": "workload"})

    [decision] = _all(session, CutDecision)
    [cut] = _all(session, Cut)
    # 2,502 points and 52 more when C2 (63) becomes B2 (115)
    assert (cut.own_available_points, cut.cap_points, cut.points_at_decision) == (2176, 1740, 2554)
    assert (decision.decision, cut.starts_on) == (CutDecisionValue.NEW, date(2026, 11, 16))
    [request] = _all(session, ReductionRequest)
    assert (float(request.reduction_hours), request.ends_on) == (7.4, date(2027, 2, 14))
    moves, items = _all(session, Move), _all(session, EscalationItem)
    assert [move.points for move in moves] == [79, 79]
    assert {move.to_staff_code for move in moves} == {"N07A002"}
    assert [item.kind for item in items] == [*[ItemKind.CASE] * 6, ItemKind.POINTS]
    assert items[-1].points == 2554 - 1740 - 8 * 79
    assert all(item.interim_cover and item.contact_plan for item in items[:-1])
    assert len(_all(session, Escalation)) == 1
    assert {(row.item_id, row.cause) for row in _all(session, Finding)} == {
        ("A4", "workload"),
        ("G3", "supervisor"),
    }
    [feedback] = _all(session, Feedback)
    assert feedback.shown_at is None
    assert feedback.content["reasons"][0] == (
        "The overall level was recorded as medium and the review found high."
    )
    kinds = [row.kind for row in _all(session, Obligation) if row.closed_at is None]
    assert {
        ObligationKind.SUPPORT,
        ObligationKind.CONVERSATION,
        ObligationKind.REDUCTION,
        ObligationKind.ESCALATION,
    } <= set(kinds)
    assert ObligationKind.LEVEL_CORRECTION not in kinds
    assert {event.event_type for event in _all(session, OutboxEvent)} == {
        "rosh-qa.level-correction.opened",
        "rosh-qa.check.finalised",
        "rosh-qa.reduction.requested",
        "rosh-qa.case.escalated",
    }


def test_no_event_that_leaves_the_service_holds_a_finding(session, area):
    _fail(session, area)

    for event in _all(session, OutboxEvent):
        assert not {"verdict", "severity", "fail", "HIGH", "S3"} & set(str(event.body).split("'"))


def test_the_hold_stays_until_the_cut_is_active(session, area):
    _fail(session, area)
    [hold] = _all(session, Hold)
    assert hold.status is HoldStatus.ACTIVE

    run_due(session, at=datetime(2026, 11, 16, 6, tzinfo=UTC), references=references())

    [cut] = _all(session, Cut)
    assert (cut.status, hold.status) == (CutStatus.ACTIVE, HoldStatus.LIFTED)


def test_an_urgent_fail_cuts_at_once(session, area):
    read(session, area.first, at=DAY_3, exposed=True)
    read(session, area.second, at=DAY_3 + timedelta(hours=1), exposed=True)
    run_due(session, at=datetime(2026, 11, 10, 6, tzinfo=UTC), references=references("due"))

    [cut] = _all(session, Cut)
    assert (cut.status, cut.starts_on) == (CutStatus.ACTIVE, date(2026, 11, 10))
    assert [hold.status for hold in _all(session, Hold)] == [HoldStatus.LIFTED]


def test_the_officers_other_mediums_and_highs_are_listed_for_the_spo(session, area):
    medium, high = make_case(session, 20), make_case(session, 21)
    make_assessment(session, medium)
    make_assessment(session, high, groups={"public": "HIGH"})

    _fail(session, area)

    assert [row.case_id for row in _all(session, CaseloadReviewCase)] == [high.id, medium.id]


def test_a_retry_of_the_deciding_submit_returns_the_same_receipt_and_changes_nothing(session, area):
    first = read(session, area.first, at=DAY_3)
    counts = [len(_all(session, kind)) for kind in (Review, Hold, LevelCorrection, Obligation, OutboxEvent)]

    again = submit(session, first.review.reference, answers(3), area.first, at=DAY_9)

    assert again.is_replay
    assert (again.review.id, again.review.submitted_at) == (first.review.id, DAY_3)
    after = [len(_all(session, kind)) for kind in (Review, Hold, LevelCorrection, Obligation, OutboxEvent)]
    assert after == counts


def test_a_split_goes_to_a_moderator_only_when_the_officer_has_replied_or_let_it_pass(session, area):
    read(session, area.first, at=DAY_3)
    read(session, area.second, at=DAY_3 + timedelta(hours=1), grid=SAME)
    assert area.check.status is CheckStatus.SECOND_READ

    run_due(session, at=datetime(2026, 11, 13, 6, tzinfo=UTC), references=references("due"))

    assert area.check.status is CheckStatus.IN_MODERATION
    assert not _all(session, Verdict)


def test_a_pass_by_the_first_reader_is_final_and_shows_its_feedback_at_once(session, area):
    read(session, area.first, at=DAY_3, grid=SAME)

    [verdict] = _all(session, Verdict)
    assert verdict.verdict is VerdictValue.PASS
    [feedback] = _all(session, Feedback)
    assert feedback.shown_at == DAY_3
    assert not _all(session, CutDecision)
    assert not _all(session, Hold)


def test_the_cut_is_for_one_person_with_two_teams_each_by_its_own_hours(session, area):
    add_posting(session, "N07A001", team="N07T02", contracted_hours="3.7")

    _fail(session, area)

    [decision] = _all(session, CutDecision)
    assert decision.working["cap_points"] == 1740 + 173
    assert [cap["cap_points"] for cap in decision.working["postings"]] == [1740, 173]
    assert len(_all(session, ReductionRequest)) == 2
    assert len(_all(session, Cut)) == 1


def test_nothing_is_written_when_any_step_of_the_verdict_raises(fresh_engine, monkeypatch):
    with transaction(fresh_engine, SYSTEM) as session:
        make_national_post(session)
        setting = make_setting(session)
        readers = make_reader(session, "first", region="N07"), make_reader(session, "second")
        want(session, setting.check)
    with transaction(fresh_engine, SYSTEM) as session:
        read(session, readers[0], at=DAY_3)
    with transaction(fresh_engine, SYSTEM) as session:
        read(session, readers[1], at=DAY_9)

    def refuse(*_args, **_options):
        raise Conflict("the last step fails", next_step="none")

    monkeypatch.setattr(caseload, "activate_if_due", refuse)
    with pytest.raises(Conflict, match="the last step fails"), transaction(fresh_engine, SYSTEM) as session:
        run_due(session, at=datetime(2026, 11, 13, 6, tzinfo=UTC), references=references())

    with transaction(fresh_engine, SYSTEM) as session:
        for kind in (Verdict, CutDecision, Cut, Feedback, Escalation, Finding):
            assert not _all(session, kind)
    monkeypatch.undo()
    with transaction(fresh_engine, SYSTEM) as session:
        done = run_due(session, at=datetime(2026, 11, 13, 6, tzinfo=UTC), references=references())
        assert done["replies_lapsed"] == 1
        assert len(_all(session, CutDecision)) == 1


@pytest.mark.parametrize("arm", [Arm.CASELOAD_REVIEW, Arm.SELF_REFERRAL])
def test_in_an_arm_that_does_not_cut_one_read_corrects_the_case_and_cuts_nobody(session, arm):
    make_national_post(session)
    setting = make_setting(session, arm=arm)
    reader = make_reader(session, "first", region="N07")
    want(session, setting.check)

    read(session, reader, at=DAY_3)

    [decision] = _all(session, CutDecision)
    assert (decision.decision, decision.reason) == (CutDecisionValue.NONE, "arm_does_not_cut")
    assert len(_all(session, LevelCorrection)) == 1
    assert not _all(session, Hold)
    assert not _all(session, Cut)


def test_an_extra_case_with_a_group_found_higher_below_the_high_line_is_a_fail_that_holds_and_cuts(
    session, area
):
    _fail(session, area, grid=CHILDREN_MEDIUM)

    assert len(_all(session, LevelCorrection)) == 1
    [verdict] = _all(session, Verdict)
    assert (verdict.verdict, verdict.severity) == (VerdictValue.FAIL, "S3")
    assert len(_all(session, Hold)) == 1
    [decision] = _all(session, CutDecision)
    assert decision.verdict_id == verdict.id


def test_somebody_elses_assessment_holds_and_cuts_nobody_but_corrects_the_case(session, area):
    case = make_case(session, 40)
    theirs = make_assessment(session, case, author_staff_code="N07A002")
    area.check.case_id, area.check.assessment_id = case.id, theirs.id
    session.flush()

    _fail(session, area)

    [decision] = _all(session, CutDecision)
    assert (decision.decision, decision.reason) == (CutDecisionValue.NONE, "not_attributable")
    assert not _all(session, Hold)
    assert len(_all(session, LevelCorrection)) == 1
    assert len(_all(session, Feedback)) == 1


def test_the_cut_ends_after_thirteen_weeks_and_late_restore_checks_are_the_quality_leads(session, area):
    _fail(session, area)
    run_due(session, at=datetime(2026, 11, 16, 6, tzinfo=UTC), references=references("a"))

    run_due(session, at=datetime(2027, 2, 14, 6, tzinfo=UTC), references=references("b"))
    [cut] = _all(session, Cut)
    assert cut.status is CutStatus.ACTIVE
    done = run_due(session, at=datetime(2027, 2, 15, 6, tzinfo=UTC), references=references("c"))
    again = run_due(session, at=datetime(2027, 2, 15, 6, tzinfo=UTC), references=references("d"))

    assert (done["cuts_ended"], again["cuts_ended"]) == (1, 0)
    assert cut.status is CutStatus.ENDED
    [late] = [row for row in _all(session, Obligation) if row.kind is ObligationKind.RESTORE_CHECK]
    assert late.owner_post_id == estate.quality_lead_post(session, "N07").id


def test_two_restore_checks_are_drawn_from_what_was_assessed_after_the_feedback(session, area):
    _fail(session, area)
    run_due(session, at=datetime(2026, 11, 18, 6, tzinfo=UTC), references=references("a"))
    fresh = [make_case(session, number) for number in (30, 31, 32)]
    for case in fresh:
        make_assessment(session, case, completed_at=datetime(2026, 12, 1, 12, tzinfo=UTC))

    early = run_due(session, at=datetime(2026, 12, 7, 6, tzinfo=UTC), references=references("b"))
    in_time = run_due(session, at=datetime(2027, 1, 20, 6, tzinfo=UTC), references=references("c"))
    again = run_due(session, at=datetime(2027, 1, 21, 6, tzinfo=UTC), references=references("d"))

    drawn = [row["restore_checks_drawn"] for row in (early, in_time, again)]
    assert drawn == [0, 2, 0]


def test_running_what_is_due_twice_changes_nothing_the_second_time(session, area):
    _fail(session, area)
    at = datetime(2026, 11, 25, 6, tzinfo=UTC)
    run_due(session, at=at, references=references("a"))

    again = run_due(session, at=at, references=references("b"))

    assert set(again.values()) == {0}


def test_a_reader_is_told_nothing_of_what_their_lock_set_off(session, area):
    locked = lock_1(session, area.first, at=DAY_3, grid=HIGH)

    submitted = go_on(session, locked.review.reference, area.first, at=DAY_3)

    assert submitted.review.reader_id == area.first
    assert not any(hasattr(submitted.review, name) for name in ("hold", "level_correction"))
