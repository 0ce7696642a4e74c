"""The whole application over a database of the test's own, and clients of people signed in."""

import re
from html import unescape

import pytest
from factories.accounts import SETTINGS, client_of, make_account
from factories.databases import own_database
from factories.fails import FINAL, make_fail

from qa_service.app import make_app
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes


@pytest.fixture
def app(fresh_engine, clock):
    references = ReferenceSource(seeded_bytes("pages"))
    return make_app(fresh_engine, clock=clock, references=references, settings=SETTINGS)


@pytest.fixture
def committed(fresh_engine):
    """Return a function that runs a factory in a transaction of its own and returns what it returns."""

    def run(make, *args, **options):
        with transaction(fresh_engine, SYSTEM) as session:
            return make(session, *args, **options)

    return run


@pytest.fixture
def client_as(app, fresh_engine, clock, committed):
    """Return a function: a client of somebody with a role in an area (region=, pdu= or team=)."""

    def sign_in(role, **options):
        user_id = committed(make_account, role, **options)
        return client_of(app, fresh_engine, user_id, at=clock.now())

    return sign_in


@pytest.fixture(scope="session")
def told_story(server_url, template_name):
    """The fail of RULES 9 in a database of its own, told once: (its name, where its things are)."""
    with own_database(server_url, template=template_name) as (name, url):
        engine = make_engine(url)
        with transaction(engine, SYSTEM) as session:
            story = make_fail(session)
        engine.dispose()
        yield name, story


@pytest.fixture
def fail(told_story, clock):
    """The story's keys and references; the test's database is a copy of it, on the day of the verdict."""
    clock.at = FINAL
    return told_story[1]


@pytest.fixture
def fresh_url(request, server_url, template_name):
    """A database of the test's own: with the fail in it for tests that ask for `fail`."""
    tells = "fail" in request.fixturenames
    template = request.getfixturevalue("told_story")[0] if tells else template_name
    with own_database(server_url, template=template) as (_, url):
        yield url


@pytest.fixture
def confirm():
    """Return a function: press the last button of a page on which answers are checked, as a browser would."""

    def press(client, checked):
        form = checked.text[checked.text.rindex('<form method="post"') :]
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        action = re.search(r'action="([^"]+)"', form)[1]
        return client.post(action, data={name: unescape(value) for name, value in hidden.items()})

    return press
