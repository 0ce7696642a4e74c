"""Two people at the same moment leave one outcome. QA_RACES=1000 runs the full number."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories.cases import make_assessment, make_case
from factories.reviews import AT, answers, claimed, judgement, make_check, make_reader, make_setting, want
from sqlalchemy import text

from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import Conflict
from qa_service.reviews import service as reviews
from qa_service.reviews.rules import NextStep
from qa_service.reviews.tables import ReadKind

N_RACES = int(os.environ.get("QA_RACES", "25"))


def _ready_to_submit(session, reader):
    reference = claimed(session, reader).reference
    reviews.lock_own_judgement(session, reference, judgement(), reader_id=reader, at=AT)
    reviews.lock_quality(session, reference, answers(2), reader_id=reader, at=AT)
    return reference


@pytest.fixture
def checks(fresh_engine):
    """As many checks as races, each with one wanted read; and two readers."""
    with transaction(fresh_engine, SYSTEM) as session:
        setting = make_setting(session)
        made = [setting.check]
        for number in range(2, N_RACES + 1):
            case = make_case(session, number)
            make_assessment(session, case)
            made.append(make_check(session, case, setting.officer, number=number))
        return made, make_reader(session, "rita"), make_reader(session, "sam")


def _race(engine, tries):
    """Run tries at the same moment, each in a transaction of its own; return what each came to."""
    barrier = Barrier(len(tries))

    def run(attempt):
        try:
            with transaction(engine, SYSTEM) as session:
                barrier.wait()
                return attempt(session)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(run, tries))


def test_two_windows_that_submit_the_same_read_leave_one_outcome(fresh_engine, checks):
    made, rita, _ = checks

    for check in made:
        with transaction(fresh_engine, SYSTEM) as session:
            want(session, check)
            reference = _ready_to_submit(session, rita)

        def submit(session, key, reference=reference):
            return reviews.submit_read(
                session, reference, answers(3), reader_id=rita, at=AT, submission_key=key
            )

        tries = [lambda session, k=f"{check.reference}-{k}": submit(session, k) for k in "ab"]
        results = _race(fresh_engine, tries)

        assert sum(isinstance(result, Conflict) for result in results) == 1


def test_two_people_who_submit_the_same_check_leave_one_verdict(fresh_engine, checks):
    made, rita, sam = checks

    for check in made:
        with transaction(fresh_engine, SYSTEM) as session:
            want(session, check)
            first = _ready_to_submit(session, rita)
            want(session, check, ReadKind.SECOND)
            second = _ready_to_submit(session, sam)

        def submit(session, reference, reader):
            done = reviews.submit_read(
                session, reference, answers(3), reader_id=reader, at=AT, submission_key=f"key-{reference}"
            )
            found = reviews.combine_reads(session, done.check, at=AT)
            if found.step is NextStep.FINAL:
                by = {"reads": [read.review_id for read in found.deciding]}
                who = reviews.attribute_check(session, done.check)
                reviews.record_verdict(
                    session, done.check, found.outcome, attribution=who, decided_by=by, at=AT
                )
            return found.step

        pairs = ((first, rita), (second, sam))
        tries = [lambda session, r=ref, p=person: submit(session, r, p) for ref, person in pairs]
        results = _race(fresh_engine, tries)

        assert sorted(results) == [NextStep.FINAL, NextStep.WAIT_FOR_READ]

    with fresh_engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.all_cases', 'on', true)"))
        counts = connection.execute(text("SELECT count(*), count(DISTINCT check_id) FROM verdict")).one()
    assert tuple(counts) == (len(made), len(made))


def test_readers_who_ask_at_the_same_moment_never_get_the_same_read(fresh_engine, checks):
    made, _, _ = checks
    with transaction(fresh_engine, SYSTEM) as session:
        for check in made:
            want(session, check)
        readers = [make_reader(session, f"reader-{number}") for number in range(8)]

    given = _race(
        fresh_engine, [lambda session, r=reader: claimed(session, r).reference for reader in readers]
    )

    assert len(set(given)) == len(readers)
