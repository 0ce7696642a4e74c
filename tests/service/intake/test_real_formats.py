"""The real systems' files and their traps (qa_service/demo/real_formats/ORIGIN.md), as they come."""

import json
from datetime import date

import pytest
from factories.extracts import an_area_for_the_real_formats, write_extract

from qa_service.intake.tables import RunStatus

LEVELS = "SELECT grid, overall_stated, overall_derived FROM assessment WHERE outside_id = :id ORDER BY id"


@pytest.fixture
def known(load, tmp_path):
    """The cases and teams that the files speak of are loaded."""
    (report,) = load(write_extract(tmp_path / "known", an_area_for_the_real_formats()))
    assert report.n_refused == 0


@pytest.fixture
def variant(fixture_files, tmp_path):
    """Write a fixture again after a change."""

    def variant(name, change):
        document = json.loads((fixture_files / name).read_text())
        change(document)
        path = tmp_path / "variant"
        path.write_text(json.dumps(document))
        return path

    return variant


def test_every_file_is_recognised_and_what_is_refused_says_what_to_do(load, known, fixture_files):
    reports = {report.source_name: report for report in load(*sorted(fixture_files.glob("*.json")))}

    assert all(report.format_name != "not recognised" for report in reports.values())
    refused = {
        name: [(r.column, r.reason) for r in report.refusals]
        for name, report in reports.items()
        if report.refusals
    }
    assert all(r.next_step for report in reports.values() for r in report.refusals)
    assert set(refused) == {
        "arns_get_needs.json",  # names nobody
        "arns_predictors_v1_and_v2.json",  # names nobody
        "mpop_X000001_needs_wiremock.json",  # of another moment than the assessment
        "mpop_X000001_risk_wiremock.json",  # predictors of moments without an assessment
        "mpop_user_providers_wiremock.json",  # teams without their PDU
        "oasys_allrisk_timeline_predictors.json",  # assessments without levels
        "oasys_offence_section2.json",
        "oasys_riskscrass_legacy.json",
        "oasys_rmp.json",
        "oasys_section1.json",
        "oasys_section6_relationships.json",  # names neither assessment nor person
        "workload_officer_cases.json",  # CRN1111
        "workload_officer_overview_126pct.json",  # OM2 is nobody
        "allocations_risk_v1.json",  # predictors of another moment than the levels
    }


def test_a_rosh_summary_gives_each_group_its_level_and_the_overall_is_recomputed(
    load, known, ask, fixture_files
):
    (report,) = load(fixture_files / "oasys_rosh_summary.json")

    assert (report.format_name, report.n_refused, report.n_changed) == ("OASys ORDS sectionroshsumm", 0, 1)
    assert ask(LEVELS, id="9630348") == [
        (
            {
                "community": {"children": "LOW", "public": "MEDIUM", "known_adult": "LOW", "staff": "HIGH"},
                "custody": {
                    "children": "LOW",
                    "public": "LOW",
                    "known_adult": "LOW",
                    "staff": "VERY_HIGH",
                    "prisoners": "HIGH",
                },
            },
            None,
            "VERY_HIGH",
        )
    ]
    assert ask(
        "SELECT texts ->> 'risk_increase_factors', author_name, author_staff_code FROM assessment"
    ) == [("riskIncreaseFactors", "LevelTwo CentralSupport", None)]


def test_sections_add_to_their_assessment_whatever_order_the_files_are_given_in(
    load, known, ask, fixture_files
):
    files = (
        "oasys_crimneeds.json",
        "oasys_rosh_screening.json",
        "oasys_rosh_full.json",
        "oasys_rosh_summary.json",
    )

    reports = load(*(fixture_files / name for name in files))

    assert [report.n_refused for report in reports] == [0, 0, 0, 0]
    details = ask("SELECT details FROM assessment WHERE outside_id = '9630348' ORDER BY id DESC LIMIT 1")[0][
        0
    ]
    assert details["screening"] == {"R3.1": "YES", "R3.2": "DK", "R3.3": "YES", "R3.4": "YES"}
    assert {
        "section": "THINKING_AND_BEHAVIOUR",
        "score": 7,
        "linkedToHarm": True,
        "linkedToReoffending": True,
    } in details["needs"]
    assert details["full_analysis"]["previousConcernsBreachOfTrust"] == "Yes"
    # What came before is kept: a later copy is another row.
    assert ask("SELECT count(*) FROM assessment WHERE outside_id = '9630348'") == [(4,)]


def test_the_register_letter_and_the_groups_are_compared(load, known, variant):
    path = variant(
        "oasys_asssumm_medium_all.json",
        lambda document: document["assessments"][0]["offender"].update(riskToOthers="H"),
    )

    (report,) = load(path)

    assert [(finding.kind, finding.crn) for finding in report.findings] == [("register_differs", "X123456")]
    assert report.n_changed == 1


def test_a_wiremock_bundle_names_its_person_in_the_address(load, known, ask, fixture_files):
    (report,) = load(fixture_files / "mpop_X000001_risk_wiremock.json")

    assert report.format_name == "wiremock bundle"
    assert ask(LEVELS, id="X000001@2024-11-29T13:01:15Z")[0][1:] == ("VERY_HIGH", "VERY_HIGH")
    assert tuple(
        sorted(
            code for (code,) in ask("SELECT DISTINCT code FROM registration WHERE code IN ('AV2S', 'REG15')")
        )
    ) == ("AV2S", "REG15")
    # Predictors of other moments are not hung on this assessment.
    assert {refusal.column for refusal in report.refusals} == {"assessmentPk"}


def test_a_tier_of_either_version_goes_to_its_case_and_a_mock_error_is_passed_over(
    load, known, ask, fixture_files
):
    (report,) = load(fixture_files / "mpop_X000001_tier_wiremock.json")

    assert report.n_refused == 0
    assert ask("SELECT tier, tier_version FROM case_record WHERE case_key = 'KX000001'") == [("B2", "2")]
    assert "status 500" in report.notes[0]


def test_an_overview_is_recomputed_and_its_stated_capacity_compared(load, known, ask, variant):
    path = variant("workload_officer_overview_126pct.json", lambda document: document.update(code="N07A001"))

    (report,) = load(path)

    assert [finding.kind for finding in report.findings] == ["capacity_differs", "hours_differ"]
    assert "124.9%, but 126%" in report.findings[0].detail
    assert ask(
        "SELECT week_on, total_points, available_points FROM weekly_workload WHERE week_on < '2020-01-01'"
    ) == [(date(2013, 10, 28), 1580, 1265)]


def test_practitioners_of_a_team_become_officers_and_the_case_goes_to_its_manager(
    load, known, ask, fixture_files
):
    (report,) = load(fixture_files / "workload_choose_practitioner.json")

    assert report.n_refused == 0
    assert ask("SELECT staff_code, grade FROM posting WHERE team_code = 'N03F01' ORDER BY 1") == [
        ("N03A019", "PO"),
        ("OM1", "PO"),
    ]
    assert ask(
        "SELECT staff_code, tier, region_code FROM case_assignment a JOIN case_record r ON r.id = a.case_id"
        " WHERE case_key = 'KJ678910' AND to_on IS NULL"
    ) == [("N03A019", "C1", "N03")]


def test_a_mock_crn_is_refused_and_never_loses_the_rows_beside_it(load, known, ask, variant):
    def change(document):
        document["code"] = "N07A002"
        document["activeCases"][1]["crn"] = "X100001"
        document["activeCases"].append({"crn": "X100002", "limitedAccess": True})
        document["activeCases"].append({"crn": "X777916", "limitedAccess": True})

    (report,) = load(variant("workload_officer_cases.json", change))

    assert [(refusal.place, refusal.reason) for refusal in report.refusals] == [
        ("$.activeCases[0]", "'CRN1111' is not a CRN")
    ]
    assert ask("SELECT case_type, tier FROM case_record WHERE case_key = 'KX100001'") == [("LICENCE", "A0")]
    # Known or not, a limited-access case is hidden; nobody's name is invented.
    assert ask("SELECT case_key, name FROM case_record WHERE is_limited_access ORDER BY 1") == [
        ("KX100002", "Person X100002"),
        ("crn:X777916", "Name withheld"),
    ]


def test_a_case_first_met_in_a_list_is_the_same_case_when_the_extract_names_it(
    load, known, ask, variant, tmp_path
):
    def change(document):
        document.update(code="N07A002")
        document["activeCases"] = [document["activeCases"][0] | {"crn": "X777916"}]

    load(variant("workload_officer_cases.json", change))
    tables = an_area_for_the_real_formats()
    row = tables["cases"][0] | {"crn": "X777916", "case_key": "K777"}
    (report,) = load(write_extract(tmp_path / "named", {"cases": [row]}))

    assert report.n_refused == 0
    assert ask("SELECT case_key FROM case_record JOIN case_crn ON case_id = id WHERE crn = 'X777916'") == [
        ("K777",)
    ]


def test_a_pdu_brings_its_region_and_teams_with_their_posts(load, ask, fixture_files):
    (report,) = load(fixture_files / "estate_pdu_details.json")

    assert report.n_refused == 0
    assert ask("SELECT count(*) FROM team WHERE pdu_code = 'PDU1'") == [(4,)]
    assert ask("SELECT count(*) FROM post WHERE kind = 'spo'") == [(4,)]


@pytest.mark.parametrize(
    "name", ["oasys_rosh_summary.json", "workload_choose_practitioner.json", "estate_pdu_details.json"]
)
def test_the_same_answer_twice_changes_nothing(load, known, ask, fixture_files, variant, name):
    load(fixture_files / name)
    counts = "SELECT (SELECT count(*) FROM assessment), (SELECT count(*) FROM posting), (SELECT count(*) FROM team), (SELECT count(*) FROM case_assignment)"
    before = ask(counts)

    # The same content with its keys in another order is another file with the same meaning.
    reports = load(
        fixture_files / name, variant(name, lambda d: d.update({key: d.pop(key) for key in sorted(d)}))
    )

    assert [(report.status, report.n_changed) for report in reports] == [(RunStatus.UNCHANGED, 0)] * 2
    assert ask(counts) == before
