"""Lists as files: the rows of the page for the same person and filters, all of them, logged, no formula."""

import csv
import io

import pytest

from qa_service.estate.tables import Person


def _rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize(
    ("page", "n"),
    [("/failing-checks", 1), ("/cuts", 1), ("/escalations", 1), ("/moves", None), ("/duties", None)],
)
def test_a_managers_list_is_a_file_with_the_headings_of_its_page(spo, page, n):
    shown = spo.get(page).text

    answer = spo.get(page, params={"format": "csv"})

    rows = _rows(answer)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert n is None or len(rows) == n
    assert rows
    assert all(heading in shown for heading in rows[0])
    assert "Download this list (CSV)" in shown


def test_a_file_holds_what_the_filter_leaves_and_says_each_cell_in_one_line(spo):
    [fail] = _rows(spo.get("/failing-checks?format=csv&decision=new"))

    assert fail["Cut decision"].startswith("New")
    assert "(" in fail["Officer"]
    assert _rows(spo.get("/failing-checks?format=csv&decision=merged")) == []


def test_another_teams_manager_gets_a_file_without_this_ones_rows(other_spo):
    for page in ("/failing-checks", "/cuts", "/escalations"):
        assert _rows(other_spo.get(f"{page}?format=csv")) == []


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(spo, fail, committed):
    def rename(session):
        session.get(Person, fail.officer_id).name = "=HYPERLINK(1)"

    committed(rename)

    [row] = _rows(spo.get("/cuts?format=csv"))

    assert row["Officer"].startswith("'=HYPERLINK(1)")


def test_who_took_which_list_is_in_the_log(spo, committed):
    spo.get("/cuts?format=csv")

    statement = "SELECT p.payload FROM audit_event e JOIN audit_payload p USING (seq) WHERE e.tag = 'list:file:fetched'"
    taken = committed(lambda session: session.connection().exec_driver_sql(statement).scalars().all())
    assert taken == [{"list": "caseload-cuts", "n_rows": 1}]
