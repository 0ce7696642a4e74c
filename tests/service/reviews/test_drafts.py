import pytest
from factories.reviews import AT, claimed, make_reader, make_setting, read_through, want
from sqlmodel import select

from qa_service.core.errors import Conflict
from qa_service.reviews import service as reviews
from qa_service.reviews.schemas import DraftSave
from qa_service.reviews.tables import ReviewDraftRevision


@pytest.fixture
def reader(session):
    want(session, make_setting(session).check)
    return make_reader(session, "rita")


@pytest.fixture
def save(session, reader):
    reference = claimed(session, reader).reference

    def save_fields(version, window="", seq=0, **fields):
        draft = DraftSave(fields, version, window, seq)
        return reviews.save_draft(session, reference, draft, reader_id=reader, at=AT).version

    save_fields.content = lambda: reviews.draft_of(session, reference, reader_id=reader)[0]
    return save_fields


def test_a_draft_accepts_anything_and_keeps_the_fields_of_other_pages(save):
    save(0, A1_judgement="perhaps?", A1_reason="\x00 half a sent")
    save(1, B1_judgement="no")

    assert save.content() == {"A1_judgement": "perhaps?", "A1_reason": " half a sent", "B1_judgement": "no"}


def test_a_second_window_is_told_and_overwrites_nothing(save):
    save(0, window="one", seq=1, A1_reason="from the first window")

    with pytest.raises(Conflict):
        save(0, window="two", seq=1, A1_reason="from the second window")

    assert save.content() == {"A1_reason": "from the first window"}


def test_a_window_whose_answer_got_lost_may_save_again(save):
    save(0, window="one", seq=1, A1_reason="a")

    version = save(0, window="one", seq=2, A1_reason="a b")

    assert (version, save.content()) == (2, {"A1_reason": "a b"})


def test_an_older_copy_that_arrives_late_changes_nothing(save):
    save(0, window="one", seq=1, A1_reason="a")
    save(1, window="one", seq=2, A1_reason="a b")

    version = save(0, window="one", seq=1, A1_reason="a")

    assert (version, save.content()) == (2, {"A1_reason": "a b"})


def test_every_save_is_kept_for_ever(session, save):
    save(0, A1_reason="first")
    save(1, A1_reason="second")

    kept = session.exec(select(ReviewDraftRevision).order_by(ReviewDraftRevision.version))

    assert [(row.version, row.content["A1_reason"]) for row in kept] == [(1, "first"), (2, "second")]


def test_nothing_is_saved_after_submitting(session, reader):
    reference = read_through(session, reader).review.reference

    with pytest.raises(Conflict):
        reviews.save_draft(session, reference, DraftSave({"A1_reason": "late"}, 0), reader_id=reader, at=AT)
