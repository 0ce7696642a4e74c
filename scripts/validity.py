"""The whole programme, simulated: is every interval that a page shows right as often as it says?

python scripts/validity.py [--rounds 500] > docs/validity.md     exit 1 when an interval misses its promise.
Truth is the level a perfect panel would agree. Error rises with caseload and workload and differs
between PDUs; readers err, and err together on hard cases; some cases cannot be scored.
"""

import argparse
import sys
from dataclasses import dataclass

import numpy as np
from corrected_as_pages import POLICY, corrected, skill
from simulated_service import (
    EXPERT_READS,
    N_OFFICERS,
    N_PDUS,
    N_PDUS_TWICE_A_YEAR,
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
from validity_cool_off import cool_off_round, cool_off_tallies
from validity_named import N_REGIONS, Named
from validity_tallies import Tally, national_promise, tallies

import sampling

SEED = 20_261_123


@dataclass
class Simulated:
    """What came of all rounds: tallies, cuts (right, all), each round's rate, sensitivity and specificity."""

    kept: dict[str, Tally]
    named: Named
    cool_off: dict[str, Tally]
    erring: Tally
    cuts: dict[str, Floats]
    readers: list[tuple[float, float, float]]

    @property
    def rows(self) -> list[Tally]:
        """Every tally with a promise that the page is judged by."""
        return [*self.kept.values(), *self.named.rows, self.cool_off["counted"]]


def every(n_rounds: int) -> int:
    """Of so many rounds one is corrected in full: that takes longer than all the rest of a round."""
    return max(1, n_rounds // 800)


def simulate(service: Service, n_rounds: int, rng: np.random.Generator) -> Simulated:
    kept, aim = tallies(n_rounds), targets(service)
    named, cool_off = Named(service, n_rounds, rng), cool_off_tallies(national_promise(n_rounds))
    erring = Tally("experts err half as often as readers", 0, 1, "truth")
    cuts = {"one reader": np.zeros(2), "two readers, moderator if they differ": np.zeros(2)}
    readers: list[tuple[float, float, float]] = []
    for number in range(n_rounds):
        year, two_years = draw(service, 1, rng), draw(service, 2, rng)
        national_rates(service, year, aim, kept, rng)
        pdu_rates(service, two_years, aim, kept, with_korn_graubard=number % 25 == 0)
        readers.append(as_pages(service, two_years, aim, kept, every_pdu=number % 25 == 0))
        is_corrected = number % every(n_rounds) == 0
        if is_corrected:
            add_erring(service, two_years, aim, erring)
        both_arms(service, year, aim, kept, rng)
        named.add_round(rng, is_corrected=is_corrected)
        cool_off_round(service, rng, aim.reviewed, cool_off)
        wrong = service.wrong[year.case]
        for name, failed in zip(cuts, (year.one, year.final), strict=True):
            cuts[name] += (np.sum(failed & wrong), np.sum(failed))
    return Simulated(kept, named, cool_off, erring, cuts, readers)


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


def offset(readers: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return how rate and sensitivity, and rate and specificity, go together, and what that takes off.

    The last is the spread of the corrected rate beside what it would be if the three were independent.
    """
    parts = np.array(readers).T
    rate, found, passed = parts.mean(axis=1)
    truth = (rate + passed - 1) / (found + passed - 1)
    moves = parts * np.array([[1], [-truth], [1 - truth]])
    together = float(np.sqrt(moves.sum(axis=0).var() / moves.var(axis=1).sum()))
    pairs = np.corrcoef(parts)
    return float(pairs[0, 1]), float(pairs[0, 2]), together


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


PAGE = """# Is every interval right as often as it says?

Written by `python scripts/validity.py --rounds {n_rounds} > docs/validity.md`
(`make validity`; `FULL=1` runs 4,000 rounds). Seed {seed}: the settings were chosen while looking at seed
20261122, so this page is from another one.

{n_rounds} national years are simulated: {n_officers:,} officers in {n_pdus} PDUs, one random case each a
year; in {n_twice} PDUs (like London's, where more is wrong) one every six months. A PDU's rate pools two
years.
{truth:.2f}% of mediums should be high; review, which errs, would call {reviewed:.2f}% so.
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

The corrected national interval is right more often than it says, because the rate and what is known of the
readers come in part from the same checks: over these rounds the rate goes with the sensitivity found by
{with_found:+.2f} and with the specificity by {with_passed:+.2f}, and the corrected rate spreads
{together:.0%} as far as if the three were independent, as the interval takes them to be. To count on that
would need the same share of further reads in every area and window.

Only an expert's reading tells of levels that are too high: of some {n_over:.0f} such cases in two years,
where {least} make a corrected rate be shown. So its interval promises less, and the page says so.
{n_corrected:,} of the rounds are corrected for the rates of all cases, in the nation and in three of
{n_regions} regions.

Cases in cool-off count in rates by case as they were found, while the assessment is the same. Here nobody's
case ends or is assessed anew, so leaving them out matters as much as it ever could:

| national, where | against | bias | mean width | coverage |
|---|---|---|---|---|
| {left_out_name} | reviewed level | {left_out_sizes} |

Empirical Bayes limits average over the doubt about their prior; pages promise 90 times of 100 for them, on
average over PDUs: those of the PDUs that do worst lie too low, of those that do best too high.
The naive row is there to fail: its promise is to be wrong at least half of the time.

| cuts after | share that were right |
|---|---|
{cuts}

What this cannot show: the rates, reader errors and their dependence are assumptions (calibrated on published
figures), gold cases are assumed as hard as real ones, cases that cannot be scored are missing at random, and
the cases are the same in every round. All readers err alike here: were few of them to differ much from each
other, raw national rates would differ from round to round by who read, more than their limits allow for; and
were wrong cases less often scorable, raw rates would be too low, which the bounds beside them are for. What
PDUs are told of without small counts is chosen by what was found, and so too high on average. It is evidence
about the arithmetic, not about probation.
"""


def page(found: Simulated, aim: Targets, n_rounds: int) -> str:
    with_found, with_passed, together = offset(found.readers)
    return PAGE.format(
        n_rounds=n_rounds,
        seed=SEED,
        n_officers=N_OFFICERS,
        n_pdus=N_PDUS,
        n_twice=N_PDUS_TWICE_A_YEAR,
        n_regions=N_REGIONS,
        n_corrected=-(-n_rounds // every(n_rounds)),
        n_over=np.mean(found.named.n_over),
        truth=100 * aim.truth,
        reviewed=100 * aim.reviewed,
        second=SECOND_READS,
        expert=EXPERT_READS,
        least=POLICY.rates.too_few_to_compare_n,
        hidden=100 - 100 * len(found.kept["corrected_page"].held) / n_rounds,
        with_found=with_found,
        with_passed=with_passed,
        together=together,
        erring_name=found.erring.name,
        erring_sizes=found.erring.sizes,
        left_out_name=found.cool_off["left_out"].name,
        left_out_sizes=found.cool_off["left_out"].sizes,
        intervals="\n".join(tally.row() for tally in found.rows),
        cuts="\n".join(
            f"| {name} | {100 * right / failed:.1f}% |" for name, (right, failed) in found.cuts.items()
        ),
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    n_rounds = parser.parse_args(arguments).rounds
    rng = np.random.default_rng(SEED)
    service = make_service(rng)
    found = simulate(service, n_rounds, rng)
    print(page(found, targets(service), n_rounds), end="")
    return 0 if all(tally.kept for tally in found.rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
