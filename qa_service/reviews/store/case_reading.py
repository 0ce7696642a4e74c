"""SQL of what a reader sees: the blind queries name every column they load, and load no level (RULES 1)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Executable, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Session

# Registers of the level itself, of a level for a group, and of what follows from it (FORMATS: Delius).
LEVEL_REGISTERS = ("RLRH", "RMRH", "RHRH", "RVHR", "RCHD", "REG15", "REG16", "REG17", "AV2S", "MAPP")
# Screening answers that tell an earlier level.
LEVEL_SCREENING = ("R1.3.7",)
# Items that exist because of the level: supervision of the officer, MAPPA meetings, countersigning.
_LEVEL_ITEM = (
    "(lower(kind) IN ('supervision', 'countersignature') OR (title || ' ' || source) ~* 'mappa|countersign')"
)

_BLIND_CASE = text(
    "SELECT k.name, n.crn, f.*, p.name AS officer_name"
    " FROM check_record c JOIN case_record k ON k.id = c.case_id JOIN person p ON p.id = c.person_id"
    " CROSS JOIN LATERAL jsonb_to_record(c.case_facts) AS f(case_type text, started_on date,"
    "   released_on date, release_due_on date, ends_on date, next_hearing_on date, contact_status text)"
    " LEFT JOIN case_crn n ON n.case_id = k.id AND n.is_current"
    " WHERE c.id = :check_id ORDER BY n.crn LIMIT 1"
)

_BLIND_ASSESSMENT = text(
    "SELECT a.purpose, a.initiated_at, a.completed_at, a.signed_at, a.texts,"
    " (a.details -> 'screening') - :hidden AS screening,"
    " a.details -> 'has_full_analysis' AS has_full_analysis,"
    " a.details -> 'full_analysis_reason' AS full_analysis_reason,"
    " a.details -> 'needs' AS needs,"
    # The full analysis, R6 to R9; R10.6 and R11 tell the level.
    " (SELECT jsonb_object_agg(part.key, part.value) FROM jsonb_each("
    "   CASE WHEN jsonb_typeof(a.details -> 'other_answers') = 'object'"
    "   THEN a.details -> 'other_answers' END) part WHERE part.key ~ '^R[6-9][.]') AS full_analysis"
    " FROM assessment a WHERE a.id = :assessment_id"
).bindparams(bindparam("hidden", type_=ARRAY(TEXT)))

_EARLIER = text(
    "SELECT e.purpose, e.completed_at, e.texts FROM assessment e JOIN assessment a ON a.id = :assessment_id"
    " WHERE e.case_id = a.case_id AND e.id <> a.id AND e.completed_at < a.completed_at"
    " AND e.recorded_at <= :drawn_at"
    " ORDER BY e.completed_at DESC, e.id DESC LIMIT 1"
)

# The latest assessment, at the draw, of each other person whom the officer of a check then held. Of one whose
# access is limited nobody is told here, whoever may see it.
_OTHERS = text(
    "SELECT DISTINCT ON (e.case_id) e.texts FROM check_record c"
    " JOIN staff_code s ON s.person_id = c.person_id"
    " JOIN case_assignment h ON h.staff_code = s.code AND h.case_id <> c.case_id"
    "   AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)"
    " JOIN case_record k ON k.id = h.case_id AND NOT k.is_limited_access"
    " JOIN assessment e ON e.case_id = h.case_id AND e.completed_at IS NOT NULL"
    "   AND e.recorded_at <= c.drawn_at"
    " WHERE c.id = :check_id ORDER BY e.case_id, e.completed_at DESC, e.id DESC"
)

_PACK = (
    "SELECT kind, happened_on, state, source, title, body FROM case_pack_item"
    " WHERE case_id = :case_id AND id <= :through AND {which}"
    " ORDER BY happened_on, id"  # a digest of the text would tell texts apart that read the same
)
_BLIND_PACK = text(_PACK.format(which=f"NOT {_LEVEL_ITEM}"))
_LEVEL_PACK = text(_PACK.format(which=_LEVEL_ITEM))

# The register as it stood at the draw: what replaced an entry since is not shown.
_REGISTERS = (
    "SELECT code, {words} AS description, from_on, to_on FROM registration"
    " WHERE case_id = :case_id AND recorded_at <= :drawn_at"
    " AND (replaced_at IS NULL OR replaced_at > :drawn_at) AND {which} ORDER BY from_on, code"
)
_BLIND_REGISTERS = text(_REGISTERS.format(words="description", which="code <> ALL (:codes)")).bindparams(
    bindparam("codes", type_=ARRAY(TEXT))
)
_LEVEL_REGISTERS = text(
    _REGISTERS.format(words="concat_ws(' ', description, level)", which="code = ANY (:codes)")
).bindparams(bindparam("codes", type_=ARRAY(TEXT)))

_LEVEL_FACTS = text(
    "SELECT a.grid, a.overall_stated, a.details -> 'predictors' AS predictors,"
    " a.details -> 'screening' -> 'R1.3.7' AS earlier_high,"
    " a.details -> 'countersigner_staff_code' AS countersigner_staff_code,"
    " a.details -> 'countersigned_at' AS countersigned_at,"
    " a.details -> 'countersignature_comment' AS countersignature_comment, a.assessment_type,"
    " f.tier, f.mappa_category, f.mappa_level, c.workload_points, c.available_points,"
    " (SELECT string_agg(DISTINCT p.grade, ', ') FROM posting p JOIN staff_code s ON s.code = p.staff_code"
    "  WHERE s.person_id = c.person_id AND p.from_on <= :day"
    "  AND (p.to_on IS NULL OR p.to_on >= :day)) AS grade"
    " FROM check_record c JOIN assessment a ON a.id = c.assessment_id"
    " CROSS JOIN LATERAL jsonb_to_record(c.case_facts)"
    "   AS f(tier text, mappa_category text, mappa_level text)"
    " WHERE c.id = :check_id"
)

_EARLIER_LEVELS = text(
    "SELECT e.completed_at, e.grid FROM assessment e JOIN assessment a ON a.id = :assessment_id"
    " WHERE e.case_id = a.case_id AND e.id <> a.id AND e.completed_at < a.completed_at"
    " AND e.recorded_at <= :drawn_at"
    " ORDER BY e.completed_at DESC, e.id DESC LIMIT 10"
)

_FLAG = text(
    "SELECT artefact_digest, score_rate, is_flagged, target, reasons FROM approved_flag"
    " WHERE assessment_id = :assessment_id"
)

Rows = Sequence[Row[Any]]


def _all(session: Session, statement: Executable, values: dict[str, object]) -> Rows:
    return session.connection().execute(statement, values).all()


def _one(session: Session, statement: Executable, values: dict[str, object]) -> Row[Any] | None:
    return session.connection().execute(statement, values).one_or_none()


def find_blind_case(session: Session, check_id: int) -> Row[Any]:
    """Find who the case is, who supervises it and its dates."""
    return session.connection().execute(_BLIND_CASE, {"check_id": check_id}).one()


def find_blind_assessment(session: Session, assessment_id: int) -> Row[Any]:
    """Find the words of an assessment, its screening and its dates; no level."""
    values = {"assessment_id": assessment_id, "hidden": list(LEVEL_SCREENING)}
    return session.connection().execute(_BLIND_ASSESSMENT, values).one()


def find_earlier(session: Session, assessment_id: int, drawn_at: object) -> Row[Any] | None:
    """Find the words of the assessment before, if we had it at the draw."""
    return _one(session, _EARLIER, {"assessment_id": assessment_id, "drawn_at": drawn_at})


def list_others_texts(session: Session, check_id: int, day: date) -> Rows:
    """List the words of the assessments of the officer's other people, as they stood at the draw."""
    return _all(session, _OTHERS, {"check_id": check_id, "day": day})


def list_blind_pack(session: Session, case_id: int, through_item_id: int) -> Rows:
    """List the items of a frozen case pack that do not exist because of the level."""
    return _all(session, _BLIND_PACK, {"case_id": case_id, "through": through_item_id})


def list_level_pack(session: Session, case_id: int, through_item_id: int) -> Rows:
    """List the items that stage 3 adds."""
    return _all(session, _LEVEL_PACK, {"case_id": case_id, "through": through_item_id})


def list_blind_registers(session: Session, case_id: int, drawn_at: object) -> Rows:
    """List the registers that tell no level."""
    values = {"case_id": case_id, "drawn_at": drawn_at, "codes": list(LEVEL_REGISTERS)}
    return _all(session, _BLIND_REGISTERS, values)


def list_level_registers(session: Session, case_id: int, drawn_at: object) -> Rows:
    """List the registers that stage 3 adds."""
    values = {"case_id": case_id, "drawn_at": drawn_at, "codes": list(LEVEL_REGISTERS)}
    return _all(session, _LEVEL_REGISTERS, values)


def find_level_facts(session: Session, check_id: int, day: date) -> Row[Any]:
    """Find the officer's levels and what follows from them; stage 3 and later only."""
    return session.connection().execute(_LEVEL_FACTS, {"check_id": check_id, "day": day}).one()


def list_earlier_levels(session: Session, assessment_id: int, drawn_at: object) -> Rows:
    """List the levels of earlier assessments; stage 3 and later only."""
    return _all(session, _EARLIER_LEVELS, {"assessment_id": assessment_id, "drawn_at": drawn_at})


def find_flag(session: Session, assessment_id: int) -> Row[Any] | None:
    """Find the classifier's last score of an assessment; stage 4 only."""
    return _one(session, _FLAG, {"assessment_id": assessment_id})
