"""What every scoring tells of change since the training, measured on cases that can be compared with it.

What a run happens to score says little: a night's new assessments, or what an earlier run left out, are other
cases than those of the training. So each run measures cases spread evenly over all in use, of the levels that
the artefact was trained on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from models.artefact import Artefact
from models.columns import LEVELS
from models.drift import bin_counts, drift_from_counts
from models.features import build_features
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.service.records import records_in_batches
from qa_service.flags.store import artefacts, scores, scorings
from qa_service.flags.tables import FlagScoring

# Chance alone makes an index of about (bins - 1) / n: 0.01, far below the 0.10 from which one looks.
SAMPLED = 1_000
LEAST_FOR_DRIFT = 650
N_DRIFTED_TOLD = 10


def keep_scoring(
    engine: Engine, digest: str, artefact: Artefact, *, n_scored: int, at: datetime
) -> FlagScoring:
    """Keep that so many were scored, and how far the present cases are from those of the training."""
    with transaction(engine, SYSTEM) as session:
        [kept] = artefacts.find_artefacts(session, digest)
        levels = kept.provenance.get("levels", LEVELS)
        in_use = scores.list_in_use(session, levels=levels, at=at)
    spread = in_use[:: max(1, round(len(in_use) / SAMPLED))]
    is_enough = len(spread) >= LEAST_FOR_DRIFT
    counts = _count(engine, artefact, spread) if is_enough else {}
    row = FlagScoring(
        artefact_digest=digest,
        scored_at=at,
        n_scored=n_scored,
        bin_counts=counts,
        n_measured=len(spread) if is_enough else 0,
        drift=_told(artefact, counts) if is_enough else [],
    )
    with transaction(engine, SYSTEM) as session:
        scorings.insert_scoring(session, row)
        session.expunge(row)
    return row


def _count(engine: Engine, artefact: Artefact, assessment_ids: Sequence[int]) -> dict[str, list[int]]:
    [records] = records_in_batches(engine, assessment_ids, step="Measuring change", progress=_quietly)
    return bin_counts(artefact.drift_bins, build_features(records, artefact.purpose))


def _told(artefact: Artefact, counts: dict[str, list[int]]) -> list[dict[str, Any]]:
    table = drift_from_counts(artefact.drift_bins, counts).head(N_DRIFTED_TOLD)
    table = table.rename_axis("feature").reset_index()
    return [
        {
            "feature": str(row["feature"]),
            "index": round(float(row["stability_index"]), 4),
            "reading": row["reading"],
        }
        for row in table.to_dict("records")
    ]


def _quietly(_step: str, _n_done: int, _n_all: int) -> None:
    """Show no progress: it is a moment's work."""
