"""What stands behind the rates of an area: causes, coverage, cost and teams, each for those who may see it."""

import csv
import io
import re

import pytest
from api.test_rates_and_duties import make_checked_area
from factories.estate import make_area, make_officer
from factories.rates import add_read, make_final_check, make_rates_area

from qa_service.auth.roles import Role
from qa_service.reviews.statuses import ReadKind

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


def test_beyond_the_last_page_of_a_list_the_last_one_is_shown(checked, committed, client_as):
    committed(make_officer, "N07A900")
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    page = head.get(f"{LONDON}/coverage?page=99").text

    assert "Showing 26 to 26 of 26" in page
    assert "No officer is in this state." not in page


def test_the_cost_page_keeps_the_random_arm_apart_and_says_where_hours_come_from(checked, client_as):
    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(f"{LONDON}/cost").text

    assert re.search(r"[\d.]+ hours \(95% interval [\d.]+ to [\d,.]+\) for each level found too low\.", page)
    assert page.index("What checks drawn at random found") < page.index("What other checks found")
    assert re.search(r"No other check became final since \d+ \w+ \d{4}\.", page)
    assert "So the yield of the checks drawn at random can differ from it." in page
    assert "nobody&#39;s time is measured" in page or "nobody's time is measured" in page


def test_hours_have_a_tenth_where_there_is_one_on_the_page_and_in_its_file(committed, client_as):
    def read_one(session):
        check = make_final_check(session, 1, make_rates_area(session))
        add_read(session, check, ReadKind.FIRST, level="MEDIUM")

    committed(read_one)
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    [row] = csv.DictReader(io.StringIO(head.get(f"{LONDON}/cost?format=csv&table=costs").text))

    assert row["Reviewer hours"] == "2.5"
    assert "2.5 reviewer hours on cases drawn at random" in head.get(f"{LONDON}/cost").text


def test_a_team_shows_events_and_never_a_rate(checked, client_as):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    pdu, team = head.get(LONDON).text, head.get("/rates/team/N07T01").text

    assert 'href="/rates/team/N07T01"' in pdu
    assert "25 final checks that you may see, in 12 months: 3 fails, 0 rechecks." in team
    assert "Officer N07A001" in team
    assert "%" not in team[team.index("<h1") : team.index("</main>")]


def test_a_teams_checks_are_a_file_with_all_of_them(checked, client_as):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    page, answer = head.get("/rates/team/N07T01").text, head.get("/rates/team/N07T01?format=csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert "Download this list (CSV)" in page
    assert len(rows) == 25
    assert list(rows[0]) == ["Officer", "Decided", "Chosen", "Outcome"]


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


def test_an_analyst_is_told_of_a_finished_period_from_when_to_when_and_never_yet(committed, client_as):
    committed(make_area)
    analyst = client_as(Role.ANALYST)

    causes, cost = (analyst.get(f"/rates/national/E%26W/{part}").text for part in ("causes", "cost"))

    period = "from 1 July 2025 to 30 June 2026"
    assert f"There is no confirmed fail {period}." in causes
    assert f"There is no read of a case drawn at random here {period}." in cost
    assert f"Counted {period}." in cost
    assert f"No check drawn at random became final {period}." in cost
    assert " yet" not in cost[cost.index("<h1") : cost.index("</main>")]


@pytest.mark.parametrize("part", ["causes&table=workload", "cost&table=costs"])
def test_a_file_of_a_finished_period_is_called_after_its_last_day(committed, client_as, clock, part):
    committed(make_area)
    name, table = part.split("&")

    files = [
        client_as(role, **place).get(f"/rates/{area}/{name}?format=csv&{table}")
        for role, place, area in (
            (Role.ANALYST, {}, "national/E%26W"),
            (Role.HEAD_OF_PDU, {"pdu": "LDNTST"}, "pdu/LDNTST"),
        )
    ]

    of_period, of_today = (one.headers["content-disposition"] for one in files)
    assert of_period.endswith('-2026-06-30.csv"')
    assert of_today.endswith(f'-{clock.now():%Y-%m-%d}.csv"')


@pytest.mark.parametrize("part", ["/causes", "/coverage"])
def test_an_analyst_is_told_who_sees_the_parts_that_would_give_small_counts_away(checked, client_as, part):
    page = client_as(Role.ANALYST).get(LONDON + part).text

    assert "who manage the area" in page
    assert "<table" not in page
