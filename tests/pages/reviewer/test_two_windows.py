"""One read in two windows: what was locked in the one is never changed from the other, and the other is told."""

import pytest
from pages.reviewer.clicks import STAGE_1, go_through_stage_1, go_through_stage_2, version_of, yes

from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import Review, ReviewDraft

OTHER_LEVELS = STAGE_1 | {"level_community_public": "VERY_HIGH", "own_reasons": "It is worse than I thought."}


@pytest.fixture
def kept(scene):
    """Return a function: what the read holds now: levels, answers on quality and the draft's version."""

    def now():
        with transaction(scene[0], SYSTEM) as session:
            review, draft = session.get_one(Review, 1), session.get_one(ReviewDraft, 1)
            return review.own_grid, review.answers, draft.version

    return now


def _draft_version(kept):
    return str(kept()[2])


def test_levels_typed_after_lock_1_are_refused_as_they_are_typed(rita, start, kept):
    go_through_stage_1(rita, start)
    before = kept()

    told = rita.autosave(
        f"{start}/draft", version=_draft_version(kept), window_id="b", seq="1", **OTHER_LEVELS
    )

    assert (told.status_code, told.json()["code"]) == (409, "stage_locked")
    assert told.json()["message"] == "Your own levels were locked before, in another window."
    assert kept() == before


@pytest.mark.parametrize("page", ["levels", "draft"])
def test_without_scripts_the_page_says_what_was_locked_and_gives_back_what_was_typed(rita, start, kept, page):
    go_through_stage_1(rita, start)

    told = rita.post(f"{start}/{page}", version=_draft_version(kept), **OTHER_LEVELS)

    assert told.status_code == 409
    assert "Your own levels were locked before, in another window." in told.text
    assert "<li>Level community public: kept as high</li>" in told.text
    assert "<li>Own reasons: kept as The pattern needs no change to happen again.</li>" in told.text
    assert "It is worse than I thought." in told.text


def test_an_answer_on_quality_typed_after_lock_2_is_refused_and_the_questions_after_it_are_saved(
    rita, start, kept
):
    go_through_stage_1(rita, start)
    go_through_stage_2(rita, start)
    before = kept()

    typed = rita.autosave(f"{start}/draft", version=_draft_version(kept), A1_judgement="no")
    posted = rita.post(f"{start}/quality/A", version=_draft_version(kept), A1_judgement="no")
    after = rita.autosave(f"{start}/draft", version=_draft_version(kept), D3_judgement="no")

    assert (typed.status_code, typed.json()["code"]) == (409, "stage_locked")
    assert "Your answers on quality were locked before" in posted.text
    assert "<li>A1 judgement: kept as yes</li>" in posted.text
    assert kept()[:2] == before[:2]
    assert after.status_code == 200


def test_what_was_locked_sent_again_changes_nothing_and_goes_on(rita, start, kept):
    go_through_stage_1(rita, start)
    saved = rita.autosave(f"{start}/draft", version="0", window_id="b", seq="1", **STAGE_1)
    levels = rita.post(f"{start}/levels", version="0", **STAGE_1)
    n_saves = kept()[2]
    go_through_stage_2(rita, start)
    quality = rita.post(f"{start}/quality/A", version="0", **yes(2, "A"))

    assert (saved.status_code, saved.json()["version"], n_saves) == (200, 1, 1)
    assert levels.headers["location"] == f"{start}/quality/A"
    assert quality.headers["location"] == f"{start}/officer-level"


def test_a_second_click_on_either_lock_goes_on(rita, start, kept):
    go_through_stage_1(rita, start)
    first = rita.post(f"{start}/levels/lock", version=_draft_version(kept))
    go_through_stage_2(rita, start)
    second = rita.post(f"{start}/quality/lock", version=_draft_version(kept))

    assert first.headers["location"] == second.headers["location"] == start


def test_a_window_that_read_back_other_levels_than_were_locked_is_told_so(rita, start, kept):
    rita.post(f"{start}/levels", version="0", **OTHER_LEVELS)
    read_back = version_of(rita.get(f"{start}/levels/check"))
    rita.autosave(f"{start}/draft", version="1", **STAGE_1)
    rita.post(f"{start}/levels/lock", version="2")
    before = kept()

    told = rita.post(f"{start}/levels/lock", version=read_back)

    assert told.status_code == 409
    assert "Your own levels were locked before, in another window." in told.text
    assert "<li>Level community public: kept as high</li>" in told.text
    assert kept() == before


def test_a_window_that_read_back_other_answers_than_were_locked_is_told_so(rita, start, kept):
    go_through_stage_1(rita, start)
    rita.autosave(f"{start}/draft", version="1", A1_judgement="cannot_tell")
    read_back = version_of(rita.get(f"{start}/quality/check"))
    go_through_stage_2(rita, start)

    told = rita.post(f"{start}/quality/lock", version=read_back)

    assert told.status_code == 409
    assert "<li>A1 judgement: kept as yes</li>" in told.text
