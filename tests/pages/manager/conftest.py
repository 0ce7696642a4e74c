"""A confirmed fail in London, and the people of its ladder signed in on the day after the verdict."""

import pytest

from qa_service.auth.roles import Role


@pytest.fixture
def spo(client_as, fail):
    return client_as(Role.SPO, team="N07T01", person_id=fail.spo_id)


@pytest.fixture
def head(client_as, fail):
    return client_as(Role.HEAD_OF_PDU, pdu="LDNTST", person_id=fail.head_id)


@pytest.fixture
def other_spo(client_as, fail):
    """The SPO of another team of the same PDU."""
    return client_as(Role.SPO, team="N07T02")
