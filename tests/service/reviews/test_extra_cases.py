"""RULES 2: an extra case (arm follow_up) with any level recorded too low is a fail; another case is not."""

import pytest
from factories.reviews import (
    AT,
    POLICY,
    SAME,
    answers,
    claimed,
    judgement,
    make_reader,
    make_setting,
    read_through,
    references,
    want,
)

from qa_service.reviews import service as reviews
from qa_service.reviews.rules import NextStep
from qa_service.reviews.schemas import LineChoice, SettledAnswers
from qa_service.reviews.statuses import ModerationReason, ReplyState
from qa_service.reviews.tables import ReadKind
from qa_service.rounds.tables import Arm
from qa_service.workflows.rehearse_moderation import rehearse_moderation
from rubrics import Grid, Severity, Verdict

# The record says staff low; medium is above it and below the high line, and the overall stays medium.
STAFF_MEDIUM = Grid.from_groups(
    {"children": "LOW", "public": "MEDIUM", "known_adult": "MEDIUM", "staff": "MEDIUM"}
)
FAIL = (Verdict.FAIL, Severity.S3)
ACTIONS = (Verdict.PASS_WITH_ACTIONS, Severity.S1)
BY_ARM = pytest.mark.parametrize(
    ("arm", "expected"),
    [(Arm.FOLLOW_UP, FAIL), (Arm.SELF_REFERRAL, ACTIONS)],
    ids=["extra case", "self-referred case"],
)


def in_moderation(session, arm):
    """A check whose two readers differ about the staff, taken by a moderator."""
    setting = make_setting(session, arm=arm)
    want(session, setting.check)
    read_through(session, make_reader(session, "rita"), grid=STAFF_MEDIUM)
    want(session, setting.check, ReadKind.SECOND)
    read_through(session, make_reader(session, "sam"), grid=SAME)
    split = {"reason": ModerationReason.SPLIT, "policy": POLICY, "references": references("moderation")}
    reviews.open_moderation(session, setting.check, at=AT, **split)
    moderator = make_reader(session, "mo")
    return reviews.take_moderation(session, moderator_id=moderator, at=AT).reference, moderator


@BY_ARM
def test_a_group_under_below_the_high_line_fails_an_extra_case_only(session, arm, expected):
    want(session, make_setting(session, arm=arm).check)

    submitted = read_through(session, make_reader(session, "rita"), grid=STAFF_MEDIUM)

    assert (submitted.decision.verdict, submitted.decision.severity) == expected


@pytest.mark.parametrize(
    ("arm", "grid", "provisional"),
    [
        pytest.param(Arm.FOLLOW_UP, STAFF_MEDIUM, Severity.S3, id="extra case under"),
        pytest.param(Arm.FOLLOW_UP, SAME, None, id="extra case with the same levels"),
        pytest.param(
            Arm.SELF_REFERRAL, STAFF_MEDIUM, None, id="self-referred case under below the high line"
        ),
    ],
)
def test_lock_1_of_an_extra_case_that_is_under_gives_ground_for_a_hold(session, arm, grid, provisional):
    want(session, make_setting(session, arm=arm).check)
    reader = make_reader(session, "rita")
    reference = claimed(session, reader).reference

    locked = reviews.lock_own_judgement(session, reference, judgement(grid), reader_id=reader, at=AT)

    assert locked.provisional_severity == provisional


def test_two_readers_who_both_find_an_extra_case_under_confirm_the_fail(session):
    setting = make_setting(session, arm=Arm.FOLLOW_UP)
    want(session, setting.check)
    read_through(session, make_reader(session, "rita"), grid=STAFF_MEDIUM)
    alone = reviews.combine_reads(session, setting.check, at=AT)
    want(session, setting.check, ReadKind.SECOND)
    read_through(session, make_reader(session, "sam"), grid=STAFF_MEDIUM)

    both = reviews.combine_reads(session, setting.check, at=AT)

    assert alone.wanted_kind is ReadKind.SECOND
    assert reviews.reply_state(session, setting.check.id, at=AT) is ReplyState.NOT_ASKED
    assert both.step is NextStep.FINAL
    assert (both.outcome.decision.verdict, both.outcome.decision.severity) == FAIL


@BY_ARM
def test_a_moderator_decides_an_extra_case_by_the_same_rule_and_is_told_so_before(session, arm, expected):
    reference, moderator = in_moderation(session, arm)
    settled = SettledAnswers(
        grid=STAFF_MEDIUM,
        is_somebody_exposed=False,
        answers=answers(2) | answers(3),
        choices={"level": LineChoice("a", "Staff were threatened.")},
        colleague_would_have="no",
        reasons="The record supports the first reader.",
    )

    told = rehearse_moderation(session, reference, settled, moderator_id=moderator, at=AT)
    decided = reviews.decide_moderation(session, reference, settled, moderator_id=moderator, at=AT)

    decision = decided.outcome.decision
    assert (decision.verdict, decision.severity) == expected
    assert told.verdict == decision.verdict.value
