"""SQL of long work: one of a kind at a time, and none lost with its worker."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, text
from sqlmodel import Session, col, delete, func, or_, select

from qa_service.core.lists import PageRequest
from qa_service.progress.tables import JobRun, JobStatus, MadeFile

# First key of the advisory locks; arbitrary and only ours. The second is the kind of work.
_LOCK_SPACE = 7_231_015

_TELL = text(
    "UPDATE job_run SET step = :step, n_done = :n_done, n_all = :n_all"
    " WHERE reference = :reference AND status = 'running'"
)


def find(session: Session, reference: str) -> JobRun | None:
    """Find a piece of work by its reference."""
    return session.exec(select(JobRun).where(JobRun.reference == reference)).one_or_none()


def latest(session: Session, kind: str) -> JobRun | None:
    """Find the piece of a kind that was asked for last."""
    return session.exec(
        select(JobRun).where(JobRun.kind == kind).order_by(col(JobRun.id).desc()).limit(1)
    ).one_or_none()


def waiting(session: Session, kind: str) -> list[JobRun]:
    """List the pieces of a kind that no worker has begun, oldest first; none is begun before this commits.

    Whoever asks again relies on one of these: it must be done with what the asker has changed.
    """
    return list(
        session.exec(
            select(JobRun)
            .where(JobRun.kind == kind, JobRun.status == JobStatus.QUEUED)
            .order_by(col(JobRun.id))
            .with_for_update()
        )
    )


def kinds_to_do(session: Session, kinds: Collection[str]) -> list[str]:
    """List the kinds, of those given, of which something is not over; the longest waiting first."""
    rows = session.connection().execute(
        text(
            "SELECT kind FROM job_run WHERE status IN ('queued', 'running') AND kind = ANY(:kinds)"
            " GROUP BY kind ORDER BY min(id)"
        ),
        {"kinds": list(kinds)},
    )
    return [row.kind for row in rows]


def try_lock(held: Connection, kind: str) -> bool:
    """Take the lock of a kind for as long as this connection lives; a dead worker's is free."""
    statement = text("SELECT pg_try_advisory_lock(:space, hashtext(:kind))")
    return bool(held.execute(statement, {"space": _LOCK_SPACE, "kind": kind}).scalar_one())


def unlock(held: Connection, kind: str) -> None:
    """Give the lock of a kind back."""
    statement = text("SELECT pg_advisory_unlock(:space, hashtext(:kind))")
    held.execute(statement, {"space": _LOCK_SPACE, "kind": kind})


def begin_oldest(session: Session, kind: str, *, at: datetime) -> JobRun | None:
    """Mark the oldest piece of a kind that is not over as running; call it under the kind's lock."""
    run = session.exec(
        select(JobRun)
        .where(JobRun.kind == kind, col(JobRun.status).in_([JobStatus.QUEUED, JobStatus.RUNNING]))
        .order_by(col(JobRun.id))
        .limit(1)
    ).one_or_none()
    if run is not None:
        run.status = JobStatus.RUNNING
        run.started_at = at
    return run


def tell(session: Session, reference: str, step: str, n_done: int, n_all: int) -> None:
    """Write how far a running piece is."""
    values = {"reference": reference, "step": step, "n_done": n_done, "n_all": n_all}
    session.connection().execute(_TELL, values)


def count_of(session: Session, kind: str, by: str) -> int:
    """Count the pieces of a kind that one actor asked for."""
    statement = select(func.count()).select_from(JobRun)
    return session.exec(statement.where(JobRun.kind == kind, JobRun.asked_by == by)).one()


def list_of(session: Session, kind: str, by: str, page: PageRequest) -> list[JobRun]:
    """List a page of the pieces of a kind that one actor asked for, newest first."""
    statement = select(JobRun).where(JobRun.kind == kind, JobRun.asked_by == by)
    newest_first = statement.order_by(col(JobRun.id).desc())
    return list(session.exec(newest_first.limit(page.size).offset(page.offset)))


def replace_file(session: Session, made: MadeFile, *, at: datetime) -> None:
    """Keep a file instead of the one that a dead worker's run made, and delete what has expired."""
    gone = or_(col(MadeFile.run_id) == made.run_id, col(MadeFile.expires_at) <= at)
    session.connection().execute(delete(MadeFile).where(gone))
    session.add(made)
    session.flush()


def find_file(session: Session, run_id: int) -> MadeFile | None:
    """Find the file that a piece of work made."""
    return session.exec(select(MadeFile).where(MadeFile.run_id == run_id)).one_or_none()
