"""What the staging tables hold: the columns of the extract, and an assessment's documents made up."""

from collections.abc import Mapping

from qa_service.extract.columns import Kind, Table
from qa_service.extract.records import (
    ASSESSMENTS,
    CASE_PACK_ITEMS,
    COMMUNITY_GROUPS,
    CUSTODY_GROUPS,
    writing,
)

# The large tables, which no other table's merge reads: each is merged as it is staged, piece by piece.
RECORDS = (ASSESSMENTS, CASE_PACK_ITEMS)

ROW, DIGEST = "_row", "_digest"

_TYPES = {
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.INTEGER: "bigint",
    Kind.NUMBER: "double precision",
    Kind.FLAG: "boolean",
    Kind.DATE: "date",
    Kind.MOMENT: "timestamptz",
}

GRID: Mapping[str, tuple[str, ...]] = {"community": COMMUNITY_GROUPS, "custody": CUSTODY_GROUPS}
TEXTS = tuple(column.name for column in writing())
DETAILS = (
    "screening", "has_full_analysis", "full_analysis_reason", "countersigner_staff_code", "countersigned_at",
    "countersignature_comment", "needs", "predictors", "n_previous_sanctions", "n_violent_sanctions",
    "other_answers",
)  # fmt: skip
_LEVELS = tuple(f"{place}_{group}" for place, groups in GRID.items() for group in groups)
# A reference is checked where it is staged, so that column stays.
_IN_DOCUMENTS = {*_LEVELS, *TEXTS, *DETAILS} - {"countersigner_staff_code"}
_DOCUMENTS = {
    "grid": "jsonb",
    "overall_derived": "text",
    "texts": "jsonb",
    "details": "jsonb",
    "has_null_details": "boolean",
}


def staged_columns(table: Table) -> dict[str, str]:
    """Give the columns of a staging table, in order, with their types in the database."""
    is_assessment = table is ASSESSMENTS
    kept = [column for column in table.columns if not (is_assessment and column.name in _IN_DOCUMENTS)]
    return {
        ROW: "bigint",
        **{column.name: _TYPES[column.kind] for column in kept},
        **(_DOCUMENTS if is_assessment else {}),
        DIGEST: "text",
    }
