"""Long work that somebody asked for is done once, shows how far it is, and survives its worker."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from qa_service.core.db import transaction
from qa_service.core.errors import Conflict, NotFound
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.progress.service import ask, do_asked, find_run, latest_run
from qa_service.progress.store import begin_oldest
from qa_service.progress.tables import JobStatus


@pytest.fixture
def asked(fresh_engine, clock):
    references = ReferenceSource(seeded_bytes("long work"))

    def make(kind="count", **arguments):
        with transaction(fresh_engine) as session:
            return ask(
                session, kind, by="user:1", at=clock.now(), references=references, arguments=arguments
            ).reference

    return make


def _look(engine, reference):
    with transaction(engine) as session:
        return find_run(session, reference)


def test_work_that_was_asked_for_is_done_and_its_result_kept(fresh_engine, clock, asked):
    reference = asked(up_to=3)

    done = do_asked(
        fresh_engine, {"count": lambda _e, run, _p: {"counted": run.arguments["up_to"]}}, clock=clock
    )

    assert done == [reference]
    run = _look(fresh_engine, reference)
    assert (run.status, run.result, run.ended_at) == (JobStatus.DONE, {"counted": 3}, clock.now())


def test_work_that_is_asked_for_again_is_not_begun_before_the_asker_has_committed(fresh_engine, clock, asked):
    reference = asked()
    with transaction(fresh_engine) as asking:
        references = ReferenceSource(seeded_bytes("again"))
        again = ask(asking, "count", by="user:2", at=clock.now(), references=references)

        with pytest.raises(OperationalError, match="lock timeout"):
            begin_without_waiting(fresh_engine, clock.now())

    assert again.reference == reference
    assert do_asked(fresh_engine, {"count": lambda *_: {}}, clock=clock) == [reference]


def begin_without_waiting(engine, at):
    with transaction(engine) as session:
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        begin_oldest(session, "count", at=at)


def test_whoever_looks_sees_how_far_it_is_while_it_runs(fresh_engine, clock, asked):
    reference = asked()
    seen = []

    def work(engine, run, progress):
        progress("counting", 2, 5)
        seen.append(_look(engine, run.reference))
        return {}

    do_asked(fresh_engine, {"count": work}, clock=clock)

    assert [(run.status, run.step, run.n_done, run.n_all) for run in seen] == [
        (JobStatus.RUNNING, "counting", 2, 5)
    ]
    assert reference == seen[0].reference


def test_a_refusal_is_told_in_words_and_the_next_piece_still_runs(fresh_engine, clock, asked):
    refused, fine = asked(fails=True), asked(fails=False)

    def work(_engine, run, _progress):
        if run.arguments["fails"]:
            raise Conflict("Nothing has been checked yet.", next_step="Run a round first.")
        return {}

    do_asked(fresh_engine, {"count": work}, clock=clock)

    run = _look(fresh_engine, refused)
    assert (run.status, run.message) == (
        JobStatus.FAILED,
        "Nothing has been checked yet. Run a round first.",
    )
    assert _look(fresh_engine, fine).status is JobStatus.DONE


def test_a_fault_of_the_service_is_logged_and_not_shown(fresh_engine, clock, asked, caplog):
    reference = asked()

    do_asked(fresh_engine, {"count": lambda *_: 1 / 0}, clock=clock)

    assert "division" not in _look(fresh_engine, reference).message
    assert "ZeroDivisionError" in caplog.text


def test_the_same_work_asked_for_twice_before_it_begins_is_queued_once(asked):
    assert asked(up_to=3) == asked(up_to=3)
    assert asked(up_to=3) != asked(up_to=4)


def test_work_left_by_a_dead_worker_is_begun_again(fresh_engine, clock, asked):
    reference = asked()
    with transaction(fresh_engine) as session:
        session.execute(text("UPDATE job_run SET status = 'running', started_at = now()"))

    assert do_asked(fresh_engine, {"count": lambda *_: {}}, clock=clock) == [reference]
    assert _look(fresh_engine, reference).status is JobStatus.DONE


def test_no_second_worker_begins_work_of_a_kind_that_is_running(fresh_engine, clock, asked):
    reference = asked()
    also_done = []

    def work(engine, _run, _progress):
        also_done.extend(do_asked(engine, {"count": lambda *_: {}}, clock=clock))
        return {}

    assert do_asked(fresh_engine, {"count": work}, clock=clock) == [reference]
    assert also_done == []


def test_the_latest_piece_of_a_kind_is_the_one_asked_for_last(fresh_engine, asked):
    asked("count", up_to=1)
    last = asked("count", up_to=2)
    asked("write", up_to=3)

    with transaction(fresh_engine) as session:
        assert latest_run(session, "count").reference == last
        assert latest_run(session, "paint") is None
        with pytest.raises(NotFound):
            find_run(session, "NOTHING")
