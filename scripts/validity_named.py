"""RULES 10's rates of nation and regions, agreement and yield, by the pages' own code on simulated reads."""

from collections.abc import Mapping, Sequence

import numpy as np
from corrected_as_pages import POLICY
from simulated_cases import N_REGIONS, AllCases, AllReads, Each, agreement_target
from simulated_service import Floats
from validity_tallies import Tally, national_promise

from qa_service.reporting.rates import Rate, RateName, named_rates, share_of
from qa_service.reporting.reader_error import ReaderSkill, correct
from qa_service.reporting.readers import ReadTwice, agreement_of

Skills = Mapping[RateName, ReaderSkill]
LEAST = POLICY.rates.too_few_to_compare_n
IN_WORDS = {
    RateName.MEDIUM_SHOULD_BE_HIGH: "medium should be high",
    RateName.UNDERCLASSIFIED: "underclassified",
    RateName.OVERCLASSIFIED: "overclassified",
    RateName.INSUFFICIENT: "insufficient",
}
_AGREEMENT = {
    "same_level": "Same level from two readers",
    "kappa": "Weighted kappa of levels",
    "ac1": "Gwet AC1 of levels",
    "positive": "Positive agreement of two readers",
}


class Named:
    """The tallies of these rates over all rounds."""

    def __init__(self, cases: AllCases, n_rounds: int) -> None:
        self.cases = cases
        self.kept: dict[tuple[str, str], Tally] = {}
        for level, promise in (("National", national_promise(n_rounds)), ("Region", (0.94, 0.97))):
            for name, words in IN_WORDS.items():
                raw, cautious = f"{level}, {words}", f"{level}, {words}, corrected (conservative)"
                self.kept[level, name] = Tally(raw, *promise, "reviewed level")
                self.kept[f"{level} officers", name] = Tally(
                    f"{raw}, officer average", *promise, "reviewed level"
                )
                self.kept[f"{level} corrected", name] = Tally(cautious, 0.945, 1.0, "truth")
        few = self.kept["National corrected", RateName.OVERCLASSIFIED]
        few.name, few.low = "National, overclassified, corrected (few wrong ones known)", 0.93
        self.n_over: list[int] = []
        for what, words in _AGREEMENT.items():
            self.kept[what, ""] = Tally(words, 0.93, 0.97, "all cases read twice")
        self.kept["yield", ""] = Tally(
            "Yield of the targeted arm (conservative)", 0.945, 1.0, "reading of its cases"
        )
        self.aims = {
            (what, name): cases.means(hits[name], cases.asked(name), each)
            for what, hits, each in (
                ("", cases.reviewed, Each.CASE),
                (" officers", cases.reviewed, Each.OFFICER),
                (" corrected", cases.truth, Each.CASE),
            )
            for name in RateName
        }
        self.agreement = vars(agreement_target(cases))

    def add_round(
        self, reads: AllReads, again: Sequence[ReadTwice], skills: Skills, rng: np.random.Generator
    ) -> None:
        """Count a round; its rates are corrected by the skills of it, where there are some."""
        checks = reads.checks.take(reads.is_latest)
        nowhere = np.full(len(checks), "")
        for name in RateName:
            [nation] = named_rates(name, checks, nowhere).values()
            regions = named_rates(name, checks, checks.region)
            every = {"National": [nation], "Region": [regions[str(code)] for code in range(N_REGIONS)]}
            for level, rates in every.items():
                step = 1 if level == "National" else N_REGIONS // 3
                by_case = [rate.by_case for rate in rates]
                self._add(level, "", name, by_case)
                self._add(level, " officers", name, [rate.by_officer for rate in rates])
                if name in skills:
                    told = [correct(one, skills[name], LEAST) for one in by_case[::step]]
                    self._add(level, " corrected", name, told, step)
            if name is RateName.OVERCLASSIFIED and name in skills:
                self.n_over.append(skills[name].n_wrong)
        found = vars(agreement_of(again))
        for what in _AGREEMENT:
            if found[what] is not None:
                self.kept[what, ""].add_shown([found[what]], [self.agreement[what]])
        chances: Floats = self.cases.service.finds[self.cases.service.top]
        share = share_of(int((rng.random(len(chances)) < chances).sum()), len(chances))
        self.kept["yield", ""].add_shown([share], [chances.mean()])

    @property
    def rows(self) -> list[Tally]:
        """The tallies; the nation's rate of mediums is told in full elsewhere."""
        known = {
            (f"National{what}", RateName.MEDIUM_SHOULD_BE_HIGH) for what in ("", " officers", " corrected")
        }
        return [tally for key, tally in self.kept.items() if key not in known and tally.held]

    def _add(self, level: str, what: str, name: RateName, rates: Sequence[Rate], step: int = 1) -> None:
        self.kept[level + what, name].add_shown(rates, self.aims[what, name][level][::step])
