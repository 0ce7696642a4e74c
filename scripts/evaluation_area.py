"""Part (a)'s area: synthetic cases with their truth, and a year of checks by readers who can be wrong."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from evaluation_data import read_extract, read_truth
from evaluation_parts import Parts
from numpy.typing import NDArray

from models.columns import TARGETS
from models.features import build_features
from models.labels import HIGH, Labels, build_labels, has_target
from models.record_since import add_since
from models.records import build_records, latest_assessments
from qa_service.synth.service import generate

TODAY = date(2026, 11, 22)
#: Design: two blind reads; set so that reviewers miss 15% of highs and call 3% of the others high.
SENSITIVITY, SPECIFICITY = 0.85, 0.97
N_ROUNDS = 2
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Target:
    """One target's cases: where a level was recorded, with features, labels and truth."""

    records: pd.DataFrame
    features: pd.DataFrame
    labels: Labels
    truly_high: Bools

    @property
    def unread(self) -> Bools:
        """Assessed below high and not checked: the cases a ranking is judged on."""
        return ~self.labels.assessed_high & np.isnan(self.labels.reviewed_high)

    @property
    def officer(self) -> NDArray[np.object_]:
        return self.records["officer"].fillna("unknown").to_numpy(dtype=object)


class SyntheticArea:
    """An area made when it is first needed."""

    def __init__(self, preset: str, seed: int, parts: Parts) -> None:
        self.preset, self.seed, self._parts = preset, seed, parts

    @cached_property
    def _made(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Make records, the same with what came since, truth and reviews, row by row."""
        self._parts.say(f"making the synthetic area ({self.preset})")
        with TemporaryDirectory() as folder:
            made = generate(self.preset, Path(folder) / "area", seed=self.seed, today=TODAY)
            tables = read_extract(made.directory)
            self._parts.say("building its records")
            records = build_records(tables, latest_assessments(tables.assessments))
            truth = read_truth(made.truth, records["assessment_id"])
        now = pd.Timestamp(TODAY, tz="UTC")
        later = add_since(records, tables, pd.Series(now, index=records.index))
        return records, later, truth, _check(records, truth, self.seed)

    @property
    def records_since(self) -> pd.DataFrame:
        return self._made[1]

    def of(self, target: str) -> Target:
        """Return the cases for which the target has a recorded level."""
        records, _, truth, reviews = self._made
        rated = has_target(records, target)
        own = records[rated].reset_index(drop=True)
        truly_high = truth.loc[rated, target].to_numpy() >= HIGH
        return Target(own, build_features(own), build_labels(own, reviews, target), truly_high)


def _check(records: pd.DataFrame, truth: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Check one case of each officer at random in each round."""
    rng = np.random.default_rng(seed)
    officer = records["officer"].fillna("unknown").to_numpy()
    _, code, n_held = np.unique(officer, return_inverse=True, return_counts=True)
    drawn = np.zeros(len(records), dtype=bool)
    for _ in range(N_ROUNDS):
        ticket = rng.random(len(records))
        order = np.lexsort((ticket, code))
        drawn[order[np.concatenate([[0], np.cumsum(n_held)[:-1]])]] = True
    reviews = pd.DataFrame({"assessment_id": records["assessment_id"], "arm": "random"})
    reviews["inclusion_probability"] = 1 - (1 - 1 / n_held[code]) ** N_ROUNDS
    reviews["is_final"] = reviews["is_scorable"] = True
    for target in TARGETS:
        high = truth[target].to_numpy() >= HIGH
        said_high = np.where(high, rng.random(len(high)) < SENSITIVITY, rng.random(len(high)) > SPECIFICITY)
        reviews[f"reviewed_{target}"] = np.where(said_high, HIGH, np.minimum(truth[target], HIGH - 1))
    return reviews[drawn].reset_index(drop=True)
