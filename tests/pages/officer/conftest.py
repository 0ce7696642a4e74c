"""The officer of the story, signed in."""

import pytest
from factories.fails import make_suspected_fail

from qa_service.auth.roles import Role


@pytest.fixture
def officer(client_as, fail):
    return client_as(Role.OFFICER, team="N07T01", person_id=fail.officer_id)


@pytest.fixture
def suspected(committed, client_as, clock):
    """The officer after the first read, while the second one runs."""
    person_id = committed(make_suspected_fail)
    clock.advance(days=4)
    return client_as(Role.OFFICER, team="N07T01", person_id=person_id)
