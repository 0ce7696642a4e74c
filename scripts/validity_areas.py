"""Rates of 24 months, by the pages' own code: a PDU's page has its own, its region's and the nation's."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from simulated_cases import AREA_LEVELS, AllCases, AllReads, Each, codes_of
from validity_named import IN_WORDS, LEAST, Skills
from validity_tallies import Figure, Tally

from qa_service.reporting.comparison import shrink
from qa_service.reporting.queries import CheckArrays
from qa_service.reporting.rates import NamedRate, RateName, named_rates, no_rate
from qa_service.reporting.reader_error import correct

# Every so many areas of a level, the same in each round, where what is worked out takes long.
EVERY = {"National": 1, "Region": 4, "PDU": 36}
_READINGS = ("by_case", "by_officer", "corrected", "shrunk")


class Areas:
    """The tallies over all rounds, by level, reading and rate."""

    def __init__(self, cases: AllCases) -> None:
        self.kept = {
            (level, what, name): _tally(level, what, name)
            for level, what, name in product(AREA_LEVELS, _READINGS, RateName)
        }
        self.aims = {
            (what, name): cases.means(
                (cases.truth if what == "corrected" else cases.reviewed)[name],
                cases.asked(name),
                Each.OFFICER if what == "by_officer" else Each.CASE,
            )
            for what, name in product(_READINGS, RateName)
        }

    def add_round(self, reads: AllReads, skills: Skills) -> None:
        checks = reads.checks
        for level, name in product(AREA_LEVELS, RateName):
            # A PDU's rates of mediums are told elsewhere.
            if level == "PDU" and name is RateName.MEDIUM_SHOULD_BE_HIGH:
                continue
            rates = _rates(name, checks, level)
            self._add(level, "by_case", name, [rate.by_case for rate in rates])
            self._add(level, "by_officer", name, [rate.by_officer for rate in rates])
            step = EVERY[level]
            told = [correct(rate.by_case, skills[name], LEAST) for rate in rates[::step]]
            self._add(level, "corrected", name, told, step)
            if level == "PDU":
                shrunk = shrink(dict(zip(codes_of(level), rates, strict=True)))
                self._add(level, "shrunk", name, list(shrunk.values()))

    @property
    def rows(self) -> list[Tally]:
        return [tally for tally in self.kept.values() if tally.held]

    def _add(self, level: str, what: str, name: RateName, told: Sequence[Figure], step: int = 1) -> None:
        self.kept[level, what, name].add_shown(told, self.aims[what, name][level][::step])


def _tally(level: str, what: str, name: RateName) -> Tally:
    start = f"{level}, 24 months, {IN_WORDS[name]}"
    wilson = (0.93, 0.97) if level == "National" else (0.94, 0.97)
    is_few = name is RateName.OVERCLASSIFIED
    return {
        "by_case": Tally(start, *wilson, "reviewed level"),
        "by_officer": Tally(f"{start}, officer average", *wilson, "reviewed level"),
        "corrected": Tally(
            f"{start}, corrected ({'few wrong ones known' if is_few else 'conservative'})",
            0.93 if is_few else 0.945,
            1.0,
            "truth",
        ),
        "shrunk": Tally(f"{start}, shrunk (empirical Bayes)", 0.90, 1.0, "reviewed level"),
    }[what]


def _rates(name: RateName, checks: CheckArrays, level: str) -> list[NamedRate]:
    found = named_rates(name, checks, place_of(checks, level))
    return [found.get(code, no_rate(name)) for code in codes_of(level)]


def place_of(checks: CheckArrays, level: str) -> NDArray[np.str_]:
    """Return the code of the area of a level that each check was drawn in."""
    return {"PDU": checks.pdu, "Region": checks.region}.get(level, np.full(len(checks), "0"))
