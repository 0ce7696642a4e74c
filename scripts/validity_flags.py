"""What pages show of flags since a training and of what remains below a line, by their own code.

The score is that of the targeted arm; lows are scored below mediums and never found high. The tenth with the
highest scores is flagged. A line's rates rest on one year's random checks; of a high it is not the score that
tells whether it should be high for a group of people too.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from corrected_as_pages import POLICY
from numpy.typing import NDArray
from scipy.special import expit
from simulated_cases import AREA_LEVELS, HIGH, MEDIUM, AllCases, AllReads, Each, Mask, codes_of
from simulated_service import Floats
from validity_areas import place_of
from validity_named import LEAST
from validity_tallies import Tally

from models.evaluation import ReviewedScores, remaining_below, remaining_rates
from qa_service.flags.rules import OVERALL, Interval, measured_lines
from qa_service.reporting.flag_quality import measured
from qa_service.reporting.flag_stops import stops
from qa_service.reporting.rates import RateName

_SHARES_READ = (0.05, 0.1, 0.3)
_USUAL_SCORES = np.array([-2.0, 0.0, -0.5])


@dataclass(frozen=True)
class Scored:
    """The classifier's scores of every case and what review would find; arrays of shape (n_cases,)."""

    cases: AllCases
    score: Floats  # log odds
    is_below: Mask  # assessed below high
    is_flagged: Mask
    found: Floats  # chance to be found high

    @classmethod
    def of(cls, cases: AllCases, rng: np.random.Generator) -> "Scored":
        is_medium, is_below = cases.level == MEDIUM, cases.level < HIGH
        score = np.where(is_medium, cases.service.score, rng.normal(_USUAL_SCORES[cases.level]))
        line = np.quantile(score[is_below], 1 - POLICY.flags.flagged_share)
        found = np.where(is_medium, cases.reviewed[RateName.MEDIUM_SHOULD_BE_HIGH], 0.0)
        return cls(cases, score, is_below, is_below & (score >= line), found)

    def reviewed(self, reads: AllReads, rows: Mask) -> ReviewedScores:
        """Return some checks as a training knows them: each by its own chance to be drawn in a year."""
        case, service = reads.case[rows], self.cases.service
        officer = service.officer[case]
        found = (reads.final[0] >= HIGH)[rows]
        weight = np.maximum(1, service.caseload[officer] * reads.years[rows])
        return ReviewedScores(self.score[case], found, weight, officer)


class Flags:
    """The tallies over all rounds."""

    def __init__(self, scored: Scored, rng: np.random.Generator) -> None:
        cases, self.scored = scored.cases, scored
        self.wrong_high = rng.beta(0.8, 9.0, len(scored.score))
        self.aims = {
            "precision": cases.means(scored.found, scored.is_flagged, Each.CASE),
            "recall": cases.means(scored.is_flagged, scored.is_below * scored.found, Each.CASE),
        }
        self.kept = {}
        for level in AREA_LEVELS:
            wilson = (0.93, 0.97) if level == "National" else (0.94, 0.97)
            for what, words in (("precision", "flags that were right"), ("recall", "found high and flagged")):
                self.kept[level, what] = Tally(
                    f"{level}, since the training, {words}", *wilson, "reviewed level"
                )
        for what, words, promise in (
            ("mediums", "mediums below a line (conservative, in cases)", (0.945, 1.0)),
            ("highs", "highs below a line (in cases)", (0.93, 0.97)),
        ):
            self.kept["", what] = Tally(f"Wrong {words}", *promise, "reviewed level", 1)
        self.lists = self._lists()

    def _lists(self) -> tuple[NDArray[np.int64], list[int]]:
        """Return the nation's mediums and highs in the order of a list, and how many of them are read."""
        level = self.scored.cases.level
        listed = np.flatnonzero((level == MEDIUM) | (level == HIGH))
        ranked = listed[np.argsort(-self.scored.score[listed], kind="stable")]
        return ranked, [round(share * len(ranked)) for share in _SHARES_READ]

    def add_round(self, reads: AllReads, rng: np.random.Generator) -> None:
        checks, scored = reads.checks, self.scored
        counts = reads.scorable & scored.is_below[reads.case]
        flagged, found = scored.is_flagged[reads.case], reads.final[0] >= HIGH
        officer = scored.cases.service.officer[reads.case]
        for level in AREA_LEVELS:
            # One year, and two in a PDU, which has too few flags in one.
            rows = counts if level == "PDU" else counts & reads.is_latest
            place = place_of(checks, level)
            for number, code in list(enumerate(codes_of(level)))[:: 6 if level == "PDU" else 1]:
                here = rows & (place == code)
                since = measured(
                    flagged[here], found[here], (checks.weight * checks.years)[here], officer[here]
                )
                for what, share, n in (
                    ("precision", since.precision, since.n_flagged),
                    ("recall", since.recall, since.n_found_high),
                ):
                    if share is not None and n >= LEAST:
                        self.kept[level, what].add_shown([share], [self.aims[what][level][number]])
        self._add_remaining(self._evaluation(reads, rng))

    def _evaluation(self, reads: AllReads, rng: np.random.Generator) -> dict[str, Any]:
        """Return what a training would have measured below lines, and of highs."""
        year = reads.scorable & reads.is_latest
        mediums = self.scored.reviewed(reads, year & (reads.assessed == MEDIUM))
        table = [asdict(one) for one in remaining_rates(mediums)]
        highs = self.scored.reviewed(reads, year & (reads.assessed == HIGH))
        wrong = rng.random(len(highs.score)) < self.wrong_high[reads.case[year & (reads.assessed == HIGH)]]
        of_highs = ReviewedScores(np.zeros(len(wrong)), wrong, highs.weight, highs.officer)
        return {
            "reports": {OVERALL: {"remaining": table}},
            "highs": asdict(remaining_below(of_highs, np.inf, 1)),
        }

    def _add_remaining(self, evaluation: dict[str, Any]) -> None:
        ranked, lengths = self.lists
        score, is_medium = expit(self.scored.score[ranked]), self.scored.cases.level[ranked] == MEDIUM
        buckets = np.bincount(np.digitize(score[is_medium], measured_lines(evaluation)))
        found = {
            "lines": [(n, float(score[n - 1]), int(is_medium[:n].sum())) for n in lengths],
            "n_mediums": int(is_medium.sum()),
            "n_all": len(ranked),
            "mediums_by_line": list(enumerate(buckets.tolist())),
        }
        for stop in stops(found, evaluation, lengths):
            rest = ranked[stop.n_read :]
            left = is_medium[stop.n_read :]
            self._add("mediums", stop.mediums.wrong, self.scored.found[rest[left]])
            self._add("highs", stop.highs.wrong, self.wrong_high[rest[~left]])

    def _add(self, what: str, told: Interval | None, chances: Floats) -> None:
        if told is not None:
            self.kept["", what].add_shown([told], [chances.sum()])

    @property
    def rows(self) -> list[Tally]:
        return [tally for tally in self.kept.values() if tally.held]
