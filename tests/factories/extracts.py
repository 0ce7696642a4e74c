"""Small extracts to load: one area with officers and cases, as text cells that a test may spoil."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from qa_service.extract.catalogue import TABLES
from qa_service.extract.manifest import write_manifest

MADE_AT = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
Rows = list[dict[str, str]]

LOW_GRID = {f"community_{group}": "LOW" for group in ("children", "public", "known_adult", "staff")}


def an_officer(number: int, *, team="N07T01", grade="PO", hours="37.0") -> dict[str, dict[str, str]]:
    code = f"N07A{number:03}"
    return {
        "people": {"person_key": f"P{number}", "name": f"Officer {number}", "is_sex_offence_trained": "true"},
        "staff_codes": {
            "staff_code": code,
            "person_key": f"P{number}",
            "region_code": "N07",
            "from_on": "2024-01-01",
        },
        "postings": {
            "staff_code": code,
            "team_code": team,
            "grade": grade,
            "contracted_hours": hours,
            "from_on": "2024-01-01",
        },
        "weekly_workload": {
            "staff_code": code,
            "team_code": team,
            "week_on": "2026-10-26",
            "total_points": "2000",
            "available_points": "2176",
            "n_cases": "35",
        },
    }


def a_case(crn: str, *, staff_code="N07A001", team="N07T01", **changes: str) -> dict[str, dict[str, str]]:
    case = {
        "case_key": f"K{crn}",
        "crn": crn,
        "name": f"Person {crn}",
        "is_limited_access": "false",
        "tier_version": "2",
        "tier": "C2",
        "case_type": "COMMUNITY",
        "is_t2a": "false",
        "contact_status": "ACTIVE",
        "is_sexual_offence": "false",
        "started_on": "2025-06-01",
        "has_restriction": "false",
        "has_exclusion": "false",
    }
    held = {"crn": crn, "staff_code": staff_code, "team_code": team, "from_on": "2025-06-01"}
    return {"cases": case | changes, "case_assignments": held}


def an_assessment(number: int, crn: str, **changes: str) -> dict[str, dict[str, str]]:
    row = {
        "assessment_id": str(number),
        "crn": crn,
        "assessment_type": "LAYER3",
        "assessment_version": "1",
        "status": "COMPLETE",
        "initiated_at": "2026-01-05T09:00:00Z",
        "completed_at": "2026-01-12T09:00:00Z",
        "has_full_analysis": "true",
        **LOW_GRID,
        "community_public": "MEDIUM",
        "overall_stated": "MEDIUM",
    }
    return {"assessments": row | changes}


def an_item(number: int, crn: str, **changes: str) -> dict[str, dict[str, str]]:
    row = {
        "item_id": f"I{number}",
        "crn": crn,
        "kind": "CONTACT",
        "happened_on": "2026-02-01",
        "recorded_at": "2026-02-01T15:00:00Z",
        "source": "contact log",
        "title": "Office visit",
        "text": "Attended.",
        "calls_for_review": "false",
    }
    return {"case_pack_items": row | changes}


def an_area() -> dict[str, Rows]:
    """Region, PDU and two teams, three officers, four cases with an assessment and an item each."""
    tables: dict[str, Rows] = {
        "regions": [{"region_code": "N07", "name": "London"}],
        "pdus": [{"pdu_code": "LDNTST", "name": "Test PDU", "region_code": "N07"}],
        "teams": [{"team_code": f"N07T0{n}", "name": f"Team {n}", "pdu_code": "LDNTST"} for n in (1, 2)],
        "posts": [
            {
                "post_code": "SPO-N07T01",
                "title": "SPO, Team 1",
                "kind": "SPO",
                "team_code": "N07T01",
                "holder_person_key": "P3",
                "from_on": "2024-01-01",
            }
        ],
    }
    for number in (1, 2, 3):
        add(tables, an_officer(number, grade="SPO" if number == 3 else "PO"))
    for number, crn in enumerate(("X100001", "X100002", "X100003", "X100004"), 1):
        add(tables, a_case(crn, staff_code="N07A001" if number < 3 else "N07A002"))
        add(tables, an_assessment(number, crn))
        add(tables, an_item(number, crn))
    return tables


def add(tables: dict[str, Rows], more: dict[str, dict[str, str]]) -> None:
    for name, row in more.items():
        tables.setdefault(name, []).append(row)


def write_extract(folder: Path, tables: dict[str, Rows]) -> Path:
    """Write tables as CSV, every column of each, with a manifest beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    n_rows = {}
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        write_rows(path, name, rows)
        n_rows[path] = len(rows)
    write_manifest(folder, area="Test", made_at=MADE_AT, n_rows=n_rows, is_synthetic=True)
    return folder


def write_rows(path: Path, table: str, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in TABLES[table].columns], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def an_area_for_the_real_formats() -> dict[str, Rows]:
    """The regions, teams, officer and cases that the files of qa_service/demo/real_formats speak of."""
    tables = an_area()
    for name in ("assessments", "case_pack_items"):
        tables.pop(name)
    tables["regions"] += [
        {"region_code": "N03", "name": "Wales"},
        {"region_code": "N50", "name": "Greater Manchester"},
        {"region_code": "N54", "name": "North East"},
    ]
    tables["pdus"].append({"pdu_code": "N03TST", "name": "Welsh test PDU", "region_code": "N03"})
    tables["teams"] += [
        {"team_code": "N07AAT", "name": "Automated Allocation Team", "pdu_code": "LDNTST"},
        {"team_code": "N03F01", "name": "Wrexham", "pdu_code": "N03TST"},
    ]
    for crn in ("X123456", "X000001", "D006296", "J678910"):
        add(tables, a_case(crn))
    return tables
