"""What pages show of a classifier as it was when it was trained, by their own code.

Shares rest on one year's random checks of the nation; what is resampled, on two years of one region, as a
classifier begins. Groups of people are by chance alone: the smallest has one case in twenty.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from simulated_cases import AllReads, region_of
from validity_flags import Scored
from validity_tallies import Tally

from models.calibration import reliability_table
from models.evaluation import (
    ReviewedScores,
    average_precision,
    label_auc,
    precision_and_recall,
    weighted_auc,
    weighted_auprc,
)
from models.fairness import FlaggedCases, fairness_table
from models.intervals import Estimate, weighted_share
from models.yields import BUDGET_SHARES, yield_at_budgets

_GROUPS = (0.5, 0.25, 0.12, 0.08, 0.05)
_MEASURES = {
    "flag_rate": "flagged",
    "wrong_rate": "found high",
    "precision": "flags that were right",
    "recall": "found high and flagged",
}
_REGION, _SEED = 5, 1


class Training:
    """The tallies over all rounds."""

    def __init__(self, scored: Scored, rng: np.random.Generator) -> None:
        cases, self.scored = scored.cases, scored
        self.group = rng.choice(len(_GROUPS), len(scored.score), p=_GROUPS)
        pool = np.flatnonzero(scored.is_below)
        self.pool = pool[np.argsort(scored.score[pool])]
        self.region = region_of(cases.pdu) == _REGION
        self.n_found: list[int] = []
        self.kept = {"wrong": Tally("At training, cases below high found high", 0.93, 0.97, "reviewed level")}
        for measure, words in _MEASURES.items():
            self.kept[measure] = Tally(f"At training, of a group, {words}", 0.93, 0.97, "reviewed level")
        self.kept["band"] = Tally("At training, found high, by stated chance", 0.93, 0.97, "reviewed level")
        for what, words in (
            ("precision_read", "of those read, found high"),
            ("recall_read", "of those found high, read"),
            ("auprc", "average precision"),
            ("auc", "AUC"),
        ):
            self.kept[what] = Tally(f"At training, {words} (resampled)", 0.93, 0.97, "reviewed level")
        self.of_groups = [
            self._group_aims(self.pool[self.group[self.pool] == one]) for one in range(len(_GROUPS))
        ]
        here = self.pool[self.region[self.pool]]
        self.begun = ReviewedScores(scored.score[here], scored.found[here], np.ones(len(here)), here)

    def _group_aims(self, rows: NDArray[np.intp]) -> dict[str, float]:
        flagged, found = self.scored.is_flagged[rows], self.scored.found[rows]
        return {
            "flag_rate": flagged.mean(),
            "wrong_rate": found.mean(),
            "precision": found[flagged].mean(),
            "recall": found[flagged].sum() / found.sum(),
        }

    def add_round(self, reads: AllReads, *, is_resampled: bool) -> None:
        judges = reads.scorable & self.scored.is_below[reads.case]
        rows = judges & reads.is_latest
        cases = self.scored.reviewed(reads, rows)
        share = weighted_share(cases.found_high, cases.weight)
        self.kept["wrong"].add_shown([share], [self.scored.found[self.pool].mean()])
        self._add_groups(
            FlaggedCases(self.scored.is_flagged[reads.case[rows]], cases.found_high, cases.weight),
            self.group[reads.case[rows]],
        )
        self._add_bands(cases)
        if is_resampled:
            self._add_resampled(self.scored.reviewed(reads, judges & self.region[reads.case]))

    def _add_groups(self, cases: FlaggedCases, group: NDArray[np.int64]) -> None:
        table = fairness_table(cases, pd.Series(group))
        for measure in _MEASURES:
            of_groups = table[[measure, f"{measure}_low", f"{measure}_high"]].to_numpy()
            shown = [
                (Estimate(value, low, high, 0), aims[measure])
                for (value, low, high), aims in zip(of_groups, self.of_groups, strict=True)
                if np.isfinite(value)
            ]
            if shown:
                self.kept[measure].add_shown(*zip(*shown, strict=True))

    def _add_bands(self, cases: ReviewedScores) -> None:
        """Set each band beside all cases whose stated chance lies within it."""
        table = reliability_table(expit(cases.score), cases.found_high, cases.weight)
        ends = np.cumsum(table["n"].to_numpy())
        score = np.sort(cases.score)
        edges = [-np.inf, *(score[ends[:-1] - 1] + score[ends[:-1]]) / 2, np.inf]
        places = np.searchsorted(self.scored.score[self.pool], edges)
        known = np.append(0.0, np.cumsum(self.scored.found[self.pool]))
        told = table[["observed_rate", "low", "high"]].to_numpy()
        self.kept["band"].add_shown(
            [Estimate(value, low, high, 0) for value, low, high in told],
            np.diff(known[places]) / np.diff(places),
        )

    def _add_resampled(self, cases: ReviewedScores) -> None:
        self.n_found.append(int(cases.found_high.sum()))
        yields = yield_at_budgets(cases, seed=_SEED)
        aims = [precision_and_recall(self.begun, share) for share in BUDGET_SHARES]
        self.kept["precision_read"].add_shown([one.precision for one in yields], [aim for aim, _ in aims])
        self.kept["recall_read"].add_shown([one.recall for one in yields], [aim for _, aim in aims])
        auprc = average_precision(cases, seed=_SEED)
        self.kept["auprc"].add_shown([auprc], [weighted_auprc(self.begun)])
        self.kept["auc"].add_shown([label_auc(cases, seed=_SEED)], [weighted_auc(self.begun)])

    @property
    def rows(self) -> list[Tally]:
        return [tally for tally in self.kept.values() if tally.held]
