"""Ask for long work, do it on a worker, see how far it is.

Asking writes a row in the asker's transaction; the worker looks for rows (jobs.py). Work must bear being
begun again: after a kill the next worker takes it from the start.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.core.clock import Clock
from qa_service.core.db import transaction
from qa_service.core.errors import NotFound, ServiceError
from qa_service.core.ids import ReferenceSource
from qa_service.core.lists import Page, PageRequest
from qa_service.progress import store
from qa_service.progress.tables import JobRun, JobStatus, MadeFile

Progress = Callable[[str, int, int], None]
Work = Callable[[Engine, JobRun, Progress], dict[str, Any]]

FILE_NOT_KEPT = "file_not_kept"  # not made yet, or expired
_TELL_EVERY_SECONDS = 0.5
_log = logging.getLogger(__name__)


def ask(
    session: Session,
    kind: str,
    *,
    by: str,
    at: datetime,
    references: ReferenceSource,
    arguments: dict[str, Any] | None = None,
) -> JobRun:
    """Ask for long work; the same work that nobody has begun is not queued twice."""
    for run in store.waiting(session, kind):
        if run.arguments == (arguments or {}):
            return run
    run = JobRun(reference=references.make(), kind=kind, arguments=arguments or {}, asked_by=by, asked_at=at)
    session.add(run)
    session.flush()
    return run


def find_run(session: Session, reference: str) -> JobRun:
    """Return a piece of work, or say that there is none."""
    run = store.find(session, reference)
    if run is None:
        raise NotFound("There is no such piece of work.", next_step="Ask for it again.")
    return run


def latest_run(session: Session, kind: str) -> JobRun | None:
    """Return the piece of a kind that was asked for last."""
    return store.latest(session, kind)


def runs_of(session: Session, kind: str, request: PageRequest, *, by: str) -> Page[JobRun]:
    """Return a page of what one actor asked for of a kind, newest first."""
    total = store.count_of(session, kind, by)
    shown = request.within(total)
    return Page(tuple(store.list_of(session, kind, by, shown)), total, shown)


def own_run(session: Session, kind: str, reference: str, *, by: str) -> JobRun:
    """Return a piece of work for whoever asked for it; anybody else's does not exist for them."""
    run = store.find(session, reference)
    if run is None or run.kind != kind or run.asked_by != by:
        raise NotFound("There is no such piece of work here.", next_step="Start again from your own list.")
    return run


def keep_file(session: Session, made: MadeFile, *, at: datetime) -> None:
    """Keep the file that a piece of work made; files that have expired are deleted on the way."""
    store.replace_file(session, made, at=at)


def file_of(session: Session, run: JobRun, *, at: datetime) -> MadeFile:
    """Return the file that a piece of work made, until it expires."""
    made = store.find_file(session, run.id)
    if made is None or made.expires_at <= at:
        raise NotFound(
            "This file is not kept.", next_step="See how far it is, or make it again.", code=FILE_NOT_KEPT
        )
    return made


def do_asked(engine: Engine, works: Mapping[str, Work], *, clock: Clock) -> list[str]:
    """Do everything that was asked for and that no other worker does; give the references done.

    One of a kind runs at a time on all machines. A piece that is marked running while its kind's lock is free
    was left by a dead worker, and is begun again.
    """
    done = []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as held:
        with transaction(engine) as session:
            kinds = store.kinds_to_do(session, works)
        for kind in kinds:
            if not store.try_lock(held, kind):
                continue
            try:
                while (reference := _do_oldest(engine, kind, works[kind], clock)) is not None:
                    done.append(reference)
            finally:
                store.unlock(held, kind)
    return done


def _do_oldest(engine: Engine, kind: str, work: Work, clock: Clock) -> str | None:
    with transaction(engine) as session:
        run = store.begin_oldest(session, kind, at=clock.now())
    if run is None:
        return None
    result, message = None, None
    try:
        result = work(engine, run, _teller(engine, run.reference))
    except ServiceError as error:
        message = f"{error.message} {error.next_step}"
    except Exception:  # noqa: BLE001 - the page says that it failed, the log why; the next piece must still run
        _log.exception("%s %s failed", kind, run.reference)
        message = "It failed for a reason the service does not know. The worker's log has it."
    with transaction(engine) as session:
        over = find_run(session, run.reference)
        over.status = JobStatus.DONE if message is None else JobStatus.FAILED
        over.result, over.message, over.ended_at = result, message, clock.now()
    return run.reference


def _teller(engine: Engine, reference: str) -> Progress:
    """Give a callback that writes progress in transactions of its own, twice a second at most."""
    said: tuple[str, float] = ("", 0.0)

    def tell(step: str, n_done: int, n_all: int) -> None:
        nonlocal said
        is_news = step != said[0] or n_done == n_all
        if is_news or time.monotonic() - said[1] >= _TELL_EVERY_SECONDS:
            said = (step, time.monotonic())
            with transaction(engine) as session:
                store.tell(session, reference, step, n_done, n_all)

    return tell
