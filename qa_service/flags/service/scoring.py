"""Score assessments with the approved artefact, and in its shadow with what waits and the newest candidate.

A candidate's scores lie beside the approved one's so that both can be compared; nothing uses them until a
named person approves it and it has scored everything in use. Each batch is a transaction of its own: a
refresh that was stopped goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sqlalchemy import Engine
from sqlmodel import Session

from models.artefact import Artefact, from_text
from models.columns import GROUPS, TARGETS, Purpose
from models.errors import ArtefactRefusedError
from models.explain import explain
from models.features import build_features
from models.scorer import LinearScorer
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import Conflict
from qa_service.flags.rules import NOTHING, OVERALL, UNSCORED, why_unscored
from qa_service.flags.service import drift
from qa_service.flags.service.artefacts import bring_into_force
from qa_service.flags.service.records import of_flag, records_in_batches
from qa_service.flags.store import artefacts, scores
from qa_service.flags.store.scores import Score
from qa_service.flags.tables import STANDING, ArtefactStatus, ScorePurpose
from qa_service.intake.service import wait_for_imports
from qa_service.progress.service import Progress

HIGH = 2.0
_WHEN_REFUSED = {
    ArtefactStatus.APPROVED: "It is in force: what it scored stays, and what is new gets no score from it.",
    ArtefactStatus.WAITING: "It was approved, and cannot come into force.",
    ArtefactStatus.CANDIDATE: "It is a candidate, and was left out.",
}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: assessments scored, flags among them, what has drifted, and what was not loaded.

    Flags and drift are by the artefact in force, else by the one that waits or the newest candidate. Flags
    are not counted when the one in force could not be loaded: another's are not its own.
    """

    digests: tuple[str, ...]
    n_scored: int
    n_flagged: int | None
    drift: tuple[dict[str, Any], ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What scores, by digest: the artefact in force first; and in words what was refused."""

    artefacts: dict[str, Artefact]
    refused: tuple[str, ...] = ()
    counts_flags: bool = False


def refresh_flags(engine: Engine, *, since: datetime, at: datetime, progress: Progress) -> Refreshed:
    """Score every assessment in use that has no score since a moment; nothing to do without an artefact."""
    with transaction(engine, SYSTEM) as session:
        # What an import under way brings bears an earlier moment than this scoring, and would be missed.
        wait_for_imports(session)
        loaded = _artefacts_in_use(session)
        digests = list(loaded.artefacts)
        wanting = scores.list_wanting(session, digests, since=since, at=at) if digests else []
    progress("Scoring assessments", 0, len(wanting))
    looks_at_since = any(artefact.purpose is Purpose.REVIEW_NOW for artefact in loaded.artefacts.values())
    batches = records_in_batches(
        engine,
        wanting,
        step="Scoring assessments",
        progress=progress,
        as_of=at if looks_at_since else None,
    )
    return _score_batches(engine, loaded, batches, at=at)


def score_records(engine: Engine, records: pd.DataFrame, *, at: datetime) -> Refreshed:
    """Score records that are at hand with the artefacts in use; they hold nothing that came since."""
    with transaction(engine, SYSTEM) as session:
        loaded = _in_use(session, ScorePurpose.FLAG)
    return _score_batches(engine, loaded, [records], at=at)


def _score_batches(
    engine: Engine, loaded: Loaded, batches: Iterable[pd.DataFrame], *, at: datetime
) -> Refreshed:
    """Score batch by batch, then let come into force what now lacks no score."""
    n_scored, n_flagged = _score_and_write(engine, loaded.artefacts, batches, at=at)
    with transaction(engine, SYSTEM) as session:
        bring_into_force(session, at=at)
    drifted: tuple[dict[str, Any], ...] = ()
    if loaded.artefacts and n_scored:
        first = next(iter(loaded.artefacts.items()))
        drifted = tuple(drift.keep_scoring(engine, *first, n_scored=n_scored, at=at).drift)
    counted = n_flagged if loaded.counts_flags else None
    return Refreshed(tuple(loaded.artefacts), n_scored, counted, drifted, loaded.refused)


def _score_and_write(
    engine: Engine, loaded: Mapping[str, Artefact], batches: Iterable[pd.DataFrame], *, at: datetime
) -> tuple[int, int]:
    """Write one batch while the next is scored; return how many were scored and the first one flagged."""
    n_scored, n_flagged = 0, 0
    first = next(iter(loaded), None)
    with ThreadPoolExecutor(max_workers=1) as writer:
        writing: Future[None] | None = None
        for records in batches:
            by_purpose = {Purpose.REVIEW_NOW: records, Purpose.FLAG: of_flag(records)}
            features = {
                purpose: build_features(by_purpose[purpose], purpose)
                for purpose in {artefact.purpose for artefact in loaded.values()}
            }
            found = {
                digest: list(score(artefact, by_purpose[artefact.purpose], features[artefact.purpose]))
                for digest, artefact in loaded.items()
            }
            n_scored += len(records)
            if first is not None:
                n_flagged += sum(one.is_flagged for one in found[first])
            if writing is not None:
                writing.result()
            writing = writer.submit(_write, engine, found, at)
        if writing is not None:
            writing.result()
    return n_scored, n_flagged


def _write(engine: Engine, found: Mapping[str, Sequence[Score]], at: datetime) -> None:
    with transaction(engine, SYSTEM) as session:
        for digest, of_artefact in found.items():
            scores.replace_scores(session, digest, of_artefact, at=at)


def _artefacts_in_use(session: Session) -> Loaded:
    """Load what scores: for flags, and for what needs a review now once one of those has been approved."""
    flag = _in_use(session, ScorePurpose.FLAG)
    of_now = [row for row in artefacts.list_artefacts(session) if row.purpose is ScorePurpose.REVIEW_NOW]
    if not any(row.status in STANDING for row in of_now):
        return flag
    now = _in_use(session, ScorePurpose.REVIEW_NOW)
    return replace(flag, artefacts=flag.artefacts | now.artefacts, refused=flag.refused + now.refused)


def _in_use(session: Session, purpose: ScorePurpose) -> Loaded:
    """Load a purpose's approved artefact, then what waits and the newest candidate that was trained since.

    These are scored beside an approved one that newer columns refuse: else nothing could take its place.
    """
    rows = [row for row in artefacts.list_artefacts(session) if row.purpose is purpose]
    approved = [row for row in rows if row.status is ArtefactStatus.APPROVED]
    waiting = [row for row in rows if row.status is ArtefactStatus.WAITING]
    newest = [
        row
        for row in rows[:1]
        if row.status is ArtefactStatus.CANDIDATE
        and row.trained_at >= max(a.trained_at for a in approved or rows)
    ]
    loaded: dict[str, Artefact] = {}
    refused: list[str] = []
    for row in (*approved, *waiting, *newest):
        try:
            loaded[row.digest] = from_text(
                row.content,
                f"Artefact {row.digest[:12]}",
                expected_digest=row.digest,
                purpose=Purpose(purpose.value),
            )
        except ArtefactRefusedError as error:
            refused.append(f"{error} {_WHEN_REFUSED[row.status]}")
    # Without flags much stands still; without the second score lists keep the flags' order.
    if refused and not loaded and purpose is ScorePurpose.FLAG:
        raise Conflict(" ".join(refused), next_step="Train a candidate and let the national lead approve it.")
    counts_flags = bool(loaded) and all(row.digest in loaded for row in approved)
    return Loaded(loaded, tuple(refused), counts_flags)


def score(artefact: Artefact, records: pd.DataFrame, features: pd.DataFrame) -> Iterator[Score]:
    """Score records: the overall level where it is below high, else the group most in doubt."""
    targets, log_odds, flagged = _levels_in_doubt(artefact.scorers, records, features)
    told: dict[int, list[dict[str, object]]] = {}
    for target, scorer in artefact.scorers.items():
        rows = np.flatnonzero(targets == target)
        explained = explain(
            scorer, records.iloc[rows], purpose=artefact.purpose, features=features.iloc[rows]
        )
        for row, reasons in zip(rows.tolist(), explained, strict=True):
            told[row] = [
                {
                    "sentence": reason.sentence,
                    "item": reason.item,
                    "column": reason.column,
                    "contribution": round(reason.contribution, 4),
                }
                for reason in reasons
            ]
    lower = (records[[f"assessed_{group}" for group in GROUPS]] < HIGH).to_numpy()
    for row in np.flatnonzero(targets == UNSCORED).tolist():
        told[row] = [{"sentence": why_unscored(np.array(GROUPS)[lower[row]])}]
    rates = expit(log_odds)
    for row, assessment_id in enumerate(records["assessment_id"].tolist()):
        yield Score(assessment_id, targets[row], float(rates[row]), bool(flagged[row]), told.get(row, []))


def _levels_in_doubt(
    scorers: Mapping[str, LinearScorer], records: pd.DataFrame, features: pd.DataFrame
) -> tuple[NDArray[np.object_], Floats, NDArray[np.bool_]]:
    """Choose for each case the level that may be too low: (target, log odds, whether flagged).

    A case below high overall can only be wrong there or in a group below, so the overall score says it. A
    case high already can be wrong for one group of people (as Bendall's was), and gets the highest of these.
    Only where every recorded level is high is nothing in doubt; where no lower level has a scorer the case is
    unscored. The score of both is nought.
    """
    has_lower = (records[[f"assessed_{target}" for target in TARGETS]] < HIGH).any(axis=1).to_numpy()
    targets = np.where(has_lower, UNSCORED, NOTHING).astype(object)
    log_odds = np.full(len(records), -np.inf)
    flagged = np.zeros(len(records), dtype=bool)
    is_high = (records["assessed_overall"] >= HIGH).to_numpy()
    for target, scorer in scorers.items():
        is_below = (records[f"assessed_{target}"] < HIGH).to_numpy()
        found = scorer.score(features)
        applies = is_below & (is_high != (target == OVERALL)) & (found > log_odds)
        targets[applies] = target
        log_odds[applies] = found[applies]
        flagged[applies] = found[applies] >= scorer.threshold
    return targets, log_odds, flagged
