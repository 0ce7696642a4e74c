"""A reduction to key in WMT: the figures of RULES 4, handed over without a word about the check (FORMATS 11 A)."""

import csv
import io

import pytest


@pytest.fixture
def address(fail):
    return f"/reductions/{fail.request_id}"


def test_the_page_gives_the_figures_of_a_full_time_officer_as_wmt_asks_for_them(spo, address):
    page = spo.get(address).text

    for figure in (
        "N07A001",
        "N07T01",
        "Refer to Line Manager",
        "7.4",
        "16 November 2026",
        "14 February 2027",
    ):
        assert figure in page
    assert "2,176 before, 1,740 after" in page
    assert "115.0% before, 143.8% after" in page
    assert "762" in page


def test_the_hand_over_carries_ids_and_hours_and_never_the_finding(spo, address):
    handed_over = spo.get(f"{address}/hand-over.json").json()

    assert handed_over["reductionHours"] == 7.4
    assert handed_over["expected"]["pointsToMove"] == 762
    assert handed_over["notes"] == ""
    assert "fail" not in str(handed_over).lower()


def test_the_csv_has_one_line_under_its_headings(spo, address):
    answer = spo.get(f"{address}/hand-over.csv")

    [row] = csv.DictReader(io.StringIO(answer.text))
    assert answer.headers["content-type"].startswith("text/csv")
    assert (row["staffCode"], row["reductionHours"], row["availablePointsAfter"]) == (
        "N07A001",
        "7.4",
        "1740",
    )


def test_keyed_meets_the_duty_once(spo, address):
    first, second = spo.post(f"{address}/keyed"), spo.post(f"{address}/keyed")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Keyed on 13 November 2026." in spo.get(address).text
    assert "Reduction to key in WMT" not in spo.get("/duties").text


@pytest.mark.parametrize("part", ["", "/hand-over.json", "/hand-over.csv"])
def test_another_team_gets_nothing_of_it(other_spo, address, part):
    assert other_spo.get(address + part).status_code == 404
