"""A corpus of bad files and cells: nothing crashes, nothing bad loads silently, nothing good is lost."""

import json
import zipfile

import pytest
from factories.extracts import write_extract, write_rows

from qa_service.core.errors import Invalid
from qa_service.extract.catalogue import TABLES
from qa_service.intake.tables import RunStatus

HEADER = ",".join(column.name for column in TABLES["regions"].columns)


@pytest.fixture
def offer(load, tmp_path):
    def offer(content, name="offered"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (report,) = load(path)
        return report

    return offer


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 2_000,
        b"%PDF-1.7 not a table",
        b"PK\x03\x04 half a zip",
        b"PAR1 half a parquet",
        b'{"assessments": ',
        b"[" * 100_000,
        b"[]",
        b"{}",
        b"null",
        b'{"a": NaN}',
        b'{"tierScore": "B2", "tierScore": "C2"}',
        '{"name": "J\xfcrgen"}'.encode("latin-1"),
        b"name,colour\nx,red\n",
        b"<script>alert(1)</script>",
        b"=cmd|' /C calc'!A0",
    ],
    ids=lambda content: repr(content[:18]),
)
def test_content_of_no_known_format_is_refused_with_the_formats_that_are(offer, ask, content):
    report = offer(content)

    assert report.status is RunStatus.REFUSED
    assert report.n_refused >= 1
    assert report.refusals[0].next_step
    assert ask("SELECT (SELECT count(*) FROM region) + (SELECT count(*) FROM case_record)") == [(0,)]


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}\nN07,London\n".encode(),
        f"{HEADER}\r\nN07,London\r\n".encode(),
        f"{HEADER.upper()}\nN07,London".encode(),
        b"name,region_code\nLondon,N07\n",
        f"{HEADER}\n\nN07,London\n\n".encode(),
        f'{HEADER}\n N07 ,"London"\n'.encode(),
    ],
    ids=["byte-order mark", "CRLF", "capitals", "other order", "blank lines", "spaces"],
)
def test_ways_of_writing_a_table_that_mean_the_same_all_load(offer, ask, content):
    report = offer(content)

    assert report.n_refused == 0
    assert ask("SELECT code, name FROM region") == [("N07", "London")]


@pytest.mark.parametrize(
    "row",
    [
        "N07,Caf\xe9".encode("latin-1"),
        b"N07,Lon\x00don",
        b"N07,London,extra",
        b"N07",
        b"n-seven,London",
        b"N07," + b"x" * 5_000,
        b"=1+1,London",
        b"London,N07",
        b",London",
    ],
    ids=[
        "latin-1",
        "NUL",
        "too many cells",
        "too few",
        "wrong form",
        "huge cell",
        "formula",
        "swapped",
        "empty",
    ],
)
def test_a_bad_row_between_good_ones_is_refused_alone(offer, ask, row):
    report = offer(HEADER.encode() + b"\nN50,Manchester\n" + row + b"\nN54,North East\n")

    assert [(refusal.row, bool(refusal.reason and refusal.next_step)) for refusal in report.refusals] == [
        (3, True)
    ] * len(report.refusals)
    assert report.n_refused == 1
    assert ask("SELECT code FROM region ORDER BY 1") == [("N50",), ("N54",)]


def test_what_looks_like_a_formula_or_a_script_is_kept_as_the_text_it_is(offer, ask):
    offer(f'{HEADER}\nN07,"=cmd|\' /C calc\'!A0"\nN50,<script>alert(1)</script>\nN54,"a ""b"", c\nd"\n')

    assert ask("SELECT name FROM region ORDER BY code") == [
        ("=cmd|' /C calc'!A0",),
        ("<script>alert(1)</script>",),
        ('a "b", c\nd',),
    ]


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("people", "birth_year", "-3"),
        ("people", "birth_year", "1850"),
        ("people", "started_in_service_on", "31/02/2026"),
        ("people", "started_in_service_on", "0206-01-01"),
        ("people", "email", "nobody"),
        ("people", "long_leave_to_on", "2026"),
        ("postings", "contracted_hours", "-7.4"),
        ("postings", "contracted_hours", "NaN"),
        ("postings", "contracted_hours", "1e400"),
        ("postings", "to_on", "2020-01-01"),
        ("postings", "grade", "Boss"),
        ("weekly_workload", "total_points", "-1"),
        ("weekly_workload", "total_points", "12,5"),
        ("weekly_workload", "week_on", "2026-10-27"),
        ("cases", "tier", "Z9"),
        ("cases", "case_type", "PRISON"),
        ("cases", "is_limited_access", "perhaps"),
        ("cases", "crn", "CRN1111"),
        ("cases", "mappa_level", "4"),
        ("assessments", "community_staff", "Med"),
        ("assessments", "needs", "{not json}"),
        ("assessments", "predictors", '{"a": "\\u0000"}'),
        ("assessments", "predictors", '{"a": NaN}'),
        ("assessments", "screening", '"text"'),
        ("assessments", "completed_at", "2026-01-12T09:00:00"),
        ("assessments", "completed_at", "2025-01-12T09:00:00Z"),
        ("assessments", "status", "COMPLETED"),
        ("case_pack_items", "title", "x" * 201),
    ],
)
def test_a_bad_cell_refuses_its_row_with_its_place_and_what_to_do(load, area, tmp_path, table, column, cell):
    area[table][0][column] = cell

    (report,) = load(write_extract(tmp_path / "area", area))

    first = report.refusals[0]
    assert (first.place, first.row, first.column) == (table, 2, column)
    assert (bool(first.reason), bool(first.next_step)) == (True, True)
    assert report.n_accepted > 10


def test_scientific_notation_is_a_number(load, ask, area, tmp_path):
    area["postings"][0]["contracted_hours"] = "1e-05"
    area["postings"][1]["contracted_hours"] = "3.7E1"

    (report,) = load(write_extract(tmp_path / "area", area))

    assert report.n_refused == 0
    assert ask("SELECT contracted_hours::float FROM posting ORDER BY staff_code") == [
        (0.0,),
        (37.0,),
        (37.0,),
    ]


def test_a_missing_column_is_one_message_and_a_double_column_refuses_the_file(load, tmp_path, area):
    folder = write_extract(tmp_path / "area", area)
    lines = (folder / "cases.csv").read_text().replace("case_type", "kind_of_case", 1)
    missing = tmp_path / "missing.csv"
    missing.write_text(lines)
    double = tmp_path / "double.csv"
    double.write_text(f"{HEADER},name\nN07,London,London\n")

    reports = {report.source_name: report for report in load(missing, double)}

    assert [(r.row, r.column) for r in reports["missing.csv"].refusals] == [(1, "case_type")]
    assert any("kind_of_case" in note for note in reports["missing.csv"].notes)
    assert "two columns" in reports["double.csv"].refusals[0].reason


def test_a_table_without_rows_loads_nothing_and_refuses_nothing(load, tmp_path):
    path = write_rows(tmp_path / "empty", "cases", [])

    (report,) = load(path)

    assert (report.n_accepted, report.n_refused) == (0, 0)


def test_a_folder_whose_files_are_not_those_of_its_manifest_is_refused_whole(load, ask, area, tmp_path):
    folder = write_extract(tmp_path / "area", area)
    (folder / "regions.csv").write_text(f"{HEADER}\nN07,Changed\n")

    (report,) = load(folder)

    assert report.status is RunStatus.REFUSED
    assert "not the file that was digested" in report.refusals[0].reason
    assert ask("SELECT count(*) FROM region") == [(0,)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(load, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("regions.csv", b"0" * 80_000_000)

    (report,) = load(path)

    assert report.status is RunStatus.REFUSED
    assert "80,000,000" in report.refusals[0].reason


def test_a_zip_that_reaches_outside_itself_is_refused(load, tmp_path):
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../escaped.csv", "x")

    (report,) = load(path)

    assert report.status is RunStatus.REFUSED
    assert not (tmp_path / "escaped.csv").exists()


def test_one_unknown_file_never_loses_the_others(load, ask, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("hello")
    (tmp_path / "in" / "b.json").write_text(json.dumps({"tierScore": "B2"}))
    (tmp_path / "in" / "c").write_text(f"{HEADER}\nN07,London\n")

    reports = load(tmp_path / "in")

    assert sorted(report.n_refused for report in reports) == [0, 1, 1]
    assert ask("SELECT code FROM region") == [("N07",)]


def test_a_path_that_is_not_there_is_said_so_before_anything_loads(load, ask, tmp_path, area):
    folder = write_extract(tmp_path / "area", area)

    with pytest.raises(Invalid, match="is not there"):
        load(folder, tmp_path / "nowhere")

    assert ask("SELECT count(*) FROM region") == [(0,)]
