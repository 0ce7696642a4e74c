"""Figures that pages tell as the least and the most they can be: what was not scorable, what is not final.

Reads that may come to a fail wait longer than others.
"""

from collections.abc import Iterator

import numpy as np
from corrected_as_pages import POLICY
from simulated_cases import AREA_LEVELS, AllCases, AllReads, Each, codes_of
from validity_areas import EVERY, place_of
from validity_named import LEAST
from validity_tallies import Tally

from qa_service.reporting.dashboard import bounds_of
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import Rate, RateName, asked_of
from qa_service.reporting.unfinished import WaitingChecks, unfinished_of

_NAME = RateName.MEDIUM_SHOULD_BE_HIGH
WAITS, POSSIBLE_FAIL_WAITS = 0.05, 0.3


class Range:
    """A figure told as two, with the lower limit of the least and the upper one of the most."""

    def __init__(self, least: Rate, most: Rate) -> None:
        self.low, self.high = least.low, most.high
        self.value = None if least.value is None or most.value is None else (least.value + most.value) / 2


class Ranges:
    """The tallies over all rounds, of the rate of mediums; in a PDU of two years, above of one."""

    def __init__(self, cases: AllCases) -> None:
        names = {
            "scorable": "not scorable right to wrong (conservative)",
            "waiting": "all that wait right to wrong (conservative)",
        }
        self.kept = {
            (level, what): Tally(f"{level}, {words}", 0.945, 1.0, "reviewed level")
            for level in AREA_LEVELS
            for what, words in names.items()
        }
        self.aims = {
            what: cases.means(cases.reviewed[_NAME], cases.asked(_NAME), each)
            for what, each in (("scorable", Each.CASE), ("waiting", Each.OFFICER))
        }

    def add_round(self, reads: AllReads, rng: np.random.Generator) -> None:
        checks = reads.checks
        waits = rng.random(len(checks)) < np.where(reads.is_first_fail, POSSIBLE_FAIL_WAITS, WAITS)
        for level in AREA_LEVELS:
            rows = np.ones(len(checks), dtype=bool) if level == "PDU" else reads.is_latest
            for number, here in _areas(checks, level, rows):
                # The PDU's own not scorable ones are told elsewhere.
                bounds = None if level == "PDU" else bounds_of(_NAME, checks.take(here))
                if bounds is not None:
                    self._add(level, "scorable", number, bounds.all_right, bounds.all_wrong)
                left = unfinished_of(
                    _NAME,
                    checks.take(here & ~waits),
                    _waiting(checks.take(here & waits)),
                    least=POLICY.rates.suppress_below,
                )
                if left is not None and left.n_final >= LEAST:
                    self._add(level, "waiting", number, left.all_right, left.all_wrong)

    @property
    def rows(self) -> list[Tally]:
        return [tally for tally in self.kept.values() if tally.held]

    def _add(self, level: str, what: str, number: int, least: Rate, most: Rate) -> None:
        self.kept[level, what].add_shown([Range(least, most)], [self.aims[what][level][number]])


def _areas(
    checks: CheckArrays, level: str, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[tuple[int, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    """Return some areas of a level with their rows."""
    place = place_of(checks, level)
    for number, code in list(enumerate(codes_of(level)))[:: EVERY[level]]:
        yield number, rows & (place == code)


def _waiting(checks: CheckArrays) -> list[WaitingChecks]:
    asked = checks.take(asked_of(_NAME, checks))
    halves = int(asked.has(Found.HALF_YEAR).sum())
    counts = ((0.5, halves), (1.0, len(asked) - halves))
    return [WaitingChecks("", "", 0, True, years, n) for years, n in counts if n]
