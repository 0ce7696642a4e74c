"""Exports: asked for, made by the worker, fetched by their asker until they expire."""

import io
import json
import zipfile
from datetime import date

import pytest
from api.test_rates_and_duties import make_checked_area
from openpyxl import load_workbook
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.auth.tables import UserAccount
from qa_service.estate.tables import Pdu
from qa_service.jobs import WORKS
from qa_service.policy.numbers import load_policy
from qa_service.progress.service import do_asked
from qa_service.progress.tables import JobRun
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.files import FileFormat
from qa_service.reporting.exports.kinds import ExportKind
from qa_service.workflows.make_export import EXPORT, ExportWish

OPTIONAL = ["area_level", "area_name", "k"]
REGIONS_AS_CSV = {"level": "region", "format": "csv", "until": "2026-12-31", "columns": OPTIONAL}


@pytest.fixture
def area(committed, clock):
    """25 officers of London checked, three of them wrong; one of Wales, right."""
    committed(make_checked_area, clock.now())
    clock.advance(days=70)  # the half-year and the year of the checks are over


@pytest.fixture
def make(fresh_engine, clock):
    """Return a function: ask for an export as a client would and let the worker make it."""

    def ask(client, level="pdu", file_format="json", kind="rates", **wish):
        data = {"level": level, "format": file_format, "until": "2026-12-31", "columns": OPTIONAL, **wish}
        place = client.post(f"/exports/new/{kind}", data=data).headers["location"]
        do_asked(fresh_engine, WORKS, clock=clock)
        return place

    return ask


def _rows(client, place, kind="rates"):
    return json.loads(client.get(f"{place}/file").content)[kind]


def test_nothing_made_yet_says_what_an_export_is_and_for_how_long(client_as):
    page = client_as(Role.ANALYST).get("/exports").text

    assert "You have made no export yet. A file can be fetched for 7 days, only by you." in page


def test_an_export_waits_is_made_and_can_be_fetched(client_as, fresh_engine, clock, area):
    lead = client_as(Role.NATIONAL_LEAD)

    place = lead.post("/exports/new/rates", data=REGIONS_AS_CSV).headers["location"]
    waiting = lead.get(place).text
    do_asked(fresh_engine, WORKS, clock=clock)
    ready = lead.get(place).text
    file = lead.get(f"{place}/file")

    assert "It waits for a worker" in waiting
    assert "Show how far it is now" in waiting
    assert "Download rates-by-region-2026-12-31.zip" in ready
    assert "Ready" in lead.get("/exports").text
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.namelist() == ["rates.csv", "data_dictionary.csv", "about.csv"]


def test_an_incomplete_wish_says_what_to_choose_and_asks_for_nothing(client_as):
    lead = client_as(Role.NATIONAL_LEAD)

    answer = lead.post("/exports/new/rates", data={"level": "street", "until": "2026-10-31"})

    assert answer.status_code == 422
    assert "Choose which areas the figures are of" in answer.text
    assert "Choose up to when it counts" in answer.text
    assert "Choose the kind of file" in answer.text
    assert "Your exports (0)" in lead.get("/exports").text


def test_every_rate_in_a_file_carries_its_n_interval_method_window_and_arm(client_as, make, area):
    lead = client_as(Role.NATIONAL_LEAD)

    rows = _rows(lead, make(lead, level="national"))

    shown = [row for row in rows if row["value_rate"] is not None]
    assert shown
    assert all(row["low_rate"] <= row["value_rate"] <= row["high_rate"] for row in shown)
    assert all(row["n"] > 0 and row["method"] for row in shown)
    assert {(row["window_from_on"], row["window_to_on"], row["arm"]) for row in rows} == {
        ("2026-01-01", "2026-12-31", "random"),
        ("2026-01-01", "2026-12-31", "read_again"),
    }


def test_a_small_count_is_in_no_file_whoever_asks(client_as, make, area):
    for role in (Role.NATIONAL_LEAD, Role.ANALYST):
        client = client_as(role)
        london = [row for row in _rows(client, make(client)) if row["area_code"] == "LDNTST"]
        wrong = [row for row in london if row["rate"] == "medium_should_be_high_rate"]

        assert {(row["n"], row["k"], row["value_rate"]) for row in wrong} == {(None, None, None)}
        assert {row["method"] for row in wrong} == {
            "not shown: a count under 5, or one that would give such a count away"
        }


def test_a_director_exports_their_own_region_only(client_as, make, area):
    director = client_as(Role.REGIONAL_DIRECTOR, region="W01")

    rows = _rows(director, make(director))

    assert {row["area_code"] for row in rows} == {"WALTST"}


def test_every_export_asked_for_is_counted_and_on_a_page_or_in_the_file(client_as, area, committed, clock):
    lead = client_as(Role.NATIONAL_LEAD)
    [mine] = committed(lambda session: session.exec(select(UserAccount.id)).all())
    wish = ExportWish(ExportKind.RATES, AreaLevel.REGION, FileFormat.CSV, date(2026, 12, 31))

    def ask(session):
        for number in range(27):
            run = {"kind": EXPORT, "arguments": wish.as_arguments(), "asked_by": f"user:{mine}"}
            session.add(JobRun(reference=f"R{number}", asked_at=clock.now(), **run))

    committed(ask)

    first, last = lead.get("/exports").text, lead.get("/exports?page=2").text

    assert "Your exports (27)" in first
    assert "Showing 1 to 25 of 27" in first
    assert "Showing 26 to 27 of 27" in last
    assert len(lead.get("/exports?format=csv").text.splitlines()) == 1 + 27


def test_another_person_finds_neither_the_export_nor_its_file(client_as, make, area):
    place = make(client_as(Role.NATIONAL_LEAD))
    analyst = client_as(Role.ANALYST)

    assert analyst.get(place).status_code == 404
    assert analyst.get(f"{place}/file").status_code == 404
    assert "Your exports (0)" in analyst.get("/exports").text


def test_the_same_wish_of_two_people_is_two_exports(client_as, area):
    places = [
        client_as(role).post("/exports/new/rates", data=REGIONS_AS_CSV).headers["location"]
        for role in (Role.NATIONAL_LEAD, Role.ANALYST)
    ]

    assert places[0] != places[1]


def test_after_a_week_the_link_has_expired_and_the_export_can_be_made_again(client_as, make, area, clock):
    lead = client_as(Role.NATIONAL_LEAD)
    place = make(lead)
    clock.advance(days=load_policy().rates.export_days)

    page, file = lead.get(place).text, lead.get(f"{place}/file")

    assert (file.status_code, file.headers["location"]) == (303, place)
    assert "Make it again to have the same figures." in page
    assert "Download" not in page


def test_the_link_of_a_file_that_is_not_made_yet_leads_to_how_far_it_is(client_as, area):
    lead = client_as(Role.NATIONAL_LEAD)
    place = lead.post("/exports/new/rates", data=REGIONS_AS_CSV).headers["location"]

    file = lead.get(f"{place}/file")

    assert (file.status_code, file.headers["location"]) == (303, place)
    assert client_as(Role.ANALYST).get(f"{place}/file").status_code == 404


def test_made_again_an_export_counts_the_same_period(client_as, make, area, clock, confirm):
    lead = client_as(Role.NATIONAL_LEAD)
    place = make(lead, until="2026-06-30")
    clock.advance(days=300)  # another half-year is over

    again = confirm(lead, lead.get(place)).headers["location"]

    assert again != place
    assert "counted up to 31 December 2025" in lead.get(again).text  # of PDUs: the year before


def test_an_export_of_a_period_that_is_no_longer_offered_says_so_and_leads_to_the_form(
    client_as, make, area, clock
):
    place = make(client_as(Role.NATIONAL_LEAD), level="region")
    clock.advance(days=6 * 365)
    lead = client_as(Role.NATIONAL_LEAD)

    page = lead.get(place).text
    form = lead.post("/exports/new/rates", data=REGIONS_AS_CSV)

    assert "It cannot be made again: figures up to 31 December 2026 are no longer offered." in page
    assert 'href="/exports/new/rates">Choose a later period</a>' in page
    assert "<button" not in page[page.index("<h1") : page.index("</main>")]
    assert "Figures up to 31 December 2026 are no longer offered: choose a later day" in form.text


def test_an_expired_file_is_deleted_when_the_next_is_made(client_as, make, area, clock, committed):
    lead = client_as(Role.NATIONAL_LEAD)
    make(lead)
    clock.advance(days=load_policy().rates.export_days)

    make(lead)

    count = "SELECT count(*) FROM made_file"
    assert committed(lambda session: session.connection().exec_driver_sql(count).scalar_one()) == 1


def test_a_workbook_opens_without_any_formula_and_with_its_dictionary(client_as, make, area, committed):
    def rename(session):
        session.get(Pdu, "LDNTST").name = "=HYPERLINK(1)"
        session.get(Pdu, "WALTST").name = "@SUM(A1)"

    committed(rename)
    lead = client_as(Role.NATIONAL_LEAD)

    file = lead.get(f"{make(lead, file_format='xlsx')}/file")

    book = load_workbook(io.BytesIO(file.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert book.sheetnames == ["Rates", "Data dictionary", "About"]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [text for text in texts if text[:1] in {"=", "+", "-", "@", "\t"}] == []
    assert {"'=HYPERLINK(1)", "'@SUM(A1)"} <= set(texts)
    columns = [cell.value for cell in book["Rates"][1]]
    assert [row[0].value for row in book["Data dictionary"].iter_rows(min_row=2)] == columns


def test_who_lost_an_area_no_longer_fetches_a_file_with_it(client_as, make, area, committed, clock):
    director = client_as(Role.REGIONAL_DIRECTOR, region="W01")
    place = make(director)

    def moves_on(session):
        statement = "UPDATE role_grant SET region_code = 'N07' WHERE role = 'regional_director'"
        session.connection().exec_driver_sql(statement)

    committed(moves_on)

    assert director.get(f"{place}/file").status_code == 403


def test_a_file_leaves_out_the_columns_nobody_ticked_and_never_n_interval_or_window(client_as, make, area):
    lead = client_as(Role.NATIONAL_LEAD)
    place = make(lead, columns=["area_name"])

    page, file = lead.get(place).text, json.loads(lead.get(f"{place}/file").content)

    columns = list(file["rates"][0])
    assert [entry["column"] for entry in file["data_dictionary"]] == columns
    assert "area_name" in columns
    assert {"area_level", "k"}.isdisjoint(columns)
    assert {"n", "low_rate", "high_rate", "method", "window_from_on", "arm"} <= set(columns)
    assert "checks of these in which it was found" not in page


def test_a_file_up_to_a_past_half_year_counts_what_was_decided_by_then(client_as, make, area):
    lead = client_as(Role.NATIONAL_LEAD)

    before = _rows(lead, make(lead, level="national", until="2026-06-30"))
    since = _rows(lead, make(lead, level="national"))

    over = [row for row in since if row["rate"] == "overclassified_rate"]
    rates = [row for row in before if row["arm"] == "random"]
    assert {(row["window_to_on"], row["n"]) for row in rates} == {("2026-06-30", 0)}
    assert {(row["window_to_on"], row["n"]) for row in over} == {("2026-12-31", 26)}


@pytest.mark.parametrize("until", ["now", "2026-12-30", "2026-09-30", "2027-06-30"])
def test_no_file_up_to_now_or_to_any_other_day_can_be_asked_for(client_as, area, until):
    lead = client_as(Role.NATIONAL_LEAD)

    page = lead.get("/exports/new/rates").text
    answer = lead.post("/exports/new/rates", data={**REGIONS_AS_CSV, "until": until})

    assert "Up to now" not in page
    assert "Up to 31 December 2026" in page
    assert answer.status_code == 422
    assert "Choose up to when it counts" in answer.text


def test_each_kind_of_export_is_made_from_its_own_page(client_as, make, area):
    lead = client_as(Role.NATIONAL_LEAD)
    start = lead.get("/exports").text

    for kind, level in (("rates", "pdu"), ("equality", "region"), ("cost", "pdu")):
        assert f'href="/exports/new/{kind}"' in start
        assert "Make the export" in lead.get(f"/exports/new/{kind}").text
        assert _rows(lead, make(lead, level=level, kind=kind), kind)


def test_equality_figures_are_not_made_for_a_pdu(client_as, area):
    lead = client_as(Role.NATIONAL_LEAD)

    answer = lead.post("/exports/new/equality", data={**REGIONS_AS_CSV, "level": "pdu"})

    assert answer.status_code == 422
    assert lead.get("/exports/new/names").status_code == 404


def test_each_fetch_is_in_the_log(client_as, make, area, committed):
    lead = client_as(Role.NATIONAL_LEAD)
    place = make(lead)

    lead.get(f"{place}/file")

    tags = "SELECT tag FROM audit_event WHERE tag LIKE 'export:%%' ORDER BY seq"
    found = committed(lambda session: session.connection().exec_driver_sql(tags).scalars().all())
    assert found == ["export:file:made", "export:file:fetched"]
