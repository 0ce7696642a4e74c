"""RULES 10's rates of nation and regions, agreement and yield, by the pages' own code on simulated reads.

Beside the mediums of `simulated_service` these are all cases: lows that should be higher, mediums and highs
that should be lower, and assessments too poor to stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from corrected_as_pages import POLICY, READ_AGAIN
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
from validity_tallies import Tally, national_promise

from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import Rate, RateName, named_rates, share_of
from qa_service.reporting.reader_error import correct, skill_of
from qa_service.reporting.readers import Agreement, ReadTwice, agreement_of

Mask = NDArray[np.bool_]
N_REGIONS, LEAST = 12, POLICY.rates.too_few_to_compare_n
LEVELS = np.array(["LOW", "MEDIUM", "HIGH", "VERY_HIGH"])
_LOW, _MEDIUM, _HIGH = range(3)
_SHARE_OF_REST_LOW = 0.51


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

    def shares(self, name: RateName, hits: Floats) -> tuple[float, Floats]:
        """Return the share of all cases that a rate asks about, in the nation and in each region."""
        asked = self.level == _MEDIUM if name is RateName.MEDIUM_SHOULD_BE_HIGH else self.level >= 0
        region = region_of(self.service.pdu[self.service.officer[asked]])
        above = np.bincount(region, weights=hits[asked])
        return float(hits[asked].mean()), above / np.bincount(region)


def region_of(pdu: NDArray[np.int64]) -> NDArray[np.int64]:
    return pdu * N_REGIONS // N_PDUS


def make_all_cases(service: Service, rng: np.random.Generator) -> AllCases:
    n = len(service.medium)
    level = np.where(service.medium, _MEDIUM, np.where(rng.random(n) < _SHARE_OF_REST_LOW, _LOW, _HIGH))
    caseload = service.caseload[service.officer] / service.caseload.mean()
    low_wrong, over, poor = rng.random((3, n)) < np.array([[0.05], [0.05], [0.2]]) * caseload**0.3
    is_under = service.wrong | ((level == _LOW) & low_wrong)
    is_over = (level != _LOW) & over & ~is_under
    found, invented = rng.beta(4.0, 1.1, (3, n)), rng.beta(0.4, 19.6, (3, n))
    up = np.where(
        level == _MEDIUM,
        service.finds,
        np.where(level == _HIGH, 0.0, np.where(is_under, found[0], invented[0])),
    )
    down = np.where(level == _LOW, 0.0, np.where(is_over, found[1], invented[1]))
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
    def final(self) -> tuple[NDArray[np.int64], Mask]:
        """The settled level and whether it is insufficient: a first fail, or a sampled second, is settled."""
        up = self.level > self.assessed
        is_up = np.where(up[0], up[1] | up[2], self.twice & up[1] & up[2])
        asked = up[0] | (self.twice & up[1])
        lower = np.where(asked, np.minimum(self.level[2], self.assessed), self.level[0])
        poor = np.where(asked, self.poor[2], self.poor[0])
        return np.where(is_up, self.assessed + 1, lower), is_up | poor

    def as_arrays(self) -> CheckArrays:
        """Return the last year's checks as the pages' statements give them."""
        assessed, (level, insufficient) = self.assessed, self.final
        flags = {
            Found.SCORABLE: self.scorable,
            Found.MEDIUM: assessed == _MEDIUM,
            Found.HIGH_INSTEAD: level >= _HIGH,
            Found.UNDER: level > assessed,
            Found.OVER: level < assessed,
            Found.INSUFFICIENT: insufficient,
            Found.HALF_YEAR: self.years < 1,
        }
        found = sum(flag * is_so.astype(np.int64) for flag, is_so in flags.items())
        service, officer = self.cases.service, self.cases.service.officer[self.case]
        pdu = service.pdu[officer]
        parts = (pdu.astype(np.str_), region_of(pdu).astype(np.str_), np.asarray(found))
        return check_arrays(*parts, service.caseload[officer]).take(self.is_latest)

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


def agreement_target(cases: AllCases) -> tuple[float, float]:
    """Quadratic kappa and AC1 if every case that can be drawn were read twice, each round counting alike."""
    weight = rounds_of(cases.service) / cases.service.caseload[cases.service.officer]
    stays = np.stack([cases.down * (1 - cases.up), (1 - cases.down) * (1 - cases.up), cases.up])
    table = np.zeros((4, 4))
    for first in range(3):
        for second in range(3):
            both = weight * stays[first] * stays[second]
            np.add.at(table, (cases.level + first - 1, cases.level + second - 1), both)
    table /= table.sum()
    margin, apart = table.sum(axis=1), np.subtract.outer(np.arange(4), np.arange(4)) ** 2
    kappa = 1 - (apart * table).sum() / (apart * np.outer(margin, margin)).sum()
    by_chance = (margin * (1 - margin)).sum() / (len(margin) - 1)
    return float(kappa), float((np.trace(table) - by_chance) / (1 - by_chance))


_IN_WORDS = {
    RateName.MEDIUM_SHOULD_BE_HIGH: "medium should be high",
    RateName.UNDERCLASSIFIED: "underclassified",
    RateName.OVERCLASSIFIED: "overclassified",
    RateName.INSUFFICIENT: "insufficient",
}


class Named:
    """The tallies of these rates over all rounds."""

    def __init__(self, service: Service, n_rounds: int, rng: np.random.Generator) -> None:
        self.cases = make_all_cases(service, rng)
        self.kept: dict[tuple[str, str], Tally] = {}
        for level, promise in (("National", national_promise(n_rounds)), ("Region", (0.94, 0.97))):
            for name, words in _IN_WORDS.items():
                raw, cautious = f"{level}, {words}", f"{level}, {words}, corrected (conservative)"
                self.kept[level, name] = Tally(raw, *promise, "reviewed level")
                self.kept[f"{level} corrected", name] = Tally(cautious, 0.945, 1.0, "truth")
        few = self.kept["National corrected", RateName.OVERCLASSIFIED]
        few.name, few.low = "National, overclassified, corrected (few wrong ones known)", 0.93
        self.n_over: list[int] = []
        self.kept["kappa", ""] = Tally("Weighted kappa of levels", 0.93, 0.97, "all cases read twice")
        self.kept["ac1", ""] = Tally("Gwet AC1 of levels", 0.93, 0.97, "all cases read twice")
        self.kept["yield", ""] = Tally(
            "Yield of the targeted arm (conservative)", 0.945, 1.0, "reading of its cases"
        )
        self.aims = {
            (what, name): self.cases.shares(name, hits[name])
            for what, hits in (("reviewed", self.cases.reviewed), ("truth", self.cases.truth))
            for name in RateName
        }
        self.agreement = agreement_target(self.cases)

    def add_round(self, rng: np.random.Generator, *, is_corrected: bool) -> None:
        reads = draw_all(self.cases, rng)
        checks, again = reads.as_arrays(), list(reads.read_twice())
        nowhere = np.full(len(checks), "")
        for name in RateName:
            [nation] = named_rates(name, checks, nowhere).values()
            regions = named_rates(name, checks, checks.region)
            by_case = [regions[str(code)].by_case for code in range(N_REGIONS)]
            truths, reviewed = self.aims["truth", name], self.aims["reviewed", name]
            self._add("National", name, [nation.by_case], np.array([reviewed[0]]))
            self._add("Region", name, by_case, reviewed[1])
            if is_corrected:
                skill = skill_of(name, again, READ_AGAIN)
                if name is RateName.OVERCLASSIFIED:
                    self.n_over.append(skill.n_wrong)
                told = [correct(nation.by_case, skill, LEAST)]
                self._add("National corrected", name, told, np.array([truths[0]]))
                told = [correct(one, skill, LEAST) for one in by_case[:: N_REGIONS // 3]]
                self._add("Region corrected", name, told, truths[1][:: N_REGIONS // 3])
        self._add_agreement(agreement_of(again))
        chances = self.cases.service.finds[self.cases.service.top]
        found = share_of(int((rng.random(len(chances)) < chances).sum()), len(chances))
        self._add("yield", "", [found], np.array([chances.mean()]))

    @property
    def rows(self) -> list[Tally]:
        """The tallies; the nation's rate of mediums is told in full elsewhere."""
        known = {
            ("National", RateName.MEDIUM_SHOULD_BE_HIGH),
            ("National corrected", RateName.MEDIUM_SHOULD_BE_HIGH),
        }
        return [tally for key, tally in self.kept.items() if key not in known and tally.held]

    def _add(self, level: str, name: str, rates: list[Rate], aims: Floats) -> None:
        shown = [(one, aim) for one, aim in zip(rates, aims, strict=True) if one.value is not None]
        if shown:
            value, low, high, aim = np.array(
                [(one.value, one.low, one.high, aim) for one, aim in shown], dtype=float
            ).T
            self.kept[level, name].add(value, low, high, aim)

    def _add_agreement(self, found: Agreement) -> None:
        for what, one, aim in (
            ("kappa", found.kappa, self.agreement[0]),
            ("ac1", found.ac1, self.agreement[1]),
        ):
            if one is not None:
                self.kept[what, ""].add(one.value, one.low, one.high, aim)
