"""All cases of the simulated service and their reads, beside the mediums of `simulated_service`.

Lows that should be higher, mediums and highs that should be lower, and assessments too poor to stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from simulated_service import (
    EXPERT_READS,
    N_PDUS,
    NOT_SCORABLE,
    SECOND_READS,
    Floats,
    Service,
    confirmed,
    draw_cases,
    rounds_of,
)
from validity_cool_off import check_arrays

from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import RateName
from qa_service.reporting.readers import ReadTwice

Mask = NDArray[np.bool_]
N_REGIONS = 12
LEVELS = np.array(["LOW", "MEDIUM", "HIGH", "VERY_HIGH"])
LOW, MEDIUM, HIGH = range(3)
_SHARE_OF_REST_LOW = 0.51
AREA_LEVELS = ("National", "Region", "PDU")


class Each(Enum):
    """What counts alike."""

    CASE = auto()
    OFFICER = auto()
    CHECK = auto()


@dataclass(frozen=True)
class AllCases:
    """Every case of the country; arrays of shape (n_cases,): what is true, how often a reader finds it."""

    service: Service
    level: NDArray[np.int64]
    is_under: Mask
    is_over: Mask
    is_poor: Mask
    up: Floats
    down: Floats
    poor: Floats

    @property
    def truth(self) -> dict[RateName, Floats]:
        """What a perfect expert would find, by rate, 0 or 1."""
        return {
            RateName.MEDIUM_SHOULD_BE_HIGH: self.is_under.astype(float),
            RateName.UNDERCLASSIFIED: self.is_under.astype(float),
            RateName.OVERCLASSIFIED: self.is_over.astype(float),
            RateName.INSUFFICIENT: (self.is_under | self.is_poor).astype(float),
        }

    @property
    def reviewed(self) -> dict[RateName, Floats]:
        """The chance that review comes to it, by rate."""
        u, found = self.up, confirmed(self.up)
        # Lower, by whoever's reading stands: a first one, or the moderator's who was asked because of a fail.
        stands_and_not_up = (1 - u) * ((1 - SECOND_READS * u) + (1 + SECOND_READS) * u * (1 - u))
        return {
            RateName.MEDIUM_SHOULD_BE_HIGH: found,
            RateName.UNDERCLASSIFIED: found,
            RateName.OVERCLASSIFIED: self.down * stands_and_not_up,
            RateName.INSUFFICIENT: found + (1 - found) * self.poor,
        }

    def asked(self, name: RateName) -> Mask:
        """Tell of which cases a rate asks."""
        return self.level == MEDIUM if name is RateName.MEDIUM_SHOULD_BE_HIGH else self.level >= 0

    @property
    def pdu(self) -> NDArray[np.int64]:
        return self.service.pdu[self.service.officer]

    def stands_for(self, each: Each) -> Floats:
        """Return how much a case counts where every case, officer or check of a year counts alike."""
        if each is Each.CASE:
            return np.ones(len(self.level))
        one = 1 / self.service.caseload[self.service.officer]
        return one * rounds_of(self.service) if each is Each.CHECK else one

    def means(self, values: Floats | Mask, asked: Floats | Mask, each: Each) -> dict[str, Floats]:
        """Return the mean of cases' values in the nation, shape (1,), in each region and each PDU.

        `asked` is whether a case counts, or the chance that it does.
        """
        weight = asked * self.stands_for(each)
        above, below = (
            add_up(np.bincount(self.pdu, part, N_PDUS).astype(np.float64))
            for part in (weight * values, weight)
        )
        return {level: above[level] / below[level] for level in AREA_LEVELS}


def add_up(of_pdus: Floats) -> dict[str, Floats]:
    """Return counts of the nation, shape (1, ...), of regions and of PDUs, from those of PDUs."""
    starts = np.searchsorted(region_of(np.arange(N_PDUS)), np.arange(N_REGIONS))
    return {
        "National": of_pdus.sum(axis=0, keepdims=True),
        "Region": np.add.reduceat(of_pdus, starts, axis=0),
        "PDU": of_pdus,
    }


def codes_of(level: str) -> list[str]:
    """Return the codes of the areas of a level, in the order of their figures."""
    return [str(number) for number in range({"National": 1, "Region": N_REGIONS, "PDU": N_PDUS}[level])]


def region_of(pdu: NDArray[np.int64]) -> NDArray[np.int64]:
    return pdu * N_REGIONS // N_PDUS


def make_all_cases(service: Service, rng: np.random.Generator) -> AllCases:
    n = len(service.medium)
    level = np.where(service.medium, MEDIUM, np.where(rng.random(n) < _SHARE_OF_REST_LOW, LOW, HIGH))
    caseload = service.caseload[service.officer] / service.caseload.mean()
    low_wrong, over, poor = rng.random((3, n)) < np.array([[0.05], [0.05], [0.2]]) * caseload**0.3
    is_under = service.wrong | ((level == LOW) & low_wrong)
    is_over = (level != LOW) & over & ~is_under
    found, invented = rng.beta(4.0, 1.1, (3, n)), rng.beta(0.4, 19.6, (3, n))
    up = np.where(
        level == MEDIUM,
        service.finds,
        np.where(level == HIGH, 0.0, np.where(is_under, found[0], invented[0])),
    )
    down = np.where(level == LOW, 0.0, np.where(is_over, found[1], invented[1]))
    return AllCases(
        service, level, is_under, is_over, poor, up, down, np.where(poor, found[2], 2 * invented[2])
    )


@dataclass(frozen=True)
class AllReads:
    """One case of each officer and round, and three readers' findings; arrays of shape (n_checks,)."""

    cases: AllCases
    case: NDArray[np.int64]
    level: NDArray[np.int64]  # shape (3, n_checks): of each reader
    poor: Mask  # shape (3, n_checks)
    scorable: Mask
    twice: Mask
    again: Mask
    is_latest: Mask
    years: Floats

    @property
    def assessed(self) -> NDArray[np.int64]:
        return self.cases.level[self.case]

    @property
    def is_first_fail(self) -> Mask:
        """Tell which first reads came to a fail; a second read follows."""
        is_first_fail: Mask = self.level[0] > self.assessed
        return is_first_fail

    @cached_property
    def final(self) -> tuple[NDArray[np.int64], Mask]:
        """The settled level and whether it is insufficient: a first fail, or a sampled second, is settled."""
        up = self.level > self.assessed
        is_up = np.where(up[0], up[1] | up[2], self.twice & up[1] & up[2])
        asked = up[0] | (self.twice & up[1])
        lower = np.where(asked, np.minimum(self.level[2], self.assessed), self.level[0])
        poor = np.where(asked, self.poor[2], self.poor[0])
        return np.where(is_up, self.assessed + 1, lower), is_up | poor

    @cached_property
    def checks(self) -> CheckArrays:
        """Return the checks of both years as the pages' statements give them."""
        assessed, (level, insufficient) = self.assessed, self.final
        flags = {
            Found.SCORABLE: self.scorable,
            Found.MEDIUM: assessed == MEDIUM,
            Found.HIGH_INSTEAD: level >= HIGH,
            Found.UNDER: level > assessed,
            Found.OVER: level < assessed,
            Found.INSUFFICIENT: insufficient,
            Found.HALF_YEAR: self.years < 1,
        }
        found = sum(flag * is_so.astype(np.int64) for flag, is_so in flags.items())
        service, officer = self.cases.service, self.cases.service.officer[self.case]
        pdu = service.pdu[officer]
        parts = (pdu.astype(np.str_), region_of(pdu).astype(np.str_), np.asarray(found))
        return check_arrays(*parts, service.caseload[officer])

    def read_twice(self) -> Iterator[ReadTwice]:
        """Return the checks that chance picked to be read again, with what a perfect expert finds."""
        final, insufficient = self.final
        cases, assessed = self.cases, self.assessed
        expert = assessed + cases.is_under[self.case] - cases.is_over[self.case]
        verdict = _verdicts(cases.is_under[self.case], cases.is_poor[self.case])
        first = _verdicts(self.level[0] > assessed, self.poor[0])
        settled = _verdicts(final > assessed, insufficient)
        for row in np.flatnonzero((self.twice | self.again) & self.scorable).tolist():
            yield ReadTwice(
                reference=str(row),
                assessed=LEVELS[assessed[row]],
                first_level=LEVELS[self.level[0, row]],
                first_verdict=first[row],
                second_level=LEVELS[self.level[1, row]] if self.twice[row] else None,
                expert_level=LEVELS[expert[row]] if self.again[row] else None,
                expert_verdict=verdict[row] if self.again[row] else None,
                final_level=LEVELS[final[row]],
                final_verdict=settled[row],
            )


def _verdicts(is_fail: Mask, is_poor: Mask) -> list[str]:
    return [str(one) for one in np.where(is_fail, "fail", np.where(is_poor, "recheck", "pass"))]


def draw_all(cases: AllCases, rng: np.random.Generator) -> AllReads:
    """The cases drawn in two years, all three readers' findings of each."""
    case, is_latest, years = draw_cases(cases.service, 2, rng)
    up, down, poor = (
        rng.random((3, 3, len(case))) < np.stack([cases.up, cases.down, cases.poor])[:, None, case]
    )
    chances = np.array([[1 - NOT_SCORABLE], [SECOND_READS], [EXPERT_READS]])
    scorable, twice, again = rng.random((3, len(case))) < chances
    level = cases.level[case] + up - (down & ~up)
    return AllReads(cases, case, level, poor, scorable, twice, again, is_latest, years)


@dataclass(frozen=True)
class AgreementTarget:
    """What agreement would be if every case that can be drawn were read twice, each round counting alike."""

    same_level: float
    kappa: float  # quadratic
    ac1: float
    positive: float


def agreement_target(cases: AllCases) -> AgreementTarget:
    weight = cases.stands_for(Each.CHECK)
    stays = np.stack([cases.down * (1 - cases.up), (1 - cases.down) * (1 - cases.up), cases.up])
    table = np.zeros((4, 4))
    for first in range(3):
        for second in range(3):
            both = weight * stays[first] * stays[second]
            np.add.at(table, (cases.level + first - 1, cases.level + second - 1), both)
    table /= table.sum()
    margin, apart = table.sum(axis=1), np.subtract.outer(np.arange(4), np.arange(4)) ** 2
    kappa = 1 - (apart * table).sum() / (apart * np.outer(margin, margin)).sum()
    by_chance, same = (margin * (1 - margin)).sum() / (len(margin) - 1), np.trace(table)
    positive = (weight * cases.up**2).sum() / (weight * cases.up).sum()
    return AgreementTarget(
        float(same), float(kappa), float((same - by_chance) / (1 - by_chance)), float(positive)
    )
