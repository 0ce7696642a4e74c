"""An assessment's grid, texts and details are kept as they were written, whatever characters they hold."""

import json

import pytest
from factories.extracts import LOW_GRID, an_area, write_extract

WRITTEN = 'He said "no"; C:\\temp\nsecond line\tand a tab,\r\nthen \x01 and \x1f, {"a":1}, café, 你好, 🙂'


@pytest.fixture
def load_one(load, ask, tmp_path):
    """Load the area with one assessment changed, and give that assessment's column."""

    def load_one(column, **changes):
        area = an_area()
        area["assessments"][0] |= changes
        (report,) = load(write_extract(tmp_path / "area", area))
        assert report.refusals == ()
        ((held,),) = ask(
            f"SELECT {column} FROM assessment WHERE outside_id = :id",
            id=area["assessments"][0]["assessment_id"],
        )
        return held

    return load_one


def test_free_text_keeps_every_character(load_one):
    texts = load_one("texts", who_is_at_risk=WRITTEN, rmp_contingency="\\")

    assert texts == {"who_is_at_risk": WRITTEN, "rmp_contingency": "\\"}


def test_an_assessment_without_any_text_has_an_empty_document(load_one):
    assert load_one("texts") == {}


def test_details_keep_their_kinds_and_leave_out_what_is_not_known(load_one):
    needs = [{"section": "ACCOMMODATION", "score": 2, "linkedToHarm": True}]

    details = load_one(
        "details",
        screening='{"R1.2.1": "YES", "R1.2.2": null}',
        needs=json.dumps(needs),
        countersignature_comment='Agreed: "null" is no level',
        countersigned_at="2026-01-13T10:11:12.345678+01:00",
        n_previous_sanctions="13",
        full_analysis_reason="",
    )

    assert details == {
        "screening": {"R1.2.1": "YES"},
        "needs": needs,
        "countersignature_comment": 'Agreed: "null" is no level',
        "countersigned_at": "2026-01-13T09:11:12Z",
        "n_previous_sanctions": 13,
        "has_full_analysis": True,
    }


def test_the_grid_holds_the_groups_that_have_a_level_and_the_overall_is_the_highest(load_one):
    levels = {"community_public": "", "custody_children": "VERY_HIGH", "custody_staff": "HIGH"}

    held = load_one("jsonb_build_array(grid, overall_derived)", **levels)

    community = {name.removeprefix("community_"): level for name, level in LOW_GRID.items()}
    del community["public"]
    assert held == [
        {"community": community, "custody": {"children": "VERY_HIGH", "staff": "HIGH"}},
        "VERY_HIGH",
    ]


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ("2026-01-12T09:00:00Z", "2026-01-12 09:00:00+00"),
        ("2026-01-12 09:00:00.250000Z", "2026-01-12 09:00:00.25+00"),
        ("2026-07-12T09:00:00+01:00", "2026-07-12 08:00:00+00"),
        ("1999-12-31T23:59:59Z", "1999-12-31 23:59:59+00"),
    ],
)
def test_a_moment_is_the_same_moment_before_and_after_2000_and_in_any_zone(load_one, told, held):
    changes = {"initiated_at": "1998-01-01T00:00:00Z", "completed_at": told}

    assert load_one("completed_at::text", **changes) == held


def test_a_number_too_large_for_the_database_refuses_its_row_and_not_the_import(load, tmp_path):
    area = an_area()
    area["assessments"][1]["predictors"] = '{"output": {"score": 1e999999}}'

    (report,) = load(write_extract(tmp_path / "area", area))

    assert [(one.row, one.column) for one in report.refusals] == [(3, "predictors")]


def test_an_assessment_without_any_level_or_completed_without_a_day_is_refused_and_the_others_load(
    load, ask, tmp_path
):
    area = an_area()
    area["assessments"][1] |= dict.fromkeys(LOW_GRID, "")
    area["assessments"][2]["completed_at"] = ""

    (report,) = load(write_extract(tmp_path / "area", area))

    assert [(one.row, one.column) for one in report.refusals] == [
        (3, "community_public"),
        (4, "completed_at"),
    ]
    assert ask("SELECT count(*) FROM assessment") == [(2,)]
