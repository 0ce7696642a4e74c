"""An administrator sees accounts and shuts a leaver's; the leaver is out at once."""

import pytest
from factories.estate import make_area, make_national_post

from qa_service.auth.roles import Role


@pytest.fixture
def area(committed):
    committed(make_national_post)
    committed(make_area)


def _token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_an_administrator_sees_every_account_with_its_roles(client_as, area):
    client_as(Role.SPO, team="N07T01")
    admin = client_as(Role.ADMINISTRATOR)

    page = admin.get("/accounts").text

    assert "Senior probation officer (N07T01)" in page
    assert "Administrator (everywhere)" in page


def test_a_shut_account_is_signed_out_everywhere_at_once(client_as, area):
    leaver = client_as(Role.SPO, team="N07T01")
    admin = client_as(Role.ADMINISTRATOR)
    shut = next(part for part in admin.get("/accounts").text.split('"') if part.startswith("/accounts/1/"))
    question = admin.get(shut).text

    answer = admin.post(shut, data={"csrf_token": _token(question)}, follow_redirects=False)

    assert answer.status_code == 303
    assert "Shut" in admin.get("/accounts").text
    assert leaver.get("/duties", follow_redirects=False).status_code == 303


def test_an_administrator_cannot_shut_their_own_account(client_as):
    admin = client_as(Role.ADMINISTRATOR)
    shut = next(part for part in admin.get("/accounts").text.split('"') if part.startswith("/accounts/1/"))

    answer = admin.post(shut, data={"csrf_token": _token(admin.get(shut).text)})

    assert answer.status_code == 409
