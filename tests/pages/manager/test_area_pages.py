"""What stands behind the rates of an area: causes, coverage, cost and teams, each for those who may see it."""

import re

import pytest
from api.test_rates_and_duties import make_checked_area

from qa_service.auth.roles import Role

LONDON = "/rates/pdu/LDNTST"
PARTS = ("", "/causes", "/coverage", "/cost")


@pytest.fixture
def checked(committed, clock):
    """London with 25 checked officers, 3 of them wrong, and Wales with one."""
    committed(make_checked_area, clock.now())


@pytest.mark.parametrize("part", PARTS)
def test_every_part_links_to_the_others_and_to_nobody_elses_area(checked, client_as, part):
    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(LONDON + part)

    assert page.status_code == 200
    assert all(f'href="{LONDON}{other}"' in page.text for other in PARTS)
    assert "WALTST" not in page.text


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", [Role.SPO, Role.OFFICER, Role.REVIEWER, Role.QUALITY_LEAD])
def test_roles_without_rates_see_no_part(checked, client_as, part, role):
    assert client_as(role, region="N07").get(LONDON + part).status_code == 403


def test_the_causes_page_says_first_how_many_fails_name_workload_oversight_or_it(checked, client_as):
    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(f"{LONDON}/causes").text

    assert "0 of 3 confirmed fails" in page
    assert page.index("0 of 3 confirmed fails") < page.index("<table")


def test_coverage_names_officers_to_managers_only(checked, client_as):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(f"{LONDON}/coverage").text
    analyst = client_as(Role.ANALYST, pdu="LDNTST").get(f"{LONDON}/coverage").text

    assert "Of the 25 officers to be checked in the window that runs now: 25 checked, 0 being checked" in head
    assert "Officer N07A001" in head
    assert "Officer N07A001" not in analyst
    assert "Who has been checked is shown to those who manage the area." in analyst


def test_coverage_can_be_narrowed_to_those_who_are_missing(checked, client_as):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    assert "Officers (25)" in head.get(f"{LONDON}/coverage?state=checked").text
    assert "No officer is in this state." in head.get(f"{LONDON}/coverage?state=overdue").text


def test_the_cost_page_keeps_the_random_arm_apart_and_says_where_hours_come_from(checked, client_as):
    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(f"{LONDON}/cost").text

    assert re.search(r"\d+ hours \(95% interval \d+ to [\d,]+\) for each level found too low\.", page)
    assert page.index("What checks drawn at random found") < page.index("What other checks found")
    assert "No other check is final yet." in page
    assert "nobody&#39;s time is measured" in page or "nobody's time is measured" in page


def test_a_team_shows_events_and_never_a_rate(checked, client_as):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    pdu, team = head.get(LONDON).text, head.get("/rates/team/N07T01").text

    assert 'href="/rates/team/N07T01"' in pdu
    assert "25 final checks in 12 months: 3 fails, 0 rechecks." in team
    assert "Officer N07A001" in team
    assert "%" not in team[team.index("<h1") : team.index("</main>")]


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.HEAD_OF_PDU, {"pdu": "WALTST"}, 404),
        (Role.ANALYST, {}, 403),
        (Role.REGIONAL_DIRECTOR, {"region": "N07"}, 200),
        (Role.NATIONAL_LEAD, {}, 200),
    ],
)
def test_a_teams_events_are_for_the_managers_above_it(checked, client_as, role, place, status):
    assert client_as(role, **place).get("/rates/team/N07T01").status_code == status


def test_somebody_with_two_areas_chooses_and_somebody_without_is_told_whom_to_ask(checked, client_as):
    client_as(Role.HEAD_OF_PDU, pdu="LDNTST", username="both")
    both = client_as(Role.HEAD_OF_PDU, pdu="WALTST", username="both").get("/rates").text
    none = client_as(Role.HEAD_OF_PDU, team="N07T01", username="none").get("/rates").text

    assert 'href="/rates/pdu/LDNTST"' in both
    assert 'href="/rates/pdu/WALTST"' in both
    assert "There is no area whose rates you can see." in none


def test_an_analyst_who_also_heads_a_pdu_still_sees_no_small_count_of_another(checked, client_as, clock):
    clock.advance(days=70)  # the year of the checks is over
    client_as(Role.HEAD_OF_PDU, pdu="WALTST", username="two")
    two = client_as(Role.ANALYST, username="two")

    assert "The count is small and is not shown." in two.get(LONDON).text
    assert "3 of 25" not in two.get("/rates/national/E%26W").text
    assert two.get("/rates/team/N07T01").status_code == 404


@pytest.mark.parametrize("part", ["/causes", "/coverage"])
def test_an_analyst_is_told_who_sees_the_parts_that_would_give_small_counts_away(checked, client_as, part):
    page = client_as(Role.ANALYST).get(LONDON + part).text

    assert "who manage the area" in page
    assert "<table" not in page
