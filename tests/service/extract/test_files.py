"""Files of the extract: what is written comes back, and damaged files keep their good rows."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qa_service.extract import texts
from qa_service.extract.catalogue import TABLES, table_named
from qa_service.extract.errors import ExtractError, ManifestError, UnknownTableError
from qa_service.extract.manifest import read_manifest, write_manifest
from qa_service.extract.texts import read_texts
from qa_service.extract.values import parse
from qa_service.extract.writing import write_table

MADE_AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def columns_of(path: Path) -> dict[str, list[str | None]]:
    gathered: dict[str, list[str | None]] = {}
    for batch in read_texts(path, 2):
        for name, cells in batch.columns.items():
            gathered.setdefault(name, []).extend(cells)
    return gathered


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_what_is_written_is_read_again(tmp_path, file_format):
    table = TABLES["reductions"]
    rows = {
        "reduction_id": ["1", "2", "3"],
        "staff_code": ["N07A000", "N07A001", "N07A001"],
        "team_code": ["N07TAA"] * 3,
        "reason": ['Groups, "Thames"', "line one\nline two", "=SUM(A1)"],
        "hours": [7.4, 0.0, 3.7],
        "from_on": [date(2026, 1, 1)] * 3,
        "to_on": [date(2026, 4, 1)] * 3,
        "status": ["ACTIVE", "SCHEDULED", "DELETED"],
    }

    path = write_table(tmp_path, table, rows, file_format)

    read_back = columns_of(path)
    assert read_back["reason"] == rows["reason"]
    read = [parse(table.by_name["hours"], text) for text in read_back["hours"]]
    assert [float(hours) for hours in read] == rows["hours"]
    assert parse(table.by_name["from_on"], read_back["from_on"][0]) == date(2026, 1, 1)


def test_a_moment_written_is_the_moment_read(tmp_path):
    table = TABLES["case_pack_items"]
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

    for file_format in ("csv", "parquet"):
        path = write_table(tmp_path, table, {"item_id": ["1"], "recorded_at": [at]}, file_format)
        assert parse(table.by_name["recorded_at"], columns_of(path)["recorded_at"][0]) == at


def test_a_column_that_is_not_of_the_table_is_not_written(tmp_path):
    with pytest.raises(ExtractError, match="no column truth"):
        write_table(tmp_path, TABLES["regions"], {"region_code": ["N07"], "truth": [1]})


def test_a_short_row_is_named_and_the_rows_around_it_are_kept(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_bytes(b"\xef\xbb\xbfRegion_Code,name\r\nN07,London\r\nN03\r\n\r\nN50,Greater Manchester\r\n")

    (batch,) = read_texts(path, 10)

    assert list(batch.rows) == [2, 5]
    assert batch.columns["region_code"] == ("N07", "N50")
    assert batch.misshapen == [(3, "the row has 1 cells, the header has 2")]


WHOLE_ROWS = 'N07,"London, ""the"" region"\r\nN03, two words \nN50,"line one\nline two"\nN51,a"b\n"N52"x,\n'


@pytest.mark.parametrize("odd_rows", ["", "\n", "N99\n", "N99,a,b\n", 'N99,"open', ",\n", "N99,Andr\xe9\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_file_read_by_the_block_and_row_by_row_holds_the_same(tmp_path, monkeypatch, odd_rows, encoding):
    path = tmp_path / "regions.csv"
    path.write_bytes(f"region_code,name\n{WHOLE_ROWS * 3}{odd_rows}".encode(encoding))
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        told = list(enumerate(csv.reader(file), 1))[1:]

    monkeypatch.setattr(texts, "_BLOCK_BYTES", 64)
    batches = list(read_texts(path, 2))

    read = [row for one in batches for row in zip(one.rows, *one.columns.values(), strict=True)]
    assert read == [(row, *cells) for row, cells in told if len(cells) == 2]
    assert [row for one in batches for row, _ in one.misshapen] == [
        row for row, cells in told if len(cells) not in {0, 2}
    ]


def test_bytes_that_are_not_utf_8_refuse_their_own_cell_only(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_bytes(b"region_code,name\nN07,Andr\xe9\nN50,Greater Manchester\n")

    (batch,) = read_texts(path, 10)

    assert batch.columns["name"][1] == "Greater Manchester"
    assert batch.columns["name"][0] == "Andr\udce9"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("regions.csv", b"", "no header"),
        ("regions.csv", b"name,name\na,b\n", "two columns named name"),
        ("regions.parquet", b"PAR1 not really", "cannot be read as Parquet"),
        ("regions.xlsx", b"", "must end in .csv or .parquet"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ExtractError, match=message):
        list(read_texts(path, 10))


def test_parquet_columns_may_be_nested_binary_or_typed(tmp_path):
    path = tmp_path / "assessments.parquet"
    table = pa.table(
        {
            "needs": pa.array([[{"section": "ATTITUDES", "score": 3}]]),
            "crn": pa.array([b"X777916"], pa.binary()),
            "has_full_analysis": [True],
            "n_previous_sanctions": [4.0],
        }
    )
    pq.write_table(table, path)

    read_back = columns_of(path)

    columns = TABLES["assessments"].by_name
    assert parse(columns["needs"], read_back["needs"][0]) == [{"section": "ATTITUDES", "score": 3}]
    assert read_back["crn"] == ["X777916"]
    assert parse(columns["has_full_analysis"], read_back["has_full_analysis"][0]) is True
    assert parse(columns["n_previous_sanctions"], read_back["n_previous_sanctions"][0]) == 4


def test_a_file_of_another_name_is_not_a_table():
    with pytest.raises(UnknownTableError, match=r"truth.*regions"):
        table_named("truth")


def make_extract(directory: Path) -> Path:
    path = write_table(directory, TABLES["regions"], {"region_code": ["N07"], "name": ["London"]})
    write_manifest(directory, area="London", made_at=MADE_AT, n_rows={path: 1}, is_synthetic=True)
    return path


def test_a_manifest_names_each_file_with_its_rows_and_digest(tmp_path):
    make_extract(tmp_path)

    manifest = read_manifest(tmp_path)

    assert manifest.area == "London"
    assert manifest.files["regions.csv"].n_rows == 1


def test_a_file_changed_by_one_byte_is_found_out(tmp_path):
    path = make_extract(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"London", b"Londom"))

    with pytest.raises(ManifestError, match=r"regions.csv is not the file"):
        read_manifest(tmp_path)


def test_a_file_that_did_not_arrive_is_named(tmp_path):
    make_extract(tmp_path).unlink()

    with pytest.raises(ManifestError, match=r"regions.csv .* not beside it"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [None, "{}", '{"format": "another"}'])
def test_a_folder_without_a_proper_manifest_is_not_an_extract(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(ManifestError, match=r"no manifest.json|malformed"):
        read_manifest(tmp_path)
