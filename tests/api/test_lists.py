"""Cuts, escalations and rounds over HTTP, and a description of the interface that holds (OpenAPI 3.1)."""

import json
import re

import pytest
from factories.estate import make_area
from factories.rounds import make_drawable_area, make_open_round

from qa_service.auth.roles import Role

HTTP = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def spo(client_as, fail):
    return client_as(Role.SPO, team="N07T01", person_id=fail.spo_id)


def test_an_spo_gets_the_cuts_of_their_team_with_the_figures_of_rules_4(spo, fail):
    [listed] = spo.get("/api/cuts").json()

    assert (listed["own_available_points"], listed["cap_points"], listed["points_now"]) == (2176, 1740, 2502)
    assert (listed["status"], listed["starts_on"], listed["ends_on"]) == (
        "scheduled",
        "2026-11-16",
        "2027-02-14",
    )
    assert spo.get(f"/api/cuts/{fail.cut_id}").json() == listed


def test_a_cut_carries_no_word_of_what_was_found(spo, fail):
    assert re.search("verdict|severity|fail", spo.get(f"/api/cuts/{fail.cut_id}").text) is None


def test_an_escalation_has_its_owner_its_clock_and_its_items(spo, fail):
    [listed] = spo.get("/api/escalations").json()
    one = spo.get(f"/api/escalations/{fail.escalation_id}").json()

    assert (listed["owner"], listed["owner_kind"], listed["n_open"]) == ("spo N07T01", "spo", 7)
    assert listed["due_at"].startswith("2026-11-27T23:59:59")
    assert {item["kind"] for item in one["items"]} == {"case", "points"}
    assert all(item["interim_cover"] for item in one["items"] if item["kind"] == "case")


@pytest.mark.parametrize("url", ["/api/cuts/{0}", "/api/escalations/{0}"])
def test_another_team_and_a_wrong_number_get_the_same_answer(client_as, fail, url):
    other = client_as(Role.SPO, team="N07T02")

    theirs, nothing = other.get(url.format(1)), other.get(url.format(999_999))

    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content
    assert other.get(url.format(2**63)).status_code == 422


def test_a_quality_lead_gets_the_rounds_of_their_region_and_another_does_not(committed, client_as, clock):
    committed(make_drawable_area)
    reference = committed(make_open_round, clock.now()).reference
    committed(make_area, region="W01", pdu="WALTST", teams=("W01T01",))
    lead = client_as(Role.QUALITY_LEAD, region="N07")
    other = client_as(Role.QUALITY_LEAD, username="other", region="W01")

    [listed] = lead.get("/api/rounds").json()

    assert (listed["reference"], listed["status"], listed["n_checks"]) == (reference, "open", 0)
    assert len(listed["frame_digest"]) == 64
    assert other.get("/api/rounds").json() == []
    assert other.get(f"/api/rounds/{reference}").status_code == 404


def test_the_description_names_every_failure_as_a_problem_and_all_its_references_lead_somewhere(app):
    from fastapi.testclient import TestClient

    found = TestClient(app).get("/openapi.json").json()

    assert found["openapi"].startswith("3.1")
    operations = [one for path in found["paths"].values() for name, one in path.items() if name in HTTP]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for one in operations:
        assert {"200", "401", "403", "422"} <= set(one["responses"])
        for status, answer in one["responses"].items():
            kind = "application/json" if status == "200" else "application/problem+json"
            assert list(answer["content"]) == [kind]
    for reference in re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(found)):
        assert reference in found["components"]["schemas"]


def test_the_description_lists_the_interface_and_no_page(app):
    from fastapi.testclient import TestClient

    paths = TestClient(app).get("/openapi.json").json()["paths"]

    assert {path.split("/")[2] for path in paths} == {
        "allocations",
        "cuts",
        "duties",
        "escalations",
        "rates",
        "rounds",
    }
    assert all(path.startswith("/api/") for path in paths)
