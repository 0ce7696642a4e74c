"""How long a text of the extract may be: the width of the column that will hold it."""

from sqlmodel import SQLModel

from qa_service.cases.tables import Assessment, Case, CaseCrn, CaseExclusion, CasePackItem, Registration
from qa_service.estate.tables import Pdu, Person, Post, Reduction, Region, StaffCode, Team

# Extract table -> the table that holds it -> columns whose names differ.
_TARGETS: dict[str, tuple[type[SQLModel], dict[str, str]]] = {
    "regions": (Region, {"region_code": "code"}),
    "pdus": (Pdu, {"pdu_code": "code"}),
    "teams": (Team, {"team_code": "code"}),
    "people": (Person, {}),
    "posts": (Post, {}),
    "staff_codes": (StaffCode, {"staff_code": "code"}),
    "reductions": (Reduction, {}),
    "cases": (Case, {}),
    "former_crns": (CaseCrn, {"former_crn": "crn"}),
    "case_access": (CaseExclusion, {}),
    "registrations": (Registration, {"category": "level"}),
    "assessments": (Assessment, {"assessment_id": "outside_id"}),
    "case_pack_items": (CasePackItem, {}),
}


def longest_text(table: str, column: str) -> int | None:
    """Return the most characters a cell may hold, or None when nothing limits it."""
    if table not in _TARGETS:
        return None
    target, renamed = _TARGETS[table]
    held = SQLModel.metadata.tables[str(target.__tablename__)].columns.get(renamed.get(column, column))
    length: int | None = getattr(held.type, "length", None) if held is not None else None
    return length
