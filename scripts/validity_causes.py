"""What pages show of causes and cost, by their own code: lines answered no, workload, yield, hours an error.

A line is answered no with a chance of its own, that rises where an assessment is poor or too low and differs
between cases. All are shares of checks: an officer who is checked twice a year counts twice.
"""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
from corrected_as_pages import POLICY
from numpy.typing import NDArray
from simulated_cases import AREA_LEVELS, AllCases, AllReads, Each, add_up
from simulated_service import EXPERT_READS, N_PDUS, NOT_SCORABLE, SECOND_READS, Floats
from validity_named import LEAST
from validity_tallies import Tally

from qa_service.pages.manager_causes import shown_lines
from qa_service.reporting.causes import CauseCounts, causes_from
from qa_service.reporting.cost import cost_from
from qa_service.reporting.rates import RateName
from rubrics import load

_AT = datetime(2026, 11, 1, tzinfo=UTC)
_LINES = [question.id for question in load("rosh").questions]
_BANDS = 3
_NOT_ASKED, _WORKLOAD_NOT_KNOWN = 0.1, 0.03
_EVERY = {"National": 1, "Region": 4, "PDU": 12}


class Causes:
    """The tallies over all rounds, by level and figure; in a PDU of two years, above of one."""

    def __init__(self, cases: AllCases, rng: np.random.Generator) -> None:
        self.cases = cases
        names = {
            "lines": "line of the rubric answered no (those shown)",
            "workload": "level too low, by workload",
            "yield": "yield of the random arm",
            "hours": "hours for each level found too low (conservative)",
        }
        self.kept = {}
        for level in AREA_LEVELS:
            wilson = (0.93, 0.97) if level == "National" else (0.94, 0.97)
            for what, words in names.items():
                promise = (0.945, 1.0) if what == "hours" else wilson
                scale = 1 if what == "hours" else 100
                self.kept[level, what] = Tally(f"{level}, {words}", *promise, "reading of all cases", scale)
        self.usual = rng.beta(1.2, 9.0, len(_LINES))
        strain = 1 + 2 * cases.is_poor + 1.5 * cases.is_under
        self.strain = strain * rng.lognormal(-0.08, 0.4, len(strain))
        self.band = np.digitize(100 * cases.service.workload, [100, 110])
        self.aims = self._aims()

    def _aims(self) -> dict[str, dict[str, Floats]]:
        cases, every = self.cases, np.ones(len(self.cases.level), dtype=bool)
        found, band = cases.reviewed[RateName.UNDERCLASSIFIED], self.band[cases.service.officer]
        lines = [cases.means(self._chance(line, every), every, Each.CHECK) for line in range(len(_LINES))]
        bands = [cases.means(found, band == number, Each.CHECK) for number in range(_BANDS)]
        too_low = cases.means(found, every, Each.CHECK)
        hours = cases.means(_expected_hours(cases.up), every, Each.CHECK)
        return {
            "lines": {level: np.stack([one[level] for one in lines], axis=1) for level in AREA_LEVELS},
            "workload": {level: np.stack([one[level] for one in bands], axis=1) for level in AREA_LEVELS},
            "yield": too_low,
            "hours": {level: hours[level] / too_low[level] / (1 - NOT_SCORABLE) for level in AREA_LEVELS},
        }

    def _chance(self, line: int, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Floats:
        chance: Floats = np.minimum(0.95, self.usual[line] * self.strain[rows])
        return chance

    def add_round(self, reads: AllReads, rng: np.random.Generator) -> None:
        counted = self._counted(reads, rng)
        for level in AREA_LEVELS:
            of_level = {
                key: add_up(values["both" if level == "PDU" else "last"])[level]
                for key, values in counted.items()
            }
            for place in range(0, len(of_level["reads"]), _EVERY[level]):
                self._add(level, place, {key: values[place] for key, values in of_level.items()})

    def _counted(self, reads: AllReads, rng: np.random.Generator) -> dict[str, dict[str, Floats]]:
        """Count, in each PDU and in both years or the last, what the pages' statements count."""
        service, n = self.cases.service, len(reads.case)
        officer = service.officer[reads.case]
        first, second = reads.is_first_fail, reads.level[1] > reads.assessed
        has_second = first | reads.twice
        found = reads.scorable & (reads.final[0] > reads.assessed)
        no = np.stack([rng.random(n) < self._chance(line, reads.case) for line in range(len(_LINES))], axis=1)
        asked = rng.random(no.shape) >= _NOT_ASKED
        is_known = rng.random(n) >= _WORKLOAD_NOT_KNOWN
        in_band = (self.band[officer][:, None] == np.arange(_BANDS)) & is_known[:, None]
        reading = np.stack([1 + reads.again, has_second, has_second & (first != second)], axis=1)
        parts = {
            "no": no & asked,
            "asked": asked,
            "reads": reading,
            "in_band": in_band & reads.scorable[:, None],
            "found_in_band": in_band & found[:, None],
            "found": np.stack([found, reads.scorable], axis=1),
        }
        pdu = service.pdu[officer]
        return {
            key: {
                "both": _by_pdu(values, pdu),
                "last": _by_pdu(values[reads.is_latest], pdu[reads.is_latest]),
            }
            for key, values in parts.items()
        }

    def _add(self, level: str, place: int, here: dict[str, Floats]) -> None:
        lines = [
            (item, int(no), int(n)) for item, no, n in zip(_LINES, here["no"], here["asked"], strict=True)
        ]
        bands: dict[int | None, tuple[int, int]] = {
            band: (int(k), int(n))
            for band, (k, n) in enumerate(zip(here["found_in_band"], here["in_band"], strict=True))
        }
        causes = causes_from(CauseCounts([], lines, bands), _AT, _AT, _AT, POLICY)
        shown = shown_lines(causes, LEAST)
        aims = {what: of_level[level][place] for what, of_level in self.aims.items()}
        self.kept[level, "lines"].add_shown(
            [one.share for one in shown], [aims["lines"][_LINES.index(one.item_id)] for one in shown]
        )
        told = [
            (one.share, aim)
            for one, aim in zip(causes.workload, aims["workload"], strict=False)
            if one.share.n >= LEAST
        ]
        if told:
            self.kept[level, "workload"].add_shown(*zip(*told, strict=True))
        n_first, n_second, n_moderations = (int(count) for count in here["reads"])
        n_too_low, n = (int(count) for count in here["found"])
        counts = {"n_first": n_first, "n_second": n_second, "n_moderations": n_moderations}
        [arm] = cost_from(
            {"random": Counter(counts | {"n_too_low": n_too_low, "n": n})}, _AT, _AT, POLICY
        ).arms
        if arm.too_low.n < LEAST:
            return
        self.kept[level, "yield"].add_shown([arm.too_low], [aims["yield"]])
        value, limits = arm.hours_per_error, arm.hours_per_error_limits
        if value is not None and limits is not None and limits[1] is not None:
            self.kept[level, "hours"].add(value, limits[0], limits[1], aims["hours"])

    @property
    def rows(self) -> list[Tally]:
        return [tally for tally in self.kept.values() if tally.held]


def _expected_hours(finds: Floats) -> Floats:
    """Return the planning hours that a check of each case is expected to take."""
    planned = POLICY.forecast
    first, second = 1 + EXPERT_READS, finds + (1 - finds) * SECOND_READS
    moderations = (1 + SECOND_READS) * finds * (1 - finds)
    return (
        first * planned.first_read_hours
        + second * planned.second_read_hours
        + moderations * planned.moderation_hours
    )


def _by_pdu(values: NDArray[np.bool_] | NDArray[np.int64], pdu: NDArray[np.int64]) -> Floats:
    """Add up each column, shape (n_checks, n_columns), by PDU."""
    columns = [np.bincount(pdu, column, N_PDUS) for column in values.T]
    return np.stack(columns, axis=1)
