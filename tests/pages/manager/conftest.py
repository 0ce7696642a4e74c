"""A confirmed fail in London, and the people of its ladder signed in on the day after the verdict."""

import re
from html import unescape

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


@pytest.fixture
def confirm():
    """Return a function: press the last button of a page on which answers are checked, as a browser would."""

    def press(client, checked):
        form = checked.text[checked.text.rindex('<form method="post"') :]
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        action = re.search(r'action="([^"]+)"', form)[1]
        return client.post(action, data={name: unescape(value) for name, value in hidden.items()})

    return press
