"""Predictors of both generations, need scores, and the tier that follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import ACQUISITIVE, DRUGS, ROBBERY
from qa_service.synth.draws import Bools, Floats, Ints, happens
from qa_service.synth.facts import VIOLENT_HISTORY
from qa_service.synth.history import Assessments
from qa_service.synth.json_text import json_object, number, quoted
from qa_service.synth.recipe import Recipe
from qa_service.synth.words import coded, join

BANDS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
# Sections with their highest score and the score from which a need is identified (FORMATS 1.6).
SECTIONS = {
    "ACCOMMODATION": (6, 2),
    "EDUCATION_TRAINING_AND_EMPLOYABILITY": (8, 3),
    "RELATIONSHIPS": (6, 2),
    "LIFESTYLE_AND_ASSOCIATES": (6, 2),
    "DRUG_MISUSE": (10, 2),
    "ALCOHOL_MISUSE": (8, 4),
    "THINKING_AND_BEHAVIOUR": (8, 4),
    "ATTITUDES": (8, 2),
}
RELATIONSHIPS, DRUG_MISUSE = 2, 4
# Band edges in per cent (hmpps-arns-risk-actuarial-api).
ALL_EDGES, VIOLENT_EDGES, SERIOUS_EDGES = (50, 75, 90), (30, 60, 80), (1.0, 3.0, 6.9)
RSR_EDGES = (3.0, 6.9)  # the first generation's score has no very high band


@dataclass(frozen=True)
class Scores:
    """Scores of each case as they stand at its latest assessment; needs have shape (n_cases, 8)."""

    any_pct: Floats
    violent_pct: Floats
    serious_pct: Floats
    needs: Ints
    n_sanctions: Ints
    n_violent: Ints


def draw_scores(caseload: Caseload, recipe: Recipe) -> Scores:
    """Draw scores that lean on the true level and, since officers see them, on the recorded one."""
    rng = recipe.stream(caseload.plan.code, "scores")
    cases = caseload.cases
    n = len(cases)
    lean = 0.40 * cases.true + 0.50 * cases.recorded
    busy = np.isin(cases.families, (ACQUISITIVE, DRUGS, ROBBERY))
    violent = caseload.facts.holds[:, VIOLENT_HISTORY]
    any_pct = 100 / (1 + np.exp(-(rng.normal(-1.1, 1.0, n) + 0.35 * lean + 1.1 * busy)))
    violent_pct = 100 / (1 + np.exp(-(rng.normal(-2.1, 0.8, n) + 0.5 * lean + 0.9 * violent)))
    serious_pct = np.minimum(60, np.exp(rng.normal(-0.6, 0.8, n) + 0.55 * lean + 0.5 * violent))
    highest = np.array([top for top, _ in SECTIONS.values()])
    rate = np.clip(0.11 + 0.07 * lean[:, None] + rng.normal(0, 0.1, (n, 1)), 0.02, 0.85)
    rate = np.repeat(rate, len(SECTIONS), axis=1)
    rate[:, RELATIONSHIPS] += 0.2 * cases.has_domestic_abuse
    rate[:, DRUG_MISUSE] += 0.25 * busy
    n_violent = rng.poisson(0.4 + 0.3 * cases.true + 2.2 * violent)
    return Scores(
        any_pct=any_pct,
        violent_pct=violent_pct,
        serious_pct=serious_pct,
        needs=rng.binomial(highest, np.minimum(rate, 0.9)),
        n_sanctions=n_violent + rng.poisson(3 + 6 * busy),
        n_violent=n_violent,
    )


def tier_places(caseload: Caseload, scores: Scores) -> Ints:
    """Calculate the v2 tier (FORMATS 4) as a place in the points table, A3 first and D0 last."""
    cases = caseload.cases
    rosh = np.array([0, 10, 20, 150])[cases.recorded]
    rsr = np.select([scores.serious_pct >= 7, scores.serious_pct >= 3], [20, 10], 0)
    mappa = np.array([0, 5, 150, 150])[cases.mappa_levels]
    protect = np.maximum(rosh, rsr) + mappa + 2 * cases.has_child
    letter = np.select([protect >= 150, protect >= 20, protect >= 10], [0, 1, 2], 3)
    change = scores.needs.sum(axis=1) + scores.any_pct / 10
    number = np.select([change >= 20, change >= 10], [3, 2], 1)
    places: Ints = letter * 4 + (3 - number)
    return places


def write_scores(
    caseload: Caseload, scores: Scores, assessments: Assessments, recipe: Recipe
) -> dict[str, pa.Array]:
    """Write predictors, needs and sanctions of every assessment; earlier ones differ a little."""
    rng = recipe.stream(caseload.plan.code, "scores-written")
    places = assessments.cases
    n = len(places)
    drift = np.where(assessments.age_rank > 0, rng.normal(1.0, 0.08, n), 1.0)
    pcts = [
        np.clip(pct[places] * drift, 0.1, 99.0).round(2)
        for pct in (scores.any_pct, scores.violent_pct, scores.serious_pct)
    ]
    is_second = happens(rng, recipe.figures.assessments.version_2_predictors_rate, n)
    is_second &= assessments.completed_days > -400
    linked = rng.random((n, len(SECTIONS))) < 0.5
    return {
        "predictors": pa.compute.if_else(pa.array(is_second), _second(pcts), _first(pcts)),
        "needs": _needs(scores.needs[places], linked),
        "n_previous_sanctions": pa.array(scores.n_sanctions[places]),
        "n_violent_sanctions": pa.array(scores.n_violent[places]),
    }


def _needs(needs: Ints, linked: Bools) -> pa.Array:
    pieces: list[pa.Array | str] = []
    for place, (section, (_, threshold)) in enumerate(SECTIONS.items()):
        matters = (needs[:, place] >= threshold) & linked[:, place]
        flag = pa.array(matters).cast(pa.string())
        pieces += [
            ("[" if place == 0 else ",") + f'{{"section":"{section}","score":',
            number(needs[:, place]),
            ',"linkedToHarm":',
            flag,
            ',"linkedToReoffending":',
            pa.array(needs[:, place] >= threshold).cast(pa.string()),
            "}",
        ]
    return join(*pieces, "]", separator="")


def _band(values: Floats, edges: tuple[float, ...]) -> pa.Array:
    return quoted(coded(BANDS, np.searchsorted(np.array(edges), values, side="right")))


def _first(pcts: list[Floats]) -> pa.Array:
    any_pct, violent_pct, serious_pct = pcts
    output = {
        "groupReconvictionScore": {
            "oneYear": number((any_pct * 0.6).round(0)),
            "twoYears": number(any_pct.round(0)),
            "scoreLevel": _band(any_pct, ALL_EDGES),
        },
        "violencePredictorScore": {
            "oneYear": number((violent_pct * 0.6).round(0)),
            "twoYears": number(violent_pct.round(0)),
            "ovpRisk": _band(violent_pct, VIOLENT_EDGES),
        },
        "riskOfSeriousRecidivismScore": {
            "percentageScore": number(serious_pct),
            "staticOrDynamic": pa.scalar('"DYNAMIC"'),
            "scoreLevel": _band(serious_pct, RSR_EDGES),
        },
    }
    return _wrapped("1", {name: json_object(score) for name, score in output.items()})


def _second(pcts: list[Floats]) -> pa.Array:
    any_pct, violent_pct, serious_pct = pcts
    named = {
        "allReoffendingPredictor": (any_pct, ALL_EDGES),
        "violentReoffendingPredictor": (violent_pct, VIOLENT_EDGES),
        "seriousViolentReoffendingPredictor": ((serious_pct * 0.7).round(2), SERIOUS_EDGES),
        "combinedSeriousReoffendingPredictor": (serious_pct, SERIOUS_EDGES),
    }
    output = {
        name: json_object(
            {"staticOrDynamic": pa.scalar('"DYNAMIC"'), "score": number(pct), "band": _band(pct, edges)}
        )
        for name, (pct, edges) in named.items()
    }
    return _wrapped("2", output)


def _wrapped(version: str, output: Mapping[str, pa.Array]) -> pa.Array:
    return json_object({"outputVersion": pa.scalar(f'"{version}"'), "output": json_object(output)})
