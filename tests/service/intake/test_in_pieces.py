"""A large file is merged piece by piece, with the same end as when it is merged at once."""

import pytest
from factories.extracts import add, an_assessment, write_extract

from qa_service.extract import texts
from qa_service.extract.catalogue import TABLES
from qa_service.intake import extract_parts
from qa_service.intake.extract_parts import read_parts
from qa_service.intake.own_extract import TableFile
from qa_service.intake.tables import RunStatus

BAND = '{"outputVersion": "2", "output": {"allReoffendingPredictor": {"score": 91, "band": "LOW"}}}'
LOADED = (
    "SELECT a.outside_id, c.crn, a.overall_derived FROM assessment a JOIN case_crn c USING (case_id)"
    " ORDER BY length(a.outside_id), a.outside_id"
)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Pieces of a few rows each."""
    monkeypatch.setattr(texts, "_BLOCK_BYTES", 2_000)
    monkeypatch.setattr(extract_parts, "_PIECE_BYTES", 1)


@pytest.fixture
def long_area(area):
    """The small area with forty assessments more."""
    for number in range(10, 50):
        add(area, an_assessment(number, "X100001"))
    return area


def _pieces(folder):
    return {part.piece for part in read_parts([TableFile(TABLES["assessments"], folder / "assessments.csv")])}


def test_a_file_in_pieces_loads_whole_and_offered_again_changes_nothing(load, ask, long_area, tmp_path):
    folder = write_extract(tmp_path / "area", long_area)

    (first,) = load(folder)
    loaded = ask(LOADED)
    turned = {name: rows[::-1] for name, rows in long_area.items()}
    (again,) = load(write_extract(tmp_path / "turned", turned))

    assert len(_pieces(folder)) > 3
    assert (first.status, first.n_refused, len(loaded)) == (RunStatus.LOADED, 0, 44)
    assert {t.table: (t.n_accepted, t.n_changed) for t in first.tables}["assessments"] == (44, 44)
    assert (again.status, again.n_changed, again.n_refused) == (RunStatus.UNCHANGED, 0, 0)
    assert ask(LOADED) == loaded


def test_new_assessments_of_cases_known_before_load_beside_those_already_there(
    load, ask, long_area, tmp_path
):
    load(write_extract(tmp_path / "area", long_area))

    add(long_area, an_assessment(90, "X100002"))
    (later,) = load(write_extract(tmp_path / "later", long_area))

    assert {t.table: t.n_changed for t in later.tables if t.n_changed} == {"assessments": 1}
    assert ask("SELECT count(*), count(DISTINCT outside_id) FROM assessment") == [(45, 45)]


def test_a_key_that_comes_again_far_below_is_refused_with_the_row_it_came_in_first(
    load, ask, long_area, tmp_path
):
    first = long_area["assessments"][0]
    long_area["assessments"] += [dict(first), first | {"community_public": "HIGH"}]
    folder = write_extract(tmp_path / "area", long_area)

    (report,) = load(folder)

    assert _pieces(folder) == {None}
    assert [(refusal.row, refusal.column, refusal.reason) for refusal in report.refusals] == [
        (47, "assessment_id", "the same assessment_id as row 2, with other values")
    ]
    assert ask("SELECT count(*), count(DISTINCT outside_id) FROM assessment") == [(44, 44)]


def test_rows_refused_in_several_pieces_are_listed_in_order_and_the_others_load(
    load, ask, long_area, tmp_path
):
    for place in (5, 20, 40):
        long_area["assessments"][place]["crn"] = "X999999"
    long_area["assessments"][30]["author_staff_code"] = "N07ZZZZ"

    (report,) = load(write_extract(tmp_path / "area", long_area))

    assert [(refusal.row, refusal.column) for refusal in report.refusals] == [
        (7, "crn"),
        (22, "crn"),
        (32, "author_staff_code"),
        (42, "crn"),
    ]
    assert ask("SELECT count(*) FROM assessment") == [(40,)]


def test_what_does_not_fit_is_found_in_every_piece(load, long_area, tmp_path):
    for place in (0, 25):
        long_area["assessments"][place]["predictors"] = BAND

    (report,) = load(write_extract(tmp_path / "area", long_area))

    assert [(one.kind, one.crn, one.outside_id) for one in report.findings] == [
        ("band_differs", "X100001", long_area["assessments"][place]["assessment_id"]) for place in (0, 25)
    ]
    assert "a score of 91 is very high, but the band says low" in report.findings[0].detail


def test_a_large_file_without_its_key_is_one_message(load, ask, long_area, tmp_path):
    folder = write_extract(tmp_path / "area", long_area)
    keyless = tmp_path / "keyless.csv"
    keyless.write_text((folder / "assessments.csv").read_text().replace("assessment_id", "number", 1))

    (report,) = load(keyless)

    assert [(refusal.row, refusal.column) for refusal in report.refusals] == [(1, "assessment_id")]
    assert ask("SELECT count(*) FROM assessment") == [(0,)]


def test_a_folder_changed_after_it_was_loaded_is_refused_not_taken_for_the_one_before(
    load, long_area, tmp_path
):
    folder = write_extract(tmp_path / "area", long_area)
    load(folder)
    (folder / "regions.csv").write_text("region_code,name\nN07,Changed\n")

    (report,) = load(folder)

    assert report.status is RunStatus.REFUSED
    assert "not the file that was digested" in report.refusals[0].reason
