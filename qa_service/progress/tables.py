"""Long work with its progress: the worker takes it, pages and commands look at it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from qa_service.core.columns import choice, column, document, key, link


class JobStatus(StrEnum):
    """Where a piece of long work is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(SQLModel, table=True):
    """One piece of long work; it can be begun again after a kill."""

    __tablename__ = "job_run"
    __table_args__ = (
        Index("ix_job_run_waiting", "asked_at", postgresql_where=text("status IN ('queued', 'running')")),
        CheckConstraint("(ended_at IS NOT NULL) = (status IN ('done', 'failed'))", name="ended_when_over"),
    )

    id: int = key()
    reference: str = column("random, in addresses", unique=True, max_length=20)
    kind: str = column("which work, as jobs.py names it", max_length=40, index=True)
    arguments: dict[str, Any] = document("what it was asked to do", default={})
    status: JobStatus = choice(JobStatus, "where it is", default=JobStatus.QUEUED)
    asked_by: str = column("actor", max_length=80)
    asked_at: datetime = column("when it was asked for")
    started_at: datetime | None = column("when a worker last began it", default=None)
    ended_at: datetime | None = column("when it was over", default=None)
    step: str = column("what it is doing, in words", default="", max_length=120)
    n_done: int = column("parts of the step done", default=0)
    n_all: int = column("parts of the step in all", default=0)
    result: dict[str, Any] | None = document(
        "what came of it: references and counts", default=None, nullable=True
    )
    message: str | None = column("why it failed and what to do, in words", default=None, max_length=1000)


class MadeFile(SQLModel, table=True):
    """A file that a piece of long work made: its asker may fetch it until it expires, then it is deleted."""

    __tablename__ = "made_file"

    id: int = key()
    run_id: int = link("job_run.id", "which work made it", unique=True, index=False)
    name: str = column("what it is called when it is saved", max_length=120)
    media_type: str = column("what it is", max_length=100)
    content: bytes = Field(sa_type=LargeBinary, sa_column_kwargs={"comment": "the file"})
    expires_at: datetime = column("nobody can fetch it from then on", index=True)
