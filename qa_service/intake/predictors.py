"""Whether a predictor's band fits its score.

Cut-offs: FORMATS 1.5 (hmpps-arns-risk-actuarial-api, August 2026): first score of medium, high, very high.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rubrics import Level


@dataclass(frozen=True)
class Bands:
    """Where the score and band of one predictor stand, and at which scores the band changes."""

    score: str
    band: str
    cut_offs: tuple[float, ...]
    levels: tuple[Level, ...] = tuple(Level)


_LEVELS: Mapping[str, Level] = {level.value: level for level in Level}
_SCORE, _BAND = "score", "band"
_CSRP = (1.0, 3.0, 6.9)
# The three RSR bands of the first generation: low, medium from 3, high from 6.9 (there is no very high).
_RSR = Bands("percentageScore", "scoreLevel", (3.0, 6.9), (Level.LOW, Level.MEDIUM, Level.HIGH))

KNOWN: Mapping[str, Bands] = {
    "allReoffendingPredictor": Bands(_SCORE, _BAND, (50, 75, 90)),
    "violentReoffendingPredictor": Bands(_SCORE, _BAND, (30, 60, 80)),
    "seriousViolentReoffendingPredictor": Bands(_SCORE, _BAND, _CSRP),
    "combinedSeriousReoffendingPredictor": Bands(_SCORE, _BAND, _CSRP),
    "groupReconvictionScore": Bands("twoYears", "scoreLevel", (50, 75, 90)),
    "violencePredictorScore": Bands("twoYears", "ovpRisk", (30, 60, 80)),
    "riskOfSeriousRecidivismScore": _RSR,
}


def contradicted_bands(output: object) -> Iterator[str]:
    """Say which bands do not fit their scores; scores or bands that are missing are not compared."""
    if not isinstance(output, dict):
        return
    for name, bands in KNOWN.items():
        part = output.get(name)
        if not isinstance(part, dict):
            continue
        score, stated = _number(part.get(bands.score)), _level(part.get(bands.band))
        if score is None or stated is None:
            continue
        fitting = bands.levels[sum(score >= cut for cut in bands.cut_offs)]
        if fitting is not stated:
            yield f"{name}: a score of {score:g} is {fitting.label}, but the band says {stated.label}"


def _number(value: Any) -> float | None:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _level(value: object) -> Level | None:
    return _LEVELS.get(value) if isinstance(value, str) else None
