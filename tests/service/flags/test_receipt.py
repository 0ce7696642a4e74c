"""What an assessment could not know is not in its record: what we received later, whatever date it bears."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from factories.extracts import add, an_area, an_assessment, an_item, write_extract
from sqlalchemy import text

from models.records import build_records
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.store.inputs import read_tables
from qa_service.intake.service import import_paths

FIRST_AT = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
LATER_AT = FIRST_AT + timedelta(hours=1)
CRNS = ("X100001", "X100002", "X100003", "X100004")


def an_entry(crn):
    """Known abuse, registered long before the case's only assessment."""
    return {"crn": crn, "code": "ADVP", "start_on": "2025-07-01", "is_active": "true"}


@pytest.fixture(name="tables")
def fixture_tables():
    """Four cases, each assessed once, in January; of two the register knows of abuse."""
    return an_area() | {"registrations": [an_entry(CRNS[0]), an_entry(CRNS[1])]}


@pytest.fixture(name="load")
def fixture_load(fresh_engine, tmp_path):
    """Load tables at a moment."""

    def load(tables, at=FIRST_AT):
        folder = write_extract(tmp_path / f"extract{len(list(tmp_path.iterdir()))}", tables)
        [report] = import_paths(fresh_engine, [folder], by="cli", clock=FixedClock(at))
        assert report.n_refused == 0, report.refusals

    return load


@pytest.fixture(name="records")
def fixture_records(fresh_engine):
    """Read the records of all assessments, by the sources' own ids of them."""

    def records():
        with transaction(fresh_engine, SYSTEM) as session:
            found = session.execute(text("SELECT id, outside_id FROM assessment")).all()
            outside = {row.id: row.outside_id for row in found}
            table = build_records(read_tables(session, list(outside)), pd.Series(list(outside)))
        return table.assign(assessment_id=table["assessment_id"].map(outside)).set_index("assessment_id")

    return records


def split(tables, *later):
    """Tables of a first and of a second load."""
    return {n: t for n, t in tables.items() if n not in later}, {name: tables[name] for name in later}


def test_a_register_that_is_loaded_after_its_cases_tells_what_it_tells_when_loaded_with_them(
    load, records, tables
):
    first, second = split(tables, "registrations")
    load(first)
    load(second, LATER_AT)

    assert records()["register_domestic_abuse"].tolist() == [1, 1, 0, 0]


def test_a_first_entry_that_comes_after_a_register_without_one_was_not_known(load, records, tables):
    load(tables)
    load({"registrations": [an_entry(CRNS[2])]}, LATER_AT)

    assert records()["register_domestic_abuse"].tolist() == [1, 1, 0, 0]


def test_an_entry_that_comes_after_a_late_registers_first_load_was_not_known(load, records, tables):
    first, second = split(tables, "registrations")
    load(first)
    load(second, LATER_AT)
    load({"registrations": [an_entry(CRNS[0]) | {"code": "SPO"}]}, LATER_AT + timedelta(days=1))

    assert records()["register_stalking"].tolist() == [0, 0, 0, 0]


AN_ENQUIRY = {
    "kind": "ENQUIRY_POLICE",
    "state": "REQUESTED",
    "happened_on": "2026-01-02",
    "recorded_at": "2026-01-02T15:00:00Z",
}


def test_an_enquiry_whose_answer_came_later_stays_unanswered_to_the_assessment(load, records, tables):
    # given: asked before the assessment; the answer comes under the moment at which it was asked
    tables["case_pack_items"] = [row | AN_ENQUIRY for row in tables["case_pack_items"]]
    load(tables)
    before = records()
    answered = [row | {"state": "REPLIED", "text": "Knife."} for row in tables["case_pack_items"]]
    load({"case_pack_items": answered}, LATER_AT)

    pd.testing.assert_frame_equal(records(), before)
    assert before["police_enquiry_state"].tolist() == [1] * 4


def test_items_that_are_loaded_after_their_cases_are_known_as_when_loaded_with_them(load, records, tables):
    tables["case_pack_items"] = [row | AN_ENQUIRY for row in tables["case_pack_items"]]
    first, second = split(tables, "case_pack_items")
    load(first)
    load(second, LATER_AT)

    assert records()["police_enquiry_state"].tolist() == [1] * 4


def test_an_item_that_comes_with_a_later_assessment_is_known_to_that_one(load, records, tables):
    load(tables)
    more = {}
    begun, completed, recorded = (f"2026-10-0{day}T09:00:00Z" for day in (1, 4, 3))
    add(more, an_assessment(5, CRNS[0], initiated_at=begun, completed_at=completed))
    add(more, an_item(5, CRNS[0], **AN_ENQUIRY | {"happened_on": "2026-10-03", "recorded_at": recorded}))
    load(more, FIRST_AT + timedelta(days=30))

    found = records()
    assert (found.loc["1", "police_enquiry_state"], found.loc["5", "police_enquiry_state"]) == (0, 1)


def test_an_earlier_assessment_that_comes_later_was_not_known(load, records, tables):
    load(tables)
    before = records()
    more = {}
    begun, completed = (f"2025-09-0{day}T09:00:00Z" for day in (1, 4))
    add(more, an_assessment(9, CRNS[0], initiated_at=begun, completed_at=completed))
    load(more, LATER_AT)

    pd.testing.assert_frame_equal(records().drop(index="9"), before)
