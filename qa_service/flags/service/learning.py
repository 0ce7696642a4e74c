"""Train a candidate from the recorded levels and the final checks; nothing uses it until it is approved."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Engine

from models.artefact import make_artefact, to_text
from models.card import write_card
from models.columns import GROUPS, LEVELS, Purpose
from models.errors import ModelError, NotEnoughCasesError
from models.features import build_features
from models.labels import build_labels, has_target
from models.scorer import LinearScorer
from models.thresholds import RecallTarget
from models.training import TrainingReport, train
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import Conflict
from qa_service.flags.rules import OVERALL, TARGET_NAMES
from qa_service.flags.service import artefacts
from qa_service.flags.service.highs import wrong_groups_of_highs
from qa_service.flags.service.records import of_flag, purpose_of, records_in_batches
from qa_service.flags.store import labels, scores
from qa_service.flags.tables import FlagArtefact, ScorePurpose
from qa_service.policy.numbers import load_policy
from qa_service.progress.service import Progress

SEED = 1
LEAST_HIGH = 50


class Lessons(NamedTuple):
    """Records of assessments, and what checks found about some of them."""

    records: pd.DataFrame
    reviews: pd.DataFrame


def train_candidate(
    engine: Engine,
    *,
    by: str,
    at: datetime,
    progress: Progress,
    targets: tuple[str, ...] = (OVERALL, *GROUPS),
) -> str:
    """Train on every case's latest assessment and every assessment that was checked.

    Two candidates: for flags, whose digest is returned, and for the order in which an SPO reviews cases; that
    one also learns from what was recorded between an assessment and its check.
    """
    lessons = read_what_teaches(engine, at=at, progress=progress, with_since=True)
    learn(engine, lessons, by=by, at=at, progress=progress, targets=(OVERALL,))
    of_flags = lessons._replace(records=of_flag(lessons.records))
    return learn(engine, of_flags, by=by, at=at, progress=progress, targets=targets)


def read_what_teaches(
    engine: Engine,
    *,
    at: datetime,
    progress: Progress,
    levels: Sequence[str] = LEVELS,
    with_since: bool = False,
) -> Lessons:
    """Read the records of the checked and the latest assessments (of some levels), and what checks found."""
    with transaction(engine, SYSTEM) as session:
        reviews = labels.read_reviews(session)
        wanted = scores.list_to_learn_from(session, reviews["assessment_id"].tolist(), levels=levels, at=at)
    frozen_at = dict(zip(reviews["assessment_id"], reviews["frozen_at"], strict=True))
    parts = list(
        records_in_batches(
            engine,
            wanted,
            step="Reading assessments",
            progress=progress,
            as_of=at if with_since else None,
            frozen_at=frozen_at,
        )
    )
    if not parts:
        raise Conflict(
            "No assessment is loaded, so there is nothing to learn from.", next_step="Import first."
        )
    return Lessons(pd.concat(parts, ignore_index=True), reviews)


def learn(
    engine: Engine,
    lessons: Lessons,
    *,
    by: str,
    at: datetime,
    progress: Progress,
    targets: tuple[str, ...],
    levels: Sequence[str] | None = None,
) -> str:
    """Train on some records, for what they are for, and keep the candidate; return its digest.

    Cases of `levels` need its score before it comes into force; if not given, of those that taught it.
    """
    row = _learn(lessons, targets=targets, levels=levels, at=at, progress=progress)
    row.trained_by = by
    with transaction(engine, SYSTEM) as session:
        artefacts.keep_candidate(session, row, at=at)
    return row.digest


def _learn(
    lessons: Lessons,
    *,
    targets: tuple[str, ...],
    levels: Sequence[str] | None,
    at: datetime,
    progress: Progress,
) -> FlagArtefact:
    records, reviews = lessons
    purpose = purpose_of(records)
    scorers: dict[str, LinearScorer] = {}
    reports: dict[str, TrainingReport] = {}
    not_trained: dict[str, str] = {}
    for number, target in enumerate(targets):
        progress("Training", number, len(targets))
        try:
            scorers[target], reports[target] = _learn_level(records, reviews, target, purpose)
        except NotEnoughCasesError as error:
            if target == OVERALL:
                raise Conflict(str(error), next_step="Load more assessments and train again.") from error
            not_trained[target] = str(error)
        except ModelError as error:
            raise Conflict(str(error), next_step="Nothing was trained; mend the data first.") from error
    progress("Training", len(targets), len(targets))
    trained_at = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    artefact = make_artefact(
        scorers,
        reports,
        build_features(records, purpose),
        trained_at=trained_at,
        seed=SEED,
        purpose=purpose,
        not_trained=not_trained,
    )
    digest, content = to_text(artefact)
    return FlagArtefact(
        digest=digest,
        purpose=ScorePurpose(purpose.value),
        content=content,
        evaluation={
            "reports": artefact.reports,
            "not_trained": not_trained,
            "highs": wrong_groups_of_highs(records, reviews),
        },
        card=write_card(artefact),
        provenance={
            "data_fingerprint": artefact.data_fingerprint,
            "seed": artefact.seed,
            "versions": artefact.versions,
            "levels": list(levels or _levels_of(records)),
        },
        trained_at=at,
        trained_by="",
    )


def _levels_of(records: pd.DataFrame) -> list[str]:
    """List the overall levels that were learnt from: what is measured of present cases must be of these."""
    return [LEVELS[int(code)] for code in sorted(records["assessed_overall"].dropna().unique())]


def _learn_level(
    records: pd.DataFrame, reviews: pd.DataFrame, target: str, purpose: Purpose
) -> tuple[LinearScorer, TrainingReport]:
    """Learn for the cases of which this level was recorded; flag as many as the policy lets be read."""
    rated: pd.DataFrame = records[has_target(records, target)].reset_index(drop=True)
    taught = build_labels(rated, reviews, target)
    policy = load_policy().flags
    n_reviews = round(policy.flagged_share * int((~taught.assessed_high).sum()))
    if taught.assessed_high.sum() < LEAST_HIGH:
        raise NotEnoughCasesError(
            f"Only {taught.assessed_high.sum()} cases are recorded high {TARGET_NAMES[target]}; "
            f"at least {LEAST_HIGH} are needed, so that each part of the validation has some."
        )
    to_find = RecallTarget(policy.recall_target, policy.recall_confidence)
    model, report = train(
        rated, taught, target=target, n_reviews=n_reviews, seed=SEED, purpose=purpose, to_find=to_find
    )
    names: Any = tuple(build_features(rated.head(1), purpose).columns)
    return LinearScorer.of(model, names, report.threshold.score), report
