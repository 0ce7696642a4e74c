"""What was approved comes into force only when no list would miss a case; until then the one before is used."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.accounts import make_account
from factories.cases import add_registration, make_assessment, make_case
from factories.estate import make_area, make_officer
from factories.flags import TRAINED_AT, make_artefact_row, make_flag
from service.flags.conftest import add_load
from sqlalchemy import text

from qa_service.audit.record import append_pending
from qa_service.auth.roles import Role
from qa_service.cases.tables import Case
from qa_service.core.db import Scope, set_scope
from qa_service.core.errors import Conflict, Invalid, NotAllowed
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.service import artefacts
from qa_service.flags.tables import ArtefactStatus, ScorePurpose
from qa_service.progress.service import latest_run
from qa_service.progress.tables import JobStatus
from qa_service.workflows.learn_flags import RETRY_AFTER, ask_after_intake, ask_for_what_waits

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
OLD, NEW, NEWER = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture(name="assessed")
def fixture_assessed(session):
    """Three assessments that the classifier in force has scored, and a candidate that scored one of them."""
    make_area(session)
    make_officer(session, "N07A001")
    make_artefact_row(session, OLD)
    make_artefact_row(
        session, NEW, status=ArtefactStatus.CANDIDATE, trained_at=TRAINED_AT + timedelta(days=9)
    )
    rows = [make_assessment(session, make_case(session, number)) for number in (1, 2, 3)]
    for row in rows:
        make_flag(session, row.id, 0.9)
    make_flag(session, rows[0].id, 0.2, digest=NEW)
    return rows


@pytest.fixture(name="lead")
def fixture_lead(session):
    return make_account(session, Role.NATIONAL_LEAD, username="lee")


def references(name="force"):
    return ReferenceSource(seeded_bytes(name))


def approve(session, lead, digest=NEW, at=AT):
    return artefacts.approve(
        session, digest, user_id=lead, reason="It finds more.", at=at, references=references(digest)
    )


def in_force(session, view="approved_flag"):
    found = session.execute(text(f"SELECT artefact_digest FROM {view}")).scalars().all()
    return len(found), set(found)


def audited(session):
    append_pending(session)
    tags = "SELECT tag FROM audit_event WHERE tag LIKE 'flags:%' ORDER BY seq"
    return session.execute(text(tags)).scalars().all()


def test_until_it_has_scored_everything_the_classifier_before_stays_in_force(session, assessed, lead):
    waiting = approve(session, lead)

    assert (waiting.status, waiting.approved_at) == (ArtefactStatus.WAITING, AT)
    assert in_force(session) == (3, {OLD})
    assert artefacts.count_missing(session, waiting, at=AT) == 2
    asked = latest_run(session, artefacts.SCORE_NEW)
    assert (asked.asked_by, asked.arguments) == (f"user:{lead}", {"intake_run": None})

    for row in assessed[1:]:
        make_flag(session, row.id, 0.7, digest=NEW)
    artefacts.bring_into_force(session, at=AT + timedelta(minutes=5))

    assert in_force(session) == (3, {NEW})
    before = artefacts.find_artefact(session, OLD)
    assert (before.status, before.retired_at) == (ArtefactStatus.RETIRED, AT + timedelta(minutes=5))
    assert audited(session) == ["flags:artefact:approved", "flags:artefact:in_force"]


def test_what_a_page_asks_after_the_counting_is_planned_as_before(session, assessed):
    planned = text("SELECT current_setting('enable_nestloop'), current_setting('work_mem')")
    session.execute(text("SET LOCAL work_mem = '5MB'"))

    n_missing = artefacts.count_missing(session, artefacts.find_artefact(session, NEW), at=AT)

    assert n_missing == 2
    assert session.execute(planned).one() == ("on", "5MB")


def test_a_retired_classifier_that_is_approved_again_waits_for_what_came_since(session, assessed, lead):
    for row in assessed[1:]:
        make_flag(session, row.id, 0.7, digest=NEW)
    approve(session, lead)
    later = make_assessment(session, make_case(session, 4))
    make_flag(session, later.id, 0.6, digest=NEW)

    again = approve(session, lead, OLD)

    assert again.status is ArtefactStatus.WAITING
    assert in_force(session) == (4, {NEW})


def test_the_first_order_of_caseload_reviews_waits_too(session, assessed, lead):
    make_artefact_row(session, NEWER, status=ArtefactStatus.CANDIDATE, purpose=ScorePurpose.REVIEW_NOW)
    make_flag(session, assessed[0].id, 0.2, digest=NEWER)

    approve(session, lead, NEWER)
    assert in_force(session, "approved_review_now") == (0, set())

    for row in assessed[1:]:
        make_flag(session, row.id, 0.7, digest=NEWER)
    artefacts.bring_into_force(session, at=AT)
    assert in_force(session, "approved_review_now") == (3, {NEWER})


def test_an_earlier_order_of_caseload_reviews_that_knows_nothing_of_what_came_since_waits(
    session, assessed, lead
):
    make_artefact_row(session, NEWER, status=ArtefactStatus.RETIRED, purpose=ScorePurpose.REVIEW_NOW)
    for row in assessed:
        make_flag(session, row.id, 0.7, digest=NEWER)
    case = session.get_one(Case, assessed[0].case_id)
    add_registration(session, case, "ADVP", recorded_at=AT - timedelta(days=1))

    assert approve(session, lead, NEWER).status is ArtefactStatus.WAITING


def test_a_limited_access_case_counts_though_the_lead_may_not_see_it(session, assessed, lead):
    make_flag(session, assessed[1].id, 0.7, digest=NEW)
    session.execute(
        text("UPDATE case_record SET is_limited_access = true WHERE id = :id"), {"id": assessed[2].case_id}
    )
    set_scope(session, Scope(regions=("*",)))

    assert approve(session, lead).status is ArtefactStatus.WAITING


def test_cases_of_levels_that_it_was_not_trained_for_need_no_score(session, assessed, lead):
    candidate = artefacts.find_artefact(session, NEW)
    candidate.provenance = {**candidate.provenance, "levels": ["HIGH"]}

    assert approve(session, lead).status is ArtefactStatus.APPROVED


def test_what_is_approved_meanwhile_takes_the_place_of_what_waits(session, assessed, lead):
    make_artefact_row(session, NEWER, status=ArtefactStatus.CANDIDATE)
    approve(session, lead)

    approve(session, lead, NEWER)

    assert [row.digest for row in artefacts.waiting_artefacts(session)] == [NEWER]
    assert artefacts.find_artefact(session, NEW).status is ArtefactStatus.RETIRED
    assert in_force(session) == (3, {OLD})


def test_what_waits_already_cannot_be_approved_again(session, assessed, lead):
    approve(session, lead)

    with pytest.raises(Conflict, match="approved already"):
        approve(session, lead)


def test_scores_that_stay_missing_are_asked_for_again_after_a_pause(session, assessed, lead):
    approve(session, lead)
    run = latest_run(session, artefacts.SCORE_NEW)
    assert ask_for_what_waits(session, at=AT + RETRY_AFTER, references=references()) is None  # it is queued

    run.status, run.ended_at = JobStatus.FAILED, AT
    session.flush()

    soon = AT + RETRY_AFTER - timedelta(seconds=1)
    assert ask_for_what_waits(session, at=soon, references=references()) is None
    again = ask_for_what_waits(session, at=AT + RETRY_AFTER, references=references("again"))
    assert (again.asked_by, again.arguments) == (f"user:{lead}", {"intake_run": None})


def test_what_stays_waiting_after_a_load_is_asked_for_by_the_lead_alone(session, assessed, lead):
    loaded = add_load(session, at=AT)
    approve(session, lead)
    assert ask_after_intake(session, at=AT, references=references()) is None  # the approval asked

    run = latest_run(session, artefacts.SCORE_NEW)
    assert run.arguments == {"intake_run": loaded}
    run.status, run.ended_at = JobStatus.DONE, AT
    session.flush()

    later = AT + RETRY_AFTER
    assert ask_for_what_waits(session, at=later, references=references("again")).asked_by == f"user:{lead}"
    assert ask_after_intake(session, at=later, references=references()) is None


def test_a_withdrawn_classifier_flags_nothing_and_may_come_back(session, assessed, lead):
    withdrawn = artefacts.withdraw(session, OLD, user_id=lead, reason="It misleads.", at=AT)

    assert (withdrawn.status, withdrawn.retired_at) == (ArtefactStatus.RETIRED, AT)
    assert artefacts.approved_artefact(session) is None
    assert in_force(session) == (0, set())
    assert audited(session) == ["flags:artefact:withdrawn"]
    assert ask_after_intake(session, at=AT, references=references()) is None
    assert approve(session, lead, OLD).status is ArtefactStatus.APPROVED  # it lacks no score


def test_what_waits_can_be_withdrawn_and_the_one_in_force_stays(session, assessed, lead):
    approve(session, lead)

    artefacts.withdraw(session, NEW, user_id=lead, reason="Too early.", at=AT)
    artefacts.bring_into_force(session, at=AT)

    assert artefacts.waiting_artefacts(session) == []
    assert in_force(session) == (3, {OLD})


def test_only_a_national_lead_withdraws_with_a_reason_what_is_in_force(session, assessed, lead):
    other = make_account(session, Role.QUALITY_LEAD, username="lena")

    with pytest.raises(NotAllowed):
        artefacts.withdraw(session, OLD, user_id=other, reason="It misleads.", at=AT)
    with pytest.raises(Invalid, match="needs its reason"):
        artefacts.withdraw(session, OLD, user_id=lead, reason=" ", at=AT)
    with pytest.raises(Conflict, match="not in force"):
        artefacts.withdraw(session, NEW, user_id=lead, reason="It misleads.", at=AT)
