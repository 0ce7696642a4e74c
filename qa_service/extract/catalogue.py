"""All tables of the extract, in an order in which every reference points to an earlier table."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_service.extract.caseload import CASE_ACCESS, CASE_ASSIGNMENTS, CASES, FORMER_CRNS, REGISTRATIONS
from qa_service.extract.columns import Table
from qa_service.extract.errors import UnknownTableError
from qa_service.extract.organisation import PDUS, POSTS, REGIONS, TEAMS
from qa_service.extract.records import ASSESSMENTS, CASE_PACK_ITEMS
from qa_service.extract.staff import PEOPLE, POSTINGS, REDUCTIONS, STAFF_CODES, WEEKLY_WORKLOAD

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            REGIONS,
            PDUS,
            TEAMS,
            PEOPLE,
            POSTS,
            STAFF_CODES,
            POSTINGS,
            REDUCTIONS,
            WEEKLY_WORKLOAD,
            CASES,
            FORMER_CRNS,
            CASE_ACCESS,
            CASE_ASSIGNMENTS,
            REGISTRATIONS,
            ASSESSMENTS,
            CASE_PACK_ITEMS,
        )
    }
)


def table_named(name: str) -> Table:
    """Find the table a file holds, by the file's name without its ending."""
    try:
        return TABLES[name]
    except KeyError:
        raise UnknownTableError(
            f"{name!r} is not a table of the extract. Name the file after one of: {', '.join(TABLES)}."
        ) from None
