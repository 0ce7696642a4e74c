"""A move counts only after the level was read again, accepted and handed over (RULES 5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories.caseload import make_user
from factories.cases import make_assessment, make_case
from factories.estate import make_officer
from factories.reviews import HIGH, SAME, judgement, references
from sqlmodel import select

from qa_service.caseload import service as caseload
from qa_service.caseload.tables import Hold, HoldStatus, Move, MoveStatus
from qa_service.cases.tables import Case
from qa_service.core.errors import Conflict, Invalid
from qa_service.estate import service as estate
from qa_service.estate.tables import Person, WeeklyWorkload
from qa_service.obligations.tables import EscalationItem, ItemKind, LevelCorrection
from qa_service.policy.numbers import load_policy
from qa_service.reviews.tables import Review, ReviewStatus, Verdict
from qa_service.rounds.tables import Check, CheckStatus
from qa_service.workflows.lock_own_judgement import lock_own_judgement
from rubrics import Level

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def _overflow(session, area, verdict):
    recorded = caseload.record_cut_decision(session, verdict, area.check, at=MONDAY, by="job:test")
    failed = caseload.FailedCase(area.case.id, Level.MEDIUM)
    return caseload.plan_overflow(session, recorded, verdict, failed, at=MONDAY, by="job:test", policy=POLICY)


@pytest.fixture
def move(session, area, verdict) -> Move:
    """A medium case proposed to the one colleague with room for it."""
    make_officer(session, "N07A002", total_points=2176 - 63)
    make_assessment(session, make_case(session, 2))
    [proposed] = _overflow(session, area, verdict).moves
    return proposed


@pytest.fixture
def spo(session) -> int:
    return make_user(session, "spo").id


def _ask(session, move, spo) -> Review:
    return caseload.ask_level_read(
        session, move.id, reader_id=spo, at=MONDAY, policy=POLICY, references=references("move")
    )


def _accept(session, move) -> Move:
    return caseload.accept_move(session, move.id, at=MONDAY, by="user:1", policy=POLICY)


def _read_level(session, move, spo, grid):
    review = _ask(session, move, spo)
    return lock_own_judgement(
        session, review.reference, judgement(grid), reader_id=spo, at=MONDAY, references=references()
    )


def test_the_spo_reads_the_level_again_without_seeing_it_and_gives_no_verdict(session, move, spo):
    locked = _read_level(session, move, spo, SAME)

    assert (move.status, move.level_read_at) == (MoveStatus.LEVEL_CONFIRMED, MONDAY)
    assert locked.review.status is ReviewStatus.DONE
    assert session.get(Check, move.level_check_id).status is CheckStatus.VOID
    assert session.exec(select(Verdict).where(Verdict.check_id == move.level_check_id)).all() == []


def test_a_level_found_higher_opens_a_correction_and_the_case_stays(session, move, spo):
    _read_level(session, move, spo, HIGH)

    [correction] = session.exec(select(LevelCorrection)).all()
    assert correction.case_id == move.case_id
    assert move.status is MoveStatus.WITHDRAWN
    items = session.exec(select(EscalationItem).where(EscalationItem.case_id == move.case_id)).all()
    assert [(item.kind, item.interim_cover) for item in items] == [(ItemKind.CASE, "spo N07T01")]


def test_no_step_of_a_move_can_be_left_out(session, move, spo):
    with pytest.raises(Conflict):
        _accept(session, move)
    _read_level(session, move, spo, SAME)
    with pytest.raises(Conflict):
        caseload.record_handover(session, move.id, at=MONDAY, by="user:1")

    _accept(session, move)
    caseload.record_handover(session, move.id, at=MONDAY + timedelta(days=1), by="user:1")

    assert move.status is MoveStatus.HANDED_OVER
    assert move.handover_recorded_at == MONDAY + timedelta(days=1)


def test_a_declined_case_is_at_once_somebodys_named_problem(session, move):
    with pytest.raises(Invalid, match="needs its reason"):
        caseload.decline_move(session, move.id, " ", at=MONDAY, by="user:1", policy=POLICY)

    caseload.decline_move(session, move.id, "knows the family", at=MONDAY, by="user:1", policy=POLICY)

    assert move.status is MoveStatus.DECLINED
    [item] = session.exec(select(EscalationItem).where(EscalationItem.case_id == move.case_id)).all()
    assert "knows the family" in item.what


def test_the_level_of_a_case_is_asked_for_once(session, move, spo):
    _ask(session, move, spo)

    with pytest.raises(Conflict, match="being read already"):
        _ask(session, move, spo)


def test_a_proposed_case_takes_its_room_so_that_no_second_cut_counts_on_it(session, area, move):
    colleague = caseload.posted_officers(
        session, at=MONDAY, policy=POLICY, people=[_person_of(session, move)]
    )

    assert colleague[0].officer.expected_points == 63
    assert colleague[0].officer.room(POLICY.overflow.capacity_limit_pct) == 0


def _carries_more(session, move):
    [figure] = session.exec(
        select(WeeklyWorkload).where(WeeklyWorkload.staff_code == move.to_staff_code)
    ).all()
    figure.total_points += 1


def _is_on_hold(session, move):
    check = session.exec(select(Check)).first()
    hold = Hold(
        person_id=_person_of(session, move),
        check_id=check.id,
        status=HoldStatus.ACTIVE,
        owner_post_id=estate.quality_lead_post(session, "N07").id,
        placed_at=MONDAY,
        expires_at=MONDAY + timedelta(days=28),
    )
    session.add(hold)


def _has_left(session, move):
    session.get_one(Person, _person_of(session, move)).left_on = MONDAY.date()


def _got_more_points(session, move):
    session.get_one(Case, move.case_id).tier = "A3"


@pytest.mark.parametrize("change", [_carries_more, _is_on_hold, _has_left, _got_more_points])
def test_a_case_is_not_accepted_by_whoever_can_no_longer_take_it(session, move, spo, change):
    _read_level(session, move, spo, SAME)
    change(session, move)
    session.flush()

    with pytest.raises(Conflict, match="can no longer take") as refused:
        _accept(session, move)

    assert move.status is MoveStatus.LEVEL_CONFIRMED
    assert "Decline the move" in refused.value.next_step
    caseload.decline_move(session, move.id, "no room", at=MONDAY, by="user:1", policy=POLICY)
    assert session.exec(select(EscalationItem).where(EscalationItem.case_id == move.case_id)).one()


def test_a_case_handed_over_takes_its_room_until_a_later_week_has_its_figures(session, move, spo):
    _read_level(session, move, spo, SAME)
    _accept(session, move)
    caseload.record_handover(session, move.id, at=MONDAY, by="user:1")
    to = {"staff_code": move.to_staff_code, "team_code": move.to_team_code}

    def room(at):
        [colleague] = caseload.posted_officers(
            session, at=at, policy=POLICY, people=[_person_of(session, move)]
        )
        return colleague.officer.room(POLICY.overflow.capacity_limit_pct)

    before = room(MONDAY + timedelta(days=8))
    figures = {"total_points": 2176, "available_points": 2176, "n_cases": 31}
    session.add(WeeklyWorkload(**to, week_on=MONDAY.date() + timedelta(days=7), **figures))
    session.flush()

    assert (before, room(MONDAY), room(MONDAY + timedelta(days=8))) == (0, 0, 0)
    assert session.get_one(Move, move.id).points == 63


def _person_of(session, move) -> int:
    return estate.person_of_staff_code(session, move.to_staff_code).id


def test_a_case_found_higher_and_not_yet_corrected_counts_as_higher(session, area, verdict):
    """A PSO has room, but the case was just found high: it is not proposed to a PSO."""
    from qa_service.estate.tables import Grade
    from qa_service.obligations import service as obligations

    make_officer(session, "N07A002", grade=Grade.PSO, total_points=0)
    case = make_case(session, 2)
    assessment = make_assessment(session, case)
    from factories.caseload import make_check, make_read

    check = make_check(session, case, assessment, area.officer, reference="CHECK2")
    from qa_service.cases import service as cases
    from rubrics import compare_grids

    reading = obligations.HigherReading(
        check_id=check.id,
        review_id=make_read(session, check).id,
        case_id=case.id,
        team_code="N07T01",
        comparison=compare_grids(cases.grid_of(assessment), HIGH),
        is_somebody_exposed=False,
    )
    obligations.open_level_correction(session, reading, at=MONDAY, by="user:1", policy=POLICY)

    planned = _overflow(session, area, verdict)

    assert planned.moves == ()
    assert planned.n_unplaced == 1


def test_nobody_of_another_region_is_asked(session, area, verdict):
    from factories.estate import make_area

    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    make_officer(session, "W01A001", team="W01T01", total_points=0)
    make_assessment(session, make_case(session, 2))

    planned = _overflow(session, area, verdict)

    assert planned.moves == ()
    assert planned.n_unplaced == 1


def test_a_second_fail_moves_no_case_twice_and_no_more_than_eight_in_all(session, area, verdict):
    from factories.caseload import make_check, make_verdict

    make_officer(session, "N07A002", total_points=0)
    cases_ = [make_case(session, number, tier="C3") for number in range(2, 22)]
    for case in cases_:
        make_assessment(session, case)
    first = _overflow(session, area, verdict)
    check = make_check(
        session,
        cases_[0],
        make_assessment(session, cases_[0], completed_at=MONDAY),
        area.officer,
        reference="C2",
    )
    later = make_verdict(session, check, reviewed_overall="MEDIUM")

    again = caseload.record_cut_decision(session, later, check, at=MONDAY, by="job:test")
    failed = caseload.FailedCase(cases_[0].id, Level.MEDIUM)
    second = caseload.plan_overflow(session, again, later, failed, at=MONDAY, by="job:test", policy=POLICY)

    assert len(first.moves) == 8
    assert second.moves == ()
    assert first.escalation.id == second.escalation.id


def test_the_overflow_is_computed_for_the_day_the_cut_starts(session, area, verdict):
    soon = make_case(session, 2, ends_on=date(2026, 12, 1))
    make_assessment(session, soon)
    make_officer(session, "N07A002", total_points=0)

    planned = _overflow(session, area, verdict)

    assert planned.moves == ()
    assert planned.points_left == 762 - 63
