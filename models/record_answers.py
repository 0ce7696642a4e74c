"""From one assessment's own answers to columns: predictors, needs, screening, writing."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

#: Names of both generations (hmpps-assess-risks-and-needs, 2026-07): part, score, band.
PREDICTORS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "general": (
        ("groupReconvictionScore", "twoYears", "scoreLevel"),
        ("allReoffendingPredictor", "score", "band"),
    ),
    "violent": (
        ("violencePredictorScore", "twoYears", "ovpRisk"),
        ("violentReoffendingPredictor", "score", "band"),
    ),
    "serious_violent": (("seriousViolentReoffendingPredictor", "score", "band"),),
    "serious_recidivism": (
        ("riskOfSeriousRecidivismScore", "percentageScore", "scoreLevel"),
        ("combinedSeriousReoffendingPredictor", "score", "band"),
    ),
    "sexual_contact": (
        ("sexualPredictorScore", "", "ospDirectContactScoreLevel"),
        ("sexualPredictorScore", "", "ospContactScoreLevel"),
        ("directContactSexualReoffendingPredictor", "", "band"),
    ),
    "sexual_images": (
        ("sexualPredictorScore", "", "ospIndirectImageScoreLevel"),
        ("sexualPredictorScore", "", "ospImageScoreLevel"),
        ("indirectImageContactSexualReoffendingPredictor", "", "band"),
    ),
}
BANDS_FROM_PCT = {
    # hmpps-arns-risk-actuarial-api, 2026-08-04: lower limits of medium, high and very high.
    "general": (50.0, 75.0, 90.0),
    "violent": (30.0, 60.0, 80.0),
    "serious_violent": (1.0, 3.0, 6.9),
    "serious_recidivism": (1.0, 3.0, 6.9),
}
BAND_CODES = {
    "LOW": 0.0,
    "L": 0.0,
    "MEDIUM": 1.0,
    "M": 1.0,
    "HIGH": 2.0,
    "H": 2.0,
    "VERY_HIGH": 3.0,
    "V": 3.0,
}
NEEDS = {
    "ACCOMMODATION": "accommodation",
    "EDUCATION_TRAINING_AND_EMPLOYABILITY": "employment",
    "RELATIONSHIPS": "relationships",
    "LIFESTYLE_AND_ASSOCIATES": "lifestyle",
    "DRUG_MISUSE": "drugs",
    "ALCOHOL_MISUSE": "alcohol",
    "THINKING_AND_BEHAVIOUR": "thinking",
    "ATTITUDES": "attitudes",
}
R10 = (
    "who_is_at_risk",
    "nature_of_risk",
    "risk_imminence",
    "risk_increase_factors",
    "risk_mitigation_factors",
    "analysis_of_risk_factors",
)
_SPECIFIC = re.compile(r"(?<=[^.!?]\s)[A-Z][a-z]+|\b\d[\d/.]*\b")


def columns_from_answers(assessments: pd.DataFrame) -> pd.DataFrame:
    """Read the answers of each assessment.

    Parameters
    ----------
    assessments : DataFrame
        Assessments in the shape of the extract; answers as JSON text.

    Returns
    -------
    DataFrame
        Columns of the contract that come from the assessment alone, with the same index.
    """
    answers = [
        {**_predictors(_read(predictors)), **_needs(_read(needs)), **_screening(_read(screening))}
        for predictors, needs, screening in zip(
            assessments["predictors"], assessments["needs"], assessments["screening"], strict=True
        )
    ]
    table = pd.DataFrame(answers, index=assessments.index)
    table["n_previous_sanctions"] = assessments["n_previous_sanctions"].astype("Float64").astype(float)
    table["n_violent_sanctions"] = assessments["n_violent_sanctions"].astype("Float64").astype(float)
    table["has_full_analysis"] = assessments["has_full_analysis"].astype(float)
    has_triggers = (table["n_harm_triggers"] > 0) | (table["n_order_triggers"] > 0)
    table["has_triggers_without_analysis"] = (has_triggers & (table["has_full_analysis"] == 0)).astype(float)
    return table.join(_writing(assessments))


def risk_text(assessments: pd.DataFrame) -> pd.Series:
    """Join the sections of R10, and nothing for those left empty."""
    return joined(assessments, R10)


def joined(table: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Join columns of text by a space, row by row."""
    written = zip(*(table[name].fillna("").tolist() for name in names), strict=True)
    return pd.Series([" ".join(row).strip() for row in written], index=table.index, dtype="str")


def _writing(assessments: pd.DataFrame) -> pd.DataFrame:
    text = risk_text(assessments)
    n_words = text.map(_n_words)
    n_specific = text.map(lambda words: len(_SPECIFIC.findall(words)))
    table = pd.DataFrame({"n_words": n_words.astype(float)}, index=assessments.index)
    table["specific_word_rate"] = (n_specific / n_words.where(n_words > 0)).clip(upper=1)
    for name, source in (("victim_safety", "rmp_victim_safety"), ("contingency", "rmp_contingency")):
        table[f"n_words_{name}"] = assessments[source].fillna("").map(_n_words).astype(float)
    return table


def _read(written: object) -> Any:  # noqa: ANN401 - whatever JSON says
    """Parse answers only where they are read: kept parsed, every garbage collection would walk thousands."""
    return json.loads(written) if isinstance(written, str) else None


def _predictors(found: Mapping[str, Any] | None) -> dict[str, float]:
    output = (found or {}).get("output") or {}
    values: dict[str, float] = {}
    for name, places in PREDICTORS.items():
        pct, band = np.nan, np.nan
        for part, score, level in places:
            answers = output.get(part) or {}
            pct = float(answers[score]) if answers.get(score) is not None else pct
            band = BAND_CODES.get(str(answers.get(level)).upper().replace(" ", "_"), band)
        if name in BANDS_FROM_PCT:
            values[f"{name}_predictor_pct"] = pct
            if np.isnan(band) and not np.isnan(pct):
                band = float(np.searchsorted(BANDS_FROM_PCT[name], pct, side="right"))
        values[f"{name}_predictor_band"] = band
    return values


def _needs(found: list[Mapping[str, Any]] | None) -> dict[str, float]:
    values = {
        f"need_{name}_{part}": np.nan for name in NEEDS.values() for part in ("score", "linked_to_harm")
    }
    for need in found or []:
        name = NEEDS.get(str(need.get("section")))
        if name:
            values[f"need_{name}_score"] = _number(need.get("score"))
            values[f"need_{name}_linked_to_harm"] = _number(need.get("linkedToHarm"))
    return values


def _screening(found: Mapping[str, str] | None) -> dict[str, float]:
    if found is None:
        found = {}
        missing = np.nan
    else:
        missing = 0.0
    yes = {question for question, answer in found.items() if str(answer).upper() == "YES"}

    def count(*prefixes: str) -> float:
        return missing + len([question for question in yes if question.startswith(prefixes)])

    return {
        "n_harm_triggers": count("R1.2.", "R1.3."),
        "n_order_triggers": count("R1.4."),
        "screened_domestic_abuse": missing + ("R1.3.2" in yes),
        "screened_previously_high": missing + ("R1.3.7" in yes),
        "child_identified": missing + bool(count("R2.") > 0),
        "custody_concern": missing + bool({"R4.2", "R4.4"} & yes),
    }


def _n_words(text: str) -> int:
    return len(text.split())


def _number(value: object) -> float:
    return np.nan if value is None else float(str(int(value)) if isinstance(value, bool) else str(value))
