"""What a planned round will ask for and bring about; further checks by flag as the artefact in force does."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from qa_service.flags import rules as flags
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.policy.numbers import Policy
from qa_service.rounds.rules.forecast import RateRange, forecast_round, forecast_targeted
from qa_service.rounds.rules.frame import CaseFacts
from sampling import Combined, TakeAllTop


def forecast_of(
    session: Session, design: Combined, drawable: Sequence[CaseFacts], room_points: int, policy: Policy
) -> dict[str, Any]:
    """Return the forecast of one check for each officer of the cases, and of a targeted arm apart."""
    n_due = len({facts.person_id for facts in drawable})
    at_random = forecast_round(n_due, room_points, policy.forecast).as_document()
    return at_random | _by_flag(session, design, drawable, policy)


def _by_flag(
    session: Session, design: Combined, drawable: Sequence[CaseFacts], policy: Policy
) -> dict[str, Any]:
    """Return the forecast of a design's targeted arm under its name; nothing when it has none.

    What the highest scores find is the artefact's precision at the share of the scored cases that they are.
    """
    arm = next((arm for arm in design.arms if isinstance(arm, TakeAllTop)), None)
    if arm is None:
        return {}
    n_scored = sum(bool(facts.score_rate) for facts in drawable)
    artefact = approved_artefact(session)
    evaluation = artefact.evaluation if artefact else {}
    share = min(1.0, arm.n / n_scored) if n_scored else 0.0
    at_share = flags.precision_at(evaluation, share) if n_scored else None
    forecast = forecast_targeted(
        arm.n,
        arm.n_rest,
        _range(at_share.precision if at_share else None),
        _range(flags.wrong_rate_without_a_flag(evaluation)),
        policy.forecast,
        second_reads_rate=policy.reads.second_reads_of_other_verdicts_rate,
    )
    return {arm.arm: {**forecast.as_document(), "n_scored": n_scored}}


def _range(found: flags.Interval | None) -> RateRange | None:
    return RateRange(found.value, found.low, found.high) if found else None
