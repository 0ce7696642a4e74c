"""Read OASys ORDS answers: the RoSH summary and asssumm make an assessment, other sections add to one."""

from collections.abc import Mapping
from typing import Any

from qa_service.intake import oasys_sections
from qa_service.intake.entries import AssessmentEntry, Order, Reading
from qa_service.intake.fields import RefusedFieldError, illegible, read_crn, read_moment, text_of
from qa_service.intake.levels import GridReading, read_flat, read_level
from qa_service.intake.reports import Finding

SOURCE = "OASYS_ORDS"
_NO_ID = "An OASys section is joined to its assessment by assessmentPk: send the answer with its envelope."


def reads(document: object) -> bool:
    """Tell an OASys ORDS answer by its envelope."""
    return isinstance(document, Mapping) and isinstance(document.get("assessments"), list)


def read(document: Mapping[str, Any], reading: Reading, *, root: str = "$", crn: str | None = None) -> None:
    """Read every assessment of an answer; a bad one never loses the others."""
    items = document["assessments"]
    if not items:
        reading.notes.append(f"{root}.assessments is empty: OASys has no such assessment, nothing to load.")
    for number, item in enumerate(items):
        place = f"{root}.assessments[{number}]"
        with reading.refusing(place):
            _read_item(document, item, reading, place, crn)


def _read_item(
    document: Mapping[str, Any], item: object, reading: Reading, place: str, crn: str | None
) -> None:
    if not isinstance(item, Mapping):
        raise RefusedFieldError("", "is not an assessment", "Send one object for each assessment.")
    if illegible(item):
        raise RefusedFieldError("", "holds characters that are not text", "Save the file as UTF-8.")
    section = oasys_sections.section_of(item)
    reading.format_name = f"OASys ORDS {section}"
    if section == oasys_sections.UNKNOWN:
        raise RefusedFieldError("", "is an OASys section of a kind not known", oasys_sections.KNOWN_SECTIONS)
    inputs = document.get("inputs") if isinstance(document.get("inputs"), Mapping) else {}
    assert isinstance(inputs, Mapping)
    is_only = len(document["assessments"]) == 1
    key = text_of(item.get("assessmentPk")) or (text_of(inputs.get("assessmentPk")) if is_only else None)
    if key is None:
        raise RefusedFieldError("assessmentPk", "the assessment is not named", _NO_ID)
    levels = GridReading()
    if section in oasys_sections.WITH_LEVELS:
        read_flat(item, levels)
        reading.order = min(reading.order, Order.ASSESSMENTS)
        if levels.overall is None:
            next_step = "Send it again once levels are recorded: an assessment without any cannot be checked."
            raise RefusedFieldError("riskPublicCommunity", "no group has a level", next_step)
    entry = AssessmentEntry(
        place=place,
        source=SOURCE,
        crn=_crn_of(document, inputs, crn),
        outside_id=key,
        header=_header(item),
        grid=levels.record() if levels.overall else None,
        overall_stated=read_level(item.get("overallRiskLevel"), "overallRiskLevel"),
        overall_derived=levels.overall,
        register_level=_register_level(item),
        texts=oasys_sections.texts_of(item),
        details=oasys_sections.details_of(section, item),
        completed_at=_completed_at(item),
        is_limited_access=document.get("limitedAccessOffender") is True or None,
    )
    reading.entries.append(entry)
    reading.findings += [
        Finding("duplicate_group", f"{double}; the higher counts", entry.crn, key)
        for double in levels.doubles
    ]


def _crn_of(document: Mapping[str, Any], inputs: Mapping[str, Any], crn: str | None) -> str | None:
    """Return the CRN of an answer; `probNumber` is the newer name of `crn`."""
    told = [value for value in (document.get("probNumber"), document.get("crn")) if text_of(value)]
    if not told and text_of(inputs.get("crn")):
        told = [inputs["crn"]]
    numbers = {read_crn(value, "probNumber") for value in told}
    if len(numbers) > 1:
        next_step = "Ask OASys which of the two is right."
        raise RefusedFieldError("probNumber", f"probNumber and crn differ: {sorted(numbers)}", next_step)
    return numbers.pop() if numbers else crn


def _completed_at(item: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a moment or None
    completed_at = read_moment(item.get("dateCompleted"), "dateCompleted")
    if completed_at is None and text_of(item.get("assessmentStatus")) == "COMPLETE":
        next_step = "Send it with its date, or with the status it really has."
        raise RefusedFieldError(
            "dateCompleted", "a complete assessment says when it was completed", next_step
        )
    return completed_at


def _header(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the assessment that this answer fills; what it leaves out stays as it was."""
    further = item.get("furtherInformation")
    further = further if isinstance(further, Mapping) else {}
    assessor = item.get("assessor")
    name = text_of(assessor.get("name")) if isinstance(assessor, Mapping) else None
    header = {
        "assessment_type": text_of(item.get("assessmentType")),
        "assessment_version": _version(item),
        "status": (text_of(item.get("assessmentStatus")) or "").upper() or None,
        "purpose": text_of(further.get("pOAssessmentDesc")),
        "initiated_at": read_moment(item.get("initiationDate"), "initiationDate"),
        "signed_at": read_moment(item.get("assessorSignedDate"), "assessorSignedDate"),
        "author_name": name or text_of(further.get("assessorName")),
    }
    return {column: value for column, value in header.items() if value is not None}


def _version(item: Mapping[str, Any]) -> str | None:
    indicators = item.get("indicators")
    if isinstance(indicators, Mapping) and text_of(indicators.get("sanIndicator")) in {
        "Y",
        "Yes",
        "true",
        "True",
    }:
        return "2"
    version = text_of(item.get("assessmentVersion"))
    return {"OASYS": "1", "SAN": "2"}.get((version or "").upper(), version)


def _register_level(item: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a level or None
    offender = item.get("offender")
    told = offender.get("riskToOthers") if isinstance(offender, Mapping) else None
    return read_level(told, "offender.riskToOthers")
