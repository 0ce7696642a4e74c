"""The worker does what falls due, from the queue in the same database."""

from procrastinate import App

from qa_service.core.queue import worker_connector
from qa_service.jobs import tasks


def test_a_worker_does_what_is_due_and_leaves_the_job_done(fresh_engine, fresh_url, clock):
    queue = App(connector=worker_connector(fresh_url))
    queue.add_tasks_from(tasks, namespace="qa")

    with queue.open():
        queue.configure_task("qa:do_what_is_due").defer(timestamp=0)
        queue.run_worker(wait=False, additional_context={"engine": fresh_engine, "clock": clock})

    with fresh_engine.connect() as connection:
        done = connection.exec_driver_sql(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'qa:do_what_is_due'"
        ).scalars()
        assert set(done) == {"succeeded"}
