"""A refresh scores what is in use, in the shadow too, and goes on where it stopped."""

import json
from datetime import timedelta

import pandas as pd
import pytest
from factories.flags import make_artefact_row
from service.flags.conftest import TRAINED_AT
from sqlalchemy import text

from models.artefact import from_text
from models.explain import all_reasons
from models.features import build_features
from models.records import build_records
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.service.artefacts import find_artefact
from qa_service.flags.service.scoring import refresh_flags
from qa_service.flags.store.inputs import read_tables

AT = TRAINED_AT + timedelta(hours=1)
HIGHS = {"HIGH", "VERY_HIGH"}


def quietly(*_):
    """Show no progress."""


@pytest.fixture
def scored(area):
    """An engine on the area after its first refresh."""
    refresh_flags(area, since=AT, at=AT, progress=quietly)
    return area


def rows(engine, statement, **values):
    with transaction(engine, SYSTEM) as session:
        return session.execute(text(statement), values).all()


def test_every_open_case_gets_a_score_of_its_latest_assessment(scored):
    missing = rows(
        scored,
        "SELECT id FROM (SELECT DISTINCT ON (a.case_id) a.id FROM assessment a JOIN case_record c ON c.id ="
        " a.case_id WHERE a.status = 'COMPLETE' AND a.overall_derived IS NOT NULL AND c.closed_on IS NULL"
        " ORDER BY a.case_id, a.completed_at DESC, a.id DESC) x"
        " WHERE NOT EXISTS (SELECT FROM flag f WHERE f.assessment_id = x.id)",
    )

    assert missing == []


def test_about_as_many_are_flagged_as_can_be_read(scored):
    [found] = rows(
        scored,
        "SELECT avg(f.is_flagged::int) AS share FROM flag f JOIN assessment a ON a.id = f.assessment_id"
        " WHERE a.overall_derived IN ('LOW', 'MEDIUM')",
    )

    assert 0.05 < found.share < 0.15


def test_a_case_below_high_is_doubted_overall_and_one_that_is_high_in_a_group(scored):
    found = rows(
        scored, "SELECT a.grid, f.target, f.reasons FROM flag f JOIN assessment a ON a.id = f.assessment_id"
    )

    assert {row.target for row in found} >= {"overall", "public", "unscored"}
    for row in found:
        target, _ = doubted(row.grid)
        assert row.target == target


def doubted(grid):
    """What a classifier of the overall level and the public's has to say of a grid: target, other lower groups."""
    groups = ("children", "public", "known_adult", "staff")
    levels = {name: [half[name] in HIGHS for half in grid.values() if name in half] for name in groups}
    lower = [name for name, is_high in levels.items() if is_high and not any(is_high)]
    if not any(level in HIGHS for half in grid.values() for level in half.values()):
        return "overall", lower
    return ("public" if "public" in lower else "unscored" if lower else "none"), lower


def test_a_high_whose_lower_groups_have_no_scorer_is_not_said_to_be_high_everywhere(scored):
    found = rows(
        scored,
        "SELECT a.grid, f.score_rate, f.is_flagged, f.reasons FROM flag f"
        " JOIN assessment a ON a.id = f.assessment_id WHERE f.target = 'unscored'",
    )

    assert found
    for row in found:
        _, lower = doubted(row.grid)
        names = ", ".join(lower).replace("known_adult", "a known adult")
        assert row.reasons == [{"sentence": f"The classifier has no scorer for its lower levels ({names})."}]
        assert (row.score_rate, row.is_flagged) == (0.0, False)


def test_only_where_every_recorded_level_is_high_is_nothing_in_doubt(scored):
    high = dict.fromkeys(("children", "public", "known_adult", "staff"), "HIGH")
    grids = [{"community": high}, {"community": {"public": "HIGH"}, "custody": {"public": "VERY_HIGH"}}]
    for days, grid in enumerate(grids, start=1):
        [new] = rows(
            scored,
            "INSERT INTO assessment (case_id, source, outside_id, content_digest, status, completed_at,"
            " initiated_at, grid, overall_derived, texts, details, recorded_at)"
            " SELECT case_id, source, :name, :name, status, completed_at + :days * interval '1 day',"
            " initiated_at, :grid, 'HIGH', texts, details, recorded_at FROM assessment a"
            " WHERE id = (SELECT max(assessment_id) FROM flag WHERE target = 'unscored') RETURNING id",
            name=f"new {days}",
            days=days,
            grid=json.dumps(grid),
        )
        refresh_flags(scored, since=AT, at=AT + timedelta(days=9), progress=quietly)
        [flag] = rows(scored, "SELECT * FROM flag WHERE assessment_id = :key", key=new.id)
        assert (flag.target, flag.score_rate, flag.is_flagged, flag.reasons) == ("none", 0.0, False, [])


def test_the_reasons_of_a_flag_are_the_strongest_parts_of_its_score(scored):
    [flag] = rows(scored, "SELECT * FROM flag WHERE target = 'overall' ORDER BY score_rate DESC LIMIT 1")
    with transaction(scored, SYSTEM) as session:
        artefact = from_text(find_artefact(session).content, "it")
        records = build_records(read_tables(session, [flag.assessment_id]), pd.Series([flag.assessment_id]))

    [parts] = all_reasons(artefact.scorers["overall"], records)
    told = [(reason["column"], reason["sentence"]) for reason in flag.reasons]
    assert told == [(part.column, part.sentence) for part in parts[: len(told)]]
    score = artefact.scorers["overall"].score(build_features(records))[0]
    assert flag.score_rate == pytest.approx(1 / (1 + 2.718281828459045**-score))


def test_a_scoring_that_no_worker_was_asked_for_tells_of_change_too(scored):
    [kept] = rows(scored, "SELECT * FROM flag_scoring")
    [all_] = rows(scored, "SELECT count(*) AS n FROM flag")

    assert kept.n_scored == kept.n_measured == all_.n
    assert {row["reading"] for row in kept.drift} == {"steady"}  # the cases are those of the training


def test_a_second_refresh_of_only_new_ones_finds_nothing_to_do(scored):
    done = refresh_flags(scored, since=AT, at=AT + timedelta(hours=1), progress=quietly)

    assert done.n_scored == 0


def test_a_refresh_that_was_stopped_goes_on_with_what_is_left(scored):
    rows(scored, "DELETE FROM flag WHERE assessment_id % 3 = 0 RETURNING id")
    [left] = rows(scored, "SELECT count(*) AS n FROM flag")
    done = refresh_flags(scored, since=AT, at=AT, progress=quietly)
    [after] = rows(scored, "SELECT count(*) AS n FROM flag")

    assert done.n_scored >= after.n - left.n > 0
    assert done.n_scored < after.n


def test_a_new_assessment_is_scored_alone(scored):
    rows(
        scored,
        "INSERT INTO assessment (case_id, source, outside_id, content_digest, status, completed_at,"
        " initiated_at, grid, overall_derived, texts, details, recorded_at)"
        " SELECT case_id, source, 'new', 'new', status, completed_at + interval '1 day', initiated_at, grid,"
        " overall_derived, texts, details, recorded_at FROM assessment a"
        " WHERE id = (SELECT max(f.assessment_id) FROM flag f JOIN assessment l ON l.id = f.assessment_id"
        " WHERE l.case_id % 2 = 1) RETURNING id",
    )

    done = refresh_flags(scored, since=AT, at=AT + timedelta(days=1), progress=quietly)

    assert done.n_scored == 1


def test_a_candidate_is_scored_beside_an_approved_artefact_that_newer_columns_refuse(area):
    with transaction(area, SYSTEM) as session:
        make_artefact_row(session, "f" * 64, trained_at=TRAINED_AT - timedelta(days=30))
        candidate = find_artefact(session).digest

    done = refresh_flags(area, since=AT, at=AT, progress=quietly)

    assert done.digests == (candidate,)
    assert done.n_scored > 0


def test_protected_characteristics_change_no_score(scored):
    before = rows(scored, "SELECT assessment_id, score_rate FROM flag ORDER BY 1")
    rows(
        scored,
        "UPDATE case_audit_fact SET sex = CASE sex WHEN 'M' THEN 'F' ELSE 'M' END, ethnicity = 'BLACK',"
        " birth_year = birth_year - 30 RETURNING case_id",
    )
    later = AT + timedelta(hours=2)
    refresh_flags(scored, since=later, at=later, progress=quietly)

    assert rows(scored, "SELECT assessment_id, score_rate FROM flag ORDER BY 1") == before
