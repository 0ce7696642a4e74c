"""What a rate would be if readers never erred: corrected with what further reads found (Rogan and Gladen).

The reads that teach it are those that chance picked: experts who read finals again, and second reads of
checks whose first read was no fail, settled by a moderator where they differ (RULES 2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from qa_service.policy.numbers import Policy, ReadPolicy
from qa_service.reporting.rates import AreaLevel, AreaRates, Rate, RateName, window_start
from qa_service.reporting.readers import ReadTwice, list_read_twice
from rubrics import Level
from sampling import EstimationError, correct_for_reviewer_error, estimate_mean

_ORDER = {level.value: place for place, level in enumerate(Level)}
# A second read goes after levels that are too low; of the other rates only an expert's reading can tell.
_SECOND_READ_TELLS = {RateName.MEDIUM_SHOULD_BE_HIGH, RateName.UNDERCLASSIFIED}
TOO_LITTLE = "too few checks were read again to correct it"
FROM_EXPERTS_ALONE = "learnt from experts alone: right at least 93 times of 100"
NO_BETTER = "the further reads show readers no better than chance: nothing can be corrected"


@dataclass(frozen=True)
class ReaderSkill:
    """What the ordinary way of reading finds and passes, on all checks read again of which it was asked.

    `sensitivity` is (found, of so many wrong) and `specificity` (passed, of so many right), in effective
    counts; `n_wrong` and `n_right` are the checks themselves, few where experts alone can tell.
    """

    sensitivity: tuple[float, float]
    specificity: tuple[float, float]
    n_wrong: int
    n_right: int
    is_from_experts_alone: bool = False


@dataclass(frozen=True)
class _ReadAgain:
    """Whether the ordinary way and the further read found what a rate counts, and the chance of the read."""

    is_found: bool
    is_wrong: bool
    chance: float


def skill_of(name: RateName, reads: Sequence[ReadTwice], policy: ReadPolicy) -> ReaderSkill:
    """Work out what the ordinary way of reading finds and passes, weighing each check by its chance."""
    again = [one for read in reads if (one := _read_again(name, read, policy)) is not None]
    found = np.array([one.is_found for one in again], dtype=bool)
    wrong = np.array([one.is_wrong for one in again], dtype=bool)
    weights = np.array([1 / one.chance for one in again])
    return ReaderSkill(
        sensitivity=_share(found, wrong, weights),
        specificity=_share(~found, ~wrong, weights),
        n_wrong=int(wrong.sum()),
        n_right=int((~wrong).sum()),
        is_from_experts_alone=name not in _SECOND_READ_TELLS,
    )


def correct(rate: Rate, skill: ReaderSkill, least: int) -> Rate:
    """Correct a rate for reader error, or say why it cannot be: fewer than `least` wrong or right ones."""
    if rate.value is None:
        return rate
    empty = Rate(rate.k, rate.n, None, None, None, TOO_LITTLE)
    if min(skill.n_wrong, skill.n_right) < least:
        return empty
    try:
        corrected = correct_for_reviewer_error(
            rate.value * rate.n_eff,
            rate.n_eff,
            sensitivity=skill.sensitivity,
            specificity=skill.specificity,
        )
    except EstimationError:
        return Rate(rate.k, rate.n, None, None, None, NO_BETTER)
    promise = f" 95%, {FROM_EXPERTS_ALONE}" if skill.is_from_experts_alone else " 95%"
    return Rate(
        rate.k, rate.n, corrected.value, corrected.low, corrected.high, f"{corrected.method}{promise}"
    )


def reader_skills(session: Session, *, at: datetime, policy: Policy) -> dict[RateName, ReaderSkill]:
    """Return what reading finds and passes of each rate, from the whole nation's further reads."""
    since = window_start(AreaLevel.PDU, at, policy.rates)
    reads = list_read_twice(session, since=since, at=at, policy=policy.reads)
    return {name: skill_of(name, reads, policy.reads) for name in RateName}


def with_corrections(area: AreaRates, skills: Mapping[RateName, ReaderSkill], least: int) -> AreaRates:
    """Add to an area's rates what they would be if readers never erred; suppressed ones stay so."""
    rates = (replace(one, corrected=correct(one.by_case, skills[one.name], least)) for one in area.rates)
    return replace(area, rates=tuple(rates))


def _read_again(name: RateName, read: ReadTwice, policy: ReadPolicy) -> _ReadAgain | None:
    """Put the ordinary way of reading beside the further read that chance picked; None without one.

    Ordinary: a first read that is no fail decides; a first fail is settled by a second reader or a moderator.
    """
    if name is RateName.MEDIUM_SHOULD_BE_HIGH and read.assessed != Level.MEDIUM.value:
        return None
    expert, second = policy.expert_reads_of_finals_rate, policy.second_reads_of_other_verdicts_rate
    is_first_fail = read.first_verdict == "fail"
    final = (read.final_level, read.final_verdict)
    ordinary = final if is_first_fail else (read.first_level, read.first_verdict)
    second_tells = name in _SECOND_READ_TELLS and not is_first_fail
    if read.expert_level:
        further = (read.expert_level, read.expert_verdict or "")
    elif second_tells and read.second_level:
        further = final
    else:
        return None
    chance = expert + second - expert * second if second_tells else expert
    return _ReadAgain(_counts(name, read, *ordinary), _counts(name, read, *further), chance)


def _counts(name: RateName, read: ReadTwice, level: str, verdict: str) -> bool:
    """Tell whether a rate counts a check whose reading came to a level and a verdict."""
    if name is RateName.INSUFFICIENT:
        return verdict in {"recheck", "fail"}
    if name is RateName.MEDIUM_SHOULD_BE_HIGH:
        return _ORDER[level] >= _ORDER[Level.HIGH.value]
    steps = _ORDER[level] - _ORDER[read.assessed]
    return steps > 0 if name is RateName.UNDERCLASSIFIED else steps < 0


def _share(
    hits: NDArray[np.bool_], among: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, float]:
    """Return (hits, of so many) in effective counts."""
    if among.sum() < 2:
        return float(hits[among].sum()), float(among.sum())
    share = estimate_mean(hits[among], weights=weights[among])
    return share.value * share.n_eff, share.n_eff
