"""The log is append-only, linked, and says so when a byte is changed."""

from contextlib import nullcontext

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from qa_service.audit import service
from qa_service.audit.record import record
from qa_service.core.db import SYSTEM, make_engine, rehearsal, transaction


def _note(engine, clock, n: int) -> None:
    for i in range(n):
        with transaction(engine, SYSTEM) as session:
            record(
                session,
                "check:verdict:finalised",
                by="user:1",
                at=clock.now(),
                subjects={"check": i},
                payload={"n": i},
            )


def test_what_is_recorded_in_a_transaction_enters_the_chain_when_it_commits(fresh_engine, clock):
    _note(fresh_engine, clock, 3)

    with transaction(fresh_engine, SYSTEM) as session:
        report = service.verify(session, anchor=service.anchor_of(session))

    assert report.is_ok
    assert report.n_events == 3


def test_what_is_only_rehearsed_leaves_no_row_and_no_event(fresh_engine, clock):
    with transaction(fresh_engine, SYSTEM) as session:
        for i, is_meant in enumerate((True, False, True)):
            with nullcontext() if is_meant else rehearsal(session):
                record(session, "check:verdict:finalised", by="user:1", at=clock.now(), subjects={"check": i})

    with transaction(fresh_engine, SYSTEM) as session:
        report = service.verify(session)
        subjects = session.connection().execute(text("SELECT subjects FROM audit_event ORDER BY seq")).all()
    assert (report.is_ok, [row.subjects for row in subjects]) == (True, [{"check": 0}, {"check": 2}])


def test_what_is_rolled_back_never_enters_the_chain(fresh_engine, clock):
    def note_and_stop():
        with transaction(fresh_engine, SYSTEM) as session:
            record(session, "check:verdict:finalised", by="user:1", at=clock.now(), subjects={"check": 1})
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        note_and_stop()

    with transaction(fresh_engine, SYSTEM) as session:
        assert service.verify(session).n_events == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_event SET actor = 'user:9' WHERE seq = 2",
        "UPDATE audit_event SET at = at + interval '1 second' WHERE seq = 2",
        "UPDATE audit_event SET subjects = '{}' WHERE seq = 1",
        "UPDATE audit_payload SET payload = '{\"n\": 9}' WHERE seq = 2",
        "DELETE FROM audit_payload WHERE seq = 2; DELETE FROM audit_event WHERE seq = 2",
        "DELETE FROM audit_payload WHERE seq = 3; DELETE FROM audit_event WHERE seq = 3",
    ],
    ids=["actor", "time", "subjects", "payload", "a link taken out", "the tail cut off"],
)
def test_a_change_by_a_superuser_is_found(fresh_engine, fresh_url, clock, tampering):
    _note(fresh_engine, clock, 3)
    owner = make_engine(fresh_url, as_app_role=False)

    with owner.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for statement in tampering.split(";"):
            connection.execute(text(statement))
    owner.dispose()

    with transaction(fresh_engine, SYSTEM) as session:
        assert not service.verify(session).is_ok


def test_an_erased_payload_leaves_the_chain_whole(fresh_engine, fresh_url, clock):
    _note(fresh_engine, clock, 3)
    owner = make_engine(fresh_url, as_app_role=False)

    with owner.begin() as connection:
        connection.execute(text("DELETE FROM audit_payload WHERE seq = 2"))
    owner.dispose()

    with transaction(fresh_engine, SYSTEM) as session:
        assert service.verify(session).is_ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "INSERT INTO audit_head (id, seq, hash) VALUES (1, 1, 'x')",
        "UPDATE audit_head SET seq = 0",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
def test_the_application_can_only_append(fresh_engine, clock, statement):
    _note(fresh_engine, clock, 1)

    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction(fresh_engine, SYSTEM) as s,
    ):
        s.connection().execute(text(statement))
