"""RULES 2: what the reads of a check come to, and whose assessment it was."""

from datetime import UTC, date, datetime

import pytest

from qa_service.reviews.rules import (
    NextStep,
    Outcome,
    ReadOfCheck,
    combine_reads,
    decide_attribution,
)
from qa_service.reviews.statuses import (
    Attribution,
    ModerationReason,
    ReadKind,
    ReplyState,
    ReviewStatus,
)
from qa_service.reviews.working_hours import due_after_working_hours
from rubrics import Kind, Level, Reason, ReasonCode, Severity, Verdict, VerdictDecision

FAILS = {"S4", "S3", "S3s"}


def outcome(severity: str, found: Level = Level.HIGH) -> Outcome:
    verdict = Verdict.FAIL if severity in FAILS else Verdict.PASS
    reasons = (Reason(ReasonCode.SOMEBODY_EXPOSED),)
    decision = VerdictDecision(
        Severity(severity), verdict, Kind.LEVEL, severity == "S4", False, reasons, "1", "digest"
    )
    return Outcome(decision, Level.MEDIUM, found, severity == "S4", "1")


def read(number: int, kind: str, severity: str | None, *, contaminated=False, status=None) -> ReadOfCheck:
    state = status or (ReviewStatus.SUBMITTED if severity else ReviewStatus.OPENED)
    found = outcome(severity) if severity else None
    return ReadOfCheck(number, f"R{number}", number, ReadKind(kind), state, contaminated, found)


def step(*reads, cuts=True, sampled=False, reply=ReplyState.NO_DISPUTE):
    return combine_reads(reads, does_arm_cut=cuts, is_sampled=sampled, reply=reply)


def test_one_read_that_is_no_fail_decides():
    assert step(read(1, "first", "S0")).step is NextStep.FINAL


def test_a_would_be_fail_waits_for_a_second_blind_read():
    found = step(read(1, "first", "S3"))

    assert (found.step, found.wanted_kind) == (NextStep.WANT_READ, ReadKind.SECOND)


def test_while_the_second_read_runs_no_third_is_asked_for():
    assert step(read(1, "first", "S3"), read(2, "second", None)).step is NextStep.WAIT_FOR_READ


def test_two_reads_that_agree_are_a_fail_urgent_if_either_is():
    found = step(read(1, "first", "S3"), read(2, "second", "S4"))

    assert found.step is NextStep.FINAL
    assert found.outcome.is_urgent
    assert found.outcome.decision.severity is Severity.S4
    assert [one.review_id for one in found.deciding] == [1, 2]


def test_the_agreed_level_is_the_one_that_both_reads_reach():
    first = read(1, "first", "S3")
    second = ReadOfCheck(
        2, "R2", 2, ReadKind.SECOND, ReviewStatus.SUBMITTED, False, outcome("S4", Level.VERY_HIGH)
    )

    assert step(first, second).outcome.reviewed_overall is Level.HIGH


@pytest.mark.parametrize("pair", [("S3", "S1"), ("S0", "S3")], ids=["second is no fail", "first is no fail"])
def test_two_reads_that_differ_go_to_a_moderator(pair):
    found = step(read(1, "first", pair[0]), read(2, "second", pair[1]), sampled=True)

    assert (found.step, found.moderation_reason) == (NextStep.MODERATE, ModerationReason.SPLIT)


def test_a_disputed_fact_goes_to_a_moderator_even_when_the_reads_agree():
    found = step(read(1, "first", "S3"), read(2, "second", "S3"), reply=ReplyState.DISPUTED)

    assert (found.step, found.moderation_reason) == (NextStep.MODERATE, ModerationReason.DISPUTED_FACT)


def test_a_fail_waits_for_the_officers_reply_or_its_lapse():
    reads = read(1, "first", "S3"), read(2, "second", "S3")

    assert step(*reads, reply=ReplyState.WAITING).step is NextStep.WAIT_FOR_REPLY
    assert step(*reads, reply=ReplyState.LAPSED).step is NextStep.FINAL


def test_a_contaminated_read_is_replaced_before_any_fail():
    found = step(read(1, "first", "S3", contaminated=True))
    then = step(read(1, "first", "S3", contaminated=True), read(2, "replacement", "S3"))

    assert (found.step, found.wanted_kind) == (NextStep.WANT_READ, ReadKind.REPLACEMENT)
    assert (then.step, then.wanted_kind) == (NextStep.WANT_READ, ReadKind.SECOND)


def test_a_contaminated_second_read_is_replaced_too():
    reads = read(1, "first", "S3"), read(2, "second", "S3", contaminated=True)

    assert step(*reads).wanted_kind is ReadKind.REPLACEMENT
    assert step(*reads, read(3, "replacement", "S3")).step is NextStep.FINAL


@pytest.mark.parametrize("severity", ["S4", "S0"])
def test_in_an_arm_that_does_not_cut_one_read_corrects_the_case(severity):
    assert step(read(1, "first", severity), cuts=False, sampled=True).step is NextStep.FINAL


def test_a_random_few_of_the_other_verdicts_are_read_twice_and_the_first_stands():
    alone = step(read(1, "first", "S1"), sampled=True)
    both = step(read(1, "first", "S1"), read(2, "second", "S0"), sampled=True)

    assert alone.wanted_kind is ReadKind.SECOND
    assert (both.step, both.outcome.decision.severity) == (NextStep.FINAL, Severity.S1)


def test_an_experts_read_decides_nothing():
    assert step(read(1, "first", "S0"), read(2, "expert", "S4")).step is NextStep.FINAL


def test_a_withdrawn_read_is_waited_for_by_nobody():
    gone = read(1, "first", None, status=ReviewStatus.WITHDRAWN)

    assert step(gone).wanted_kind is ReadKind.FIRST
    assert step(gone, read(2, "first", None)).step is NextStep.WAIT_FOR_READ


def attribute(**changes):
    facts = {
        "drawn_person_id": 7,
        "author_person_id": 8,
        "held": [(date(2026, 3, 1), None)],
        "called_for_review_on": [],
    }
    return decide_attribution(**(facts | changes))


def test_an_assessment_is_its_authors():
    assert attribute(author_person_id=7).attribution is Attribution.AUTHOR


@pytest.mark.parametrize(
    ("called_on", "expected"),
    [
        pytest.param(date(2026, 4, 1), Attribution.HOLDER, id="event while the officer held the case"),
        pytest.param(date(2026, 2, 1), Attribution.NONE, id="event before the officer held the case"),
    ],
)
def test_the_holder_answers_only_for_what_was_called_for_while_they_held_the_case(called_on, expected):
    found = attribute(called_for_review_on=[called_on])

    assert (found.attribution, found.person_id) == (expected, 7 if expected == "holder" else None)


def test_without_author_or_event_nobody_is_held_to_it():
    assert attribute(author_person_id=None).attribution is Attribution.NONE


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        pytest.param("2026-11-02T10:00", "2026-11-02T14:00", id="Monday morning"),
        pytest.param("2026-11-02T15:30", "2026-11-03T11:30", id="Monday afternoon: on Tuesday"),
        pytest.param("2026-11-06T16:00", "2026-11-09T12:00", id="Friday afternoon: on Monday"),
        pytest.param("2026-11-07T12:00", "2026-11-09T13:00", id="Saturday: Monday from nine"),
        pytest.param("2026-12-24T16:00", "2026-12-29T12:00", id="Christmas Eve: after the holidays"),
        pytest.param("2026-11-03T03:00", "2026-11-03T13:00", id="at night: from nine"),
    ],
)
def test_four_working_hours_pass_only_while_offices_are_open(raised, due):
    moment = datetime.fromisoformat(raised).replace(tzinfo=UTC)

    found = due_after_working_hours(moment, 4, starts_hour=9, ends_hour=17)

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)
