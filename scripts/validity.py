"""The whole programme, simulated: is every interval that a page shows right as often as it says?

python scripts/validity.py [--rounds 500] > docs/validity.md     exit 1 when an interval misses its promise.
Truth is the level a perfect panel would agree. Error rises with caseload and workload and differs
between PDUs; readers err, and err together on hard cases; some cases cannot be scored.
"""

import argparse
import sys

import numpy as np
from corrected_as_pages import READ_AGAIN, corrected, skill
from simulated_cases import draw_all, make_all_cases
from simulated_service import (
    N_TOP,
    Reads,
    Service,
    Targets,
    draw,
    gold_reads,
    make_service,
    review,
    targets,
)
from validity_cool_off import cool_off_round, cool_off_tallies
from validity_named import Named
from validity_page import Simulated, every, page
from validity_pages import Pages
from validity_tallies import Tally, national_promise, tallies

import sampling
from qa_service.reporting.rates import RateName
from qa_service.reporting.reader_error import skill_of

SEED = 20_261_123


def simulate(service: Service, n_rounds: int, rng: np.random.Generator) -> Simulated:
    kept, aim = tallies(n_rounds), targets(service)
    cool_off = cool_off_tallies(national_promise(n_rounds))
    erring = Tally("experts err half as often as readers", 0, 1, "truth")
    cuts = {"one reader": np.zeros(2), "two readers, moderator if they differ": np.zeros(2)}
    readers: list[tuple[float, float, float]] = []
    cases = make_all_cases(service, rng)
    named, pages = Named(cases, n_rounds), Pages(cases, rng.spawn(1)[0])
    for number in range(n_rounds):
        year, two_years = draw(service, 1, rng), draw(service, 2, rng)
        national_rates(service, year, aim, kept, rng)
        pdu_rates(service, two_years, aim, kept, with_korn_graubard=number % 25 == 0)
        readers.append(as_pages(service, two_years, aim, kept, every_pdu=number % 25 == 0))
        is_corrected = number % every(n_rounds) == 0
        if is_corrected:
            add_erring(service, two_years, aim, erring)
        both_arms(service, year, aim, kept, rng)
        reads = draw_all(cases, rng)
        again = list(reads.read_twice())
        skills = {name: skill_of(name, again, READ_AGAIN) for name in RateName} if is_corrected else {}
        named.add_round(reads, again, skills, rng)
        if is_corrected:
            pages.add_round(reads, skills)
        cool_off_round(service, rng, aim.reviewed, cool_off)
        wrong = service.wrong[year.case]
        for name, failed in zip(cuts, (year.one, year.final), strict=True):
            cuts[name] += (np.sum(failed & wrong), np.sum(failed))
    return Simulated(kept, named, pages, cool_off, erring, cuts, readers)


def national_rates(
    service: Service, reads: Reads, aim: Targets, kept: dict[str, Tally], rng: np.random.Generator
) -> None:
    seen = reads.scorable
    final, officer, years = reads.final[seen], service.officer[reads.case[seen]], reads.years[seen]
    weighted = sampling.estimate_mean(final, weights=service.caseload[officer] * years)
    officers = sampling.estimate_mean(final, weights=years)
    kept["national"].add(weighted.value, weighted.low, weighted.high, aim.reviewed)
    kept["officers"].add(officers.value, officers.low, officers.high, aim.officers)
    k = weighted.value * weighted.n_eff
    corrected = sampling.correct_for_reviewer_error(k, weighted.n_eff, **gold_reads(service, rng))
    kept["corrected"].add(corrected.value, corrected.low, corrected.high, aim.truth)


def pdu_rates(
    service: Service,
    reads: Reads,
    aim: Targets,
    kept: dict[str, Tally],
    *,
    with_korn_graubard: bool,
) -> None:
    officer, seen = service.officer[reads.case], reads.scorable
    pdu, weights = service.pdu[officer], service.caseload[officer]
    rates = sampling.estimate_rates_by_group(reads.final[seen], pdu[seen], weights=weights[seen])
    kept["pdu"].add(rates.value, rates.low, rates.high, aim.pdu_reviewed)
    plain = sampling.estimate_rates_by_group(reads.final[seen], pdu[seen])
    kept["pdu_officers"].add(plain.value, plain.low, plain.high, aim.pdu_officers)
    shrunk = sampling.shrink_rates(rates.value * rates.n_eff, rates.n_eff)
    kept["pdu_eb"].add(shrunk.value, shrunk.low, shrunk.high, aim.pdu_reviewed)
    right, wrong = (
        sampling.estimate_rates_by_group(np.where(seen, reads.final, missing), pdu, weights=weights)
        for missing in (False, True)
    )
    kept["pdu_bounds"].add((right.value + wrong.value) / 2, right.low, wrong.high, aim.pdu_reviewed)
    if with_korn_graubard:
        for value, n_eff, reviewed in zip(rates.value, rates.n_eff, aim.pdu_reviewed, strict=True):
            low, high = sampling.korn_graubard_interval(value * n_eff, n_eff)
            kept["pdu_kg"].add(value, low, high, reviewed)


def last_year(service: Service, reads: Reads) -> tuple[float, float]:
    """Return the nation's rate in the last year, by case, and its effective n."""
    year = reads.scorable & reads.is_latest
    weights = service.caseload[service.officer[reads.case[year]]] * reads.years[year]
    national = sampling.estimate_mean(reads.final[year], weights=weights)
    return national.value, national.n_eff


def as_pages(
    service: Service, reads: Reads, aim: Targets, kept: dict[str, Tally], *, every_pdu: bool
) -> tuple[float, float, float]:
    """Correct the last year's national rate, and PDUs' of two years, with the further reads of two years.

    Returns the rate with the sensitivity and specificity that it was corrected by.
    """
    readers, (value, n_eff) = skill(reads, reads.expert), last_year(service, reads)
    found = corrected(value, n_eff, readers)
    if found is not None:
        kept["corrected_page"].add(*found, aim.truth)
    if every_pdu:
        seen = reads.scorable
        officer = service.officer[reads.case[seen]]
        rates = sampling.estimate_rates_by_group(
            reads.final[seen], service.pdu[officer], weights=service.caseload[officer]
        )
        for rate, n, truth in zip(rates.value, rates.n_eff, aim.pdu_truth, strict=True):
            found = corrected(rate, n, readers)
            if found is not None:
                kept["pdu_page"].add(*found, truth)
    (n_found, n_wrong), (n_passed, n_right) = readers.sensitivity, readers.specificity
    return value, n_found / n_wrong, n_passed / n_right


def add_erring(service: Service, reads: Reads, aim: Targets, erring: Tally) -> None:
    found = corrected(*last_year(service, reads), skill(reads, reads.erring))
    if found is not None:
        erring.add(*found, aim.truth)


def both_arms(
    service: Service, year: Reads, aim: Targets, kept: dict[str, Tally], rng: np.random.Generator
) -> None:
    targeted = review(service, np.flatnonzero(service.top), rng)
    drawn_only = ~service.top[year.case]
    final = np.concatenate([year.final[drawn_only], targeted.final])
    by_caseload = service.caseload[service.officer[year.case[drawn_only]]] * year.years[drawn_only]
    weights = np.concatenate([by_caseload, np.ones(N_TOP)])
    arm = np.concatenate([np.zeros(len(by_caseload)), np.ones(N_TOP)])
    union = sampling.estimate_mean(final, weights=weights, strata=arm)
    kept["union"].add(union.value, union.low, union.high, aim.reviewed)
    naive = sampling.estimate_mean(final)
    kept["naive"].add(naive.value, naive.low, naive.high, aim.reviewed)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    n_rounds = parser.parse_args(arguments).rounds
    rng = np.random.default_rng(SEED)
    service = make_service(rng)
    found = simulate(service, n_rounds, rng)
    print(page(found, targets(service), n_rounds, SEED), end="")
    return 0 if all(tally.kept for tally in found.rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
