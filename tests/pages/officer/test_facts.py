"""The question about facts while the second read runs: what is asked, by when, and what the answer does (RULES 2)."""

import pytest
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import AccuracyReply

PAGE = "/my-facts/CHECK1"


def test_the_officer_is_asked_with_the_deadline_in_words(suspected):
    listed, page = suspected.get("/my-feedback").text, suspected.get(PAGE).text

    assert "Reply by 12 November 2026" in listed
    assert "You can reply until the end of <strong>12 November 2026</strong>" in page
    assert "R10.2" in page


def test_the_question_tells_neither_a_level_nor_an_answer_nor_a_verdict(suspected):
    page = suspected.get(PAGE).text.split("<main")[1].split("</main>")[0].lower()

    assert [word for word in ("high", "medium", "fail", "partly", "too low") if word in page] == []


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"text": "He moved in June."}, "Choose whether a fact is wrong"),
        ({"disputes": "yes", "text": " "}, "Say which fact is wrong, and where the record shows it."),
    ],
    ids=["no choice", "disputed without saying what"],
)
def test_a_reply_that_cannot_be_used_comes_back_as_it_was_typed(suspected, typed, error):
    answer = suspected.post(PAGE, data=typed)

    assert answer.status_code == 422
    assert error in answer.text
    assert f">{typed['text']}</textarea>" in answer.text


def test_a_disputed_fact_is_kept_and_shown_and_cannot_be_sent_twice(suspected, fresh_engine):
    reply = {"disputes": "yes", "text": "He moved in June, see contact of 3 June."}

    first, second = suspected.post(PAGE, data=reply), suspected.post(PAGE, data=reply)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "A moderator decides." in suspected.get(PAGE).text
    with transaction(fresh_engine, SYSTEM) as session:
        row = session.exec(select(AccuracyReply)).one()
        assert (row.disputes_a_fact, row.text) == (True, reply["text"])


def test_after_the_deadline_the_page_says_so_and_takes_nothing(suspected, clock):
    clock.advance(days=10)

    assert "The time for this reply passed on 12 November 2026." in suspected.get(PAGE).text
    assert suspected.post(PAGE, data={"disputes": "no"}).status_code == 409
    assert PAGE not in suspected.get("/my-feedback").text
