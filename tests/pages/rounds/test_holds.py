"""The quality lead sees who gets no new cases, and renews a hold in their own name (RULES 4)."""

import pytest
from factories.fails import FIRST_READ, make_suspected_fail
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.caseload.tables import Hold
from qa_service.core.db import SYSTEM, transaction


@pytest.fixture
def lead(client_as, committed, clock):
    committed(make_suspected_fail)
    clock.at = FIRST_READ
    return client_as(Role.QUALITY_LEAD, region="N07", username="lena")


@pytest.fixture
def hold(lead, fresh_engine):
    """Read the one hold as it is now."""

    def read():
        with transaction(fresh_engine, SYSTEM) as session:
            return session.exec(select(Hold)).one()

    return read


def test_a_hold_is_renewed_in_the_name_of_whoever_renews_it(lead, hold):
    before = hold()
    page = lead.get(f"/holds/{before.id}").text

    answer = lead.post(f"/holds/{before.id}/renew")

    assert answer.status_code == 303
    assert "Your name, " in page
    assert hold().expires_at > before.expires_at
    assert hold().renewed_by.startswith("user:")
    assert "Lena" in lead.get("/holds").text


def test_another_regions_lead_finds_no_hold(lead, hold, client_as):
    other = client_as(Role.QUALITY_LEAD, region="W01")

    assert "Nobody is held here now." in other.get("/holds").text
    assert other.get(f"/holds/{hold().id}").status_code == 404
    assert other.post(f"/holds/{hold().id}/renew").status_code == 404
