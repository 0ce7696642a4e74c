import pytest
from factories.reviews import (
    AT,
    HIGH,
    POLICY,
    SAME,
    answers,
    make_reader,
    make_setting,
    read_through,
    references,
    want,
)

from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.reviews import service as reviews
from qa_service.reviews.rules import NextStep
from qa_service.reviews.schemas import LineChoice, SettledAnswers
from qa_service.reviews.tables import ReadKind
from qa_service.rounds.tables import CheckStatus
from rubrics import Verdict


def settled(grid=HIGH, **changes) -> SettledAnswers:
    parts = {
        "grid": grid,
        "is_somebody_exposed": False,
        "answers": answers(2) | answers(3),
        "choices": {"level": LineChoice("a", "The pattern has not changed.")},
        "colleague_would_have": "no",
        "reasons": "The record supports the first reader.",
    }
    return SettledAnswers(**(parts | changes))


@pytest.fixture
def split(session):
    """A check whose two readers differ, in moderation; returns it with its readers."""
    setting = make_setting(session)
    want(session, setting.check)
    rita, sam = make_reader(session, "rita"), make_reader(session, "sam")
    read_through(session, rita, grid=HIGH)
    want(session, setting.check, ReadKind.SECOND)
    read_through(session, sam, grid=SAME)
    found = reviews.combine_reads(session, setting.check, at=AT)
    assert found.step is NextStep.MODERATE
    reviews.open_moderation(
        session,
        setting.check,
        reason=found.moderation_reason,
        at=AT,
        policy=POLICY,
        references=references("moderation"),
    )
    return setting, rita, sam


def test_a_split_waits_for_a_third_person(session, split):
    setting, rita, sam = split

    taken = [reviews.take_moderation(session, moderator_id=person, at=AT) for person in (rita, sam)]
    third = reviews.take_moderation(session, moderator_id=make_reader(session, "mo"), at=AT)

    assert taken == [None, None]
    assert third.check_id == setting.check.id
    assert setting.check.status is CheckStatus.IN_MODERATION


@pytest.mark.parametrize(
    ("grid", "verdict"), [(HIGH, Verdict.FAIL), (SAME, Verdict.PASS)], ids=["for the first", "for the second"]
)
def test_the_settled_answers_decide_like_a_read(session, split, grid, verdict):
    moderator = make_reader(session, "mo")
    taken = reviews.take_moderation(session, moderator_id=moderator, at=AT)

    decided = reviews.decide_moderation(
        session, taken.reference, settled(grid), moderator_id=moderator, at=AT
    )

    assert decided.outcome.decision.verdict is verdict
    assert decided.moderation.choices["level"] == {"chosen": "a", "reason": "The pattern has not changed."}


def test_a_decision_needs_a_reason_for_each_line_and_an_answer_about_a_colleague(session, split):
    moderator = make_reader(session, "mo")
    taken = reviews.take_moderation(session, moderator_id=moderator, at=AT)
    empty = settled(
        choices={"A1": LineChoice("b"), "B1": LineChoice("")}, colleague_would_have="", reasons=""
    )

    with pytest.raises(Invalid) as refused:
        reviews.decide_moderation(session, taken.reference, empty, moderator_id=moderator, at=AT)

    names = {name for name, _ in refused.value.faults}
    assert names == {"A1_choice_reason", "B1_choice", "colleague_would_have", "reasons"}


def test_a_decided_moderation_is_not_decided_again(session, split):
    moderator = make_reader(session, "mo")
    reference = reviews.take_moderation(session, moderator_id=moderator, at=AT).reference
    reviews.decide_moderation(session, reference, settled(), moderator_id=moderator, at=AT)

    again = reviews.decide_moderation(session, reference, settled(), moderator_id=moderator, at=AT)

    assert again.is_replay
    other = settled(answers=answers(2, A1="no") | answers(3))
    with pytest.raises(Conflict):
        reviews.decide_moderation(session, reference, other, moderator_id=moderator, at=AT)


def test_somebody_elses_moderation_does_not_exist(session, split):
    moderator = make_reader(session, "mo")
    reference = reviews.take_moderation(session, moderator_id=moderator, at=AT).reference

    with pytest.raises(NotFound):
        reviews.decide_moderation(session, reference, settled(), moderator_id=moderator + 1, at=AT)
