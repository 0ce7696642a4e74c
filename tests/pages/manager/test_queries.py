"""How often a manager's page asks the database, beyond what signing in and the empty layout ask."""

from collections import Counter

import pytest
from api.test_rates_and_duties import make_checked_area
from fastapi import Request
from sqlalchemy import event

from qa_service.auth.roles import Role
from qa_service.pages.manager_access import RateReaderDep
from qa_service.pages.render import render

MOST = 6
AREAS = {
    Role.HEAD_OF_PDU: "/rates/pdu/LDNTST",
    Role.REGIONAL_DIRECTOR: "/rates/region/N07",
    Role.NATIONAL_LEAD: "/rates/national/E%26W",
    Role.ANALYST: "/rates/national/E%26W",
}
WHERE = {Role.HEAD_OF_PDU: {"pdu": "LDNTST"}, Role.REGIONAL_DIRECTOR: {"region": "N07"}}
PARTS = ("", "/causes", "/coverage", "/cost")
LISTS = ("/failing-checks", "/cuts", "/escalations", "/duties")


@pytest.fixture
def asked_by(app, fresh_engine):
    """Return a function: how often a page asks the database beyond the empty layout, and what it answered."""

    @app.get("/empty")
    def empty(request: Request, user: RateReaderDep):
        return render(request, "layout.html")

    def statements(client, url):
        asked = []

        def note(_c, _k, statement, *_):
            asked.append(statement)

        event.listen(fresh_engine, "before_cursor_execute", note)
        answer = client.get(url)
        event.remove(fresh_engine, "before_cursor_execute", note)
        return Counter(asked), answer

    def count(client, url):
        client.get(url)  # what a connection asks once does not belong to the page
        shared, _ = statements(client, "/empty")
        asked, answer = statements(client, url)
        return asked - shared, answer

    return count


@pytest.mark.parametrize(
    ("role", "part"),
    [(role, part) for role in AREAS for part in PARTS] + [(Role.HEAD_OF_PDU, one) for one in LISTS],
)
def test_no_managers_page_asks_more_than_six_times(committed, clock, client_as, asked_by, role, part):
    committed(make_checked_area, clock.now())
    client = client_as(role, **WHERE.get(role, {}))
    url = part if part in LISTS else AREAS[role] + part

    asked, answer = asked_by(client, url)

    assert answer.status_code == 200
    assert asked.total() <= MOST, "\n".join(f"{n} {one[:90]}" for one, n in asked.items())
