"""My duties: overdue first, met by a decision in words, and only by the post's holder or one above."""

from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.core.db import SYSTEM, transaction
from qa_service.feedback.tables import Feedback
from qa_service.obligations.tables import Obligation


def _duty(engine, key):
    with transaction(engine, SYSTEM) as session:
        return session.exec(select(Obligation).where(Obligation.id == key)).one()


def test_an_spo_sees_the_duties_of_their_post_overdue_first(spo, clock):
    clock.advance(days=1)

    page = spo.get("/duties").text.split("<tbody")[1]

    assert page.index("Level correction") < page.index("Conversation") < page.index("Caseload review")
    assert page.index("Overdue") < page.index("Conversation")


def test_the_list_says_how_many_are_overdue_and_can_be_narrowed_to_one_kind(spo, clock):
    clock.advance(days=1)

    page = spo.get("/duties?kind=support").text

    assert "1 duty is overdue." in page
    assert "My duties (1)" in page


def test_an_spo_without_duties_is_told_that_nothing_waits(other_spo):
    assert "Nothing waits for you." in other_spo.get("/duties").text


def test_a_conversation_is_shown_with_what_to_talk_through_and_shows_the_feedback_to_the_officer(
    spo, fail, fresh_engine
):
    address = f"/duties/{fail.duties['conversation']}"

    page, answer = spo.get(address), spo.post(address)

    assert "What to talk through: The assessment did not meet the standard" in page.text
    assert answer.status_code == 303
    with transaction(fresh_engine, SYSTEM) as session:
        row = session.exec(select(Feedback)).one()
        assert row.shown_at is not None
        assert row.conversation_by.startswith("user:")
    assert _duty(fresh_engine, fail.duties["conversation"]).closed_at is not None


def test_support_is_met_by_saying_what_was_given(spo, fail, fresh_engine):
    address = f"/duties/{fail.duties['support']}"

    empty = spo.post(address, data={"decision": " "})
    spo.post(address, data={"decision": "Weekly case discussion from 16 November."})

    assert (empty.status_code, "Enter what was done or decided" in empty.text) == (422, True)
    assert _duty(fresh_engine, fail.duties["support"]).decision == "Weekly case discussion from 16 November."


def test_a_finding_goes_to_the_head_of_pdu_with_its_question_and_cause(head, spo, fail):
    address = f"/duties/{fail.duties['finding']}"

    page = head.get(address).text

    assert "Supervision or countersigning did not happen" in page or "workload" in page.lower()
    assert "Not weighed." in page
    assert spo.get(address).status_code == 404


def test_a_finding_is_answered_once(head, fail):
    address = f"/duties/{fail.duties['finding']}"
    said = {"decision": "Supervision every two weeks from December."}

    assert head.post(address, data=said).status_code == 303
    assert head.post(address, data=said).status_code == 409
    assert "Supervision every two weeks from December." in head.get(address).text


def test_a_manager_above_may_look_but_not_decide_without_holding_a_post_of_the_ladder(client_as, fail):
    deputy = client_as(Role.HEAD_OF_PDU, username="deputy", pdu="LDNTST")
    address = f"/duties/{fail.duties['support']}"

    assert "This is for spo N07T01 to decide." in deputy.get(address).text
    assert deputy.post(address, data={"decision": "Done."}).status_code == 403


def test_a_duty_with_a_page_of_its_own_leads_there_and_is_not_closed_by_words(spo, fail):
    address = f"/duties/{fail.duties['level_correction']}"

    assert spo.get(address).headers["location"] == f"/corrections/{fail.correction_id}"
    assert spo.post(address, data={"decision": "Done."}).status_code == 409
