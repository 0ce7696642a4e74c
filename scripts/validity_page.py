"""The page that tells how often each interval was right (docs/validity.md)."""

from dataclasses import dataclass

import numpy as np
from corrected_as_pages import POLICY
from simulated_cases import N_REGIONS
from simulated_service import (
    EXPERT_READS,
    N_OFFICERS,
    N_PDUS,
    N_PDUS_TWICE_A_YEAR,
    SECOND_READS,
    Floats,
    Targets,
)
from validity_named import Named
from validity_pages import Pages
from validity_ranges import POSSIBLE_FAIL_WAITS, WAITS
from validity_tallies import Tally

PAGE = """# Is every interval right as often as it says?

Written by `python scripts/validity.py --rounds {n_rounds} > docs/validity.md`
(`make validity`; `FULL=1` runs 4,000 rounds). Seed {seed}: the settings were chosen while looking at seed
20261122, so this page is from another one.

{n_rounds} national years are simulated: {n_officers:,} officers in {n_pdus} PDUs, one random case each a
year; in {n_twice} PDUs (like London's, where more is wrong) one every six months. A PDU's rate pools two
years.
{truth:.2f}% of mediums should be high; review, which errs, would call {reviewed:.2f}% so.
Bias and width in percentage points, unless in hours or cases; coverage in per cent.

| interval | against | bias | mean width | coverage | promise | |
|---|---|---|---|---|---|---|
{intervals}

What a page shows is made here by the page's own code, and counts only where the page shows it: from {least}
checks on. Rows below "beside cases in cool-off" are of {n_corrected:,} rounds, what is resampled of half
of these. Beside the rates, it is assumed that

- workload is an officer's own all year; a line of the rubric is answered no with a chance of its own, higher
  where an assessment is poor or too low. A page lists the ten lines most failed;
- hours are planning hours, as on the page, against the hours and findings expected of all cases. They are
  divided by what was found, so they are too high on average where that is little;
- copied text is a fact of each case, and officers differ in how often they copy. As all officers are checked,
  chance is less than the interval allows for;
- a further offence is rare, and ten times as likely where the level is too low;
- the classifier's score tells right mediums from wrong ones with an AUC of 0.8; the tenth with the highest
  scores is flagged. What was measured at a training rests on one year's checks; what was resampled, on two
  years of one region, with some {n_begun:.0f} found high. "Of a group" is of five groups by chance alone;
- what remains below a line is told from the next measured line up, so on purpose too high;
- {possible:.0%} of reads that may come to a fail are waited for, and {other:.0%} of the others.

Where few were found high, what is resampled is right less often than it says: AUC and average precision
some 93 times of 100 on average over eight made-up nations, 91 to 96 in one of them, and average precision is
too high on average. The card of a classifier says so.

Lines on charts are no intervals. Of quarters in which nothing had changed these lay beyond their 99.8%
limits, where at most 0.2% should:

| quarters of | told with limits | beyond them |
|---|---|---|
{quarters}

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


@dataclass
class Simulated:
    """What came of all rounds: tallies, cuts (right, all), each round's rate, sensitivity and specificity."""

    kept: dict[str, Tally]
    named: Named
    pages: Pages
    cool_off: dict[str, Tally]
    erring: Tally
    cuts: dict[str, Floats]
    readers: list[tuple[float, float, float]]

    @property
    def rows(self) -> list[Tally]:
        """Every tally with a promise that the page is judged by."""
        return [*self.kept.values(), *self.named.rows, self.cool_off["counted"], *self.pages.rows]


def every(n_rounds: int) -> int:
    """Of so many rounds one is corrected in full: that takes longer than all the rest of a round."""
    return max(1, n_rounds // 800)


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


def page(found: Simulated, aim: Targets, n_rounds: int, seed: int) -> str:
    with_found, with_passed, together = offset(found.readers)
    return PAGE.format(
        n_rounds=n_rounds,
        seed=seed,
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
        every=every(n_rounds),
        n_begun=np.mean(found.pages.training.n_found),
        possible=POSSIBLE_FAIL_WAITS,
        other=WAITS,
        quarters="\n".join(
            f"| {level} | {len(beyond):,} | {np.mean(beyond):.2%} |"
            for level, beyond in found.pages.beside.is_beyond.items()
            if beyond
        ),
        cuts="\n".join(
            f"| {name} | {100 * right / failed:.1f}% |" for name, (right, failed) in found.cuts.items()
        ),
    )
