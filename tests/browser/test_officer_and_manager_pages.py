"""Officers' and managers' pages in a real browser: accessible, narrow enough, no complaint of the browser."""

from datetime import timedelta

import pytest
from factories.accounts import SETTINGS, sessions_of
from factories.databases import own_database
from factories.fails import FINAL
from pages.conftest import told_story

from qa_service.app import make_app
from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.feedback import service as feedback

__all__ = ["told_story"]
AT = FINAL + timedelta(days=3)
PAGES = [
    ("officer", "/my-feedback"),
    ("officer", "/my-feedback/{feedback}"),
    ("officer", "/my-facts/CHECK1"),
    ("officer", "/my-workload"),
    ("spo", "/duties"),
    ("spo", "/duties/{support}"),
    ("spo", "/corrections/{correction_id}"),
    ("spo", "/reductions/{request_id}"),
    ("spo", "/caseload-reviews/{caseload_review}"),
    ("spo", "/failing-checks"),
    ("spo", "/failing-checks/CHECK1"),
    ("spo", "/cuts"),
    ("spo", "/cuts/{cut_id}"),
    ("spo", "/moves"),
    ("spo", "/moves/{move_id}"),
    ("spo", "/gate"),
    ("head", "/duties/{finding}"),
    ("head", "/escalations"),
    ("head", "/escalations/{escalation_id}"),
    ("head", "/rates"),
    ("head", "/rates/pdu/LDNTST/causes"),
    ("head", "/rates/pdu/LDNTST/coverage"),
    ("head", "/rates/pdu/LDNTST/cost"),
    ("head", "/rates/team/N07T01"),
]


@pytest.fixture(scope="module")
def site(serve, server_url, told_story):
    """The address of the story's site, each person's session, and the story's keys."""
    name, told = told_story
    people = {
        "officer": (Role.OFFICER, {"team": "N07T01", "person_id": told.officer_id}),
        "spo": (Role.SPO, {"team": "N07T01", "person_id": told.spo_id}),
        "head": (Role.HEAD_OF_PDU, {"pdu": "LDNTST", "person_id": told.head_id}),
    }
    with own_database(server_url, template=name) as (_, url):
        engine = make_engine(url)
        with transaction(engine, SYSTEM) as session:
            feedback.record_conversation(session, told.feedback, at=AT, by="user:1")
            tokens = sessions_of(session, people, at=AT)
        address = serve(make_app(engine, clock=FixedClock(AT), settings=SETTINGS))
        yield address, tokens, {**vars(told), **told.duties}
        engine.dispose()


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_is_accessible_wide_and_narrow_and_the_browser_does_not_complain(visit, is_sound, who, path):
    answer = visit(who, path)

    assert answer.status == 200
    is_sound(path)


def test_a_refused_decision_leads_from_its_summary_to_the_field_and_keeps_what_was_typed(
    visit, page, axe_violations
):
    visit("spo", "/escalations/{escalation_id}")
    page.fill("#reason", "Accepted by me until 1 December.")
    page.click("text=Continue")

    assert page.title().startswith("Error: ")
    assert axe_violations(page) == []
    assert page.input_value("#reason") == "Accepted by me until 1 December."
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "items"


def test_a_correction_is_checked_in_words_and_can_be_changed_before_it_counts(visit, page, axe_violations):
    visit("spo", "/corrections/{correction_id}")
    page.check("input[value=kept]")
    page.fill("#kept_reason", "The partner moved abroad.")
    page.click("text=Continue")
    assert page.inner_text("h1") == "Check your answers"
    assert axe_violations(page) == []

    page.click("text=Change your answers")
    kept = page.input_value("#kept_reason")
    page.click("text=Continue")
    page.click("text=Close this correction")

    assert kept == "The partner moved abroad."
    assert "Closed on" in page.inner_text("main")
