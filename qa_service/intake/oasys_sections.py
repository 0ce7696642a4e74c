"""What each OASys section is called, and its answers under the names of the extract and ARNS (FORMATS 1)."""

import re
from collections.abc import Mapping
from typing import Any

from qa_service.intake.fields import RefusedFieldError, text_of

UNKNOWN = "unknown section"
KNOWN_SECTIONS = (
    "Send sectionroshsumm, asssumm, sectionroshfull, sectionriskindiv, section1, section6, offence, rmp, "
    "crimneeds, allrisk or riskscrass."
)
WITH_LEVELS = {"sectionroshsumm", "asssumm"}

# The first section of which an assessment has a field is the one it is.
_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("asssumm", ("weightedScores", "furtherInformation", "ogpOvp")),
    ("allrisk", ("OGP", "OVP", "OGRS", "RSR", "OSP", "newActuarialPredictors")),
    ("crimneeds", ("acc", "eTE", "rel", "think", "att")),
    ("rmp", ("keyInformationCurrentSituation", "monitoringAndControl", "victimSafetyPlanning")),
    ("offence", ("offenceDetails", "patternOfOffending", "victimDetails", "evidencedMotivations")),
    ("section6", ("relCloseFamily", "prevOrCurrentDomesticAbuse", "SARA", "relIssuesDetails")),
    ("section1", ("dateOfCurrentConviction", "totOfSanctions", "dateOfFirstSanction")),
    ("sectionriskindiv", ("concernsRiskOfSuicide", "concernsRiskOfSelfHarm", "concernsVulnerability")),
    ("sectionroshfull", ("currentOffenceDetails", "currentWhyDone", "currentConcernsEscape")),
)  # fmt: skip
_LEVEL_FIELD = re.compile(r"risk[A-Za-z]+(?:Community|Custody)")
_ENVELOPE = re.compile(
    r"assessmentPk|.*(?:Date|AssessmentExists)|assessor|assessment(?:Type|Version|Status)|superStatus|dateCompleted"
)

_TEXTS: dict[str, tuple[str, ...]] = {
    "who_is_at_risk": ("whoAtRisk",),
    "nature_of_risk": ("natureOfRisk",),
    "risk_imminence": ("riskGreatest",),
    # A newer form asks R10.4 and R10.5 in other words.
    "risk_increase_factors": ("factorsLikelyToIncreaseRisk", "factorsSituationsLikelyToOffend"),
    "risk_mitigation_factors": ("factorsLikelyToReduceRisk", "factorsStrengthsAndProtective"),
    "analysis_of_risk_factors": ("factorsAnalysisOfRisk",),
    "rmp_key_information": ("keyInformationCurrentSituation",),
    "rmp_further_considerations": ("furtherConsiderationsCurrentSituation",),
    "rmp_supervision": ("supervision",),
    "rmp_monitoring_and_control": ("monitoringAndControl",),
    "rmp_interventions": ("interventionsAndTreatment",),
    "rmp_victim_safety": ("victimSafetyPlanning",),
    "rmp_contingency": ("contingencyPlans",),
}

_SCREENING = {
    "concernsRiskOfSuicide": "R3.1",
    "concernsRiskOfSelfHarm": "R3.2",
    "concernsCopingInCustody": "R3.3",
    "concernsVulnerability": "R3.4",
    "currentConcernsEscape": "R4.1",
    "currentConcernsDisruptive": "R4.2",
    "currentConcernsBreachOfTrust": "R4.3",
}
_RESPONSES = {
    "YES": "YES",
    "Y": "YES",
    "NO": "NO",
    "N": "NO",
    "DK": "DK",
    "DON'T KNOW": "DK",
    "NA": "NA",
    "N/A": "NA",
}

_NEEDS = {
    "acc": "ACCOMMODATION", "eTE": "EDUCATION_TRAINING_AND_EMPLOYABILITY", "rel": "RELATIONSHIPS",
    "lifestyle": "LIFESTYLE_AND_ASSOCIATES", "drug": "DRUG_MISUSE", "alcohol": "ALCOHOL_MISUSE",
    "think": "THINKING_AND_BEHAVIOUR", "att": "ATTITUDES",
}  # fmt: skip
_WEIGHTED = {
    "accommodation": "acc", "ete": "eTE", "relationships": "rel", "lifestyle": "lifestyle", "drug": "drug",
    "alcohol": "alcohol", "thinking": "think", "attitudes": "att",
}  # fmt: skip

# ORDS name -> ARNS part and name (first generation).
_PREDICTORS = {
    ("OGRS", "ogrs31Year"): ("groupReconvictionScore", "oneYear"),
    ("OGRS", "ogrs32Year"): ("groupReconvictionScore", "twoYears"),
    ("OGRS", "ogrs3RiskRecon"): ("groupReconvictionScore", "scoreLevel"),
    ("OVP", "ovp1Year"): ("violencePredictorScore", "oneYear"),
    ("OVP", "ovp2Year"): ("violencePredictorScore", "twoYears"),
    ("OVP", "ovpRisk"): ("violencePredictorScore", "ovpRisk"),
    ("OGP", "ogp1Year"): ("generalPredictorScore", "ogp1Year"),
    ("OGP", "ogp2Year"): ("generalPredictorScore", "ogp2Year"),
    ("OGP", "ogpRisk"): ("generalPredictorScore", "ogpRisk"),
    ("RSR", "rsrPercentageScore"): ("riskOfSeriousRecidivismScore", "percentageScore"),
    ("RSR", "scoreLevel"): ("riskOfSeriousRecidivismScore", "scoreLevel"),
    ("RSR", "rsrStaticOrDynamic"): ("riskOfSeriousRecidivismScore", "staticOrDynamic"),
    ("RSR", "rsrAlgorithmVersion"): ("riskOfSeriousRecidivismScore", "algorithmVersion"),
    ("OSP", "ospContactPercentageScore"): ("sexualPredictorScore", "ospContactPercentageScore"),
    ("OSP", "ospContactScoreLevel"): ("sexualPredictorScore", "ospContactScoreLevel"),
    ("OSP", "ospImagePercentageScore"): ("sexualPredictorScore", "ospIndecentPercentageScore"),
    ("OSP", "ospImageScoreLevel"): ("sexualPredictorScore", "ospIndecentScoreLevel"),
}


def section_of(item: Mapping[str, Any]) -> str:
    """Tell which section an assessment was taken from."""
    marked = next((name for name, marks in _MARKS if any(mark in item for mark in marks)), UNKNOWN)
    has_levels = any(_LEVEL_FIELD.fullmatch(name) for name in item)
    return "sectionroshsumm" if has_levels and marked not in WITH_LEVELS else marked


def texts_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the free text of R10 and of the risk management plan, by the extract's names."""
    found = {}
    for name, fields in _TEXTS.items():
        written = next((text for field in fields if (text := text_of(item.get(field)))), None)
        if written:
            found[name] = written.replace("\r\n", "\n").replace("\r", "\n")
    return found


def details_of(section: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a section adds to an assessment; sections without a name of ours keep OASys's."""
    details: dict[str, Any] = {}
    screening = {
        question: _response(field, item[field]) for field, question in _SCREENING.items() if item.get(field)
    }
    if screening and section != "sectionroshfull":
        details["screening"] = screening
    if needs := _needs_of(item):
        details["needs"] = needs
    if output := _predictors_of(item):
        details["predictors"] = {"outputVersion": "1", "output": output}
    if section == "sectionroshfull":
        details["full_analysis"] = _answers(item)
        details["has_full_analysis"] = True
    elif section in {"section1", "section6", "offence"}:
        details[section] = _answers(item)
    return details


def _answers(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in item.items() if value not in (None, "") and not _ENVELOPE.fullmatch(key)
    }


def _response(field: str, value: object) -> str:
    word = (text_of(value) or "").upper().replace("\u2019", "'")
    if word not in _RESPONSES:
        raise RefusedFieldError(field, f"{word[:60]!r} is not an answer", "Use Yes, No, Don't know or N/A.")
    return _RESPONSES[word]


def _needs_of(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    needs = []
    weighted = item.get("weightedScores")
    scores = {
        ours: weighted.get(f"{theirs}WeightedScore") for theirs, ours in _WEIGHTED.items()
    } if isinstance(weighted, Mapping) else {}  # fmt: skip
    for key, section in _NEEDS.items():
        part = item.get(key)
        if isinstance(part, Mapping):
            need = {
                "section": section,
                "score": part.get(f"{key}OtherWeightedScore"),
                "linkedToHarm": _yes_no(part.get(f"{key}LinkedToHarm")),
                "linkedToReoffending": _yes_no(part.get(f"{key}LinkedToReoffending")),
            }
            needs.append({name: value for name, value in need.items() if value is not None})
        elif scores.get(key) is not None:
            needs.append({"section": section, "score": scores[key]})
    return needs


def _yes_no(value: object) -> bool | None:
    return {"YES": True, "Y": True, "NO": False, "N": False}.get((text_of(value) or "").upper())


def _predictors_of(item: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    output: dict[str, dict[str, Any]] = {}
    for (part, field), (group, name) in _PREDICTORS.items():
        held = item.get(part)
        value = held.get(field) if isinstance(held, Mapping) else None
        if value is not None:
            is_band = "evel" in name and isinstance(value, str)
            output.setdefault(group, {})[name] = value.upper().replace(" ", "_") if is_band else value
    return output
