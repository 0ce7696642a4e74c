"""The free text of assessments: R10, the analysis and the risk management plan."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qa_service.synth.caseload import Caseload
from qa_service.synth.draws import Bools, Ints, happens
from qa_service.synth.facts import FACTS
from qa_service.synth.history import Assessments
from qa_service.synth.recipe import Recipe
from qa_service.synth.words import Bank, coded, join, load_banks, load_names, only

LEVEL_WORDS = ("low", "medium", "high", "very high")
FULL_ONLY = ("rmp_key_information", "rmp_supervision", "rmp_monitoring_and_control", "rmp_interventions")


@dataclass(frozen=True)
class People:
    """Names that a case's record uses, one of each per case."""

    names: pa.Array
    victims: pa.Array
    children: pa.Array
    places: pa.Array


@dataclass(frozen=True)
class _Pen:
    """Writes lines, one per assessment; templated officers use the same line every time."""

    rng: np.random.Generator
    officers: Ints
    is_templated: Bools
    slots: Mapping[str, pa.Array]

    def write(self, bank: Bank) -> pa.Array:
        own = self.rng.integers(0, len(bank), len(self.officers))
        return bank.fill(np.where(self.is_templated, self.officers % len(bank), own), self.slots)

    def write_several(self, bank: Bank, n_lines: int) -> pa.Array:
        """Write different lines of a bank after one another."""
        choices = len(bank) // n_lines
        lines = [
            np.where(
                self.is_templated, self.officers % choices, self.rng.integers(0, choices, len(self.officers))
            )
            for _ in range(n_lines)
        ]
        return join(*(bank.fill(turn + n_lines * line, self.slots) for turn, line in enumerate(lines)))


def name_people(caseload: Caseload, recipe: Recipe) -> People:
    """Name the person supervised, the chief victim, a child and a place for every case."""
    rng = recipe.stream(caseload.plan.code, "names")
    lists = load_names()
    n = len(caseload.cases)
    is_female = caseload.cases.is_female

    def drawn(name: str) -> pa.Array:
        return lists[name].take(pa.array(rng.integers(0, len(lists[name]), n)))

    female, male = drawn("female"), drawn("male")
    firsts = pa.compute.if_else(pa.array(is_female), female, male)
    victims = pa.compute.if_else(pa.array(is_female), drawn("male"), drawn("female"))
    child = pa.compute.if_else(pa.array(rng.random(n) < 0.5), drawn("male"), drawn("female"))
    return People(
        names=join(firsts, drawn("surnames")),
        victims=join(victims, drawn("surnames")),
        children=child,
        places=drawn("places"),
    )


def write_narratives(
    caseload: Caseload, assessments: Assessments, people: People, recipe: Recipe
) -> dict[str, pa.Array]:
    """Write every text column, then let copies carry the text of the assessment they were copied from."""
    rng = recipe.stream(caseload.plan.code, "narratives")
    cases, facts = caseload.cases, caseload.facts
    places = assessments.cases
    taken = pa.array(places)
    n = len(assessments)
    month = recipe.calendar.month_names(assessments.initiated_days - rng.integers(20, 900, n))
    pen = _Pen(
        rng=rng,
        officers=cases.officers[places],
        is_templated=caseload.staff.is_templated[cases.officers[places]],
        slots={
            "victim": people.victims.take(taken),
            "child": people.children.take(taken),
            "place": people.places.take(taken),
            "month": month,
            "level": coded(LEVEL_WORDS, assessments.grids.max(axis=1)),
        },
    )
    banks = load_banks("phrases.toml", "assessment")
    texts = _risk(pen, banks, caseload, assessments)
    texts["analysis_of_risk_factors"] = _analysis(pen, banks, caseload, assessments, recipe)
    texts |= _plan(pen, banks, facts.has_victim_safety[places], facts.has_contingency[places])
    if not recipe.preset.is_brief:
        texts |= {name: pen.write(banks[name]) for name in FULL_ONLY}
    return _copied(pen, banks, texts, assessments, recipe)


def _risk(
    pen: _Pen, banks: Mapping[str, Bank], caseload: Caseload, assessments: Assessments
) -> dict[str, pa.Array]:
    cases, places = caseload.cases, assessments.cases
    names = caseload.facts.names_people[places]
    level = assessments.grids.max(axis=1)
    nature = _by(cases.families[places], [pen.write(banks[name]) for name in NATURES])
    imminence = _by(np.minimum(level, 2), [pen.write(banks[name]) for name in IMMINENCES])
    return {
        "who_is_at_risk": join(
            _by(names.astype(np.int64), [pen.write(banks["who_vague"]), pen.write(banks["who_known"])]),
            only(cases.has_child[places] & names, pen.write(banks["who_child"])),
            pen.write(banks["who_public"]),
        ),
        "nature_of_risk": join(nature, pen.write(banks["pattern"]), pen.write(banks["impact"])),
        "risk_imminence": join(imminence, pen.write(banks["trigger"])),
        "risk_increase_factors": pen.write_several(banks["increase"], 3),
        "risk_mitigation_factors": pen.write_several(banks["reduce"], 2),
    }


def _analysis(
    pen: _Pen, banks: Mapping[str, Bank], caseload: Caseload, assessments: Assessments, recipe: Recipe
) -> pa.Array:
    """Mention the facts that the assessment takes up, the scores, and sometimes the level in words."""
    places = assessments.cases
    n = len(places)
    known = caseload.facts.mentions[places] & (
        (assessments.age_rank[:, None] == 0)
        | caseload.cases.is_copied[places][:, None]
        | (pen.rng.random((n, len(FACTS))) < 0.6)
    )
    fact_banks = load_banks("phrases.toml", "fact")
    sentences = [only(known[:, k], pen.write(fact_banks[name])) for k, name in enumerate(FACTS)]
    says_level = happens(pen.rng, recipe.figures.assessments.level_words_rate, n)
    return join(*sentences, pen.write(banks["scores"]), only(says_level, pen.write(banks["level_words"])))


def _plan(
    pen: _Pen, banks: Mapping[str, Bank], has_victim_safety: Bools, has_contingency: Bools
) -> dict[str, pa.Array]:
    safety = [pen.write(banks["rmp_victim_safety_weak"]), pen.write(banks["rmp_victim_safety"])]
    contingency = [pen.write(banks["rmp_contingency_weak"]), pen.write(banks["rmp_contingency"])]
    return {
        "rmp_victim_safety": _by(has_victim_safety.astype(np.int64), safety),
        "rmp_contingency": _by(has_contingency.astype(np.int64), contingency),
    }


def _copied(
    pen: _Pen,
    banks: Mapping[str, Bank],
    texts: dict[str, pa.Array],
    assessments: Assessments,
    recipe: Recipe,
) -> dict[str, pa.Array]:
    """Carry text over; a share of the copies adds one dated sentence to it."""
    rows = pa.array(assessments.text_rows)
    is_copy = assessments.text_rows != np.arange(len(assessments))
    edited = is_copy & ~happens(pen.rng, recipe.figures.assessments.verbatim_copy_rate, len(is_copy))
    note = only(edited, pen.write(banks["later_note"]))
    carried = {name: column.take(rows) for name, column in texts.items()}
    carried["analysis_of_risk_factors"] = join(carried["analysis_of_risk_factors"], note)
    return carried


def _by(chosen: Ints, columns: list[pa.Array]) -> pa.Array:
    """Take each row's text from the column that is chosen for it."""
    return pa.compute.choose(pa.array(chosen), *columns)


NATURES = tuple(
    f"nature_{name}"
    for name in ("domestic", "violence", "sexual", "robbery", "acquisitive", "drugs", "driving", "arson")
)
IMMINENCES = ("imminence_low", "imminence_medium", "imminence_high")
