"""Escalations: owner, clock and rung; decided one by one or many at once, in writing (RULES 6)."""

import pytest
from factories.reviews import references
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.core.db import SYSTEM, transaction
from qa_service.estate import service as estate
from qa_service.estate.tables import Pdu
from qa_service.obligations.service.escalations import escalate_overdue
from qa_service.obligations.tables import EscalationItem, LevelCorrection, Obligation
from qa_service.policy.numbers import load_policy
from qa_service.workflows.run_due import run_due

POLICY = load_policy("2026-11-01")


@pytest.fixture
def address(fail):
    return f"/escalations/{fail.escalation_id}"


@pytest.fixture
def items(fail, fresh_engine):
    def read():
        with transaction(fresh_engine, SYSTEM) as session:
            found = session.exec(select(EscalationItem).order_by(EscalationItem.id))
            return [row for row in found if row.escalation_id == fail.escalation_id]

    return read


def _decision(chosen, **changes):
    return {
        "items": [str(item.id) for item in chosen],
        "decision": "accept_risk",
        "reason": "Accepted by me until 1 December.",
    } | changes


def test_an_escalation_is_listed_with_who_decides_by_when_and_on_which_rung(spo):
    row = spo.get("/escalations").text.split("<tbody")[1]

    assert "What does not fit after a cut" in row
    assert "spo N07T01" in row
    assert "27 November 2026" in row
    assert "Senior probation officer" in row


def test_its_items_show_interim_cover_and_contact_plan(spo, address):
    page = spo.get(address).text

    assert "Covered meanwhile by spo N07T01." in page
    assert "The officer keeps every planned contact" in page


def test_many_items_are_decided_at_once_after_the_decision_was_checked_in_words(spo, address, items, confirm):
    checked = spo.post(address, data=_decision(items()))
    assert "Accept the risk" in checked.text
    assert {item.status for item in items()} == {"open"}

    confirm(spo, checked)

    assert {item.status for item in items()} == {"decided"}
    assert {item.decision_reason for item in items()} == {"Accepted by me until 1 December."}
    assert "Nothing here." in spo.get("/escalations").text


def test_one_item_is_decided_and_the_list_stays_open(spo, address, items):
    first = items()[:1]

    spo.post(address, data=_decision(first, confirmed="yes"))

    assert sorted(item.status for item in items()) == ["decided"] + ["open"] * (len(items()) - 1)


def test_a_decision_without_item_choice_or_reason_names_all_three_and_keeps_the_rest(spo, address, items):
    nothing = spo.post(address, data={})
    no_reason = spo.post(address, data=_decision(items()[:1], reason=""))

    for error in ("Choose at least one item", "Choose what is decided", "Enter the reason in writing"):
        assert error in nothing.text
    assert nothing.status_code == no_reason.status_code == 422
    assert no_reason.text.count(" checked") == 2


def test_an_item_of_another_list_cannot_be_decided_here(spo, address):
    assert spo.post(address, data=_decision([], items="999", confirmed="yes")).status_code == 404


def test_undecided_it_rises_and_then_the_head_decides(spo, head, address, items, committed, clock):
    clock.advance(days=16)
    committed(run_due, at=clock.now(), references=references("rise"))

    row = head.get("/escalations").text.split("<tbody")[1]
    by_spo = spo.post(address, data=_decision(items(), confirmed="yes"))
    by_head = head.post(address, data=_decision(items(), confirmed="yes"))

    assert "Head of PDU, risen once" in row
    assert (by_spo.status_code, by_head.status_code) == (403, 303)


@pytest.fixture
def overdue_at(fail, committed, clock):
    """Return a function: an overdue correction of the PDU has risen to a post; give the address of its list."""

    def rise(post_of):
        def write(session):
            correction = session.exec(select(LevelCorrection)).first()
            overdue = session.get_one(Obligation, correction.obligation_id)
            overdue.closed_at = overdue.closed_by = overdue.decision = None
            post = post_of(session)
            return escalate_overdue(session, overdue, post, at=clock.now(), by="job:ladder", policy=POLICY).id

        return f"/escalations/{committed(write)}"

    return rise


@pytest.mark.parametrize(
    ("role", "area", "post_of"),
    [
        (Role.HEAD_OF_PDU, {"pdu": "LDNTST"}, lambda session: estate.regional_director_post(session, "N07")),
        (Role.REGIONAL_DIRECTOR, {"region": "N07"}, estate.national_post),
        (Role.NATIONAL_LEAD, {}, lambda session: estate.regional_director_post(session, "N07")),
    ],
    ids=["the head of what the director has", "the director of what the lead has", "the lead below them"],
)
def test_what_is_listed_opens_wherever_it_has_risen_to(client_as, overdue_at, role, area, post_of):
    address = overdue_at(post_of)
    client = client_as(role, **area)

    assert f'href="{address}"' in client.get("/escalations").text
    assert client.get(address).status_code == 200


def test_what_has_risen_from_another_pdu_does_not_exist(client_as, overdue_at, committed):
    address = overdue_at(estate.national_post)
    committed(lambda session: session.add(Pdu(code="LDNOTH", name="Other PDU", region_code="N07")))
    elsewhere = client_as(Role.HEAD_OF_PDU, pdu="LDNOTH")

    assert elsewhere.get(address).status_code == 404
