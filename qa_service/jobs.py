"""Jobs: what the worker does by itself. Due dates live in our tables, so a missed tick loses nothing.

A cut is never a queued side effect: it commits with the verdict. A job finds what is due, does it in one
transaction and can be run twice. Never put `lock=` on a periodic task: after a kill it would not fire again.
"""

import gc

from procrastinate import App, Blueprint, JobContext
from sqlalchemy import Engine

from qa_service.core.clock import Clock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource
from qa_service.core.queue import worker_connector
from qa_service.progress.service import Work, do_asked
from qa_service.workflows import learn_flags, make_export
from qa_service.workflows.run_due import run_due

# A worker that has not been heard of for this long is taken for dead and its jobs are given to another.
STALLED_AFTER_SECONDS = 30
# Long work runs beside what falls due, so that a training delays no restore.
N_AT_ONCE = 4

# Kind of long work -> what does it. It must bear being begun again (progress.service).
WORKS: dict[str, Work] = {
    learn_flags.TRAIN: learn_flags.train,
    learn_flags.REFRESH: learn_flags.refresh,
    learn_flags.SCORE_NEW: learn_flags.score_new,
    make_export.EXPORT: make_export.make_export,
}

tasks = Blueprint()


@tasks.periodic(cron="*/5 * * * *")
@tasks.task(name="do_what_is_due", queueing_lock="do_what_is_due", pass_context=True)
def do_what_is_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the tick, not the time
    """Activate, lapse, show and raise whatever has fallen due."""
    engine: Engine = context.additional_context["engine"]
    clock: Clock = context.additional_context["clock"]
    with transaction(engine, SYSTEM) as session:
        run_due(session, at=clock.now(), references=ReferenceSource())


@tasks.periodic(cron="* * * * * */10")
@tasks.task(name="do_what_was_asked", queueing_lock="do_what_was_asked", pass_context=True)
def do_what_was_asked(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
    """Do the long work that somebody asked for: one of a kind at a time on all machines."""
    engine: Engine = context.additional_context["engine"]
    clock: Clock = context.additional_context["clock"]
    with transaction(engine, SYSTEM) as session:
        learn_flags.ask_after_intake(session, at=clock.now(), references=ReferenceSource())
        learn_flags.ask_again_for_refresh(session, at=clock.now(), references=ReferenceSource())
        learn_flags.ask_for_what_waits(session, at=clock.now(), references=ReferenceSource())
    do_asked(engine, WORKS, clock=clock)


@tasks.periodic(cron="* * * * *")
@tasks.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
    """Give the jobs of a dead worker to the living: without this they stay "doing" for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)


def spare_what_stays() -> None:
    """Let the garbage collector leave out what was imported: walking it again and again costs time."""
    gc.collect()
    gc.freeze()


def run_worker(url: str, *, clock: Clock) -> None:
    """Work until stopped; several workers on several machines may run at once."""
    engine = make_engine(url)
    queue = App(connector=worker_connector(url))
    queue.add_tasks_from(tasks, namespace="qa")
    spare_what_stays()
    with queue.open():
        queue.run_worker(concurrency=N_AT_ONCE, additional_context={"engine": engine, "clock": clock})
    engine.dispose()
