"""What the database itself hides from somebody who reads a check."""

import pytest
from factories.reviews import AT, claimed, make_reader, make_setting, read_through, want
from sqlalchemy import text

from qa_service.core.db import SYSTEM, Scope, set_scope, transaction
from qa_service.reviews import service as reviews
from qa_service.reviews.rules import NextStep
from qa_service.reviews.tables import ReadKind

AREA = Scope(regions=("N07",))


@pytest.fixture
def second_reader(fresh_engine):
    """A check that rita failed, with a worry, in which sam now has the second read; returns sam."""
    with transaction(fresh_engine, SYSTEM) as session:
        setting = make_setting(session)
        want(session, setting.check)
        rita, sam = make_reader(session, "rita"), make_reader(session, "sam")
        submitted = read_through(session, rita)
        reviews.raise_worry(session, submitted.review.reference, "He has a key.", reader_id=rita, at=AT)
        reviews.ask_accuracy_reply(session, setting.check, at=AT)
        want(session, setting.check, ReadKind.SECOND)
        reviews.open_read(session, claimed(session, sam).reference, reader_id=sam, at=AT)
        return sam


def _count(session, table):
    return session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def _as_reader(session, reader, scope):
    seen = tuple(reviews.cases_of_reader(session, reader))
    set_scope(session, Scope(regions=scope.regions, cases=seen))


@pytest.mark.parametrize("scope", [Scope(), AREA], ids=["a reader", "a reader who leads quality there too"])
@pytest.mark.parametrize("table", ["review_kind", "verdict", "worry", "accuracy_reply", "level_correction"])
def test_a_reader_can_select_nothing_that_others_found(fresh_engine, second_reader, scope, table):
    with transaction(fresh_engine) as session:
        _as_reader(session, second_reader, scope)

        assert _count(session, "check_record") == 1
        assert _count(session, table) == 0


@pytest.mark.parametrize("scope", [Scope(), AREA], ids=["a reader", "a reader who leads quality there too"])
def test_a_reader_can_select_only_their_own_read(fresh_engine, second_reader, scope):
    with transaction(fresh_engine) as session:
        _as_reader(session, second_reader, scope)

        readers = session.connection().execute(text("SELECT reader_id FROM review")).scalars().all()

    assert readers == [second_reader]


def test_after_submitting_a_reader_still_sees_no_verdict_outside_their_area(fresh_engine, second_reader):
    with transaction(fresh_engine, SYSTEM) as session:
        reference = reviews.worklist(session, reader_id=second_reader)[0].reference
        from factories.reviews import answers, judgement

        reviews.lock_own_judgement(session, reference, judgement(), reader_id=second_reader, at=AT)
        reviews.lock_quality(session, reference, answers(2), reader_id=second_reader, at=AT)
        done = reviews.submit_read(
            session, reference, answers(3), reader_id=second_reader, at=AT, submission_key="k"
        )
        later = AT.replace(day=20)
        found = reviews.combine_reads(session, done.check, at=later)
        assert found.step is NextStep.FINAL
        who = reviews.attribute_check(session, done.check)
        reviews.record_verdict(session, done.check, found.outcome, attribution=who, decided_by={}, at=later)

    seen = {}
    for name, scope in {"reader": Scope(), "with the area": AREA}.items():
        with transaction(fresh_engine) as session:
            _as_reader(session, second_reader, scope)
            seen[name] = _count(session, "verdict")

    assert seen == {"reader": 0, "with the area": 1}


def test_a_session_that_says_nothing_sees_no_read_at_all(fresh_engine, second_reader):
    with transaction(fresh_engine) as session:
        assert [_count(session, table) for table in ("review", "review_kind", "review_draft")] == [0, 0, 0]


def test_the_quality_lead_of_the_area_sees_its_reads(fresh_engine, second_reader):
    with transaction(fresh_engine, AREA) as session:
        assert _count(session, "review") == 2
        assert _count(session, "review_kind") == 0
