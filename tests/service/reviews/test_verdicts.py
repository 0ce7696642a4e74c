from datetime import UTC, date, datetime, timedelta

import pytest
from factories.cases import add_pack_item, make_assessment
from factories.reviews import AT, make_check, make_reader, make_setting, read_through, want
from sqlalchemy.exc import DatabaseError

from qa_service.cases import service as cases
from qa_service.core.errors import Conflict, NotFound
from qa_service.reviews import service as reviews
from qa_service.reviews.rules import NextStep
from qa_service.reviews.statuses import ReplyState
from qa_service.reviews.tables import Attribution, ReadKind
from qa_service.rounds.tables import Arm, CheckStatus


def _verdict(session, setting, **options):
    found = reviews.combine_reads(session, setting.check, at=AT)
    assert found.step is NextStep.FINAL
    return reviews.record_verdict(
        session,
        setting.check,
        found.outcome,
        attribution=reviews.attribute_check(session, setting.check),
        decided_by={"reads": [read.review_id for read in found.deciding]},
        at=AT,
        **options,
    )


@pytest.fixture
def self_referred(session):
    """A check in an arm that does not cut, read once and found too low."""
    setting = make_setting(session, arm=Arm.SELF_REFERRAL)
    want(session, setting.check)
    read_through(session, make_reader(session, "rita"))
    return setting


def test_a_verdict_names_who_decided_it_and_what_was_found(session, self_referred):
    verdict = _verdict(session, self_referred)

    assert (verdict.verdict, verdict.severity) == ("fail", "S3")
    assert (verdict.assessed_overall, verdict.reviewed_overall) == ("MEDIUM", "HIGH")
    assert verdict.is_underclassified
    assert verdict.attribution is Attribution.AUTHOR
    assert self_referred.check.status is CheckStatus.FINAL


def test_a_check_has_one_verdict_that_stands(session, self_referred):
    first = _verdict(session, self_referred)

    with pytest.raises(Conflict):
        _verdict(session, self_referred)
    later = _verdict(session, self_referred, supersedes=first)

    assert reviews.standing_verdict(session, self_referred.check.id).id == later.id


def test_a_verdict_is_never_changed(session, self_referred):
    verdict = _verdict(session, self_referred)
    verdict.severity = "S0"

    with pytest.raises(DatabaseError):
        session.flush()


def test_in_an_arm_that_cuts_a_fail_is_confirmed_by_two_readers_and_the_officers_time_to_reply(session):
    setting = make_setting(session)
    want(session, setting.check)
    read_through(session, make_reader(session, "rita"))
    assert reviews.combine_reads(session, setting.check, at=AT).wanted_kind is ReadKind.SECOND
    want(session, setting.check, ReadKind.SECOND)
    reviews.ask_accuracy_reply(session, setting.check, at=AT)
    read_through(session, make_reader(session, "sam"))

    waiting = reviews.combine_reads(session, setting.check, at=AT)
    lapsed = reviews.combine_reads(session, setting.check, at=AT + timedelta(days=8))

    assert (waiting.step, lapsed.step) == (NextStep.WAIT_FOR_REPLY, NextStep.FINAL)
    assert reviews.checks_with_lapsed_replies(session, at=AT) == []
    assert reviews.checks_with_lapsed_replies(session, at=AT + timedelta(days=8)) == [setting.check.id]


def test_only_the_officer_who_was_asked_may_reply_and_only_in_time(session):
    setting = make_setting(session)
    check_id, officer = setting.check.id, setting.officer.id
    reviews.ask_accuracy_reply(session, setting.check, at=AT)

    def reply(person, at):
        return reviews.reply_on_accuracy(
            session, check_id, person_id=person, text="The order ended in May.", disputes_a_fact=True, at=at
        )

    with pytest.raises(NotFound):
        reply(officer + 1, AT)
    with pytest.raises(Conflict):
        reply(officer, AT + timedelta(days=30))
    reply(officer, AT)

    assert reviews.reply_state(session, check_id, at=AT) is ReplyState.DISPUTED


def stranger_wrote_it(session, setting):
    make_assessment(
        session,
        setting.case,
        author_staff_code=None,
        completed_at=datetime(2026, 9, 20, 15, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("event_on", "calls_for_review", "recorded_before_the_draw", "expected"),
    [
        pytest.param(date(2026, 10, 1), True, True, Attribution.HOLDER, id="trigger after the assessment"),
        pytest.param(date(2026, 10, 1), True, False, Attribution.NONE, id="trigger recorded after the draw"),
        pytest.param(date(2026, 9, 1), True, True, Attribution.NONE, id="trigger before the assessment"),
        pytest.param(date(2026, 10, 1), False, True, Attribution.NONE, id="event that called for nothing"),
    ],
)
def test_the_holder_answers_only_for_an_event_that_called_for_a_new_assessment(
    session, event_on, calls_for_review, recorded_before_the_draw, expected
):
    setting = make_setting(session)
    stranger_wrote_it(session, setting)
    early = make_check(session, setting.case, setting.officer, number=2)
    add_pack_item(
        session,
        setting.case,
        kind="event",
        title="Arrest",
        happened_on=event_on,
        is_review_trigger=calls_for_review,
    )
    late = make_check(session, setting.case, setting.officer, number=3)

    found = reviews.attribute_check(session, late if recorded_before_the_draw else early)

    assert found.attribution is expected


YEAR_LATER = datetime(2027, 11, 2, 10, 0, tzinfo=UTC)


def test_the_holder_answers_for_a_review_that_was_due(session):
    setting = make_setting(session)
    stranger_wrote_it(session, setting)

    found = reviews.attribute_check(
        session, make_check(session, setting.case, setting.officer, number=2, drawn_at=YEAR_LATER)
    )

    assert found.attribution is Attribution.HOLDER


@pytest.mark.parametrize("drawn_at", [AT, YEAR_LATER], ids=["trigger event", "trigger event and due review"])
def test_an_officer_who_took_the_case_over_later_does_not_answer_for_what_came_before(session, drawn_at):
    setting = make_setting(session)
    stranger_wrote_it(session, setting)
    cases.assignments_of_case(session, setting.case.id)[0].from_on = date(2027, 10, 18)
    add_pack_item(session, setting.case, kind="event", happened_on=date(2026, 10, 1), is_review_trigger=True)

    found = reviews.attribute_check(
        session, make_check(session, setting.case, setting.officer, number=2, drawn_at=drawn_at)
    )

    assert (found.attribution, found.person_id) == (Attribution.NONE, None)
