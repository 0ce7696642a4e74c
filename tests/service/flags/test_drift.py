"""Every scoring tells of change since the training, on cases that can be compared with those of the training."""

from datetime import timedelta

import pytest
from service.flags.conftest import TRAINED_AT
from sqlalchemy import text

from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.service import drift
from qa_service.flags.service.learning import learn, read_what_teaches
from qa_service.flags.service.scoring import refresh_flags
from qa_service.reporting.flag_quality import latest_drift

AT = TRAINED_AT + timedelta(hours=1)
BELOW_NONE_BUT_LOW = ("MEDIUM", "HIGH", "VERY_HIGH")
IN_USE = (
    "SELECT count(*) FROM (SELECT DISTINCT ON (a.case_id) a.id, a.overall_derived FROM assessment a"
    " JOIN case_record c ON c.id = a.case_id WHERE a.status = 'COMPLETE' AND a.overall_derived IS NOT NULL"
    " AND c.closed_on IS NULL ORDER BY a.case_id, a.completed_at DESC, a.id DESC) x"
    " WHERE x.overall_derived = ANY(:levels)"
)


def quietly(*_):
    """Show no progress."""


def one(engine, statement, **values):
    with transaction(engine, SYSTEM) as session:
        return session.execute(text(statement), values).scalar_one()


def newest_drift(engine, digest):
    with transaction(engine, SYSTEM) as session:
        return latest_drift(session, digest)


@pytest.fixture(name="without_lows")
def fixture_without_lows(area, monkeypatch):
    """A classifier that learnt from no case assessed low, and has scored all but a few; every case is measured."""
    monkeypatch.setattr(drift, "LEAST_FOR_DRIFT", 300)
    lessons = read_what_teaches(area, at=AT, progress=quietly, levels=BELOW_NONE_BUT_LOW)
    options = {"by": "cli", "at": AT, "progress": quietly, "targets": ("overall",)}
    digest = learn(area, lessons._replace(reviews=lessons.reviews.head(0)), **options)
    refresh_flags(area, since=AT, at=AT, progress=quietly)
    return digest


def test_what_is_measured_are_cases_of_the_levels_that_taught_whatever_was_scored_last(area, without_lows):
    n_comparable = one(area, IN_USE, levels=list(BELOW_NONE_BUT_LOW))
    one(
        area,
        "WITH gone AS (DELETE FROM flag f USING assessment a WHERE a.id = f.assessment_id"
        " AND a.overall_derived = 'LOW' RETURNING 1) SELECT count(*) FROM gone",
    )

    # given a scoring of cases assessed low alone
    done = refresh_flags(area, since=AT, at=AT + timedelta(days=1), progress=quietly)

    found = newest_drift(area, without_lows)
    assert done.n_scored > 0
    assert found.measured_at == AT + timedelta(days=1)
    assert n_comparable <= found.n_cases
    assert {row["reading"] for row in found.features} == {"steady"}


def test_a_single_new_assessment_warns_of_nothing(area, without_lows):
    one(
        area,
        "WITH gone AS (DELETE FROM flag WHERE assessment_id = (SELECT max(assessment_id) FROM flag)"
        " RETURNING 1) SELECT count(*) FROM gone",
    )

    done = refresh_flags(area, since=AT, at=AT + timedelta(days=1), progress=quietly)

    assert done.n_scored == 1
    assert {row["reading"] for row in newest_drift(area, without_lows).features} == {"steady"}


def test_of_many_in_use_as_many_are_measured_as_it_takes_spread_over_all(area, without_lows, monkeypatch):
    monkeypatch.setattr(drift, "SAMPLED", 400)
    n_comparable = one(area, IN_USE, levels=list(BELOW_NONE_BUT_LOW))

    later = AT + timedelta(days=2)
    refresh_flags(area, since=later, at=later, progress=quietly)

    found = newest_drift(area, without_lows)
    assert 300 <= found.n_cases < n_comparable
    assert {row["reading"] for row in found.features} <= {"steady", "look"}


def test_from_too_few_nothing_is_said(area, without_lows, monkeypatch):
    monkeypatch.setattr(drift, "LEAST_FOR_DRIFT", 10**6)
    before = newest_drift(area, without_lows)

    later = AT + timedelta(days=2)
    done = refresh_flags(area, since=later, at=later, progress=quietly)

    assert (done.n_scored > 0, done.drift) == (True, ())
    assert newest_drift(area, without_lows) == before
