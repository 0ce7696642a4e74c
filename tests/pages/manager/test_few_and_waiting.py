"""The rates page while there is little to go by: no rate from few checks, no others' names, what waits."""

import csv
import io

import pytest
from factories.estate import make_area
from factories.rates import Place, make_final_check, make_rates_area, make_waiting_check
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.rounds.tables import Round

LONDON = "/rates/pdu/LDNTST"
NEIGHBOUR = Place("N07", "LDNOTH", "N07T09")


@pytest.fixture
def head(committed, client_as):
    """The head of a PDU with 19 checks, 1 of them wrong, beside one with 30, 3 of them wrong."""

    def make(session):
        found = make_rates_area(session)
        make_area(session, pdu=NEIGHBOUR.pdu, teams=(NEIGHBOUR.team,))
        for number in range(19):
            _check(session, number, found, is_wrong=number < 1)
        for number in range(100, 130):
            _check(session, number, found, is_wrong=number < 103, place=NEIGHBOUR)

    committed(make)
    return client_as(Role.HEAD_OF_PDU, pdu="LDNTST")


def _check(session, number, found, *, is_wrong, **where):
    verdict, level = ("fail", "HIGH") if is_wrong else ("pass", "MEDIUM")
    return make_final_check(session, number, found, verdict=verdict, reviewed=level, **where)


def _table(client, name):
    answer = client.get(LONDON, params={"format": "csv", "table": name})
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_nineteen_checks_are_told_as_counts_and_nowhere_as_a_rate(head):
    page = head.get(LONDON).text

    assert "1 of 19 checked medium cases should have been high: too few to say a rate." in page
    assert "5.3%" not in page
    assert _table(head, "pdus")[0]["Each officer counts once a year"] == "Too few to compare"
    assert {row["Rate and 95% interval"] for row in _table(head, "readings")} == {"Too few to compare"}
    assert [row["Rate"] for row in _table(head, "quarters") if row["Checked"] != "0"] == [
        "Too few to compare"
    ]


def test_quarters_of_few_checks_have_a_table_and_the_reason_why_no_chart(head):
    page = head.get(LONDON).text

    assert "No chart: most quarters that are final have fewer than 20 checks, too few for a rate." in page
    assert 'id="trend-title"' not in page


def test_the_table_under_the_funnel_says_of_pdus_without_name_what_the_picture_says(head):
    page = head.get(LONDON).text

    own, other = _table(head, "pdus")
    assert (other["Area"], other["Checked"], other["Found"]) == ("Another PDU", "30", "3")
    assert other["Each officer counts once a year"].startswith("10.0%")
    assert (other["Each case counts"], other["Against the limits"]) == ("", "Within what chance explains")
    assert own["Area"] == "PDU LDNTST"
    assert "LDNOTH" not in page


def test_what_hollow_marks_mean_stands_under_the_picture(head):
    assert "a hollow dot has fewer than 20 checks, too few to compare" in head.get(LONDON).text


def test_what_waits_is_said_right_after_the_headline_and_read_both_ways(head, committed):
    def wait(session):
        found = session.exec(select(Round)).one()
        _check(session, 19, found, is_wrong=False)
        for number in range(200, 206):
            make_waiting_check(session, number, found)

    committed(wait)

    page = head.get(LONDON).text

    told = "20 of the 26 medium cases drawn are final."
    assert page.index("(1 of 20; 95% interval") < page.index(told) < page.index("Other rates")
    assert "Areas are not equally far with their checks" in page
    both = {row["Reading"]: row["Rate and 95% interval"] for row in _table(head, "readings")}
    # Wilson's intervals of 1 and of 7 in 26, from R: prop.test(k, 26, correct = FALSE).
    assert both["Each officer once a year, if all that wait were right"] == "3.8% (0.7% to 18.9%)"
    assert both["Each officer once a year, if all that wait were wrong"] == "26.9% (13.7% to 46.1%)"
    assert [row["Against the limits"] for row in _table(head, "quarters") if row["Checked"] == "20"] == [
        "Not all final yet"
    ]


def test_of_too_few_checks_no_bound_is_told_as_a_rate(head, committed):
    def wait(session):
        found = session.exec(select(Round)).one()
        make_final_check(session, 50, found, verdict="not_scorable", reviewed=None)
        for number in range(200, 206):
            make_waiting_check(session, number, found)

    committed(wait)

    assert "20 of the 26 medium cases drawn are final." in head.get(LONDON).text
    assert {row["Rate and 95% interval"] for row in _table(head, "readings")} == {"Too few to compare"}


def test_a_table_is_a_file_for_those_who_see_its_page_and_no_table_is_made_up(head, client_as):
    other = client_as(Role.HEAD_OF_PDU, pdu="LDNOTH", username="other")

    assert len(_table(head, "quarters")) == 8
    assert head.get(f"{LONDON}?format=csv&table=league").status_code == 404
    assert other.get(f"{LONDON}?format=csv&table=pdus").status_code == 404


@pytest.mark.parametrize(
    ("part", "table", "heading"),
    [
        ("causes", "lines", "Line of the rubric"),
        ("coverage", "officers", "Officer"),
        ("cost", "random", "How they were chosen"),
    ],
)
def test_the_other_pages_about_an_area_give_their_tables_as_files_too(head, part, table, heading):
    page = head.get(f"{LONDON}/{part}").text

    answer = head.get(f"{LONDON}/{part}", params={"format": "csv", "table": table})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith(heading)
    assert "Download this table (CSV)" in page


def test_an_analyst_gets_no_officers_names_as_a_file(head, client_as):
    analyst = client_as(Role.ANALYST, pdu="LDNTST")

    assert "Officer N07X000" in head.get(f"{LONDON}/coverage?format=csv&table=officers").text
    assert "Officer N07X000" not in analyst.get(f"{LONDON}/coverage?format=csv&table=officers").text
    assert analyst.get(f"{LONDON}?format=csv&table=teams").status_code == 404
