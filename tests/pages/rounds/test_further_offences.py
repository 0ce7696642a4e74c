"""The quality lead enters a serious further offence after checking it, and reads what became of each."""

from datetime import date

import pytest
from factories.estate import make_national_post
from factories.reviews import make_setting
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import SeriousFurtherOffence

ADDRESS = "/further-offences"
TYPED = {
    "crn": "x000001",
    "occurred_on": "28",
    "occurred_on-month": "10",
    "occurred_on-year": "2026",
    "notified_on": "30",
    "notified_on-month": "10",
    "notified_on-year": "2026",
}


def _make(session):
    make_national_post(session)
    make_setting(session)


@pytest.fixture
def lead(client_as, committed):
    committed(_make)
    return client_as(Role.QUALITY_LEAD, region="N07")


def _stored(engine):
    with transaction(engine, SYSTEM) as session:
        return session.exec(select(SeriousFurtherOffence)).all()


def test_an_empty_list_says_so_and_leads_to_the_form(lead):
    page = lead.get(ADDRESS).text

    assert "Serious further offences (0)" in page
    assert "None has been entered." in page
    assert f'href="{ADDRESS}/new"' in page


def test_nothing_is_stored_before_the_answers_have_been_checked(lead, confirm, fresh_engine):
    checked = lead.post(f"{ADDRESS}/new", data=TYPED)
    before = _stored(fresh_engine)
    answer = confirm(lead, checked)
    [stored] = _stored(fresh_engine)
    page = lead.get(ADDRESS).text

    assert "Check your answers" in checked.text
    assert "28 October 2026" in checked.text
    assert (before, answer.status_code) == ([], 303)
    assert (stored.occurred_on, stored.notified_on) == (date(2026, 10, 28), date(2026, 10, 30))
    assert "Serious further offences (1)" in page
    assert "X000001" in page
    assert "Never checked" in page


def test_wrong_answers_come_back_as_typed_with_what_is_wrong(lead):
    page = lead.post(
        f"{ADDRESS}/new", data={**TYPED, "crn": "Z1", "occurred_on": "31", "occurred_on-month": "2"}
    )

    assert page.status_code == 422
    assert "Enter the CRN of a case in your area, such as X123456" in page.text
    assert 'href="#occurred_on"' in page.text
    assert 'value="Z1"' in page.text


def test_a_lead_of_another_region_can_neither_enter_nor_see_it(lead, confirm, client_as):
    confirm(lead, lead.post(f"{ADDRESS}/new", data=TYPED))
    other = client_as(Role.QUALITY_LEAD, region="W01")

    entered = other.post(f"{ADDRESS}/new", data=TYPED)

    assert entered.status_code == 422
    assert "X000001" not in other.get(ADDRESS).text


def test_one_entered_by_mistake_is_withdrawn_with_its_reason_and_counts_no_more(lead, confirm, fresh_engine):
    confirm(lead, lead.post(f"{ADDRESS}/new", data=TYPED))
    [stored] = _stored(fresh_engine)
    address = f"{ADDRESS}/{stored.id}/withdraw"

    asked = lead.get(address).text
    without = lead.post(address, data={"reason": "no"})
    done = lead.post(address, data={"reason": "Another person of the same name."})
    page = lead.get(ADDRESS).text

    assert "X000001, offence of 28 October 2026" in asked
    assert (without.status_code, done.status_code) == (422, 303)
    assert "Give the reason in at least 10 characters" in without.text
    assert "Withdrawn 2 November 2026: Another person of the same name." in page
    assert address not in page
    assert lead.get(address).status_code == 404


def test_a_lead_of_another_region_cannot_withdraw_it(lead, confirm, client_as, fresh_engine):
    confirm(lead, lead.post(f"{ADDRESS}/new", data=TYPED))
    [stored] = _stored(fresh_engine)
    other = client_as(Role.QUALITY_LEAD, region="W01")

    answer = other.post(f"{ADDRESS}/{stored.id}/withdraw", data={"reason": "Not one of ours at all."})

    assert answer.status_code == 404
    assert _stored(fresh_engine)[0].withdrawn_at is None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SPO, Role.HEAD_OF_PDU, Role.ANALYST])
def test_only_quality_leads_open_it(lead, client_as, role):
    assert client_as(role, region="N07").get(ADDRESS).status_code == 403
