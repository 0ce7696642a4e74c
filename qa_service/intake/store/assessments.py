"""Load an assessment, or add a section to one; what was received before stays, a new copy is added."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from qa_service.cases.tables import Assessment, Registration
from qa_service.core.clock import day_of
from qa_service.intake.entries import AssessmentEntry, Reading
from qa_service.intake.fields import RefusedFieldError
from qa_service.intake.predictors import contradicted_bands
from qa_service.intake.reports import Finding
from qa_service.intake.store.cases import known_case
from rubrics import Level

_CONTENT = (
    "assessment_type", "assessment_version", "status", "purpose", "initiated_at", "completed_at", "signed_at",
    "author_name", "author_staff_code", "practitioner_staff_code", "grid", "overall_stated",
    "overall_derived", "texts", "details",
)  # fmt: skip
_LEVELS_FIRST = "First load the answer that holds its levels: sectionroshsumm, asssumm, risks or widget."
_ROSH_CODES = {level.register_code: level for level in Level}


def load_assessment(session: Session, entry: AssessmentEntry, reading: Reading, at: datetime) -> bool:
    """Load one; the same content again changes nothing, other content of the same id is a newer copy."""
    before = _last_copy(session, entry)
    case_id = _case_of(session, entry, before)
    if entry.is_limited_access and entry.crn is not None:
        known_case(session, entry.crn).is_limited_access = True
    if before is None and entry.grid is not None:
        before_elsewhere = _same_moment(session, case_id, entry)
        if before_elsewhere is not None:
            _compare_sources(entry, before_elsewhere, reading)
            return False
    if before is None and entry.grid is None:
        raise RefusedFieldError(
            "assessmentPk",
            "it adds to an assessment that is not loaded, and holds no levels itself",
            _LEVELS_FIRST,
        )
    content = _merged(before, entry)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    if before is not None and all(getattr(before, column) == content[column] for column in _CONTENT):
        return False
    source = entry.source if before is None else before.source
    outside_id = str(entry.outside_id) if before is None else before.outside_id
    if _is_old_copy(session, source, outside_id, digest):
        return False
    _check(entry, before, content, reading, _register_level(session, case_id, at))
    session.add(
        Assessment(
            case_id=case_id,
            source=source,
            outside_id=outside_id,
            content_digest=digest,
            recorded_at=at,
            **content,
        )
    )
    session.flush()
    return True


def _last_copy(session: Session, entry: AssessmentEntry) -> Assessment | None:
    """Find what is known of it: by the source's id, else by the case and the moment of completion."""
    statement = select(Assessment).order_by(col(Assessment.id).desc()).limit(1)
    if entry.outside_id is not None:
        return session.exec(
            statement.where(Assessment.source == entry.source, Assessment.outside_id == entry.outside_id)
        ).one_or_none()
    if entry.crn is None or entry.completed_at is None:
        return None
    case = known_case(session, entry.crn)
    return session.exec(
        statement.where(Assessment.case_id == case.id, Assessment.completed_at == entry.completed_at)
    ).one_or_none()


def _case_of(session: Session, entry: AssessmentEntry, before: Assessment | None) -> int:
    if entry.crn is None:
        if before is None:
            reason = f"assessment {entry.outside_id} is not loaded, and this section names no person"
            raise RefusedFieldError("assessmentPk", reason, _LEVELS_FIRST)
        return before.case_id
    case = known_case(session, entry.crn)
    assert case.id is not None
    if before is not None and before.case_id != case.id:
        reason = f"assessment {before.outside_id} was loaded for another case than {entry.crn}"
        raise RefusedFieldError("crn", reason, "Ask OASys whose assessment it is.")
    return case.id


def _same_moment(session: Session, case_id: int, entry: AssessmentEntry) -> Assessment | None:
    """Find the same assessment from another source: one person completes one at a moment."""
    if entry.completed_at is None:
        return None
    return session.exec(
        select(Assessment)
        .where(
            Assessment.case_id == case_id,
            Assessment.completed_at == entry.completed_at,
            Assessment.source != entry.source,
        )
        .order_by(col(Assessment.id).desc())
        .limit(1)
    ).one_or_none()


def _compare_sources(entry: AssessmentEntry, known: Assessment, reading: Reading) -> None:
    if entry.grid != known.grid:
        told = f"{entry.source} and {known.source} give different levels; those of {known.source} are kept"
        reading.findings.append(Finding("sources_differ", told, entry.crn, known.outside_id))
    else:
        reading.notes.append(f"{entry.place}: known already from {known.source}, with the same levels.")


def _is_old_copy(session: Session, source: str, outside_id: str, digest: str) -> bool:
    found = session.exec(
        select(Assessment.id).where(
            Assessment.source == source,
            Assessment.outside_id == outside_id,
            Assessment.content_digest == digest,
        )
    ).first()
    return found is not None


def _merged(before: Assessment | None, entry: AssessmentEntry) -> dict[str, Any]:
    """Lay what this answer says over what is known; what it leaves out stays."""
    content: dict[str, Any] = {column: getattr(before, column, None) for column in _CONTENT}
    content |= {"texts": content["texts"] or {}, "details": content["details"] or {}}
    content |= entry.header
    content["status"] = content["status"] or "UNKNOWN"
    if entry.completed_at is not None:
        content["completed_at"] = entry.completed_at
    if entry.grid is not None:
        content["grid"] = entry.grid
        content["overall_derived"] = entry.overall_derived
        content["overall_stated"] = entry.overall_stated or content["overall_stated"]
    content["texts"] = {**content["texts"], **entry.texts}
    content["details"] = _deep(content["details"], entry.details)
    return content


def _deep(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(known)
    for key, value in told.items():
        held = merged.get(key)
        if key == "screening" and isinstance(held, Mapping):
            merged[key] = {**held, **value}
        else:
            merged[key] = value
    return merged


def _check(
    entry: AssessmentEntry,
    before: Assessment | None,
    content: Mapping[str, Any],
    reading: Reading,
    register: Level | None,
) -> None:
    """Find what does not fit together in what is about to be kept."""

    def find(kind: str, detail: str) -> None:
        reading.findings.append(Finding(kind, detail, entry.crn, entry.outside_id))

    derived: Level | None = content["overall_derived"]
    if entry.grid is not None and derived is not None:
        stated: Level | None = content["overall_stated"]
        if stated is not None and stated is not derived:
            find(
                "overall_differs",
                f"The overall level is stated as {stated.value}, but the highest group is {derived.value}",
            )
        if entry.register_level is not None and entry.register_level is not derived:
            find(
                "register_differs",
                f"The groups give {derived.value}, riskToOthers says {entry.register_level.value}",
            )
        if register is not None and register is not derived:
            find(
                "register_differs",
                f"The assessment says {derived.value}, the nDelius register says {register.value}",
            )
        if before is not None and before.grid != entry.grid:
            find("levels_changed", "This copy has other levels than the copy loaded before; both are kept")
    predictors = entry.details.get("predictors")
    if isinstance(predictors, Mapping):
        for odd in contradicted_bands(predictors.get("output")):
            find("band_differs", odd)


def _register_level(session: Session, case_id: int, at: datetime) -> Level | None:
    """Return the level that the RoSH register gives the person today."""
    rows = session.exec(
        select(Registration)
        .where(Registration.case_id == case_id, col(Registration.code).in_(_ROSH_CODES))
        .where(col(Registration.replaced_at).is_(None))
        .order_by(col(Registration.from_on).desc().nulls_last())
    ).all()
    day = day_of(at)
    return next((_ROSH_CODES[row.code] for row in rows if row.to_on is None or row.to_on > day), None)
