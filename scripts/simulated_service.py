"""A probation service with known truth: cases, readers who err together, and what rates aim at.

Calibrated on published figures: one medium in fifteen too low (9 of 137), more where caseload and
workload are high, PDUs that differ; readers find about 4 of 5 and wrongly find about 1 in 25.
"""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
N_OFFICERS, N_PDUS, N_TOP, N_GOLD_WRONG, N_GOLD_RIGHT = 10_700, 109, 1_000, 400, 800
# As many as London has; there officers are checked every six months, and more is wrong.
N_PDUS_TWICE_A_YEAR, ERRORS_THERE = 18, 1.3
SHARE_MEDIUM, NOT_SCORABLE = 0.57, 0.03
# As the policy in force has them.
SECOND_READS, EXPERT_READS = 0.05, 0.03


@dataclass(frozen=True)
class Service:
    """Every case of the country; arrays of shape (n_cases,) except the officers'."""

    first: NDArray[np.int64]  # of each officer's cases, shape (n_officers,)
    caseload: Floats  # shape (n_officers,)
    pdu: NDArray[np.int64]  # of each officer
    officer: NDArray[np.int64]
    medium: NDArray[np.bool_]
    wrong: NDArray[np.bool_]
    finds: Floats  # chance that a reader says "too low"
    top: NDArray[np.bool_]  # the targeted arm
    score: Floats  # the classifier's, by which the targeted arm is chosen
    workload: Floats  # of each officer, 1 is full


def is_twice_a_year(pdu: NDArray[np.int64]) -> NDArray[np.bool_]:
    return pdu < N_PDUS_TWICE_A_YEAR


def make_service(rng: np.random.Generator) -> Service:
    caseload = np.maximum(1, rng.negative_binomial(3.6, 3.6 / (3.6 + 22.6), N_OFFICERS))
    pdu = rng.choice(N_PDUS, N_OFFICERS, p=rng.dirichlet(np.full(N_PDUS, 12.0)))
    workload = rng.normal(1.17, 0.18, N_OFFICERS) + 0.15 * (caseload / 22.6 - 1)
    base = rng.beta(3.25, 46.0, N_PDUS)[pdu] * np.where(is_twice_a_year(pdu), ERRORS_THERE, 1)
    chance = np.clip(base * (caseload / 22.6) ** 0.35 * np.where(workload > 1.3, 1.1, 0.75), 0, 0.6)
    officer = np.repeat(np.arange(N_OFFICERS), caseload)
    medium = rng.random(len(officer)) < SHARE_MEDIUM
    wrong = medium & (rng.random(len(officer)) < chance[officer])
    hard_wrong, hard_right = rng.beta(4.0, 1.1, len(officer)), rng.beta(0.4, 9.6, len(officer))
    score = rng.normal(1.19 * wrong)  # AUC 0.8
    top = np.zeros(len(officer), dtype=bool)
    top[np.argsort(np.where(medium, -score, np.inf))[:N_TOP]] = True
    first = np.concatenate([[0], np.cumsum(caseload)[:-1]])
    finds = np.where(wrong, hard_wrong, hard_right)
    return Service(first, caseload.astype(float), pdu, officer, medium, wrong, finds, top, score, workload)


def confirmed(finds: Floats) -> Floats:
    """Chance that a finding stands: by a second reader or the moderator; a sampled second's by the latter."""
    return finds**2 * (2 - finds) + SECOND_READS * (1 - finds) * finds**2


class Gold(TypedDict):
    """Gold cases that readers judged rightly, out of how many."""

    sensitivity: tuple[int, int]
    specificity: tuple[int, int]


@dataclass(frozen=True)
class Targets:
    """What each rate estimates, from every case of the country."""

    truth: float
    reviewed: float
    officers: float
    pdu_truth: Floats
    pdu_reviewed: Floats
    pdu_officers: Floats


def targets(service: Service) -> Targets:
    stands, medium = confirmed(service.finds), service.medium
    pdu, per_officer = service.pdu[service.officer], 1 / service.caseload[service.officer]

    def share(hits: Floats, weights: Floats) -> tuple[float, Floats]:
        above, below = np.where(medium, hits * weights, 0.0), np.where(medium, weights, 0.0)
        return above.sum() / below.sum(), np.bincount(pdu, weights=above) / np.bincount(pdu, weights=below)

    ones = np.ones(len(medium))
    truth, pdu_truth = share(service.wrong.astype(float), ones)
    reviewed, pdu_reviewed = share(stands, ones)
    officers, pdu_officers = share(stands, per_officer)
    return Targets(truth, reviewed, officers, pdu_truth, pdu_reviewed, pdu_officers)


@dataclass(frozen=True)
class Reads:
    """The mediums drawn in some rounds and what came of them; arrays of one row per check.

    `is_latest` are those of the last year; `years` is the part of a year that a check's round stands for;
    `twice` are those that chance picked for a second read, `again` for an expert's. `expert` is what a
    perfect expert finds, `erring` one who errs half as often as readers.
    """

    case: NDArray[np.int64]
    one: NDArray[np.bool_]
    two: NDArray[np.bool_]
    final: NDArray[np.bool_]
    scorable: NDArray[np.bool_]
    twice: NDArray[np.bool_]
    again: NDArray[np.bool_]
    expert: NDArray[np.bool_]
    erring: NDArray[np.bool_]
    is_latest: NDArray[np.bool_]
    years: Floats


def review(
    service: Service,
    case: NDArray[np.int64],
    rng: np.random.Generator,
    is_latest: NDArray[np.bool_] | None = None,
    years: Floats | None = None,
) -> Reads:
    finds, wrong = service.finds[case], service.wrong[case]
    one, two, three = rng.random((3, len(case))) < finds
    scorable, twice, again = rng.random((3, len(case))) < np.array(
        [[1 - NOT_SCORABLE], [SECOND_READS], [EXPERT_READS]]
    )
    final = np.where(one, two | three, twice & two & three)
    erring = rng.random(len(case)) < (finds + wrong) / 2
    latest = np.ones(len(case), dtype=bool) if is_latest is None else is_latest
    whole = np.ones(len(case)) if years is None else years
    return Reads(case, one, two, final, scorable, twice, again, wrong, erring, latest, whole)


def draw_cases(
    service: Service, n_years: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_], Floats]:
    """One case per officer and round, as lowest tickets give, whether last year's, and its part of a year."""
    often = np.flatnonzero(is_twice_a_year(service.pdu))
    rounds = [part for _ in range(n_years) for part in (np.arange(N_OFFICERS), often)]
    officer = np.concatenate(rounds)
    case = service.first[officer] + (rng.random(len(officer)) * service.caseload[officer]).astype(np.int64)
    year = np.repeat(np.arange(len(rounds)) // 2, [len(part) for part in rounds])
    years = np.where(is_twice_a_year(service.pdu[officer]), 0.5, 1.0)
    return case, year == n_years - 1, years


def draw(service: Service, n_years: int, rng: np.random.Generator) -> Reads:
    """Draw the cases of some years; the mediums among them, reviewed."""
    case, is_latest, years = draw_cases(service, n_years, rng)
    mediums = service.medium[case]
    return review(service, case[mediums], rng, is_latest[mediums], years[mediums])


def rounds_of(service: Service) -> Floats:
    """Return how many rounds a year each case's officer has."""
    return np.where(is_twice_a_year(service.pdu[service.officer]), 2.0, 1.0)


def gold_reads(service: Service, rng: np.random.Generator) -> Gold:
    """Moderated gold cases, drawn from the mediums, that went through the same reads."""
    found = rng.random(N_GOLD_WRONG) < confirmed(rng.choice(service.finds[service.wrong], N_GOLD_WRONG))
    right = service.finds[service.medium & ~service.wrong]
    passed = rng.random(N_GOLD_RIGHT) >= confirmed(rng.choice(right, N_GOLD_RIGHT))
    return {"sensitivity": (int(found.sum()), N_GOLD_WRONG), "specificity": (int(passed.sum()), N_GOLD_RIGHT)}
