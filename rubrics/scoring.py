"""From a reviewer's answers and two grids to a scorecard (RULES 2).

Officer's score = weighted yes + half partly, over the officer's questions answered yes, partly or no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from rubrics.answers import Answer
from rubrics.errors import AnswersError
from rubrics.grids import Grid, GridComparison, compare_grids
from rubrics.schema import CountsFor, Criticality, Definition, Judgement, Question

SCORED = frozenset({Judgement.YES, Judgement.PARTLY, Judgement.NO})


@dataclass(frozen=True)
class SectionScore:
    """One section's result; `score` is 0-100 to one decimal, None where nothing could be scored."""

    section: str
    score: float | None
    n_scored: int
    n_not_applicable: int
    n_cannot_tell: int


@dataclass(frozen=True)
class Scorecard:
    """What one read of a case comes to, before any verdict.

    Parameters
    ----------
    judgements : mapping of question id to Judgement
        As answered, with D1 and D2 as computed from the grids.
    officer_score, all_score : float
        0-100 to one decimal; all_score includes the oversight questions.
    critical_no : tuple of str
        Critical questions that count as "no"; D2 only when a group is under.
    stop_items_no : tuple of str
        Stop items that count as "no"; D1 only when the overall is under.
    safeguards_no : tuple of str
        The stop items among them that were asked, not computed from the grids.
    """

    rubric_id: str
    rubric_version: str
    rubric_digest: str
    judgements: Mapping[str, Judgement]
    comparison: GridComparison
    officer_score: float
    all_score: float
    sections: tuple[SectionScore, ...]
    critical_no: tuple[str, ...]
    stop_items_no: tuple[str, ...]
    safeguards_no: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    stop_items_cannot_tell: tuple[str, ...]


def score(
    definition: Definition,
    answers: Mapping[str, Answer] | Mapping[str, str],
    assessed_grid: Grid,
    reviewed_grid: Grid,
) -> Scorecard:
    """Score one read of a case.

    Parameters
    ----------
    definition : Definition
    answers : mapping of question id to Answer (or to its judgement)
        One for every question asked. A cause never changes the score.
    assessed_grid, reviewed_grid : Grid
        The officer's levels as recorded, and the reviewer's own.

    Returns
    -------
    Scorecard

    Raises
    ------
    AnswersError
        A question is unanswered, unknown, or computed and answered all the same; all are listed.
    """
    comparison = compare_grids(assessed_grid, reviewed_grid)
    judgements = _judgements(definition, answers, comparison)
    noes = [question for question in definition.questions if _counts_as_no(question, judgements, comparison)]
    unknown = [q for q in definition.questions if judgements[q.id] is Judgement.CANNOT_TELL]
    officers = [q for q in definition.questions if q.counts_for is CountsFor.OFFICER]
    credit = definition.partly.credit
    stop = Criticality.STOP
    return Scorecard(
        rubric_id=definition.id,
        rubric_version=definition.version,
        rubric_digest=definition.digest,
        judgements=judgements,
        comparison=comparison,
        officer_score=_score_pct(officers, judgements, credit) or 0.0,
        all_score=_score_pct(definition.questions, judgements, credit) or 0.0,
        sections=tuple(_sections(definition, judgements)),
        critical_no=tuple(q.id for q in noes if q.criticality is Criticality.CRITICAL),
        stop_items_no=tuple(q.id for q in noes if q.criticality is stop),
        safeguards_no=tuple(q.id for q in noes if q.criticality is stop and q.stage != "computed"),
        cannot_tell=tuple(q.id for q in unknown),
        stop_items_cannot_tell=tuple(q.id for q in unknown if q.criticality is stop),
    )


def _judgements(
    definition: Definition, answers: Mapping[str, Answer] | Mapping[str, str], comparison: GridComparison
) -> Mapping[str, Judgement]:
    """Take the judgements asked for and add the two that the grids decide."""
    asked = {question.id for question in definition.asked}
    every = {question.id for question in definition.questions}
    faults = [f"{q.id} {q.title} is not answered" for q in definition.asked if q.id not in answers]
    faults += [
        f"{name} is worked out from the grids, never asked" for name in answers if name in every - asked
    ]
    faults += [f"{name} is not a question of {definition.id}" for name in answers if name not in every]
    if faults:
        raise AnswersError(faults)
    given = {
        name: answer.judgement if isinstance(answer, Answer) else Judgement(answer)
        for name, answer in answers.items()
    }
    computed = {
        "D1": Judgement.YES if comparison.gap == 0 else Judgement.NO,
        "D2": Judgement.NO if any(comparison.group_gaps.values()) else Judgement.YES,
    }
    found = given | computed
    return MappingProxyType({question.id: found[question.id] for question in definition.questions})


def _counts_as_no(
    question: Question, judgements: Mapping[str, Judgement], comparison: GridComparison
) -> bool:
    """Tell whether a "no" has its consequence: over-rating lowers the score but is not a stop or critical."""
    if judgements[question.id] is not Judgement.NO:
        return False
    if question.id == "D1":
        return comparison.is_overall_under
    return question.id != "D2" or bool(comparison.groups_under)


def _score_pct(
    questions: Iterable[Question], judgements: Mapping[str, Judgement], partly_credit: float
) -> float | None:
    """Weighted share of the questions that could be scored, in percent, rounded half up to one decimal."""
    credit = {
        Judgement.YES: Decimal(1),
        Judgement.PARTLY: Decimal(str(partly_credit)),
        Judgement.NO: Decimal(0),
    }
    scored = [(q.weight, credit[judgements[q.id]]) for q in questions if judgements[q.id] in SCORED]
    if not scored:
        return None
    share = sum(weight * earned for weight, earned in scored) / Decimal(sum(weight for weight, _ in scored))
    return float((100 * share).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _sections(definition: Definition, judgements: Mapping[str, Judgement]) -> Iterator[SectionScore]:
    for section in definition.sections:
        questions = [question for question in definition.questions if question.section == section.id]
        given = [judgements[question.id] for question in questions]
        yield SectionScore(
            section=section.id,
            score=_score_pct(questions, judgements, definition.partly.credit),
            n_scored=sum(judgement in SCORED for judgement in given),
            n_not_applicable=given.count(Judgement.NA),
            n_cannot_tell=given.count(Judgement.CANNOT_TELL),
        )
