"""How a simulated reader judges: the truth, seen with errors that depend only on reader and check."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from qa_service.reviews.chances import share_of
from qa_service.reviews.schemas import OwnJudgement
from qa_service.simulate.truth import Truth
from rubrics import Answer, Definition, Grid, Judgement, Level, Stage, compare_grids


class ReaderErrors(BaseModel):
    """Rates of a reader's errors, 0-1, and the shares of causes they name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    sensitivity_rate: float
    specificity_rate: float
    item_agreement_rate: float
    contaminated_rate: float
    worried_when_exposed_rate: float
    cause_rates: dict[str, float]


@cache
def load_errors() -> ReaderErrors:
    """Read the dated file of error rates."""
    path = files("qa_service.simulate") / "readers_2026_11.toml"
    return ReaderErrors.model_validate(tomllib.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class SimulatedReader:
    """One reader; the same reader judges the same check the same way every time."""

    user_id: int
    name: str
    errors: ReaderErrors

    def chance(self, check_reference: str, question: str) -> float:
        """Return this reader's own number in [0, 1) for one question about one check."""
        return share_of(check_reference, f"{self.name}:{question}")

    def judge(self, check_reference: str, truth: Truth, assessed: Grid) -> OwnJudgement:
        """Answer stage 1: right as often as the rates say.

        A reader who misses an error sees what the officer saw; a false alarm raises the highest group by one.
        """
        is_wrong = truth.grid != assessed
        u = self.chance(check_reference, "level")
        if is_wrong:
            own = truth.grid if u < self.errors.sensitivity_rate else assessed
        else:
            own = truth.grid if u < self.errors.specificity_rate else _raised(truth.grid)
        is_higher = compare_grids(assessed, own).is_under
        return OwnJudgement(
            grid=own,
            confidence="high" if self.chance(check_reference, "confidence") < 0.5 else "medium",
            is_somebody_exposed=truth.is_somebody_exposed and is_higher,
            reasons=truth.why or "The record and the definitions of the levels lead here.",
        )

    def answer(
        self, check_reference: str, truth: Truth, definition: Definition, stage: Stage
    ) -> dict[str, Answer]:
        """Answer the questions of a stage: as the record is, with a few slips."""
        return {
            question.id: self._answer_one(check_reference, question.id, truth)
            for question in definition.at_stage(stage)
        }

    def _answer_one(self, check_reference: str, item: str, truth: Truth) -> Answer:
        judgement = Judgement(truth.items.get(item) or "na")
        if self.chance(check_reference, f"slip:{item}") >= self.errors.item_agreement_rate:
            judgement = Judgement.PARTLY if judgement is not Judgement.PARTLY else Judgement.YES
        if judgement not in {Judgement.NO, Judgement.PARTLY}:
            return Answer(judgement)
        cause = _pick(self.errors.cause_rates, self.chance(check_reference, f"cause:{item}"))
        evidence = "Case pack: contact log and enquiries" if item < "C" else "Assessment text, R10"
        return Answer(judgement, evidence, cause, truth.why[:200] or "The record does not show it.")


def _raised(grid: Grid) -> Grid:
    record = grid.to_record()
    group, level = max(grid.community.items(), key=lambda pair: (pair[1].rank, pair[0].value))
    higher = [other for other in Level if other.rank == level.rank + 1]
    if higher:
        record["community"][group.value] = higher[0].value
    return Grid.from_record(record)


def _pick(shares: Mapping[str, float], u: float) -> str:
    total = 0.0
    for name, share in shares.items():
        total += share
        if u < total:
            return name
    return next(iter(shares))
