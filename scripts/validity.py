"""The whole programme, simulated: is every interval that a page shows right as often as it says?

python scripts/validity.py [--rounds 500] > docs/validity.md     exit 1 when an interval misses its promise.
Truth is the level a perfect panel would agree. Error rises with caseload and workload and differs
between PDUs; readers err, and err together on hard cases; some cases cannot be scored.
"""

import argparse
import sys

import numpy as np
from corrected_as_pages import POLICY, corrected, skill
from simulated_service import (
    EXPERT_READS,
    N_OFFICERS,
    N_PDUS,
    N_TOP,
    SECOND_READS,
    Floats,
    Reads,
    Service,
    Targets,
    draw,
    gold_reads,
    make_service,
    review,
    targets,
)
from validity_tallies import Tally, tallies

import sampling

SEED = 20_261_123


def simulate(
    service: Service, n_rounds: int, rng: np.random.Generator
) -> tuple[dict[str, Tally], dict[str, Floats], Tally]:
    kept, aim = tallies(n_rounds), targets(service)
    erring = Tally("experts err half as often as readers", 0, 1, "truth")
    cuts = {"one reader": np.zeros(2), "two readers, moderator if they differ": np.zeros(2)}
    for number in range(n_rounds):
        year, two_years = draw(service, 1, rng), draw(service, 2, rng)
        national_rates(service, year, aim, kept, rng)
        pdu_rates(service, two_years, aim, kept, rng, correct=number % 25 == 0)
        as_pages(service, two_years, aim, kept, erring, every_pdu=number % 25 == 0)
        both_arms(service, year, aim, kept, rng)
        double = year.twice
        kappa, ac1 = (
            sampling.cohen_kappa(year.one[double], year.two[double]),
            sampling.gwet_ac1(np.vstack([year.one[double], year.two[double]])),
        )
        kept["kappa"].add(kappa.value, kappa.low, kappa.high, aim.kappa)
        kept["ac1"].add(ac1.value, ac1.low, ac1.high, aim.ac1)
        wrong = service.wrong[year.case]
        for name, failed in zip(cuts, (year.one, year.final), strict=True):
            cuts[name] += (np.sum(failed & wrong), np.sum(failed))
    return kept, cuts, erring


def national_rates(
    service: Service, reads: Reads, aim: Targets, kept: dict[str, Tally], rng: np.random.Generator
) -> None:
    final, officer = reads.final[reads.scorable], service.officer[reads.case[reads.scorable]]
    weighted = sampling.estimate_mean(final, weights=service.caseload[officer])
    officers = sampling.estimate_mean(final)
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
    rng: np.random.Generator,
    *,
    correct: bool,
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
    if not correct:
        return
    gold = gold_reads(service, rng)
    for place, (value, n_eff) in enumerate(zip(rates.value, rates.n_eff, strict=True)):
        low, high = sampling.korn_graubard_interval(value * n_eff, n_eff)
        kept["pdu_kg"].add(value, low, high, aim.pdu_reviewed[place])
        corrected = sampling.correct_for_reviewer_error(value * n_eff, n_eff, **gold)
        kept["pdu_corrected"].add(corrected.value, corrected.low, corrected.high, aim.pdu_truth[place])


def as_pages(
    service: Service,
    reads: Reads,
    aim: Targets,
    kept: dict[str, Tally],
    erring: Tally,
    *,
    every_pdu: bool,
) -> None:
    """Correct the last year's national rate, and PDUs' of two years, with the further reads of two years."""
    officer, readers = service.officer[reads.case], skill(reads, reads.expert)
    weights, year = service.caseload[officer], reads.scorable & reads.is_latest
    national = sampling.estimate_mean(reads.final[year], weights=weights[year])
    for tally, known in ((kept["corrected_page"], readers), (erring, skill(reads, reads.erring))):
        found = corrected(national.value, national.n_eff, known)
        if found is not None:
            tally.add(*found, aim.truth)
    if every_pdu:
        seen = reads.scorable
        rates = sampling.estimate_rates_by_group(
            reads.final[seen], service.pdu[officer[seen]], weights=weights[seen]
        )
        for value, n_eff, truth in zip(rates.value, rates.n_eff, aim.pdu_truth, strict=True):
            found = corrected(value, n_eff, readers)
            if found is not None:
                kept["pdu_page"].add(*found, truth)


def both_arms(
    service: Service, year: Reads, aim: Targets, kept: dict[str, Tally], rng: np.random.Generator
) -> None:
    targeted = review(service, np.flatnonzero(service.top), rng)
    drawn_only = ~service.top[year.case]
    final = np.concatenate([year.final[drawn_only], targeted.final])
    by_caseload = service.caseload[service.officer[year.case[drawn_only]]]
    weights = np.concatenate([by_caseload, np.ones(N_TOP)])
    arm = np.concatenate([np.zeros(len(by_caseload)), np.ones(N_TOP)])
    union = sampling.estimate_mean(final, weights=weights, strata=arm)
    kept["union"].add(union.value, union.low, union.high, aim.reviewed)
    naive = sampling.estimate_mean(final)
    kept["naive"].add(naive.value, naive.low, naive.high, aim.reviewed)


PAGE = """# Is every interval right as often as it says?

Written by `python scripts/validity.py --rounds {n_rounds} > docs/validity.md`
(`make validity`; `FULL=1` runs 4,000 rounds). Seed {seed}: the settings were chosen while looking at seed
20261122, so this page is from another one.

{n_rounds} national rounds are simulated: {n_officers:,} officers in {n_pdus} PDUs, one random case each;
a PDU's rate pools two rounds. {truth:.2f}% of mediums should be high; review, which errs, would call
{reviewed:.2f}% so.
Bias and width in percentage points, coverage in per cent.

| interval | against | bias | mean width | coverage | promise | |
|---|---|---|---|---|---|---|
{intervals}

"As pages do" is the pages' own code: what ordinary reading finds and passes is learnt, over two years, from
the {second:.0%} of checks that chance has read a second time and the {expert:.0%} that it has an expert read.
With fewer than {least} wrong or {least} right ones among them the pages show no corrected rate: in
{hidden:.0f} of 100 rounds. Experts are taken to be right; where they are not, the correction is not either:

| national, corrected as pages do, where | against | bias | mean width | coverage |
|---|---|---|---|---|
| {erring_name} | truth | {erring_sizes} |

Empirical Bayes limits take their prior as known and are labelled so wherever they are shown.
The naive row is there to fail: its promise is to be wrong at least half of the time.

| cuts after | share that were right |
|---|---|
{cuts}

What this cannot show: the rates, reader errors and their dependence are assumptions (calibrated on published
figures), gold cases are assumed as hard as real ones, cases that cannot be scored are missing at random, and
the cases are the same in every round. It is evidence about the arithmetic, not about probation.
"""


def page(kept: dict[str, Tally], cuts: dict[str, Floats], erring: Tally, aim: Targets, n_rounds: int) -> str:
    return PAGE.format(
        n_rounds=n_rounds,
        seed=SEED,
        n_officers=N_OFFICERS,
        n_pdus=N_PDUS,
        truth=100 * aim.truth,
        reviewed=100 * aim.reviewed,
        second=SECOND_READS,
        expert=EXPERT_READS,
        least=POLICY.rates.too_few_to_compare_n,
        hidden=100 - 100 * len(kept["corrected_page"].held) / n_rounds,
        erring_name=erring.name,
        erring_sizes=erring.sizes,
        intervals="\n".join(tally.row() for tally in kept.values()),
        cuts="\n".join(f"| {name} | {100 * right / failed:.1f}% |" for name, (right, failed) in cuts.items()),
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    n_rounds = parser.parse_args(arguments).rounds
    rng = np.random.default_rng(SEED)
    service = make_service(rng)
    kept, cuts, erring = simulate(service, n_rounds, rng)
    print(page(kept, cuts, erring, targets(service), n_rounds), end="")
    return 0 if all(tally.kept for tally in kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
