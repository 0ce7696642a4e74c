"""What an officer sees of a check, and from when (RULES 4, SCREENS 8)."""

import pytest
from factories.estate import make_area, make_officer
from factories.reviews import references

from qa_service.auth.roles import Role
from qa_service.feedback import service as feedback
from qa_service.workflows.run_due import run_due


@pytest.fixture
def talked_through(committed, fail, clock):
    clock.advance(days=3)  # a Monday
    committed(feedback.record_conversation, fail.feedback, at=clock.now(), by="user:9")
    return f"/my-feedback/{fail.feedback}"


def test_an_officer_who_was_never_checked_reads_by_when_everybody_is(committed, client_as):
    committed(make_area)
    person_id = committed(lambda session: make_officer(session, "N07A001").id)

    page = client_as(Role.OFFICER, person_id=person_id).get("/my-feedback").text

    assert "You have not been checked yet this year." in page
    assert "Everyone is checked at least once by 31 December 2026." in page


def test_before_the_conversation_the_officer_finds_nothing_and_no_address_that_works(officer, fail):
    page = officer.get("/my-feedback").text

    assert "You have not been checked yet this year." in page
    assert fail.feedback not in page
    assert officer.get(f"/my-feedback/{fail.feedback}").status_code == 404


def test_after_the_conversation_the_officer_reads_what_was_found_with_its_evidence(officer, talked_through):
    listed, page = officer.get("/my-feedback").text, officer.get(talked_through).text

    assert "My feedback (1 new)" in listed
    assert "X000001" in listed
    assert "The risk level was found too low" in page
    assert "Medium" in page
    assert "High" in page
    assert "R10.2" in page


def test_a_cause_above_the_officer_is_named_as_one(officer, talked_through):
    page = officer.get(talked_through).text

    above = page.split("Causes that lie above the officer")[1]
    assert "Supervision or countersigning did not happen" in above
    assert "The officer could have done this" not in above


def test_a_late_conversation_does_not_keep_the_feedback_from_the_officer(officer, fail, committed, clock):
    clock.advance(days=5)
    committed(run_due, at=clock.now(), references=references("late"))

    assert officer.get(f"/my-feedback/{fail.feedback}").status_code == 200


def test_acknowledging_records_the_day_it_was_read_and_a_second_click_changes_nothing(
    officer, talked_through, clock
):
    first = officer.post(f"{talked_through}/acknowledge")
    clock.advance(days=2)
    second = officer.post(f"{talked_through}/acknowledge")

    assert (first.status_code, first.headers["location"]) == (303, talked_through)
    assert second.status_code == 303
    assert "You confirmed on 16 November 2026 that you have read this." in officer.get(talked_through).text
    assert "(1 new)" not in officer.get("/my-feedback").text


def test_feedback_of_somebody_else_is_as_if_it_did_not_exist(client_as, talked_through):
    colleague = client_as(Role.OFFICER, username="colleague", person_id=1)

    answer, nothing = colleague.get(talked_through), colleague.get("/my-feedback/NOTHING")

    assert answer.status_code == nothing.status_code == 404
    assert answer.text.split("<main")[1] == nothing.text.split("<main")[1]
    assert colleague.post(f"{talked_through}/acknowledge").status_code == 404


def test_an_account_without_a_practitioner_says_so_and_breaks_nothing(client_as, committed):
    committed(make_area)

    assert client_as(Role.OFFICER).get("/my-feedback").status_code == 404


def test_after_signing_out_the_same_cookie_opens_nothing(officer):
    cookies = dict(officer.cookies)
    officer.post("/sign-out")
    officer.cookies.update(cookies)

    assert officer.get("/my-feedback").headers["location"] == "/sign-in?next=/my-feedback"
