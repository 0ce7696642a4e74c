"""Read ARNS answers: risks and widget make an assessment, needs and predictors add to one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qa_service.intake.entries import AssessmentEntry, CaseEntry, Order, Reading
from qa_service.intake.fields import RefusedFieldError, illegible, read_crn, read_moment, text_of
from qa_service.intake.levels import GridReading, read_flat, read_level, read_maps
from qa_service.intake.reports import Finding

SOURCE = "ARNS"
_TEXTS = {
    "whoIsAtRisk": "who_is_at_risk",
    "natureOfRisk": "nature_of_risk",
    "riskImminence": "risk_imminence",
    "riskIncreaseFactors": "risk_increase_factors",
    "riskMitigationFactors": "risk_mitigation_factors",
    "analysisOfRiskFactors": "analysis_of_risk_factors",
}
_PREDICTOR_PARTS = {
    "groupReconvictionScore", "violencePredictorScore", "generalPredictorScore",
    "riskOfSeriousRecidivismScore", "sexualPredictorScore", "allReoffendingPredictor",
    "violentReoffendingPredictor",
    "seriousViolentReoffendingPredictor", "directContactSexualReoffendingPredictor",
    "indirectImageContactSexualReoffendingPredictor", "combinedSeriousReoffendingPredictor",
}  # fmt: skip
_NO_CRN = (
    "This answer does not hold its CRN. Send it in a wiremock bundle whose address names the CRN, or add "
    '"crn" at the top of the object.'
)


def reads_risk(document: Mapping[str, Any]) -> bool:
    """Tell a risks answer, a widget or recall's flat form."""
    summary = document.get("summary")
    return (
        "riskInCommunity" in document
        or "riskInCustody" in document
        or "overallRisk" in document
        or (isinstance(summary, Mapping) and ("riskInCommunity" in summary or "overallRiskLevel" in summary))
        or any(key in document for key in ("riskToSelf", "riskToKnownAdult", "overallRiskLevel"))
    )


def reads_predictors(document: object) -> bool:
    """Tell one entry of a predictor history, of either generation."""
    if not isinstance(document, Mapping):
        return False
    return "outputVersion" in document or not _PREDICTOR_PARTS.isdisjoint(document)


def crn_of(document: object, crn: str | None) -> str:
    """Return the CRN that the object or its address names.

    Raises
    ------
    RefusedFieldError
        Neither does.
    """
    told = text_of(document.get("crn")) if isinstance(document, Mapping) else None
    if told is None and crn is None:
        raise RefusedFieldError("crn", "the person is not named", _NO_CRN)
    return read_crn(told or crn, "crn")


def read_risk(document: Mapping[str, Any], reading: Reading, *, place: str, crn: str | None) -> None:
    """Read the levels, the R10 text and the risks to self of the latest assessment."""
    if illegible(document):
        raise RefusedFieldError("", "holds characters that are not text", "Save the file as UTF-8.")
    summary = document.get("summary")
    summary = summary if isinstance(summary, Mapping) else {}
    levels = GridReading()
    for half in (document, summary):
        read_maps(half, levels)
        read_flat({key: value for key, value in half.items() if key.startswith("riskTo")}, levels)
    stated = [
        read_level(half.get(name), name)
        for half in (document, summary)
        for name in ("overallRisk", "overallRiskLevel")
    ]
    number = crn_of(document, crn)
    if levels.overall is None:
        if any(stated):
            next_step = "Send the levels by group: the overall level is always recomputed from them."
            raise RefusedFieldError(
                "overallRisk", "an overall level is stated, but no group has one", next_step
            )
        reading.notes.append(f"{place}: ARNS has no assessment in date for {number}, nothing to load.")
        return
    assessed_at = _assessed_at(document)
    entry = AssessmentEntry(
        place=place,
        source=SOURCE,
        crn=number,
        outside_id=f"{number}@{assessed_at:%Y-%m-%dT%H:%M:%SZ}",
        header={"status": "COMPLETE"},  # ARNS answers with complete assessments only (FORMATS 1.1)
        grid=levels.record(),
        overall_stated=next(filter(None, stated), None),
        overall_derived=levels.overall,
        texts={ours: text for theirs, ours in _TEXTS.items() if (text := text_of(summary.get(theirs)))},
        details={
            ours: document[theirs]
            for theirs, ours in (("riskToSelf", "risk_to_self"), ("otherRisks", "other_risks"))
            if isinstance(document.get(theirs), Mapping)
        },
        completed_at=assessed_at,
    )
    reading.order = min(reading.order, Order.ASSESSMENTS)
    reading.entries.append(entry)
    reading.findings += [
        Finding("duplicate_group", f"{double}; the higher counts", number, entry.outside_id)
        for double in levels.doubles
    ]


def _assessed_at(document: Mapping[str, Any]) -> datetime:
    assessed_at = read_moment(document.get("assessedOn"), "assessedOn")
    if assessed_at is None:
        next_step = "Send the answer with the date of its assessment."
        raise RefusedFieldError("assessedOn", "the assessment has no date", next_step)
    return assessed_at


def read_predictors(document: Mapping[str, Any], reading: Reading, *, place: str, crn: str | None) -> None:
    """Read one entry of a predictor history, of either generation."""
    output = document.get("output")
    if not isinstance(output, Mapping):
        output = {key: document[key] for key in _PREDICTOR_PARTS if key in document}
    version = text_of(document.get("outputVersion")) or "1"
    if version not in {"1", "2"}:
        next_step = "Send version 1 or 2."
        raise RefusedFieldError("outputVersion", f"{version[:60]!r} is a version not known", next_step)
    completed_at = read_moment(document.get("completedDate"), "completedDate")
    _add_section(
        reading,
        place,
        crn_of(document, crn),
        completed_at,
        {"predictors": {"outputVersion": version, "output": dict(output)}},
    )


def read_needs(document: Mapping[str, Any], reading: Reading, *, place: str, crn: str | None) -> None:
    """Read needs, as one list or as identified, not identified and unanswered."""
    needs = []
    for name in ("needs", "identifiedNeeds", "notIdentifiedNeeds", "unansweredNeeds"):
        for need in document.get(name) or []:
            if isinstance(need, Mapping) and name != "unansweredNeeds":
                kept = {
                    "section": text_of(need.get("section")),
                    "score": need.get("score"),
                    "linkedToHarm": need.get("riskOfHarm"),
                    "linkedToReoffending": need.get("riskOfReoffending"),
                    "severity": need.get("severity") or need.get("needStatus"),
                }
                needs.append({key: value for key, value in kept.items() if value is not None})
    assessed_at = read_moment(document.get("assessedOn"), "assessedOn")
    _add_section(reading, place, crn_of(document, crn), assessed_at, {"needs": needs})


def _add_section(
    reading: Reading, place: str, crn: str, completed_at: datetime | None, details: dict[str, Any]
) -> None:
    if illegible(details):
        raise RefusedFieldError("", "holds characters that are not text", "Save the file as UTF-8.")
    reading.entries.append(
        AssessmentEntry(
            place=place,
            source=SOURCE,
            crn=crn,
            outside_id=None,
            header={},
            grid=None,
            overall_stated=None,
            overall_derived=None,
            details=details,
            completed_at=completed_at,
        )
    )


def read_tier(document: Mapping[str, Any], reading: Reading, *, place: str, crn: str | None) -> None:
    """Read a tier as calculated: version 2 (B2) or version 3 (one letter)."""
    tier = tier_of(document.get("tierScore"), "tierScore")
    reading.order = min(reading.order, Order.CASES)
    reading.entries.append(
        CaseEntry(place=place, crn=crn_of(document, crn), tier=tier, tier_version=version_of(tier))
    )


def tier_of(value: object, column: str) -> str | None:
    """Read a tier; it is kept as it is written, because both versions are live."""
    tier = (text_of(value) or "").upper() or None
    if tier is not None and (len(tier) > 20 or not tier.replace("_", "").isalnum()):
        raise RefusedFieldError(column, f"{tier[:60]!r} is not a tier", "Write it as calculated, such as B2.")
    return tier


def version_of(tier: str | None) -> str | None:
    """Tell the version of the tiering by the tier's form."""
    if tier is None:
        return None
    return "2" if len(tier) > 1 and tier[1].isdigit() else "3"
