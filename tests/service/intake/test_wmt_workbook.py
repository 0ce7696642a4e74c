"""The WMT extract workbook: officers, teams, PDUs, regions, and points recomputed from counts by tier."""

import openpyxl
import pytest

from qa_service.intake.entries import Reading, WorkloadEntry
from qa_service.intake.wmt import read_workbook
from qa_service.policy.numbers import load_policy

HEADINGS = (
    "Region_Desc", "Region_Code", "PDU_Desc", "PDU_Code", "Team_Desc", "Team_Code", "OM_Surname", "OM_Forename",
    "OM_Key", "OM_Grade_Code", "CommTier0", "CommTierB2", "CustTierC1", "LicenceTierA3", "CommTierB2S", "Datestamp",
    "V-CRN_Count",
)  # fmt: skip
OFFICER = (
    "London", "N07", "Test PDU", "LDNTST", "Team 1", "N07T01", "Doe", "Jane", "N07A001", "NPSM", 2, 3, 1, None, 4,
    "2026-10-27T00:30:00", 10,
)  # fmt: skip


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook with one tab of officers; rows are changes of one officer's row."""

    def workbook(*changes, headings=HEADINGS, tab="WMT_Extract"):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = tab
        sheet.append(headings)
        for change in changes:
            sheet.append([change.get(heading, cell) for heading, cell in zip(HEADINGS, OFFICER, strict=True)])
        path = tmp_path / "book"
        book.save(path)
        return path

    return workbook


def _read(path):
    reading = Reading("book")
    read_workbook(path, reading, load_policy().workload)
    return reading


def test_the_real_workbook_gives_its_six_officers_their_teams_and_points(load, ask, fixture_files):
    (report,) = load(fixture_files / "wmt_PS_extract.xlsx")

    assert (report.format_name, report.n_refused) == ("WMT extract workbook", 0)
    # By hand: A3 206 + 3 x B2 115 + C2 63 + D0 29; transition to adulthood counts at custody's B2 48;
    # custody 9 A2 + A3 + 23 B1 + 114 B2 + 7 B3 + 2 C1 + 21 C2 + C3 + 3 D1 + 2 D2.
    assert ask("SELECT staff_code, total_points, n_cases FROM weekly_workload ORDER BY 1") == [
        ("GH5NGE3", 8228, 183),
        ("GH5NGE4", 8228, 183),
        ("GHE3BG7", 48, 1),
        ("GHE3BG8", 48, 1),
        ("N53ICDE", 643, 6),
        ("N53ITGB", 63, 2),
    ]
    # A blank grade is WMT's dummy, which holds no hours.
    assert ask("SELECT staff_code, grade, contracted_hours FROM posting WHERE grade = 'DMY' ORDER BY 1") == [
        ("GH5NGE3", "DMY", 0),
        ("N53ITGB", "DMY", 0),
    ]
    assert ask("SELECT code, region_code FROM pdu ORDER BY 1") == [("N53ALL", "N53"), ("N53DRBY", "N53")]
    assert {finding.kind for finding in report.findings} == {"hours_assumed"}


def test_the_real_workbook_twice_changes_nothing(load, ask, fixture_files, loaded_area):
    load(fixture_files / "wmt_PS_extract.xlsx")
    before = ask("SELECT count(*) FROM posting")

    (again,) = load(fixture_files / "wmt_PS_extract.xlsx")

    assert again.n_changed == 0
    assert ask("SELECT count(*) FROM posting") == before


def test_points_come_from_counts_by_tier_without_untiered_and_suspended_cases(workbook):
    (week,) = [entry for entry in _read(workbook({})).entries if isinstance(entry, WorkloadEntry)]

    # 3 x 115 community B2 + 23 custody C1; two untiered and four suspended count nothing.
    assert (week.total_points, week.n_cases) == (3 * 115 + 23, 10)


def test_an_officer_whom_the_extract_knows_keeps_person_and_hours(load, ask, loaded_area, workbook):
    (report,) = load(workbook({"OM_Forename": "Other", "Datestamp": "2026-10-28T00:30:00"}))

    assert report.n_refused == 0
    assert ask(
        "SELECT p.person_key, p.name, contracted_hours FROM person p JOIN staff_code c ON c.person_id = p.id"
        " JOIN posting o ON o.staff_code = c.code WHERE c.code = 'N07A001'"
    ) == [("P1", "Officer 1", 37)]
    assert ask("SELECT total_points, available_points FROM weekly_workload WHERE staff_code = 'N07A001'") == [
        (368, 2176)
    ]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"OM_Grade_Code": "XYZ"}, "OM_Grade_Code"),
        ({"CommTierB2": -1}, "commtierb2"),
        ({"CommTierB2": "many"}, "commtierb2"),
        ({"CommTierB2": 1.5}, "commtierb2"),
        ({"Datestamp": None}, "Datestamp"),
        ({"Datestamp": "31/02/2026"}, "Datestamp"),
        ({"Team_Code": None}, "team_code"),
        ({"OM_Key": "=cmd|' /C calc'!A0"}, "om_key"),
        ({"OM_Surname": None, "OM_Forename": " "}, "OM_Surname"),
        ({"Region_Code": None, "PDU_Code": None, "Team_Code": None, "OM_Key": None}, "OM_Key"),
    ],
)
def test_a_bad_row_is_refused_with_sheet_row_and_column_and_the_next_one_is_read(workbook, change, column):
    reading = _read(workbook(change, {"OM_Key": "N07A002"}))

    assert [(r.place, r.row, r.column) for r in reading.refusals] == [("WMT_Extract", 2, column)]
    assert [entry.staff_code for entry in reading.entries if isinstance(entry, WorkloadEntry)] == ["N07A002"]


def test_a_second_row_of_the_same_officer_and_team_is_refused(workbook):
    reading = _read(workbook({}, {"CommTierB2": 9}))

    assert [(r.row, r.column) for r in reading.refusals] == [(3, "OM_Key")]


def test_padding_is_passed_over_and_suspended_cases_of_nobody_are_told(workbook):
    nobody = dict.fromkeys(HEADINGS)

    reading = _read(workbook({}, nobody, nobody | {"CommTierB2S": 2}))

    assert reading.refusals == []
    assert any("1 rows name no officer" in note for note in reading.notes)


@pytest.mark.parametrize(
    "headings",
    [
        tuple(heading if heading != "OM_Key" else "Officer" for heading in HEADINGS),
        tuple(heading if heading != "PDU_Desc" else "OM_Key" for heading in HEADINGS),
    ],
    ids=["a column is missing", "a column comes twice"],
)
def test_a_tab_with_other_headings_is_refused_as_a_whole(workbook, headings):
    reading = _read(workbook({}, headings=headings))

    assert [(r.row, r.column) for r in reading.refusals] == [(1, "om_key")]
    assert reading.entries == []
