"""How long a refresh of all flags takes, beside building the features and predicting in memory."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pandas as pd
from bench_dashboard import server
from bench_service import AT, BY, migrated
from sqlalchemy import Engine

from models.artefact import from_text
from models.features import build_features
from models.records import build_records
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.demo import setting
from qa_service.flags.service.artefacts import find_artefact
from qa_service.flags.service.learning import train_candidate
from qa_service.flags.service.records import BATCH
from qa_service.flags.service.scoring import refresh_flags
from qa_service.flags.store import inputs, scores
from qa_service.intake.service import import_paths
from qa_service.synth.service import generate


@dataclass(frozen=True)
class RefreshSeconds:
    """The same assessments: features built and predicted from tables in memory, and the whole refresh."""

    n_scored: int
    bare: float
    refreshed: float


def measure_refresh(preset: str) -> RefreshSeconds:
    """Load a made-up area, train on its recorded levels, then score all of it in both ways."""
    with server() as url, tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        area = Path(folder) / "area"
        generate(preset, area, seed=setting.SYNTH_SEED, today=setting.FIRST_DAY)
        engine = make_engine(migrated(url, "flags"))
        import_paths(engine, [area], by=BY, clock=FixedClock(AT))
        train_candidate(engine, by=BY, at=AT, progress=_quietly, targets=("overall",))
        bare = _seconds_in_memory(engine)
        begun = perf_counter()
        done = refresh_flags(engine, since=AT, at=AT, progress=_quietly)
        refreshed = perf_counter() - begun
        engine.dispose()
    return RefreshSeconds(done.n_scored, bare, refreshed)


def _seconds_in_memory(engine: Engine) -> float:
    with transaction(engine, SYSTEM) as session:
        artefact = from_text(find_artefact(session).content, "the candidate")
        wanting = scores.list_wanting(session, ["none"], since=AT, at=AT)
    seconds = 0.0
    for start in range(0, len(wanting), BATCH):
        part = wanting[start : start + BATCH]
        with transaction(engine, SYSTEM) as session:
            tables = inputs.read_tables(session, part)
        begun = perf_counter()
        artefact.scorers["overall"].score(build_features(build_records(tables, pd.Series(part))))
        seconds += perf_counter() - begun
    return seconds


def _quietly(_step: str, _n_done: int, _n_all: int) -> None:
    """Show no progress."""
