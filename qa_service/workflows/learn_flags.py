"""The classifier's long work as the worker does it: train a candidate, refresh flags, score what was loaded.

Asked for by a page or a command (`progress.ask`), or by what was loaded since the last scoring.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.core.ids import ReferenceSource
from qa_service.flags.service.artefacts import REFRESH, approved_artefact, newest_load
from qa_service.progress.service import Progress, ask, latest_run
from qa_service.progress.tables import JobRun

TRAIN = "train_flags"
SCORE_NEW = "score_new_assessments"
__all__ = ["REFRESH", "SCORE_NEW", "TRAIN", "ask_after_intake", "refresh", "score_new", "train"]

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def train(engine: Engine, run: JobRun, progress: Progress) -> dict[str, Any]:
    """Train a candidate and score in its shadow, so that it can be compared before it is approved."""
    from qa_service.flags.service.learning import train_candidate  # noqa: PLC0415 - learning libraries

    digest = train_candidate(engine, by=run.asked_by, at=_begun(run), progress=progress)
    return {"digest": digest, **_score(engine, since=_EVER, at=_begun(run), progress=progress)}


def refresh(engine: Engine, run: JobRun, progress: Progress) -> dict[str, Any]:
    """Score everything in use anew; what was scored since it was asked for is not done twice."""
    return _score(engine, since=run.asked_at, at=_begun(run), progress=progress)


def score_new(engine: Engine, run: JobRun, progress: Progress) -> dict[str, Any]:
    """Score the latest assessments that have no score yet."""
    return _score(engine, since=_EVER, at=_begun(run), progress=progress)


def _score(engine: Engine, *, since: datetime, at: datetime, progress: Progress) -> dict[str, Any]:
    from qa_service.flags.service.scoring import refresh_flags  # noqa: PLC0415 - as above

    return asdict(refresh_flags(engine, since=since, at=at, progress=progress))


def _begun(run: JobRun) -> datetime:
    return run.started_at or run.asked_at


def ask_after_intake(session: Session, *, at: datetime, references: ReferenceSource) -> JobRun | None:
    """Ask for new assessments to be scored when something was loaded since they last were."""
    loaded, last = newest_load(session), latest_run(session, SCORE_NEW)
    wanted = {"intake_run": loaded}
    if (
        loaded is None
        or approved_artefact(session) is None
        or (last is not None and last.arguments == wanted)
    ):
        return None
    return ask(session, SCORE_NEW, by="job:intake", at=at, references=references, arguments=wanted)
