"""Files of the same shapes with other traps: reordered, missing, null, contradicting, in other statuses."""

import json

import pytest
from factories.extracts import an_area_for_the_real_formats, write_extract

LAST = "SELECT status, assessment_version, completed_at::text, overall_stated, overall_derived FROM assessment ORDER BY id DESC LIMIT 1"


@pytest.fixture
def offer(load, tmp_path):
    """Load a document as a file, with its case known."""
    load(write_extract(tmp_path / "known", an_area_for_the_real_formats()))

    def offer(document, name="offered"):
        path = tmp_path / name
        path.write_text(json.dumps(document))
        (report,) = load(path)
        return report

    return offer


def ords(**changes):
    """A RoSH summary of one assessment with everything that is not about the trap left out."""
    item = {
        "assessmentPk": 77,
        "assessmentType": "LAYER3",
        "assessmentStatus": "COMPLETE",
        "initiationDate": "2026-06-01T09:00:00",
        "dateCompleted": "2026-06-02T09:00:00",
        "riskPublicCommunity": "Medium",
        "riskChildrenCustody": "Low",
    }
    return {"probNumber": "X123456", "assessments": [item | changes]}


def widget(**changes):
    return {
        "crn": "X123456",
        "overallRisk": "MEDIUM",
        "assessedOn": "2026-06-02T09:00:00",
        "riskInCommunity": {"Public": "MEDIUM"},
        "riskInCustody": {},
    } | changes


def test_a_time_without_a_zone_is_london_time_and_one_with_a_zone_is_kept(offer, ask):
    offer(ords())
    bare = ask(LAST)[0][2]
    offer(ords(assessmentPk="78", dateCompleted="2026-06-02T12:00:00+02:00"), "zoned")

    assert bare == "2026-06-02 08:00:00+00"
    assert ask(LAST)[0][2] == "2026-06-02 10:00:00+00"


def test_a_locked_incomplete_san_assessment_loads_with_its_own_status_and_version(offer, ask):
    report = offer(ords(assessmentStatus="LOCKED_INCOMPLETE", indicators={"sanIndicator": "Y"}))

    assert report.n_refused == 0
    assert ask(LAST)[0][:2] == ("LOCKED_INCOMPLETE", "2")


def test_an_open_assessment_needs_no_date_but_a_complete_one_does(offer, ask):
    opened = offer(ords(assessmentStatus="OPEN", dateCompleted=None))
    undated = offer(ords(assessmentPk=79, dateCompleted=None), "undated")

    assert (opened.n_refused, undated.n_refused) == (0, 1)
    assert undated.refusals[0].column == "dateCompleted"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"riskPublicCommunity": "Med"}, "riskPublicCommunity"),
        ({"riskPublicCommunity": 2}, "riskPublicCommunity"),
        ({"riskPublicCommunity": None, "riskChildrenCustody": None}, "riskPublicCommunity"),
        ({"dateCompleted": "31/02/2026"}, "dateCompleted"),
        ({"dateCompleted": "2026-02-31T09:00:00"}, "dateCompleted"),
        ({"natureOfRisk": "a\x00b"}, ""),
        ({"assessmentPk": None}, "assessmentPk"),
    ],
)
def test_a_bad_assessment_is_refused_and_the_one_beside_it_loads(offer, ask, changes, column):
    document = ords(**changes)
    document["assessments"].append(ords(assessmentPk=80)["assessments"][0])

    report = offer(document)

    assert [(refusal.place, refusal.column) for refusal in report.refusals] == [("$.assessments[0]", column)]
    assert ask("SELECT outside_id FROM assessment") == [("80",)]


@pytest.mark.parametrize("crn", ["CRN1111", "x12345", "", None, "X123456'; DROP TABLE assessment"])
def test_an_assessment_of_nobody_we_know_by_that_number_is_refused(offer, crn):
    report = offer(ords() | {"probNumber": crn})

    assert report.n_refused == 1


def test_two_numbers_that_differ_are_refused(offer):
    report = offer(ords() | {"crn": "X000001"})

    assert "differ" in report.refusals[0].reason


def test_no_assessments_is_nothing_to_load_and_nothing_wrong(offer):
    report = offer({"probNumber": "X123456", "assessments": []})

    assert (report.n_accepted, report.n_refused) == (0, 0)
    assert "nothing to load" in report.notes[0]


def test_the_same_assessment_twice_in_a_file_is_one(offer, ask):
    document = ords()
    document["assessments"] *= 2

    report = offer(document)

    assert (report.n_accepted, report.n_changed) == (2, 1)
    assert ask("SELECT count(*) FROM assessment") == [(1,)]


def test_an_overall_level_that_contradicts_the_groups_is_kept_and_told(offer, ask):
    report = offer(widget(overallRisk="LOW"))

    assert [finding.kind for finding in report.findings] == ["overall_differs"]
    assert ask(LAST)[0][3:] == ("LOW", "MEDIUM")


@pytest.mark.parametrize("overall", ["NOT_FOUND", None, "NOT_APPLICABLE"])
def test_no_assessment_in_date_is_nothing_to_load_and_nothing_wrong(offer, ask, overall):
    report = offer(widget(overallRisk=overall, riskInCommunity=None, riskInCustody=None))

    assert (report.n_accepted, report.n_refused) == (0, 0)
    assert "no assessment in date" in report.notes[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"overallRisk": "UNAVAILABLE"},
        {"riskInCommunity": {}, "riskInCustody": {}},
        {"assessedOn": None},
        {"assessedOn": "yesterday"},
        {"crn": None},
    ],
)
def test_a_widget_that_cannot_be_used_is_refused(offer, changes):
    assert offer(widget(**changes)).n_refused == 1


def test_a_full_answer_adds_its_text_to_the_widget_of_the_same_moment(offer, ask):
    offer(widget())
    summary = {
        "whoIsAtRisk": "A former partner",
        "riskInCommunity": {"MEDIUM": ["Public"], "HIGH": ["Public"]},
        "overallRiskLevel": "HIGH",
    }

    report = offer({"crn": "X123456", "assessedOn": "2026-06-02T09:00:00", "summary": summary}, "full")

    assert {finding.kind for finding in report.findings} == {"duplicate_group", "levels_changed"}
    assert ask(
        "SELECT texts ->> 'who_is_at_risk', overall_derived FROM assessment ORDER BY id DESC LIMIT 1"
    ) == [("A former partner", "HIGH")]


def test_the_same_assessment_from_two_systems_is_loaded_once_and_compared(offer, ask):
    offer(ords())

    same = offer(widget(riskInCustody={"Children": "LOW"}))
    other = offer(widget(riskInCommunity={"Public": "HIGH"}), "other")

    assert (same.n_changed, same.findings) == (0, ())
    assert [finding.kind for finding in other.findings] == ["sources_differ"]
    assert ask("SELECT count(*) FROM assessment") == [(1,)]


def test_predictors_and_needs_join_the_assessment_of_their_moment(offer, ask):
    offer(widget())
    predictors = [
        {
            "crn": "X123456",
            "completedDate": "2026-06-02T09:00:00",
            "outputVersion": "2",
            "output": {"violentReoffendingPredictor": {"score": "61.5", "band": "LOW"}},
        }
    ]
    needs = {
        "crn": "X123456",
        "assessedOn": "2026-06-02T09:00:00",
        "needs": [{"section": "ATTITUDE", "score": 3}],
    }

    banded = offer(predictors, "predictors")
    needed = offer(needs, "needs")

    assert [finding.kind for finding in banded.findings] == ["band_differs"]
    assert (banded.n_refused, needed.n_refused) == (0, 0)
    details = ask("SELECT details FROM assessment ORDER BY id DESC LIMIT 1")[0][0]
    assert details["predictors"]["outputVersion"] == "2"
    assert details["needs"] == [{"section": "ATTITUDE", "score": 3}]


def test_predictors_without_an_assessment_say_so_plainly(offer):
    report = offer(
        [{"crn": "X123456", "completedDate": "2026-06-02T09:00:00", "outputVersion": "1", "output": {}}]
    )

    assert "not loaded" in report.refusals[0].reason
    assert "levels" in report.refusals[0].next_step


def test_a_limited_access_answer_hides_its_case(offer, ask):
    report = offer(ords() | {"limitedAccessOffender": True})

    assert report.n_refused == 0
    assert ask("SELECT is_limited_access FROM case_record WHERE case_key = 'KX123456'") == [(True,)]


def test_an_author_is_never_guessed_from_a_name(offer, ask):
    offer(ords(assessor={"name": "Officer 1"}))

    assert ask("SELECT author_name, author_staff_code FROM assessment") == [("Officer 1", None)]
