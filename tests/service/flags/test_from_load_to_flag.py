"""What the worker does by itself: it trains when asked, and scores what was loaded by what was approved."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from time import sleep
from types import SimpleNamespace

import pytest
from factories.accounts import make_account
from factories.extracts import an_item, write_extract
from service.flags.conftest import TRAINED_AT, read_cells
from sqlalchemy import text

from models.artefact import from_text, to_text
from qa_service import jobs
from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.service import artefacts, scoring
from qa_service.flags.service.scoring import refresh_flags
from qa_service.flags.tables import FlagArtefact
from qa_service.intake.service import import_paths
from qa_service.jobs import do_what_was_asked
from qa_service.progress import service as progress
from qa_service.progress.tables import JobStatus
from qa_service.workflows.learn_flags import REFRESH, RETRY_AFTER, SCORE_NEW, TRAIN

AT = TRAINED_AT + timedelta(days=1)


def rows(engine, statement, **values):
    with transaction(engine, SYSTEM) as session:
        return session.execute(text(statement), values).all()


def tick(engine, at=AT):
    """Let the worker look once for what is to be done."""
    context = SimpleNamespace(additional_context={"engine": engine, "clock": FixedClock(at)})
    do_what_was_asked(context, 0)


def latest(engine, kind):
    with transaction(engine, SYSTEM) as session:
        return progress.latest_run(session, kind)


def work_that_fails(*_):
    raise OSError("connection reset")


def ask_to_train(engine):
    with transaction(engine, SYSTEM) as session:
        references = ReferenceSource(seeded_bytes("train"))
        progress.ask(session, TRAIN, by="user:7", at=AT, references=references)


def approve(engine, digest):
    with transaction(engine, SYSTEM) as session:
        artefacts.approve(
            session,
            digest,
            user_id=make_account(session, Role.NATIONAL_LEAD, username=f"lead-{digest[:6]}"),
            reason="It finds more.",
            at=AT,
            references=ReferenceSource(seeded_bytes(digest)),
        )


@pytest.fixture(name="approved")
def fixture_approved(small_area):
    """The small area with both its candidates approved, and everything in use scored by the worker."""
    digests = {
        row.purpose: row.digest for row in rows(small_area, "SELECT purpose, digest FROM flag_artefact")
    }
    for digest in digests.values():
        approve(small_area, digest)
    tick(small_area)
    return digests


@pytest.fixture(name="one_more")
def fixture_one_more(small_extract, tmp_path, small_area):
    """An extract with one new assessment, of a case that has never been checked; and that case's key."""
    [case] = rows(
        small_area,
        "SELECT a.case_id AS id, c.crn FROM assessment a JOIN case_crn c ON c.case_id = a.case_id"
        " WHERE NOT EXISTS (SELECT FROM check_record k WHERE k.case_id = a.case_id) ORDER BY a.id LIMIT 1",
    )
    assessed = [row for row in read_cells(small_extract / "assessments.csv") if row["crn"] == case.crn]
    cells = max(assessed, key=lambda row: row["completed_at"])
    later = {
        "assessment_id": "999999",
        "initiated_at": "2026-09-28T09:00:00Z",
        "completed_at": "2026-09-29T09:00:00Z",
    }
    return write_extract(tmp_path / "later", {"assessments": [cells | later]}), case.id


def test_a_training_that_was_asked_for_leaves_a_candidate_with_its_card_and_shadow_scores(small_area):
    ask_to_train(small_area)

    tick(small_area)

    run = latest(small_area, TRAIN)
    assert (run.status, run.message) == (JobStatus.DONE, None)
    assert (run.n_done, run.n_all) == (run.result["n_scored"], run.result["n_scored"])
    [made] = rows(
        small_area, "SELECT * FROM flag_artefact WHERE digest = :digest", digest=run.result["digest"]
    )
    assert (made.status, made.purpose, made.trained_by) == ("candidate", "flag", "user:7")
    assert made.card.startswith("# Classifier card\n")
    assert "of the random arm" in made.card
    shadow = rows(
        small_area, "SELECT count(*) AS n FROM flag WHERE artefact_digest = :digest", digest=made.digest
    )
    assert shadow[0].n == run.result["n_scored"] > 300
    assert rows(small_area, "SELECT id FROM approved_flag") == []  # nobody has approved it


def test_a_training_without_anything_to_learn_from_fails_in_words_that_say_what_to_do(fresh_engine):
    ask_to_train(fresh_engine)

    tick(fresh_engine)

    run = latest(fresh_engine, TRAIN)
    assert run.status is JobStatus.FAILED
    assert run.message == "No assessment is loaded, so there is nothing to learn from. Import first."
    assert run.result is None


def test_a_new_assessment_is_scored_by_what_was_approved_soon_after_it_was_loaded(
    small_area, approved, one_more
):
    folder, case_id = one_more
    later = AT + timedelta(hours=1)
    [report] = import_paths(small_area, [folder], by="cli", clock=FixedClock(later))
    assert (report.n_refused, report.n_changed) == (0, 1)

    tick(small_area, later)

    run = latest(small_area, SCORE_NEW)
    assert (run.status, run.asked_by, run.result["n_scored"]) == (JobStatus.DONE, "job:intake", 1)
    scores = rows(
        small_area,
        "SELECT f.artefact_digest FROM flag f JOIN assessment a ON a.id = f.assessment_id"
        " WHERE a.case_id = :case AND a.outside_id = '999999'",
        case=case_id,
    )
    assert {row.artefact_digest for row in scores} == set(approved.values())
    for view in ("approved_flag", "approved_review_now"):
        assert len(rows(small_area, f"SELECT id FROM {view} f WHERE f.scored_at = :at", at=later)) == 1
    tick(small_area, later + timedelta(minutes=1))
    assert latest(small_area, SCORE_NEW).id == run.id  # nothing more was loaded


def test_after_an_approval_what_was_loaded_before_it_is_scored_once(small_area, approved):
    run = latest(small_area, SCORE_NEW)
    assert (run.status, run.asked_by.partition(":")[0]) == (JobStatus.DONE, "user")

    tick(small_area, AT + RETRY_AFTER)

    assert rows(small_area, "SELECT id FROM job_run") == [(run.id,)]


def came_since(crn):
    """A row of each table that may make a review necessary, recorded before everything was scored last."""
    recorded = AT - timedelta(hours=1)
    event = an_item(1, crn, kind="EVENT", happened_on="2026-10-02", title="Arrested with a knife")
    moment = {"recorded_at": recorded.strftime("%Y-%m-%dT%H:%M:%SZ"), "calls_for_review": "true"}
    entry = {"crn": crn, "code": "ADVP", "start_on": "2026-10-01", "is_active": "true"}
    return {
        "case_pack_items": event["case_pack_items"] | moment,
        "registrations": entry,
    }


@pytest.fixture(name="case")
def fixture_case(small_area, approved):
    """A case whose second score may rise."""
    [case] = rows(
        small_area,
        "SELECT c.crn, f.assessment_id, f.score_rate FROM approved_review_now f"
        " JOIN assessment a ON a.id = f.assessment_id JOIN case_crn c ON c.case_id = a.case_id"
        " WHERE NOT EXISTS (SELECT FROM registration g WHERE g.case_id = a.case_id)"
        " AND f.score_rate BETWEEN 0.01 AND 0.5 ORDER BY a.id LIMIT 1",
    )
    return case


@pytest.mark.parametrize("table", ["case_pack_items", "registrations"])
def test_what_was_recorded_before_a_scoring_and_loaded_after_it_is_scored_then(
    small_area, case, tmp_path, table
):
    later = AT + timedelta(days=1)
    folder = write_extract(tmp_path / "later", {table: [came_since(case.crn)[table]]})
    [report] = import_paths(small_area, [folder], by="cli", clock=FixedClock(later))
    assert (report.n_refused, report.n_changed) == (0, 1)

    tick(small_area, later)

    assert latest(small_area, SCORE_NEW).result["n_scored"] == 1
    [now] = rows(
        small_area,
        "SELECT score_rate, scored_at FROM approved_review_now WHERE assessment_id = :id",
        id=case.assessment_id,
    )
    assert now.scored_at == later
    assert now.score_rate != case.score_rate


def test_a_scoring_waits_for_an_import_that_began_before_it(small_area, case, tmp_path):
    # given: an import that began a minute before a scoring, and ends only after that has begun or is over
    item = came_since(case.crn)["case_pack_items"]
    folder = write_extract(tmp_path / "later", {"case_pack_items": [item]})
    later = AT + timedelta(days=1)
    asked = []

    def is_waited_for():
        return rows(small_area, "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    with ThreadPoolExecutor(1) as pool:

        def score_meanwhile(_n_done, _n_all, step):
            if step.startswith("reading") and not asked:
                asked.append(pool.submit(score_what_came, small_area, later + timedelta(minutes=1)))
                while not (asked[0].done() or is_waited_for()):
                    sleep(0.01)

        import_paths(small_area, [folder], by="cli", clock=FixedClock(later), progress=score_meanwhile)
        assert asked[0].result().n_scored == 1


def score_what_came(engine, at):
    return refresh_flags(engine, since=AT - timedelta(days=365), at=at, progress=lambda *_: None)


def test_a_scoring_that_failed_is_asked_for_again_after_a_pause_until_it_is_done(
    small_area, approved, one_more, monkeypatch
):
    # given: the connection breaks while a new assessment is scored
    later = AT + timedelta(hours=1)
    import_paths(small_area, [one_more[0]], by="cli", clock=FixedClock(later))
    with monkeypatch.context() as broken:
        broken.setitem(jobs.WORKS, SCORE_NEW, work_that_fails)
        tick(small_area, later)
    failed = latest(small_area, SCORE_NEW)
    assert failed.status is JobStatus.FAILED

    tick(small_area, later + RETRY_AFTER - timedelta(seconds=1))
    assert latest(small_area, SCORE_NEW).id == failed.id
    tick(small_area, later + RETRY_AFTER)

    again = latest(small_area, SCORE_NEW)
    assert (again.status, again.result["n_scored"]) == (JobStatus.DONE, 1)
    tick(small_area, later + 2 * RETRY_AFTER)
    assert latest(small_area, SCORE_NEW).id == again.id


def test_a_refresh_that_failed_is_asked_for_again_in_its_askers_name(small_area, approved, monkeypatch):
    later = AT + timedelta(hours=1)
    with transaction(small_area, SYSTEM) as session:
        references = ReferenceSource(seeded_bytes("refresh"))
        progress.ask(session, REFRESH, by="user:7", at=later, references=references)
    with monkeypatch.context() as broken:
        broken.setitem(jobs.WORKS, REFRESH, work_that_fails)
        tick(small_area, later)
        tick(small_area, later + timedelta(minutes=1))
    assert latest(small_area, REFRESH).status is JobStatus.FAILED

    tick(small_area, later + RETRY_AFTER)

    again = latest(small_area, REFRESH)
    assert (again.status, again.asked_by) == (JobStatus.DONE, "user:7")
    assert (
        rows(small_area, "SELECT id FROM approved_flag WHERE scored_at <> :at", at=later + RETRY_AFTER) == []
    )


@pytest.fixture(name="candidate")
def fixture_candidate(small_area, approved):
    """The approved flags' classifier once more, trained later: a candidate that has scored nothing."""
    with transaction(small_area, SYSTEM) as session:
        kept = artefacts.find_artefact(session, approved["flag"])
        again = replace(from_text(kept.content, "the approved one"), trained_at="2026-10-02T09:00:00Z")
        digest, content = to_text(again)
        facts = kept.model_dump(include={"purpose", "evaluation", "card", "provenance"})
        row = FlagArtefact(digest=digest, content=content, trained_at=AT, trained_by="cli", **facts)
        artefacts.keep_candidate(session, row, at=AT)
    return digest


def used(engine):
    """How many assessments have a flag that is used, and by which classifiers."""
    found = rows(engine, "SELECT artefact_digest FROM approved_flag")
    return len(found), {row.artefact_digest for row in found}


def test_while_the_scoring_of_what_was_approved_fails_half_way_the_one_before_is_used(
    small_area, approved, candidate, monkeypatch
):
    before = used(small_area)
    half = scoring.records_in_batches

    def breaks(engine, ids, **options):
        yield from half(engine, ids[: len(ids) // 2], **options)
        raise OSError("disk full")

    approve(small_area, candidate)
    with monkeypatch.context() as broken:
        broken.setattr(scoring, "records_in_batches", breaks)
        tick(small_area, AT + timedelta(minutes=1))
    assert latest(small_area, SCORE_NEW).status is JobStatus.FAILED
    assert used(small_area) == before == (before[0], {approved["flag"]})

    tick(small_area, AT + timedelta(minutes=1) + RETRY_AFTER)

    assert used(small_area) == (before[0], {candidate})


def test_a_classifier_in_force_that_is_refused_does_not_lend_its_name_to_a_candidates_flags(
    small_area, approved, candidate, one_more
):
    # given: somebody changed what was approved, and a new assessment comes
    rows(
        small_area,
        "UPDATE flag_artefact SET content = replace(content, '\"seed\": 1', '\"seed\": 2')"
        " WHERE digest = :digest RETURNING digest",
        digest=approved["flag"],
    )
    later = AT + timedelta(hours=1)
    import_paths(small_area, [one_more[0]], by="cli", clock=FixedClock(later))

    tick(small_area, later)

    run = latest(small_area, SCORE_NEW)
    assert run.status is JobStatus.DONE
    assert candidate in run.result["digests"]
    assert run.result["n_scored"] > 0
    assert run.result["n_flagged"] is None
    [told] = run.result["refused"]
    assert told == (
        f"Artefact {approved['flag'][:12]} was changed after it was written. Restore it or train again."
        " It is in force: what it scored stays, and what is new gets no score from it."
    )


def test_what_is_loaded_while_nothing_is_approved_waits_for_an_approval(small_area, one_more):
    import_paths(small_area, [one_more[0]], by="cli", clock=FixedClock(AT))

    tick(small_area)

    assert latest(small_area, SCORE_NEW) is None
    assert rows(small_area, "SELECT id FROM flag") == []
