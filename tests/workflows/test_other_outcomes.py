"""What happens when a check does not simply pass or fail: split, disputed, rechecked, not scorable, late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories.cases import make_limited
from factories.estate import make_area
from factories.reviews import HIGH, SAME, answers, make_reader, references
from factories.rounds import make_drawable_area, make_drawn_round
from sqlmodel import col, select
from workflows.reading import CHILDREN_MEDIUM, go_on, lock_1, read

from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant
from qa_service.caseload.tables import CutDecision, Hold, HoldStatus
from qa_service.cases.tables import Case
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import Finding, LevelCorrection, Obligation, ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.chances import is_sampled_for_expert_read
from qa_service.reviews.schemas import LineChoice, SettledAnswers
from qa_service.reviews.tables import Moderation, ReadKind, Review, ReviewKind, Verdict, VerdictValue
from qa_service.rounds.tables import Arm, Check, CheckStatus
from qa_service.workflows.finalise_check import reply_on_accuracy, settle_moderation
from qa_service.workflows.run_due import run_due

DAY_0 = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY_3 = DAY_0 + timedelta(days=3)
AFTER_REPLY = datetime(2026, 11, 13, 6, tzinfo=UTC)


@pytest.fixture
def check(session) -> Check:
    """One officer's random case of a drawn round."""
    make_drawable_area(session, n_officers=1, n_cases_each=6)
    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    _, [drawn] = make_drawn_round(session, DAY_0)
    return drawn


@pytest.fixture
def readers(session, check) -> list[int]:
    """Four readers of Wales, who may read anything of London."""
    return [make_reader(session, name) for name in ("one", "two", "three", "four")]


def _all(session, kind) -> list:
    return list(session.exec(select(kind).order_by(col(kind.id))))


def _due(session, at=AFTER_REPLY):
    return run_due(session, at=at, references=references(f"due-{at.isoformat()}"))


def _reply(session, check, *, disputes: bool):
    reply_on_accuracy(
        session,
        check.id,
        person_id=check.person_id,
        text="The order ended in May." if disputes else "Nothing to correct.",
        disputes_a_fact=disputes,
        at=DAY_3 + timedelta(hours=4),
        references=references("reply"),
    )


def _settle(session, moderator, grid):
    moderation = reviews.take_moderation(session, moderator_id=moderator, at=AFTER_REPLY)
    given = answers(2) | answers(3)
    settled = SettledAnswers(
        grid=grid,
        is_somebody_exposed=False,
        answers=given,
        choices={item: LineChoice("a", "the record bears it out") for item in given},
        colleague_would_have="no",
        reasons="The threat of May is not weighed.",
    )
    return settle_moderation(
        session,
        moderation.reference,
        settled,
        moderator_id=moderator,
        at=AFTER_REPLY,
        references=references("settle"),
    )


def _moderator(session) -> int:
    user = make_reader(session, "moderator")
    session.add(RoleGrant(user_id=user, role=Role.MODERATOR, region_code="W01", from_at=DAY_0))
    session.flush()
    return user


def test_a_group_found_higher_below_the_high_line_opens_a_correction_and_no_fail(session, check, readers):
    read(session, readers[0], at=DAY_3, grid=CHILDREN_MEDIUM)

    assert len(_all(session, LevelCorrection)) == 1
    [verdict] = _all(session, Verdict)
    assert verdict.verdict is VerdictValue.PASS_WITH_ACTIONS
    assert not _all(session, Hold)


@pytest.mark.parametrize(
    ("grid", "verdict"), [(HIGH, VerdictValue.FAIL), (SAME, VerdictValue.PASS)], ids=["fail", "not confirmed"]
)
def test_a_split_is_settled_by_a_third_person_and_the_hold_follows(session, check, readers, grid, verdict):
    read(session, readers[0], at=DAY_3)
    read(session, readers[1], at=DAY_3, grid=SAME)
    _due(session)

    _settle(session, _moderator(session), grid)

    [final] = _all(session, Verdict)
    assert final.verdict is verdict
    assert "moderator" in final.decided_by
    [hold] = _all(session, Hold)
    is_fail = verdict is VerdictValue.FAIL
    assert hold.status is (HoldStatus.ACTIVE if is_fail else HoldStatus.LIFTED)
    assert len(_all(session, CutDecision)) == is_fail


def test_a_disputed_fact_goes_to_a_moderator_even_when_both_reads_agree(session, check, readers):
    read(session, readers[0], at=DAY_3)
    read(session, readers[1], at=DAY_3)

    _reply(session, check, disputes=True)

    [moderation] = _all(session, Moderation)
    assert moderation.reason == "disputed_fact"
    assert not _all(session, Verdict)


def test_a_reply_that_disputes_nothing_makes_two_agreeing_reads_final(session, check, readers):
    read(session, readers[0], at=DAY_3)
    read(session, readers[1], at=DAY_3)

    _reply(session, check, disputes=False)

    assert [row.verdict for row in _all(session, Verdict)] == [VerdictValue.FAIL]


def test_a_recheck_of_a_random_case_draws_two_more_random_cases_and_cuts_nobody(session, check, readers):
    read(session, readers[0], at=DAY_3, grid=SAME, given={"E4": "no"})

    [verdict] = _all(session, Verdict)
    assert verdict.verdict is VerdictValue.RECHECK
    drawn = [row for row in _all(session, Check) if row.id != check.id]
    assert [(row.arm, row.causing_check_id) for row in drawn] == [(Arm.FOLLOW_UP, check.id)] * 2
    wanted = [row for row in _all(session, Review) if row.check_id in {one.id for one in drawn}]
    assert len(wanted) == 2
    assert not _all(session, CutDecision)
    assert not _all(session, Hold)


def test_a_recheck_of_an_extra_case_draws_no_more_and_a_repeated_one_begins_supported_practice(
    session, check, readers
):
    read(session, readers[0], at=DAY_3, grid=SAME, given={"E4": "no"})

    read(session, readers[1], at=DAY_3 + timedelta(hours=1), grid=SAME, given={"E4": "no"})

    assert len(_all(session, Check)) == 3
    support = [row.what for row in _all(session, Obligation) if row.kind is ObligationKind.SUPPORT]
    assert support == ["Begin a supported-practice plan: a repeated recheck"]


def test_a_case_that_cannot_be_scored_waits_five_days_for_its_record_and_then_the_reserve_is_drawn(
    session, check, readers
):
    read(session, readers[0], at=DAY_3, grid=SAME, given={"B2": "cannot_tell"})
    [duty] = [row for row in _all(session, Obligation) if row.kind is ObligationKind.FIND_RECORD]
    assert (duty.due_at.date(), _all(session, Verdict)) == (date(2026, 11, 12), [])

    in_time = _due(session, datetime(2026, 11, 12, 12, tzinfo=UTC))
    late = _due(session, AFTER_REPLY)

    assert (in_time["records_not_found"], late["records_not_found"]) == (0, 1)
    [verdict] = _all(session, Verdict)
    assert verdict.verdict is VerdictValue.NOT_SCORABLE
    reserve = session.get(Check, check.replaced_by_id)
    assert (check.status, reserve.status, reserve.arm) == (CheckStatus.FINAL, CheckStatus.DRAWN, Arm.RANDOM)
    assert reserve.case_id != check.case_id
    assert duty.closed_at == AFTER_REPLY


def test_a_record_reported_as_found_does_not_leave_the_check_waiting_for_ever(session, check, readers):
    read(session, readers[0], at=DAY_3, grid=SAME, given={"B2": "cannot_tell"})
    [duty] = [row for row in _all(session, Obligation) if row.kind is ObligationKind.FIND_RECORD]
    obligations.close_obligation(session, duty.id, "Found and added to the case.", at=DAY_3, by="user:1")

    first = _due(session, DAY_3 + timedelta(days=1))
    again = _due(session, DAY_3 + timedelta(days=1, hours=1))

    assert (first["records_not_found"], again["records_not_found"]) == (1, 0)
    assert (check.status, session.get(Check, check.replaced_by_id).status) == (
        CheckStatus.FINAL,
        CheckStatus.DRAWN,
    )


def test_a_contaminated_fail_is_replaced_before_anybody_is_cut(session, check, readers):
    locked = lock_1(session, readers[0], at=DAY_3)
    reviews.mark_contaminated(session, locked.review.reference, reader_id=readers[0], at=DAY_3)
    go_on(session, locked.review.reference, readers[0], at=DAY_3)
    read(session, readers[1], at=DAY_3)
    _due(session)
    assert not _all(session, Verdict)

    read(session, readers[2], at=AFTER_REPLY)

    assert [row.verdict for row in _all(session, Verdict)] == [VerdictValue.FAIL]
    assert readers[0] not in _all(session, Verdict)[0].decided_by["readers"]


def test_a_late_read_is_the_quality_leads_duty_until_it_is_in(session, check, readers):
    late_at = datetime(2026, 11, 24, 6, tzinfo=UTC)

    chased = [_due(session, late_at)["late_reads_chased"] for _ in range(2)]

    assert chased == [1, 0]
    [duty] = [row for row in _all(session, Obligation) if row.kind is ObligationKind.LATE_READ]
    assert duty.owner_post_id == estate.quality_lead_post(session, "N07").id
    read(session, readers[0], at=late_at, grid=SAME)
    assert duty.decision == "It is in"


def test_duties_about_a_limited_access_case_are_those_of_whoever_may_know_of_it(session, check, readers):
    locked = lock_1(session, readers[0], at=DAY_3, grid=SAME)
    director = estate.regional_director_post(session, "N07")
    case = session.get_one(Case, check.case_id)
    make_limited(session, case, listed=estate.holder_of_post(session, director.id, DAY_3.date()))

    _due(session, datetime(2026, 11, 24, 6, tzinfo=UTC))
    go_on(session, locked.review.reference, readers[0], at=DAY_3, given={"B2": "cannot_tell"})

    duties = {row.kind: row.owner_post_id for row in _all(session, Obligation)}
    assert duties == {ObligationKind.LATE_READ: director.id, ObligationKind.FIND_RECORD: director.id}


def test_causes_above_the_officer_are_only_findings_of_a_fail(session, check, readers):
    read(session, readers[0], at=DAY_3, grid=SAME, given={"G3": "no"}, causes={"G3": "supervisor"})

    assert [row.verdict for row in _all(session, Verdict)] == [VerdictValue.PASS]
    assert not _all(session, Finding)


def test_an_urgent_first_read_makes_the_second_read_urgent(session, check, readers):
    read(session, readers[0], at=DAY_3, exposed=True)

    kinds = {row.kind: row for row in session.exec(select(ReviewKind))}
    assert kinds[ReadKind.SECOND].true_due_at.date() == date(2026, 11, 9)
    assert check.is_urgent


def test_an_expert_reads_a_random_few_finals_again_and_changes_the_case_but_no_verdict(
    session, check, readers
):
    rate = load_policy(check.policy_version).reads.expert_reads_of_finals_rate
    names = (f"SAMPLED{number}" for number in range(1000))
    check.reference = next(name for name in names if is_sampled_for_expert_read(name, rate))
    read(session, readers[0], at=DAY_3, grid=SAME)
    [verdict] = _all(session, Verdict)
    for colleague in readers[1:]:
        assert reviews.claim_next(session, reader_id=colleague, at=DAY_3) is None
    session.add(RoleGrant(user_id=readers[3], role=Role.MODERATOR, region_code="W01", from_at=DAY_0))
    session.flush()

    read(session, readers[3], at=AFTER_REPLY, grid=HIGH)

    assert (check.status, _all(session, Verdict), _all(session, CutDecision)) == (
        CheckStatus.FINAL,
        [verdict],
        [],
    )
    assert [row.check_id for row in _all(session, LevelCorrection)] == [check.id]
    assert not _all(session, Hold)
