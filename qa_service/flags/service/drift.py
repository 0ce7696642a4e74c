"""What every scoring tells of change since the training: a small one adds up with those just before it."""

from datetime import datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from models.artefact import Artefact
from models.drift import bin_counts, drift_from_counts
from qa_service.flags.store import scorings
from qa_service.flags.tables import FlagScoring

LEAST_FOR_DRIFT = 1_000
N_DRIFTED_TOLD = 10
# A year of nights; a scoring far back says little of the present.
_LOOKED_BACK = 365

Counts = dict[str, list[int]]


def add_counts(counts: Counts, artefact: Artefact, features: pd.DataFrame) -> Counts:
    """Add a batch of cases to the counts so far."""
    return _sum(counts, bin_counts(artefact.drift_bins, features))


def keep_scoring(
    session: Session, digest: str, artefact: Artefact, counts: Counts, *, n_scored: int, at: datetime
) -> FlagScoring:
    """Keep what a scoring counted, and the drift of as many small ones as tell something together."""
    pooled, n_measured = counts, n_scored
    for earlier in scorings.list_scorings(session, digest, n=_LOOKED_BACK):
        if n_measured >= LEAST_FOR_DRIFT or earlier.n_scored >= LEAST_FOR_DRIFT:
            break
        pooled, n_measured = _sum(pooled, earlier.bin_counts), n_measured + earlier.n_scored
    is_enough = n_measured >= LEAST_FOR_DRIFT
    row = FlagScoring(
        artefact_digest=digest,
        scored_at=at,
        n_scored=n_scored,
        bin_counts=counts,
        n_measured=n_measured if is_enough else 0,
        drift=_told(artefact, pooled) if is_enough else [],
    )
    scorings.insert_scoring(session, row)
    return row


def _sum(some: Counts, more: Counts) -> Counts:
    return {
        name: [a + b for a, b in zip(some.get(name, [0] * len(bins)), bins, strict=True)]
        for name, bins in more.items()
    }


def _told(artefact: Artefact, counts: Counts) -> list[dict[str, Any]]:
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
