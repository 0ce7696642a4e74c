"""What the record said stays known as of when it said so: readers and the classifier see no later correction."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from factories.extracts import write_extract

from models.features import build_features
from models.records import build_records
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.store.inputs import read_tables
from qa_service.intake.entries import Reading, RegistrationEntry
from qa_service.intake.store.cases import load_registration

PRESENT = "SELECT code, level, to_on::text FROM registration WHERE replaced_at IS NULL ORDER BY code, from_on"
VERSIONS = "SELECT code, level, to_on::text, replaced_at IS NULL FROM registration ORDER BY id"


def entry(code, level="", **changes):
    row = {"crn": "X100001", "code": code, "level": level, "start_on": "2025-07-01", "is_active": "true"}
    return row | changes


@pytest.fixture
def reload(load, clock, area, tmp_path):
    """Load the area again some weeks later with changed tables; say how many rows changed."""

    def reload(**changed):
        clock.advance(days=14)
        (report,) = load(write_extract(tmp_path / f"{clock.now():%Y%m%d}", area | changed))
        assert report.n_refused == 0, report.refusals
        return {one.table: one.n_changed for one in report.tables if one.n_changed}

    return reload


@pytest.fixture
def registered(area, reload):
    """The area, loaded with two entries on the register of its first case."""
    area["registrations"] = [entry("RCHD", "RSKM"), entry("ADVP")]
    reload()
    return area


def features_of_all(engine):
    with transaction(engine, SYSTEM) as session:
        keys = session.connection().exec_driver_sql("SELECT id FROM assessment ORDER BY id").scalars().all()
        return build_features(build_records(read_tables(session, keys), pd.Series(keys)))


def test_a_level_changed_and_an_entry_ended_are_versions_and_the_same_again_changes_nothing(
    registered, reload, ask
):
    changed = [entry("RCHD", "RSKH"), entry("ADVP", end_on="2026-10-01", is_active="false")]

    n_changed = reload(registrations=changed)
    again = reload(registrations=changed)

    assert (n_changed, again) == ({"registrations": 2}, {})
    assert ask(PRESENT) == [("ADVP", None, "2026-10-01"), ("RCHD", "RSKH", None)]
    assert ask(VERSIONS) == [
        ("ADVP", None, None, False),
        ("RCHD", "RSKM", None, False),
        ("ADVP", None, "2026-10-01", True),
        ("RCHD", "RSKH", None, True),
    ]
    assert ask(
        "SELECT n.recorded_at = o.replaced_at FROM registration o JOIN registration n USING (case_id, code)"
        " WHERE o.replaced_at IS NOT NULL AND n.replaced_at IS NULL"
    ) == [(True,), (True,)]


def test_a_level_changed_back_stands_again_and_keeps_all_three_versions(registered, reload, ask):
    reload(registrations=[entry("RCHD", "RSKH")])
    reload(registrations=[entry("RCHD", "RSKM")])

    rows = ask("SELECT level, replaced_at IS NULL FROM registration WHERE code = 'RCHD' ORDER BY id")
    assert rows == [("RSKM", False), ("RSKH", False), ("RSKM", True)]


def test_two_loads_at_one_moment_leave_what_the_last_one_says(registered, reload, clock, ask):
    for level in ("RSKH", "RSKV", "RSKL"):
        reload(registrations=[entry("RCHD", level)])
        clock.advance(days=-14)

    assert ("RCHD", "RSKL", None) in ask(PRESENT)


def test_a_flag_of_another_system_keeps_what_was_said_before_too(registered, fresh_engine, clock, ask):
    at = clock.advance(days=1)
    flag = RegistrationEntry(
        place="riskFlags",
        crn="X100001",
        code="RCHD",
        level=None,
        description=None,
        from_on=date(2025, 7, 1),
    )
    flags = [
        replace(flag, level=level, description=words)
        for level, words in (("RSKH", None), (None, "Risk to children"), ("RSKH", None))
    ]

    with transaction(fresh_engine, SYSTEM) as session:
        changed = [load_registration(session, flag, Reading("flags.json"), at) for flag in flags]

    assert changed == [True, True, False]
    assert ask("SELECT level, description FROM registration WHERE code = 'RCHD' ORDER BY id") == [
        ("RSKM", None),
        ("RSKH", "Risk to children"),
    ]


LATER = {
    "a level raised in place": [entry("RCHD", "RSKV"), entry("ADVP")],
    "an entry taken off from an earlier day": [
        entry("RCHD", "RSKM", end_on="2025-12-01", is_active="false"),
        entry("ADVP"),
    ],
    "an entry of an earlier day": [entry("RCHD", "RSKM"), entry("ADVP"), entry("RHRH"), entry("WEAP")],
    "the first entry of another case": [
        entry("RCHD", "RSKM"),
        entry("ADVP"),
        entry("RHRH", crn="X100002"),
    ],
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
def test_the_register_as_it_came_later_does_not_reach_the_features_of_an_old_assessment(
    registered, reload, fresh_engine, later
):
    before = features_of_all(fresh_engine)

    assert reload(registrations=later)["registrations"] >= 1

    after = features_of_all(fresh_engine)
    assert before["register_children_level"].tolist() == [1, 0, 0, 0]  # it was read at all
    pd.testing.assert_frame_equal(after, before, check_exact=True)


def test_the_next_assessment_knows_what_came_before_it(registered, reload, fresh_engine, area):
    reload(registrations=LATER["a level raised in place"])
    new = area["assessments"][0] | {
        "assessment_id": "9",
        "initiated_at": "2026-12-10T09:00:00Z",
        "completed_at": "2026-12-11T09:00:00Z",
    }

    reload(registrations=LATER["a level raised in place"], assessments=[*area["assessments"], new])

    assert features_of_all(fresh_engine)["register_children_level"].tolist() == [1, 3, 0, 0, 0]


def test_a_new_offence_and_a_new_release_do_not_reach_the_features_of_an_old_assessment(
    registered, reload, fresh_engine, ask
):
    before = features_of_all(fresh_engine)
    case, *others = registered["cases"]
    told = {"offence": "Wounding with a knife", "is_sexual_offence": "true", "released_on": "2026-01-02"}

    n_changed = reload(cases=[case | told, *others])
    again = reload(cases=[case | told, *others])

    assert (n_changed, again) == ({"cases": 1}, {})
    assert ask("SELECT offence, is_sexual_offence FROM case_record WHERE is_sexual_offence") == [
        ("Wounding with a knife", True)
    ]
    pd.testing.assert_frame_equal(features_of_all(fresh_engine), before, check_exact=True)


def test_a_corrected_copy_of_the_assessment_before_does_not_reach_the_one_after_it(
    registered, reload, fresh_engine, area
):
    first = area["assessments"][0]
    second = first | {
        "assessment_id": "9",
        "initiated_at": "2026-09-01T09:00:00Z",
        "completed_at": "2026-09-04T09:00:00Z",
    }
    reload(assessments=[first, second])

    reload(assessments=[first | {"community_public": "HIGH", "overall_stated": "HIGH"}, second])

    with transaction(fresh_engine, SYSTEM) as session:
        [key] = session.connection().exec_driver_sql("SELECT id FROM assessment WHERE outside_id = '9'").one()
        row = build_records(read_tables(session, [key]), pd.Series([key])).iloc[0]
    assert row["previous_overall_level"] == 1  # medium, as it was when the second was made
