"""The classifier's long work as the worker does it: train a candidate, refresh flags, score what was loaded.

Asked for by a page or a command (`progress.ask`), or by what was loaded since the last scoring.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.core.ids import ReferenceSource
from qa_service.flags.service.artefacts import (
    REFRESH,
    SCORE_NEW,
    approved_artefact,
    ask_for_missing,
    newest_load,
    waiting_artefacts,
)
from qa_service.flags.tables import EVER, ScorePurpose
from qa_service.progress.service import Progress, ask, latest_run
from qa_service.progress.tables import JobRun, JobStatus

TRAIN = "train_flags"
__all__ = [
    "REFRESH",
    "SCORE_NEW",
    "TRAIN",
    "ask_after_intake",
    "ask_again_for_refresh",
    "ask_for_what_waits",
    "refresh",
    "score_new",
    "score_since",
    "train",
]

# Long enough that work which always fails costs a worker little, short enough that what failed by chance (a
# lost connection, a full disk that was emptied) is made good within the morning it is missed in.
RETRY_AFTER = timedelta(minutes=30)


def train(engine: Engine, run: JobRun, progress: Progress) -> dict[str, Any]:
    """Train a candidate and score in its shadow, so that it can be compared before it is approved."""
    from qa_service.flags.service.learning import train_candidate  # noqa: PLC0415 - learning libraries

    digest = train_candidate(engine, by=run.asked_by, at=_begun(run), progress=progress)
    return {"digest": digest, **score_since(engine, since=EVER, at=_begun(run), progress=progress)}


def refresh(engine: Engine, run: JobRun, progress: Progress) -> dict[str, Any]:
    """Score everything in use anew; what was scored since it was asked for is not done twice."""
    return score_since(engine, since=run.asked_at, at=_begun(run), progress=progress)


def score_new(engine: Engine, run: JobRun, progress: Progress) -> dict[str, Any]:
    """Score the latest assessments that have no score yet."""
    return score_since(engine, since=EVER, at=_begun(run), progress=progress)


def score_since(engine: Engine, *, since: datetime, at: datetime, progress: Progress) -> dict[str, Any]:
    """Score what has no score since a moment; return what was done, in figures."""
    from qa_service.flags.service.scoring import refresh_flags  # noqa: PLC0415 - as above

    return asdict(refresh_flags(engine, since=since, at=at, progress=progress))


def _begun(run: JobRun) -> datetime:
    return run.started_at or run.asked_at


def ask_after_intake(session: Session, *, at: datetime, references: ReferenceSource) -> JobRun | None:
    """Ask for new assessments to be scored when something was loaded since they last were, or that failed."""
    loaded, last = newest_load(session), latest_run(session, SCORE_NEW)
    in_use = any(approved_artefact(session, purpose) for purpose in ScorePurpose)
    if loaded is None or not (in_use or waiting_artefacts(session)):
        return None
    wanted = {"intake_run": loaded}
    if last is not None and last.arguments == wanted and not _is_to_repeat(last, at):
        return None
    return ask(session, SCORE_NEW, by="job:intake", at=at, references=references, arguments=wanted)


def ask_for_what_waits(session: Session, *, at: datetime, references: ReferenceSource) -> JobRun | None:
    """Ask anew for the scores that keep an approved classifier from coming into force."""
    last, waiting = latest_run(session, SCORE_NEW), waiting_artefacts(session)
    is_time = last is None or (last.ended_at is not None and last.ended_at + RETRY_AFTER <= at)
    return ask_for_missing(session, waiting[0], at=at, references=references) if waiting and is_time else None


def ask_again_for_refresh(session: Session, *, at: datetime, references: ReferenceSource) -> JobRun | None:
    """Ask anew, in the asker's name, for a refresh that failed: half of the flags would stay as they were."""
    last = latest_run(session, REFRESH)
    if last is None or not _is_to_repeat(last, at):
        return None
    return ask(session, REFRESH, by=last.asked_by, at=at, references=references)


def _is_to_repeat(run: JobRun, at: datetime) -> bool:
    return run.status is JobStatus.FAILED and run.ended_at is not None and run.ended_at + RETRY_AFTER <= at
