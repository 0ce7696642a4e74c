"""The whole application over a database of the test's own, and clients of people signed in."""

import pytest
from factories.accounts import SETTINGS, client_of, make_account

from qa_service.app import make_app
from qa_service.core.db import SYSTEM, transaction
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
