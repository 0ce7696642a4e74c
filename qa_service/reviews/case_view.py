"""What a reader is shown of a case: nothing that tells the officer's level before lock 2 (RULES 1).

Blindness is a rule about data: `BlindCase` has no place for a level, a register code of risk, a tier, a
MAPPA level, points, a grade, a countersignature, a score, a flag or a hint, and the queries behind it
(store/case_reading.py) do not load them. Levels inside free text are masked.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rubrics import mask_levels

# OASys fields in the order of the form: R10 and the risk management plan.
TEXT_LABELS = {
    "who_is_at_risk": "R10.1 Who is at risk",
    "nature_of_risk": "R10.2 What is the nature of the risk",
    "risk_imminence": "R10.3 When is the risk likely to be greatest",
    "risk_increase_factors": "R10.4 What circumstances are likely to increase the risk",
    "risk_mitigation_factors": "R10.5 What factors are likely to reduce the risk",
    "analysis_of_risk_factors": "SUM9 Analysis of risk factors",
    "rmp_key_information": "RM28 Key information",
    "rmp_supervision": "RM30 Supervision",
    "rmp_monitoring_and_control": "RM31 Monitoring and control",
    "rmp_interventions": "RM32 Interventions and treatment",
    "rmp_victim_safety": "RM33 Victim safety planning",
    "rmp_contingency": "RM35 Contingency plan",
}
_SCREENING_GROUPS = {
    "R1.2": "Past and present offences",
    "R1.3": "Behaviour",
    "R1.4": "Orders",
    "R2": "Children",
    "R3": "The person's own safety",
    "R4": "Escape, control and trust",
}
_SCREENING_ANSWERS = {"YES": "Yes", "NO": "No", "DK": "Not known", "NA": "Does not apply"}


@dataclass(frozen=True)
class Passage:
    """A named text of the assessment."""

    anchor: str
    label: str
    text: str


@dataclass(frozen=True)
class PackEntry:
    """A dated, sourced item of the case pack."""

    happened_on: date
    kind: str
    source: str
    title: str
    body: str
    state: str | None


@dataclass(frozen=True)
class Register:
    """An entry of the register that says nothing of the level."""

    code: str
    description: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class EarlierAssessment:
    """An assessment before the one that is checked: its words, never its levels."""

    completed_on: date | None
    purpose: str | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class BlindCase:
    """The case pack as stages 1 and 2 show it."""

    check_reference: str
    crn: str
    name: str
    officer_name: str
    supervision: str
    facts: tuple[tuple[str, str | date | None], ...]
    assessed: tuple[tuple[str, str | date | None], ...]
    passages: tuple[Passage, ...]
    screening: tuple[tuple[str, str, str], ...]
    needs: tuple[tuple[str, str], ...]
    pack: tuple[PackEntry, ...]
    registers: tuple[Register, ...]
    earlier: EarlierAssessment | None


@dataclass(frozen=True)
class RevealedLevel:
    """What stage 3 adds: the officer's levels and everything that follows from them."""

    levels: tuple[tuple[str, str, str | None, str | None], ...]
    overall_assessed: str
    overall_own: str
    overall_stated: str | None
    facts: tuple[tuple[str, str], ...]
    predictors: tuple[tuple[str, str], ...]
    registers: tuple[Register, ...]
    pack: tuple[PackEntry, ...]
    earlier_levels: tuple[tuple[date | None, str], ...]


@dataclass(frozen=True)
class SharedPassage(Passage):
    """A text that stands nearly the same in the assessments of so many of the officer's other people."""

    n_people: int


@dataclass(frozen=True)
class ShownFlag:
    """What stage 4 says of a case, as kept with the answer; without a score there is no flag to show."""

    artefact_digest: str | None
    is_flagged: bool
    score_rate: float | None

    @property
    def mark(self) -> str:
        """Return what tells this flag from another; the form carries it, and not the score."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class RevealedFlag:
    """What stage 4 adds: the classifier's flag, the hints, and text that repeats other assessments.

    `why_unscored` says why there is no score; `chance_rate` is None too where only the order is known.
    """

    why_unscored: str | None
    shown: ShownFlag
    chance_rate: float | None
    level_in_doubt: str
    precision: str
    reasons: tuple[str, ...]
    hints: tuple[tuple[str, str], ...]
    copied: tuple[Passage, ...]
    copied_share_pct: int
    shared: tuple[SharedPassage, ...]


def passages_of(texts: Mapping[str, object]) -> tuple[Passage, ...]:
    """Return the texts of an assessment in the form's order, empty ones said to be empty."""
    return tuple(
        Passage(name.replace("_", "-"), label, masked(texts.get(name))) for name, label in TEXT_LABELS.items()
    )


def full_analysis_of(answers: Mapping[str, object]) -> tuple[Passage, ...]:
    """Return what the full analysis says, R6 to R9, in the form's order."""
    return tuple(
        Passage(f"full-analysis-{number}", f"{number} Full analysis", masked(text))
        for number, text in sorted(answers.items(), key=lambda pair: _in_order(pair[0]))
    )


def screening_of(answers: Mapping[str, object]) -> tuple[tuple[str, str, str], ...]:
    """Return the screening as (part, question number, answer), in the form's order."""
    return tuple(
        (_group_of(number), number, screening_answer(answer))
        for number, answer in sorted(answers.items(), key=lambda pair: _in_order(pair[0]))
    )


def screening_answer(answer: object) -> str:
    """Write one answer of the screening."""
    return _SCREENING_ANSWERS.get(str(answer).upper(), "Not known")


def _group_of(number: str) -> str:
    groups = (name for prefix, name in _SCREENING_GROUPS.items() if number.startswith(prefix))
    return next(groups, "Other")


def _in_order(number: str) -> tuple[tuple[int, str], ...]:
    parts = number.lstrip("R").split(".")
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)


def masked(text: object) -> str:
    """Return a text with every level hidden."""
    return mask_levels(plain(text))


def plain(text: object) -> str:
    """Return a text as it is; nothing for a missing one."""
    return "" if text is None else str(text)
