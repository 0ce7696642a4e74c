"""What is not saved is not acknowledged: a commit that fails is never answered with 200."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from qa_service.auth.dependencies import SessionDep
from qa_service.core.clock import SystemClock
from qa_service.core.db import SYSTEM, set_scope, transaction


@pytest.fixture
def app(fresh_engine, fresh_url):
    with transaction(fresh_engine, SYSTEM) as session:
        session.connection().execute(text("INSERT INTO region (code, name) VALUES ('N07', 'London')"))
    app = FastAPI()
    app.state.engine = fresh_engine
    app.state.clock = SystemClock()

    @app.post("/fails-at-the-commit")
    def fails_at_the_commit(session: SessionDep) -> dict[str, bool]:
        set_scope(session, SYSTEM)
        # Checked only when the transaction ends: the handler itself succeeds.
        session.connection().execute(text("SET CONSTRAINTS ALL DEFERRED"))
        session.connection().execute(
            text("CREATE TEMPORARY TABLE later (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        )
        session.connection().execute(text("INSERT INTO later VALUES (1), (1)"))
        return {"ok": True}

    @app.post("/works")
    def works(session: SessionDep) -> dict[str, bool]:
        set_scope(session, SYSTEM)
        session.connection().execute(text("UPDATE region SET name = 'Greater London'"))
        return {"ok": True}

    return app


def test_a_commit_that_fails_is_not_a_200(app):
    client = TestClient(app, raise_server_exceptions=False)

    answer = client.post("/fails-at-the-commit")

    assert answer.status_code == 500


def test_what_was_answered_with_200_is_in_the_database(app, fresh_engine):
    answer = TestClient(app).post("/works")

    assert answer.status_code == 200
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.connection().execute(text("SELECT name FROM region")).scalar_one() == "Greater London"
