"""An answer about a flag stands beside the flag that it is about, whatever artefact comes into force later."""

import pytest
from factories.flags import make_artefact_row, make_flag
from factories.reviews import AT, make_reader, make_setting, read_through, want
from sqlmodel import select

from qa_service.audit.record import append_pending
from qa_service.audit.tables import AuditEvent, AuditPayload
from qa_service.core.errors import Invalid
from qa_service.flags.tables import ArtefactStatus
from qa_service.reviews import service as reviews

OLD, NEW = "a" * 64, "b" * 64


@pytest.fixture
def check(session):
    check = make_setting(session).check
    want(session, check)
    return check


@pytest.fixture
def reader(session, check):
    return make_reader(session, "rita")


@pytest.fixture
def reference(session, reader):
    return read_through(session, reader).review.reference


def _answer(session, reference, reader, **options):
    said = {"changes_view": True, "reason": "I overlooked the enquiries."}
    return reviews.answer_flag(session, reference, **said, reader_id=reader, at=AT, **options)


def _kept(review):
    return review.shown_artefact_digest, review.was_flagged, review.shown_score_rate


def test_the_answer_keeps_the_flag_of_the_artefact_in_force_and_so_does_the_log(
    session, check, reader, reference
):
    make_artefact_row(session, OLD)
    make_flag(session, check.assessment_id, 0.7, digest=OLD)

    review = _answer(session, reference, reader)
    append_pending(session)
    of_answer = select(AuditPayload).join(AuditEvent).where(AuditEvent.tag == "review:flag:answered")

    assert _kept(review) == (OLD, True, 0.7)
    assert session.exec(of_answer).one().payload == {
        "artefact_digest": OLD,
        "is_flagged": True,
        "score_rate": 0.7,
    }


def test_what_was_kept_stays_when_the_artefact_is_superseded_and_the_answer_is_sent_again(
    session, check, reader, reference
):
    old = make_artefact_row(session, OLD)
    make_flag(session, check.assessment_id, 0.7, digest=OLD)
    seen = reviews.revealed_flag(session, reference, reader_id=reader).shown.mark
    _answer(session, reference, reader, seen=seen)
    old.status = ArtefactStatus.RETIRED
    session.flush()

    again = _answer(session, reference, reader, seen=seen)

    assert _kept(again) == (OLD, True, 0.7)


def test_an_answer_to_no_flag_says_so(session, check, reader, reference):
    make_artefact_row(session, NEW)

    assert _kept(_answer(session, reference, reader)) == (NEW, False, None)


def test_an_answer_before_any_artefact_was_approved_says_so(session, reader, reference):
    assert _kept(_answer(session, reference, reader)) == (None, False, None)


def test_a_case_whose_levels_have_no_scorer_was_shown_no_flag(session, check, reader, reference):
    make_artefact_row(session, OLD)
    make_flag(session, check.assessment_id, 0.7, digest=OLD, target="unscored")

    assert _kept(_answer(session, reference, reader)) == (OLD, False, None)


def test_an_answer_about_another_flag_than_stands_now_is_refused(session, check, reader, reference):
    seen = reviews.revealed_flag(session, reference, reader_id=reader).shown.mark
    make_artefact_row(session, NEW)
    make_flag(session, check.assessment_id, 0.1, digest=NEW)

    with pytest.raises(Invalid) as refused:
        _answer(session, reference, reader, seen=seen)

    assert [name for name, _ in refused.value.faults] == ["changes_view"]
    assert reviews.own_read(session, reference, reader_id=reader).done_at is None


def test_nothing_of_the_flag_is_kept_before_it_is_answered(session, check, reader, reference):
    make_artefact_row(session, OLD)
    make_flag(session, check.assessment_id, 0.7, digest=OLD)
    reviews.revealed_flag(session, reference, reader_id=reader)

    assert _kept(reviews.own_read(session, reference, reader_id=reader)) == (None, None, None)
