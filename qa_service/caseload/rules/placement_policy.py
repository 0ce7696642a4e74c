"""Which grade may hold which case, and how much a placed case counts: the dated file beside this one."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from rubrics.levels import Level


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TraineeStep(_Frozen):
    """From a month of training on, the highest level a trainee may hold."""

    from_month: int
    highest_level: Level


class PlacementPolicy(_Frozen):
    """RULES 5, grades; REALLOCATION A2, weights."""

    version: str
    in_force_from: date
    source: str
    highest_level_of_grade: dict[str, Level]
    trainee_grade: str
    trainee_steps: tuple[TraineeStep, ...]
    mappa_levels_for_experienced: frozenset[str]
    case_weight_of_level: dict[str, int]

    def highest_level(self, grade: str, trainee_months: int | None) -> Level:
        """Return the highest level that a grade may hold; a trainee's by month of training."""
        if grade != self.trainee_grade:
            return self.highest_level_of_grade.get(grade, Level.VERY_HIGH)
        months = trainee_months or 0
        return max(step.highest_level for step in self.trainee_steps if step.from_month <= months)


@cache
def load_placement_policy() -> PlacementPolicy:
    """Read the rules in force."""
    text = (files("qa_service.caseload.rules") / "placement_2026_11.toml").read_text("utf-8")
    return PlacementPolicy.model_validate(tomllib.loads(text))
