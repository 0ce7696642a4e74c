"""How long a refresh of all flags takes, beside building the features and predicting in memory.

As a worker finds it at its heaviest: an approved classifier of every level, a newer candidate in its shadow,
and the score that also looks at what was recorded since, approved too.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pandas as pd
from bench_dashboard import server
from bench_service import AT, BY, migrated
from sqlalchemy import Engine

from models.artefact import Artefact, from_text, to_text
from models.columns import Purpose
from models.features import build_features
from models.record_since import add_since
from models.records import build_records
from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.auth.service import Grant, NewAccount
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.demo import setting
from qa_service.flags.service import artefacts
from qa_service.flags.service.learning import train_candidate
from qa_service.flags.service.records import BATCH, of_flag
from qa_service.flags.service.scoring import refresh_flags
from qa_service.flags.store import inputs, scores
from qa_service.flags.tables import FlagArtefact
from qa_service.intake.service import import_paths
from qa_service.jobs import spare_what_stays
from qa_service.synth.service import generate

LATER = AT + timedelta(days=1)


@dataclass(frozen=True)
class RefreshSeconds:
    """The same assessments and classifiers: built and predicted from tables in memory, and refreshed."""

    n_scored: int
    n_artefacts: int
    n_scorers: int
    bare: float
    refreshed: float


def measure_refresh(preset: str) -> RefreshSeconds:
    """Load a made-up area, train on its recorded levels, approve, then score all of it in both ways."""
    with server() as url, tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        area = Path(folder) / "area"
        generate(preset, area, seed=setting.SYNTH_SEED, today=setting.FIRST_DAY)
        engine = make_engine(migrated(url, "flags"))
        import_paths(engine, [area], by=BY, clock=FixedClock(AT))
        put_in_use(engine)
        found = both_ways(engine)
        engine.dispose()
    return found


def put_in_use(engine: Engine) -> None:
    """Train for every level, approve both purposes, and keep the flags' artefact again as a candidate."""
    digest = train_candidate(engine, by=BY, at=AT, progress=_quietly)
    references = ReferenceSource(seeded_bytes("bench"))
    with transaction(engine, SYSTEM) as session:
        lead = auth.create_user(
            session, NewAccount("lead", "only for this measurement", "Lead"), at=AT, by=BY
        )
        auth.grant_role(session, lead.id, Grant(Role.NATIONAL_LEAD), at=AT, by=BY)
        for row in artefacts.list_artefacts(session):
            artefacts.approve(
                session, row.digest, user_id=lead.id, reason="To be timed.", at=AT, references=references
            )
        kept = artefacts.find_artefact(session, digest)
        later = LATER.strftime("%Y-%m-%dT%H:%M:%SZ")
        shadow, content = to_text(replace(from_text(kept.content, "the approved one"), trained_at=later))
        facts = kept.model_dump(include={"purpose", "evaluation", "card", "provenance"})
        row = FlagArtefact(digest=shadow, content=content, trained_at=LATER, trained_by=BY, **facts)
        artefacts.keep_candidate(session, row, at=LATER)


def both_ways(engine: Engine) -> RefreshSeconds:
    """Time both on a loaded database whose classifiers are in use."""
    with transaction(engine, SYSTEM) as session:
        rows = artefacts.list_artefacts(session)
        loaded = [from_text(row.content, "it", purpose=Purpose(row.purpose.value)) for row in rows]
        wanting = scores.list_wanting(session, ["none"], since=LATER, at=LATER)
    spare_what_stays()
    bare = _seconds_in_memory(engine, loaded, wanting)
    begun = perf_counter()
    done = refresh_flags(engine, since=LATER, at=LATER, progress=_quietly)
    refreshed = perf_counter() - begun
    n_scorers = sum(len(artefact.scorers) for artefact in loaded)
    return RefreshSeconds(done.n_scored, len(done.digests), n_scorers, bare, refreshed)


def _seconds_in_memory(engine: Engine, loaded: Sequence[Artefact], wanting: Sequence[int]) -> float:
    seconds = 0.0
    for start in range(0, len(wanting), BATCH):
        part = wanting[start : start + BATCH]
        with transaction(engine, SYSTEM) as session:
            tables = inputs.read_tables(session, part)
        begun = perf_counter()
        records = build_records(tables, pd.Series(part))
        records = add_since(records, tables, pd.Series(LATER, index=records.index))
        features = {
            Purpose.REVIEW_NOW: build_features(records, Purpose.REVIEW_NOW),
            Purpose.FLAG: build_features(of_flag(records)),
        }
        for artefact in loaded:
            for scorer in artefact.scorers.values():
                scorer.score(features[artefact.purpose])
        seconds += perf_counter() - begun
    return seconds


def _quietly(_step: str, _n_done: int, _n_all: int) -> None:
    """Show no progress."""
