"""A round's design, seed plan and seed as they are kept, and as `sampling` takes them; its next status."""

from collections.abc import Mapping
from typing import Any

from qa_service.core.errors import Conflict, Invalid
from sampling import (
    Combined,
    DiceReading,
    DrandRecord,
    PerOfficer,
    PoissonTargeted,
    SamplingError,
    SeedPlan,
    TakeAllTop,
)
from sampling.designs import ArmDesign


def design_of(document: Mapping[str, Any]) -> Combined:
    """Return the sampling design that a round's document describes.

    Raises
    ------
    Invalid
        The document names an unknown kind of arm or one that cannot draw.
    """
    kinds = {"per_officer": PerOfficer, "take_all_top": TakeAllTop, "poisson": PoissonTargeted}
    try:
        arms: tuple[ArmDesign, ...] = tuple(
            kinds[arm["kind"]](**{name: value for name, value in arm.items() if name != "kind"})
            for arm in document["arms"]
        )
        return Combined(arms)
    except (KeyError, TypeError, SamplingError) as error:
        raise Invalid(
            f"The design cannot be used: {error}.",
            next_step="Give arms of kind per_officer, take_all_top or poisson with their numbers.",
        ) from error


def seed_plan_of(document: Mapping[str, Any]) -> SeedPlan:
    """Return what was announced about the seed."""
    try:
        return SeedPlan(
            drand_chain=document.get("drand_chain", ""),
            drand_round=document.get("drand_round"),
            dice=bool(document.get("dice", False)),
        )
    except SamplingError as error:
        raise Invalid(str(error), next_step="Announce a drand round, dice, or both.") from error


def seed_parts_of(document: Mapping[str, Any]) -> tuple[DrandRecord | None, tuple[DiceReading, ...]]:
    """Return the public parts of a seed as they were recorded."""
    drand = DrandRecord(**document["drand"]) if document.get("drand") else None
    return drand, tuple(DiceReading(**reading) for reading in document.get("dice", ()))


def check_step(present: str, wanted: str) -> None:
    """Refuse a step that a round's status does not allow.

    Raises
    ------
    Conflict
        The round is somewhere else.
    """
    allowed = {
        "open": {"planned"},
        "seeded": {"open"},
        "drawn": {"seeded"},
        "in_review": {"drawn", "paused"},
        "paused": {"in_review"},
        "closed": {"in_review", "paused"},
    }
    if present not in allowed[wanted]:
        raise Conflict(
            f"The round is {present.replace('_', ' ')}, so it cannot become {wanted.replace('_', ' ')}.",
            next_step=f"It can after it was {' or '.join(sorted(allowed[wanted])).replace('_', ' ')}.",
        )
