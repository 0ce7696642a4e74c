"""The extract of the next night says mostly the same: that is neither written nor locked again."""

from datetime import date

import pytest
from factories.extracts import write_extract

# A row that was locked or updated since it was made has a transaction in xmax, or is another version.
TABLES = (
    "case_record",
    "case_crn",
    "case_assignment",
    "registration",
    "weekly_workload",
    "case_audit_fact",
    "assessment",
)
VERSIONS = " UNION ALL ".join(f"SELECT '{t}', ctid::text, xmin::text, xmax::text FROM {t}" for t in TABLES)


@pytest.fixture
def full_area(area):
    """The area with something in every large table."""
    area["registrations"] = [
        {"crn": "X100001", "code": "RCHD", "level": "RSKM", "start_on": "2025-07-01", "is_active": "true"}
    ]
    area["weekly_workload"] = [
        {
            "staff_code": "N07A001",
            "team_code": "N07T01",
            "week_on": "2026-10-26",
            "total_points": "1200",
            "available_points": "2176",
            "n_cases": "30",
        }
    ]
    area["cases"][0] |= {"sex": "F", "birth_year": "1990"}
    return area


@pytest.fixture
def load_next_night(load, clock, full_area, tmp_path):
    def load_next_night():
        clock.advance(days=1)
        (report,) = load(write_extract(tmp_path / f"{clock.now():%Y%m%d}", full_area))
        assert report.n_refused == 0, report.refusals
        return {one.table: one.n_changed for one in report.tables if one.n_changed}

    return load_next_night


def test_what_is_said_again_is_neither_written_nor_locked(load_next_night, full_area, ask):
    load_next_night()
    before = sorted(ask(VERSIONS))
    full_area["teams"][1]["name"] = "Renamed, so that the file is another one"

    n_changed = load_next_night()

    assert n_changed == {"teams": 1}
    assert {table for table, *_ in before} == set(TABLES)
    assert sorted(ask(VERSIONS)) == before


def test_what_is_said_otherwise_is_changed_and_counted(load_next_night, full_area, ask):
    load_next_night()
    full_area["weekly_workload"][0]["total_points"] = "1300"
    full_area["cases"][0]["sex"] = "M"
    full_area["registrations"][0]["level"] = "RSKH"
    full_area["case_assignments"][1]["to_on"] = "2026-10-30"

    n_changed = load_next_night()

    assert n_changed == {"weekly_workload": 1, "registrations": 1, "case_assignments": 1}
    assert ask("SELECT total_points FROM weekly_workload") == [(1300,)]
    assert ask("SELECT sex FROM case_audit_fact") == [("M",)]
    assert ask("SELECT level FROM registration WHERE replaced_at IS NULL") == [("RSKH",)]
    assert ask("SELECT to_on FROM case_assignment WHERE to_on IS NOT NULL") == [(date(2026, 10, 30),)]


def test_a_holder_whose_last_day_was_a_mistake_holds_the_case_again(load_next_night, full_area, ask):
    full_area["case_assignments"][0]["to_on"] = "2026-10-30"
    load_next_night()
    full_area["case_assignments"][0]["to_on"] = ""

    n_changed = load_next_night()

    assert n_changed == {"case_assignments": 1}
    assert ask("SELECT count(*) FROM case_assignment WHERE to_on IS NULL") == [(4,)]


def test_a_case_told_under_its_former_number_too_is_held_once(load_next_night, full_area, ask):
    former = {"former_crn": "X900001", "crn": "X100001", "merged_on": "2026-10-20"}
    full_area["former_crns"] = [former]
    load_next_night()
    held = {"crn": "X100001", "staff_code": "N07A002", "team_code": "N07T01", "from_on": "2026-10-28"}
    full_area["case_assignments"] += [held, held | {"crn": "X900001"}]
    full_area["case_assignments"][0]["to_on"] = "2026-10-28"

    load_next_night()

    of_the_case = "SELECT staff_code FROM case_assignment JOIN case_crn USING (case_id) WHERE crn = 'X900001'"
    assert ask(of_the_case + " ORDER BY from_on") == [("N07A001",), ("N07A002",)]


def test_two_holders_at_once_under_two_numbers_refuse_one_row_and_not_the_extract(
    load, full_area, ask, tmp_path
):
    full_area["former_crns"] = [{"former_crn": "X900001", "crn": "X100001", "merged_on": "2026-10-20"}]
    load(write_extract(tmp_path / "one", full_area))
    later = {"crn": "X900001", "staff_code": "N07A002", "team_code": "N07T01", "from_on": "2026-10-28"}
    full_area["case_assignments"].append(later)

    (report,) = load(write_extract(tmp_path / "two", full_area))

    assert [(refusal.row, refusal.column) for refusal in report.refusals] == [(2, "to_on")]
    of_the_case = "SELECT staff_code FROM case_assignment JOIN case_crn USING (case_id) WHERE crn = 'X900001'"
    assert ask(of_the_case + " AND to_on IS NULL") == [("N07A002",)]
