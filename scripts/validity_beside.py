"""What stands beside the rates, by the pages' own code: copied text, further offences, quarters.

A case's text is copied more often by some officers than by others. A serious further offence is rare and ten
times as likely where the level is too low; the re-read errs as any reader does. In no quarter does anything
change, so that any beyond its limits is a false alarm.
"""

from dataclasses import replace

import numpy as np
from simulated_cases import AREA_LEVELS, AllCases, AllReads, Each, codes_of
from simulated_service import N_OFFICERS, Floats, is_twice_a_year
from validity_areas import place_of
from validity_named import LEAST
from validity_tallies import Tally

from qa_service.reporting.areas import Area, AreaLevel
from qa_service.reporting.further_offences import OffencesOfPlace, offences_in
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import RateName
from qa_service.reporting.shares import copied_share
from qa_service.reporting.trend import trend_of

_NAME = RateName.MEDIUM_SHOULD_BE_HIGH
_HAS_BEFORE, _OFFENCES, _OFFENCES_WHERE_WRONG = 0.85, 0.0012, 0.012
_EVERY = {"National": 1, "Region": 4, "PDU": 12}
_LAST_QUARTER = 2026 * 4 + 3
_NATION = Area(AreaLevel.NATIONAL, "NATIONAL", "England and Wales", ())


class Beside:
    """The tallies over all rounds, by level and figure."""

    def __init__(self, cases: AllCases, rng: np.random.Generator) -> None:
        service, n = cases.service, len(cases.level)
        self.cases = cases
        self.compared = rng.random(n) < _HAS_BEFORE
        self.copied = self.compared & (rng.random(n) < rng.beta(2, 5, len(service.caseload))[service.officer])
        self.copied_aim = cases.means(self.copied.astype(float), self.compared, Each.OFFICER)
        chance = np.where(cases.is_under, _OFFENCES_WHERE_WRONG, _OFFENCES)
        weight = chance * cases.stands_for(Each.CHECK)
        missed = cases.up * (1 - cases.reviewed[RateName.UNDERCLASSIFIED])
        self.offence_chance, self.missed_aim = chance, float(np.average(missed, weights=weight))
        self.kept = {}
        self.is_beyond: dict[str, list[bool]] = {level: [] for level in AREA_LEVELS}
        for level in AREA_LEVELS:
            self.kept[level, "copied"] = Tally(
                f"{level}, copied text (conservative)", 0.945, 1.0, "text of all cases"
            )
        self.kept["National", "offences"] = Tally(
            "National, missed before a further offence", 0.93, 0.97, "reading of such cases"
        )

    def add_round(self, reads: AllReads, rng: np.random.Generator) -> None:
        checks = reads.checks
        flags = Found.COMPARED * self.compared[reads.case] + Found.COPIED * self.copied[reads.case]
        checks = replace(checks, found=checks.found + flags, drawn_at=_moments(reads, rng))
        for level in AREA_LEVELS:
            here = checks if level == "PDU" else checks.take(reads.is_latest)
            for number, code in list(enumerate(codes_of(level)))[:: _EVERY[level]]:
                share = copied_share(here.take(place_of(here, level) == code))
                if share.n >= LEAST:
                    self.kept[level, "copied"].add_shown([share], [self.copied_aim[level][number]])
                self._add_quarters(level, checks.take(place_of(checks, level) == code))
        self._add_offences(reads, rng)

    def _add_quarters(self, level: str, checks: CheckArrays) -> None:
        quarters = trend_of(_NAME, checks, _LAST_QUARTER, least=LEAST).quarters
        self.is_beyond[level] += [one.is_beyond for one in quarters if one.low is not None]

    def _add_offences(self, reads: AllReads, rng: np.random.Generator) -> None:
        n = len(reads.case)
        offends = reads.scorable & (rng.random(n) < self.offence_chance[reads.case])
        finds = offends & (rng.random(n) < self.cases.up[reads.case])
        missed = finds & (reads.final[0] <= reads.assessed)
        counts = (int(offends.sum()),) * 3
        found = offences_in(_NATION, [OffencesOfPlace("0", "0", *counts, int(missed.sum()))]).missed
        if found.n >= LEAST:
            self.kept["National", "offences"].add_shown([found], [self.missed_aim])

    @property
    def rows(self) -> list[Tally]:
        return [tally for tally in self.kept.values() if tally.held]


def _moments(reads: AllReads, rng: np.random.Generator) -> Floats:
    """Draw each check in some quarter of its year or, where there are two a year, of its half year."""
    n = len(reads.case)
    often = is_twice_a_year(reads.cases.service.pdu)
    is_second = np.arange(n) % (N_OFFICERS + int(often.sum())) >= N_OFFICERS
    quarter = np.where(reads.years < 1, 2 * is_second + rng.integers(0, 2, n), rng.integers(0, 4, n))
    months = (2025 + reads.is_latest - 1970) * 12 + 3 * quarter
    moments: Floats = months.astype("datetime64[M]").astype("datetime64[s]").astype(np.float64)
    return moments
