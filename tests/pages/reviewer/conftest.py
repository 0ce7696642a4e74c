import re
import warnings
from contextlib import ExitStack

import pytest
from sqlmodel import select

with warnings.catch_warnings():  # until the newer client package is among the requirements
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from factories.databases import own_database
from factories.reviews import AT, make_reader, make_setting, references, want

from qa_service.app import make_app
from qa_service.auth import service as auth
from qa_service.auth.tables import UserSession
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.pages.reviewer_pace import Pace, pace
from qa_service.settings import Settings

CSRF = "csrf-token-of-the-test"


class Browser:
    """A signed-in person's browser: posts carry the token, and the draft's version as the page had it."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **options):
        return self.client.get(path, follow_redirects=False, **options)

    def post(self, path, *, headers=None, **fields):
        data = {"csrf_token": CSRF, **fields}
        return self.client.post(path, data=data, headers=headers, follow_redirects=False)

    def autosave(self, path, **fields):
        return self.post(path, headers={"accept": "application/json"}, **fields)


async def _wait_for_nothing(_seconds):
    """Let an answer leave at once: waiting is tested in test_pace.py."""


@pytest.fixture
def open_app():
    """Open the application on a database; nonces, references and the time stand still."""

    def open_on(engine):
        app = make_app(
            engine,
            clock=FixedClock(AT),
            references=references("pages"),
            settings=Settings(),
            new_token=lambda: "token-of-the-test",
        )
        app.dependency_overrides[pace] = lambda: Pace(wait=_wait_for_nothing)
        return app

    return open_on


@pytest.fixture
def sign_in(open_app):
    """Sign somebody in on a database, with a known form token."""

    def browser_of(engine, user_id):
        with transaction(engine, SYSTEM) as session:
            signed = auth.open_session(session, user_id, at=AT, settings=Settings())
            session.flush()
            row = session.exec(select(UserSession).where(UserSession.user_id == user_id)).all()[-1]
            row.csrf_token = CSRF
        client = TestClient(open_app(engine), raise_server_exceptions=True)
        client.cookies.set("session", signed.token)
        return Browser(client)

    return browser_of


@pytest.fixture
def set_scene():
    """Return a function: commit a check in the pool and two readers; it returns the readers' ids."""

    def on(engine):
        with transaction(engine, SYSTEM) as session:
            setting = make_setting(session)
            want(session, setting.check)
            return make_reader(session, "rita"), make_reader(session, "sam")

    return on


@pytest.fixture
def scene(fresh_engine, set_scene):
    """A check in the pool and two readers, committed; returns the engine and the readers' ids."""
    return fresh_engine, *set_scene(fresh_engine)


@pytest.fixture
def rita(scene, sign_in):
    engine, reader, _ = scene
    return sign_in(engine, reader)


@pytest.fixture
def start(rita):
    """The address of the first case, started."""
    assert rita.post("/reviews/next").headers["location"].startswith("/reviews/")
    page = rita.get("/reviews")
    return re.search(r'href="(/reviews/[A-Z0-9]{12})"', page.text)[1]


@pytest.fixture
def new_engine(server_url, template_name):
    """Make migrated databases of this test's own, as many as it asks for."""
    with ExitStack() as databases:

        def make():
            _, url = databases.enter_context(own_database(server_url, template=template_name))
            engine = make_engine(url)
            databases.callback(engine.dispose)
            return engine

        yield make
