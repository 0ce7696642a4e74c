"""A candidate is trained from recorded levels and final checks, on nothing that came after an assessment."""

import json
from datetime import timedelta

import pandas as pd
import pytest
from service.flags.conftest import SHARE_CHECKED, TRAINED_AT
from sqlalchemy import text

from models.records import Tables, build_records
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import Conflict
from qa_service.extract.catalogue import table_named
from qa_service.extract.columns import Kind
from qa_service.flags.service.artefacts import find_artefact
from qa_service.flags.service.learning import learn, read_what_teaches, train_candidate
from qa_service.flags.store.inputs import read_tables
from qa_service.flags.store.labels import read_reviews
from qa_service.flags.tables import ArtefactStatus

LOGGED = (
    "SELECT payload FROM audit_payload JOIN audit_event USING (seq)"
    " WHERE tag = 'flags:artefact:trained' AND payload->>'digest' = :digest"
)


def quietly(*_):
    """Show no progress."""


def tables_of_the_files(folder) -> Tables:
    """Read the extract's own files without the database: what the classifier was developed on."""
    return Tables.of_one_load(**{name: _read(folder, name) for name in Tables.__dataclass_fields__})


def _read(folder, name) -> pd.DataFrame:
    table = pd.read_csv(folder / f"{name}.csv", dtype=str)
    for column in table_named(name).columns:
        values = table[column.name]
        if column.kind is Kind.MOMENT:
            table[column.name] = pd.to_datetime(values, utc=True)
        elif column.kind is Kind.DATE:
            table[column.name] = pd.to_datetime(values)
        elif column.kind is Kind.FLAG:
            table[column.name] = values.str.lower().isin(["true", "yes", "1"])
        elif column.kind in {Kind.INTEGER, Kind.NUMBER}:
            table[column.name] = pd.to_numeric(values)
    return table


@pytest.fixture
def latest(area):
    """Keys and the sources' own ids of every case's latest assessment."""
    with transaction(area, SYSTEM) as session:
        return session.execute(
            text(
                "SELECT DISTINCT ON (case_id) id, outside_id FROM assessment WHERE overall_derived IS NOT NULL"
                " AND status = 'COMPLETE' ORDER BY case_id, completed_at DESC, id DESC"
            )
        ).all()


def test_a_record_read_from_the_database_is_the_one_built_from_the_files(area, latest, extract):
    outside = {row.id: row.outside_id for row in latest}
    with transaction(area, SYSTEM) as session:
        ours = build_records(read_tables(session, list(outside)), pd.Series(list(outside)))

    theirs = build_records(tables_of_the_files(extract), pd.Series(list(outside.values())))

    ours["assessment_id"] = ours["assessment_id"].map(outside)
    # The service has its own keys of cases, and keeps newly qualified officers as POs with a dated fact.
    ours, theirs = (
        table.set_index("assessment_id").sort_index().drop(columns=["crn", "grade"])
        for table in (ours, theirs)
    )
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)


def test_what_is_recorded_after_an_assessment_does_not_change_its_record(area, latest):
    keys = [row.id for row in latest[:50]]
    with transaction(area, SYSTEM) as session:
        before = build_records(read_tables(session, keys), pd.Series(keys))
        session.execute(
            text(
                "INSERT INTO case_pack_item (case_id, content_digest, kind, happened_on, state, source, title,"
                " body, is_review_trigger, recorded_at) SELECT case_id, 'late', 'event',"
                " completed_at::date - 1, NULL, 'police', 'Arrested with a knife', 'Strangulation.', true,"
                " completed_at + interval '1 hour' FROM assessment WHERE id = ANY(:keys)"
            ),
            {"keys": keys},
        )
        after = build_records(read_tables(session, keys), pd.Series(keys))

    pd.testing.assert_frame_equal(before, after)


def test_final_checks_teach_with_the_chance_they_were_drawn_by(area):
    with transaction(area, SYSTEM) as session:
        reviews = read_reviews(session)
        n_checks = session.execute(text("SELECT count(*) FROM check_record")).scalar_one()

    assert len(reviews) == n_checks
    assert set(reviews["arm"]) == {"random"}
    assert set(reviews["inclusion_probability"]) == {SHARE_CHECKED}
    assert reviews["is_scorable"].all()
    assert reviews["reviewed_overall"].between(0, 3).all()


def test_a_group_without_enough_recorded_highs_has_no_scorer_and_the_card_says_why(small_area):
    # given: nobody in this made-up PDU is recorded high for staff
    digest = train_candidate(
        small_area,
        by="cli",
        at=TRAINED_AT + timedelta(days=1),
        progress=lambda *_: None,
        targets=("overall", "staff"),
    )

    with transaction(small_area, SYSTEM) as session:
        row = find_artefact(session, digest)
    assert set(row.evaluation["reports"]) == {"overall"}
    assert row.evaluation["not_trained"]["staff"].startswith("Only 0 cases are recorded high for staff")
    assert "## Level: staff\n\nNo scorer, so no flag rests on this level. Only 0 cases" in row.card


def test_a_superseded_verdict_and_an_unfinished_check_teach_nothing(area):
    with transaction(area, SYSTEM) as session:
        first, second = session.execute(text("SELECT id FROM check_record ORDER BY id LIMIT 2")).scalars()
        session.execute(
            text("UPDATE check_record SET status = 'in_moderation' WHERE id = :key"), {"key": second}
        )
        session.execute(
            text(
                "INSERT INTO verdict (check_id, supersedes_id, verdict, severity, is_urgent,"
                " is_underclassified, is_overclassified, assessed_overall, reviewed_overall, decision,"
                " attribution, decided_by, rubric_version, policy_version, decided_at)"
                " SELECT check_id, id, 'fail', 'S3', false, true, false, 'MEDIUM', 'VERY_HIGH', '{}', 'none',"
                " '{}', '1', '2026-11-01', decided_at FROM verdict WHERE check_id = :key"
            ),
            {"key": first},
        )
        of_first, of_second = (
            session.execute(
                text("SELECT assessment_id FROM check_record WHERE id = :key"), {"key": key}
            ).scalar_one()
            for key in (first, second)
        )
        reviews = read_reviews(session).set_index("assessment_id")

    assert reviews.loc[of_first, "reviewed_overall"] == 3
    assert of_second not in reviews.index


def test_a_trained_artefact_waits_as_a_candidate_with_its_figures_and_card(area):
    with transaction(area, SYSTEM) as session:
        artefact = find_artefact(session)

    assert (artefact.status, artefact.trained_at, artefact.trained_by) == (
        ArtefactStatus.CANDIDATE,
        TRAINED_AT,
        "cli",
    )
    overall = artefact.evaluation["reports"]["overall"]
    assert overall["n_judging"] > 100
    assert overall["auprc"]["low"] <= overall["auprc"]["value"] <= overall["auprc"]["high"]
    assert artefact.card.startswith("# Classifier card")
    assert (
        artefact.provenance["data_fingerprint"] == json.loads(artefact.content)["content"]["data_fingerprint"]
    )


def test_the_levels_that_need_a_candidates_score_are_logged_as_they_are_kept(small_area):
    lessons = read_what_teaches(small_area, at=TRAINED_AT, progress=quietly)

    options = {"by": "cli", "at": TRAINED_AT, "progress": quietly, "targets": ("overall",)}
    digest = learn(small_area, lessons, **options, levels=("MEDIUM", "HIGH"))

    with transaction(small_area, SYSTEM) as session:
        kept = find_artefact(session, digest).provenance
        [logged] = session.execute(text(LOGGED), {"digest": digest}).scalars()
    assert kept["levels"] == ["MEDIUM", "HIGH"]
    assert {**logged, **kept} == logged


def test_the_same_data_train_the_same_weights(small_area):
    digest = train_candidate(
        small_area,
        by="cli",
        at=TRAINED_AT + timedelta(days=1),
        progress=quietly,
        targets=("overall", "public"),
    )
    with transaction(small_area, SYSTEM) as session:
        again, first = (
            json.loads(find_artefact(session, one).content)["content"] for one in (digest, _first(session))
        )

    assert again["scorers"] == first["scorers"]
    assert again["data_fingerprint"] == first["data_fingerprint"]


def _first(session) -> str:
    first = "SELECT digest FROM flag_artefact WHERE purpose = 'flag' ORDER BY trained_at LIMIT 1"
    return session.execute(text(first)).scalar_one()


def test_without_assessments_there_is_nothing_to_learn_from(fresh_engine):
    with pytest.raises(Conflict, match="nothing to learn from"):
        train_candidate(fresh_engine, by="cli", at=TRAINED_AT, progress=quietly)
