"""The service's own extract: what loads, what is refused and why, and that nothing loads twice."""

import shutil
import zipfile

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from factories.extracts import a_case, add, an_assessment, an_officer, write_extract, write_rows

from qa_service.intake.tables import RunStatus

ROW_COUNTS = (
    "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM posting), (SELECT count(*) FROM case_record),"
    " (SELECT count(*) FROM case_assignment), (SELECT count(*) FROM assessment),"
    " (SELECT count(*) FROM case_pack_item), (SELECT count(*) FROM post)"
)


def _reasons(report):
    return [(refusal.place, refusal.row, refusal.column, refusal.reason) for refusal in report.refusals]


def test_an_area_loads_with_its_officers_cases_assessments_and_case_packs(load, ask, area, tmp_path):
    folder = write_extract(tmp_path / "area", area)

    (report,) = load(folder)

    assert (report.status, report.n_refused) == (RunStatus.LOADED, 0)
    # Posts: SPO of each team, head of PDU, director and quality lead of the region, national lead.
    assert ask(ROW_COUNTS) == [(3, 3, 4, 4, 4, 4, 6)]
    assert (
        ask("SELECT overall_stated, overall_derived, grid -> 'community' ->> 'public' FROM assessment")
        == [("MEDIUM", "MEDIUM", "MEDIUM")] * 4
    )
    assert ask("SELECT DISTINCT region_code, pdu_code FROM case_record") == [("N07", "LDNTST")]


def test_what_is_recorded_of_staff_for_equality_monitoring_is_kept_apart_and_corrected(
    load, ask, area, tmp_path
):
    kept = (
        "SELECT f.sex, f.ethnicity, f.birth_year FROM person_audit_fact f JOIN person p ON p.id = f.person_id"
    )
    load(write_extract(tmp_path / "without", area))
    before = ask(kept)
    area["people"][0] |= {"sex": "F", "ethnicity": "BLACK", "birth_year": "1985"}
    load(write_extract(tmp_path / "with", area))
    recorded = ask(kept)

    area["people"][0]["birth_year"] = "1986"
    load(write_extract(tmp_path / "corrected", area))

    assert (before, recorded, ask(kept)) == ([], [("F", "BLACK", 1985)], [("F", "BLACK", 1986)])


def test_the_same_extract_twice_changes_nothing(load, ask, area, tmp_path):
    folder = write_extract(tmp_path / "area", area)
    load(folder)
    before = ask(ROW_COUNTS)

    (again,) = load(folder)

    assert (again.status, again.n_changed) == (RunStatus.UNCHANGED, 0)
    assert ask(ROW_COUNTS) == before


def test_the_same_rows_in_another_order_and_file_change_nothing(load, ask, loaded_area, tmp_path):
    turned = {name: rows[::-1] for name, rows in loaded_area.items()}
    before = ask(ROW_COUNTS)

    (again,) = load(write_extract(tmp_path / "turned", turned))

    assert (again.status, again.n_changed, again.n_refused) == (RunStatus.UNCHANGED, 0, 0)
    assert ask(ROW_COUNTS) == before


def test_the_same_rows_as_parquet_with_typed_columns_change_nothing(load, ask, area, tmp_path):
    folder = write_extract(tmp_path / "area", area)
    load(folder)
    before = ask(ROW_COUNTS)

    for name, moment in (("assessments", "initiated_at"), ("case_pack_items", "recorded_at")):
        table = pyarrow.csv.read_csv(folder / f"{name}.csv")
        assert pa.types.is_timestamp(table.schema.field(moment).type)
        as_parquet = tmp_path / f"{name}.parquet"
        pq.write_table(table, as_parquet)
        (again,) = load(as_parquet)
        assert (again.status, again.n_changed, again.n_refused) == (RunStatus.UNCHANGED, 0, 0)

    assert ask(ROW_COUNTS) == before


def test_a_changed_tier_changes_one_case_and_a_changed_assessment_is_added_beside_the_first(
    load, ask, loaded_area, tmp_path
):
    loaded_area["cases"][0]["tier"] = "B2"
    loaded_area["assessments"][0]["community_public"] = "HIGH"

    (report,) = load(write_extract(tmp_path / "later", loaded_area))

    assert {table.table: table.n_changed for table in report.tables if table.n_changed} == {
        "cases": 1,
        "assessments": 1,
    }
    assert ask("SELECT tier FROM case_record WHERE case_key = 'KX100001'") == [("B2",)]
    assert ask("SELECT overall_derived FROM assessment WHERE outside_id = '1' ORDER BY id") == [
        ("MEDIUM",),
        ("HIGH",),
    ]
    assert [finding.kind for finding in report.findings] == ["overall_differs"]


def test_an_extract_loads_from_a_zip_and_a_table_from_a_file_of_any_name(load, ask, area, tmp_path):
    folder = write_extract(tmp_path / "area", area)
    with zipfile.ZipFile(tmp_path / "post.bin", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"inner/{file.name}")
    renamed = write_rows(tmp_path / "Book1.dat", "cases", [])
    shutil.copy(folder / "cases.csv", renamed)

    (zipped,) = load(tmp_path / "post.bin")
    (alone,) = load(renamed)

    assert zipped.n_refused == 0
    assert ask("SELECT count(*) FROM case_pack_item") == [(4,)]
    assert (alone.format_name, alone.status, alone.n_refused) == (
        "this service's extract",
        RunStatus.UNCHANGED,
        0,
    )


def test_an_item_that_calls_for_a_review_is_kept_as_such(load, ask, area, tmp_path):
    area["case_pack_items"][1] |= {"kind": "EVENT", "calls_for_review": "true"}

    load(write_extract(tmp_path / "area", area))

    assert ask("SELECT kind, is_review_trigger FROM case_pack_item ORDER BY kind, id") == [
        ("contact", False),
        ("contact", False),
        ("contact", False),
        ("event", True),
    ]


def test_bad_rows_are_refused_with_their_place_and_the_good_ones_load(load, ask, area, tmp_path):
    area["assessments"][1]["community_public"] = "Medium-ish"
    area["case_pack_items"][2]["happened_on"] = "2026-02-31"
    area["weekly_workload"][0]["total_points"] = "-5"
    area["postings"][1]["contracted_hours"] = "99"

    (report,) = load(write_extract(tmp_path / "area", area))

    assert _reasons(report)[:2] == [
        ("postings", 3, "contracted_hours", "'99' is out of range"),
        ("weekly_workload", 2, "total_points", "'-5' is out of range"),
    ]
    assert ("assessments", 3, "community_public", "'Medium-ish' is not a known code") in _reasons(report)
    assert ("case_pack_items", 4, "happened_on", "'2026-02-31' is not a date") in _reasons(report)
    assert all(refusal.next_step for refusal in report.refusals)
    assert ask(ROW_COUNTS) == [(3, 2, 4, 4, 3, 3, 6)]


def test_references_to_what_nobody_knows_are_refused_and_load_once_it_is_known(load, ask, area, tmp_path):
    add(area, {"postings": an_officer(9)["postings"]})
    add(area, an_assessment(9, "X999999"))
    add(area, an_assessment(10, "X100001", author_staff_code="N07ZZZZ"))
    folder = write_extract(tmp_path / "area", area)

    (first,) = load(folder)
    officer = {name: [row] for name, row in an_officer(9).items() if name in {"people", "staff_codes"}}
    load(write_extract(tmp_path / "missing", officer | {"cases": []}))
    (second,) = load(folder)

    assert _reasons(first) == [
        ("postings", 5, "staff_code", "'N07A009' is not known"),
        ("assessments", 6, "crn", "'X999999' is not known"),
        ("assessments", 7, "author_staff_code", "'N07ZZZZ' is not known"),
    ]
    assert [refusal.place for refusal in second.refusals] == ["assessments", "assessments"]
    assert ask("SELECT count(*) FROM posting WHERE staff_code = 'N07A009'") == [(1,)]


def test_a_key_that_comes_twice_is_one_row_when_equal_and_refused_when_not(load, ask, area, tmp_path):
    area["cases"].append(dict(area["cases"][0]))
    area["assessments"].append(area["assessments"][0] | {"community_public": "HIGH"})

    (report,) = load(write_extract(tmp_path / "area", area))

    assert _reasons(report) == [
        ("assessments", 6, "assessment_id", "the same assessment_id as row 2, with other values")
    ]
    assert ask("SELECT overall_derived FROM assessment WHERE outside_id = '1'") == [("MEDIUM",)]


def test_a_person_keeps_their_identity_when_a_new_region_gives_a_new_code(load, ask, loaded_area, tmp_path):
    moved = {
        "regions": [{"region_code": "N50", "name": "Greater Manchester"}],
        "staff_codes": [
            {"staff_code": "N50B777", "person_key": "P1", "region_code": "N50", "from_on": "2026-09-01"}
        ],
    }

    (report,) = load(write_extract(tmp_path / "moved", moved))

    assert report.n_refused == 0
    assert ask(
        "SELECT code FROM staff_code JOIN person p ON p.id = person_id WHERE p.person_key = 'P1' ORDER BY 1"
    ) == [
        ("N07A001",),
        ("N50B777",),
    ]


def test_a_code_of_one_person_is_never_given_to_another(load, ask, loaded_area, tmp_path):
    theft = {"staff_codes": [loaded_area["staff_codes"][0] | {"person_key": "P2"}]}

    (report,) = load(write_extract(tmp_path / "theft", theft))

    assert [refusal.column for refusal in report.refusals] == ["staff_code"]
    assert ask(
        "SELECT person_key FROM person p JOIN staff_code c ON c.person_id = p.id WHERE code = 'N07A001'"
    ) == [("P1",)]


def test_a_case_has_one_holder_at_a_time_and_follows_them(load, ask, loaded_area, tmp_path):
    handover = {
        "case_assignments": [
            {"crn": "X100001", "staff_code": "N07A002", "team_code": "N07T01", "from_on": "2026-10-01"}
        ]
    }

    (report,) = load(write_extract(tmp_path / "handover", handover))

    assert report.n_refused == 0
    assert ask(
        "SELECT staff_code, to_on::text FROM case_assignment JOIN case_crn USING (case_id)"
        " WHERE crn = 'X100001' ORDER BY from_on"
    ) == [("N07A001", "2026-10-01"), ("N07A002", None)]


def test_a_case_that_nobody_holds_is_refused(load, ask, area, tmp_path):
    add(area, {"cases": a_case("X100009")["cases"]})

    (report,) = load(write_extract(tmp_path / "area", area))

    assert [(refusal.place, refusal.row, refusal.column) for refusal in report.refusals] == [
        ("cases", 6, "crn")
    ]
    assert "case_assignments" in report.refusals[0].next_step


def test_a_band_that_contradicts_its_score_and_a_register_that_disagrees_are_findings(
    load, ask, area, tmp_path
):
    predictors = '{"outputVersion": "2", "output": {"allReoffendingPredictor": {"score": 91, "band": "LOW"}}}'
    area["assessments"][0]["predictors"] = predictors
    area["registrations"] = [
        {"crn": "X100002", "code": "RHRH", "start_on": "2026-01-01", "is_active": "true"}
    ]

    (report,) = load(write_extract(tmp_path / "area", area))

    assert report.n_refused == 0
    assert [(finding.kind, finding.crn) for finding in report.findings] == [
        ("register_differs", "X100002"),
        ("band_differs", "X100001"),
    ]
    assert ask("SELECT kind, assessment_id IS NOT NULL FROM data_quality_finding ORDER BY id") == [
        ("register_differs", True),
        ("band_differs", True),
    ]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(load, ask, area, tmp_path):
    area["cases"][0]["crn"] = "CRN1"
    folder = write_extract(tmp_path / "area", area)

    (report,) = load(folder, dry_run=True)

    assert (report.n_accepted > 20, report.n_refused) == (True, 4)  # the case and the three rows about it
    assert ask(ROW_COUNTS) == [(0, 0, 0, 0, 0, 0, 0)]
    assert ask("SELECT count(*) FROM intake_run") == [(0,)]
