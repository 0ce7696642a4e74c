"""Everything else that a page shows with an interval, a tally for each."""

import numpy as np
from simulated_cases import AllCases, AllReads
from validity_areas import Areas
from validity_beside import Beside
from validity_causes import Causes
from validity_flags import Flags, Scored
from validity_named import Skills
from validity_ranges import Ranges
from validity_tallies import Tally
from validity_training import Training


class Pages:
    """The tallies over those rounds that are corrected; chance of their own, so that no other row moves."""

    def __init__(self, cases: AllCases, rng: np.random.Generator) -> None:
        self.rng = rng
        self.areas, self.ranges = Areas(cases), Ranges(cases)
        self.causes, self.beside = Causes(cases, rng), Beside(cases, rng)
        scored = Scored.of(cases, rng)
        self.flags, self.training, self.n_rounds = Flags(scored, rng), Training(scored, rng), 0

    def add_round(self, reads: AllReads, skills: Skills) -> None:
        self.areas.add_round(reads, skills)
        self.ranges.add_round(reads, self.rng)
        self.causes.add_round(reads, self.rng)
        self.beside.add_round(reads, self.rng)
        self.flags.add_round(reads, self.rng)
        self.training.add_round(reads, is_resampled=self.n_rounds % 2 == 0)
        self.n_rounds += 1

    @property
    def rows(self) -> list[Tally]:
        parts = (self.areas, self.ranges, self.causes, self.beside, self.flags, self.training)
        return [row for part in parts for row in part.rows]
