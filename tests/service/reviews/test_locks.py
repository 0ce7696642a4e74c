from datetime import timedelta

import pytest
from factories.reviews import (
    AT,
    HIGH,
    SAME,
    answers,
    claimed,
    judgement,
    make_reader,
    make_setting,
    read_through,
    want,
)

from qa_service.core.errors import Conflict, Invalid
from qa_service.reviews import service as reviews
from qa_service.reviews.schemas import OwnJudgement
from qa_service.reviews.tables import Review, ReviewStatus
from qa_service.rounds.tables import CheckStatus
from rubrics import Severity, Verdict


@pytest.fixture
def reader(session):
    want(session, make_setting(session).check)
    return make_reader(session, "rita")


@pytest.fixture
def reference(session, reader):
    return claimed(session, reader).reference


def _row(session, reference) -> Review:
    return reviews.own_read(session, reference, reader_id=_row_reader(session, reference))


def _row_reader(session, reference):
    row = session.connection().exec_driver_sql(
        "SELECT reader_id FROM review WHERE reference = %s", (reference,)
    )
    return row.scalar_one()


def test_lock_1_compares_with_the_officers_levels_for_the_workflow(session, reader, reference):
    own = judgement(HIGH, exposed=True)

    locked = reviews.lock_own_judgement(session, reference, own, reader_id=reader, at=AT)

    assert locked.comparison.is_overall_under
    assert locked.provisional_severity is Severity.S4
    assert (locked.review.stage, locked.check.status) == (2, CheckStatus.DRAFT)


def test_a_locked_judgement_is_never_changed(session, reader, reference):
    reviews.lock_own_judgement(session, reference, judgement(HIGH), reader_id=reader, at=AT)

    with pytest.raises(Conflict):
        reviews.lock_own_judgement(session, reference, judgement(SAME), reader_id=reader, at=AT)

    assert _row(session, reference).own_grid == HIGH.to_record()


def test_the_same_lock_sent_twice_is_one_lock(session, reader, reference):
    first = reviews.lock_own_judgement(session, reference, judgement(), reader_id=reader, at=AT)
    later = AT + timedelta(minutes=1)

    again = reviews.lock_own_judgement(session, reference, judgement(), reader_id=reader, at=later)

    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.review.lock_1_at == AT


def test_the_officers_level_is_not_shown_before_lock_2(session, reader, reference):
    with pytest.raises(Conflict) as refused:
        reviews.lock_quality(session, reference, answers(2), reader_id=reader, at=AT)

    assert "stage 1" in refused.value.message


def test_every_missing_answer_is_named_at_once(session, reader, reference):
    reviews.lock_own_judgement(session, reference, judgement(), reader_id=reader, at=AT)
    given = answers(2, A1="no")
    given["A1"] = type(given["A1"])("no")
    del given["B2"]

    with pytest.raises(Invalid) as refused:
        reviews.lock_quality(session, reference, given, reader_id=reader, at=AT)

    names = [name for name, _ in refused.value.faults]
    assert names == ["A1_evidence", "A1_cause", "A1_reason", "B2_judgement"]
    assert _row(session, reference).stage == 2


def test_a_judgement_without_a_reason_is_refused(session, reader, reference):
    with pytest.raises(Invalid) as refused:
        reviews.lock_own_judgement(
            session, reference, OwnJudgement(HIGH, "quite", False, " "), reader_id=reader, at=AT
        )

    assert [name for name, _ in refused.value.faults] == ["confidence", "own_reasons"]


def test_a_read_under_the_officers_level_comes_to_a_fail(session, reader):
    submitted = read_through(session, reader, grid=HIGH)

    assert submitted.decision.verdict is Verdict.FAIL
    assert submitted.outcome.is_underclassified
    assert (submitted.review.stage, submitted.check.status) == (4, CheckStatus.SUBMITTED)


def test_a_retry_with_the_same_key_gets_the_same_receipt(session, reader):
    first = read_through(session, reader, key="abc")
    reference = first.review.reference
    later = AT + timedelta(hours=1)

    again = reviews.submit_read(
        session, reference, answers(3), reader_id=reader, at=later, submission_key="abc"
    )

    assert again.is_replay
    assert again.decision == first.decision
    assert again.review.submitted_at == AT


def test_another_submission_after_that_is_a_conflict(session, reader):
    reference = read_through(session, reader, key="abc").review.reference

    with pytest.raises(Conflict):
        reviews.submit_read(session, reference, answers(3), reader_id=reader, at=AT, submission_key="xyz")


def test_a_check_decided_meanwhile_takes_no_submission(session, reader, reference):
    reviews.lock_own_judgement(session, reference, judgement(), reader_id=reader, at=AT)
    reviews.lock_quality(session, reference, answers(2), reader_id=reader, at=AT)
    session.connection().exec_driver_sql("UPDATE check_record SET status = 'void'")

    with pytest.raises(Conflict):
        reviews.submit_read(session, reference, answers(3), reader_id=reader, at=AT, submission_key="k")

    assert _row(session, reference).submitted_at is None


def test_the_answer_about_the_flag_never_changes_the_read(session, reader):
    submitted = read_through(session, reader)
    before = dict(submitted.review.answers), dict(submitted.review.decision)

    review = reviews.answer_flag(
        session,
        submitted.review.reference,
        changes_view=True,
        reason="The flag names an order I missed.",
        reader_id=reader,
        at=AT,
    )

    assert (dict(review.answers), dict(review.decision)) == before
    assert (review.changes_view, review.status) == (True, ReviewStatus.DONE)


def test_a_flag_cannot_be_answered_before_submitting(session, reader, reference):
    with pytest.raises(Conflict):
        reviews.answer_flag(session, reference, changes_view=False, reason="No.", reader_id=reader, at=AT)
