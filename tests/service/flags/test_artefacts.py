"""A named national lead puts a classifier in force; nothing reads a candidate's flags before that."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.accounts import make_account
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_officer
from factories.flags import TRAINED_AT, make_artefact_row, make_flag
from service.flags.conftest import add_load

from qa_service.auth.roles import Role
from qa_service.caseload.service.held_cases import other_cases_by_flag
from qa_service.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.service import artefacts
from qa_service.flags.tables import ArtefactStatus
from qa_service.workflows.learn_flags import ask_after_intake
from rubrics import Level

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
OLD, NEW = "a" * 64, "b" * 64


def references():
    return ReferenceSource(seeded_bytes("artefacts"))


@pytest.fixture
def both(session):
    """An approved artefact and a candidate trained after it."""
    make_artefact_row(session, OLD)
    make_artefact_row(
        session, NEW, status=ArtefactStatus.CANDIDATE, trained_at=TRAINED_AT + timedelta(days=30)
    )


@pytest.fixture
def cases(session):
    """Two mediums of one officer's, which both artefacts scored in opposite order."""
    make_area(session)
    officer = make_officer(session, "N07A001")
    rows = [make_assessment(session, make_case(session, number)) for number in (1, 2)]
    for digest, scores in ((OLD, (0.9, 0.1)), (NEW, (0.2, 0.8))):
        for row, score in zip(rows, scores, strict=True):
            make_flag(session, row.id, score, digest=digest)
    return officer, [row.case_id for row in rows]


def approve(session, digest=NEW, *, role=Role.NATIONAL_LEAD, reason="It finds more.", username="lee"):
    user = make_account(session, role, username=username)
    return artefacts.approve(session, digest, user_id=user, reason=reason, at=AT, references=references())


def test_a_national_lead_puts_a_candidate_in_force_and_the_one_before_is_retired(session, both):
    approved = approve(session)

    before = artefacts.find_artefact(session, OLD)
    assert (approved.status, approved.approved_at, approved.approval_reason) == (
        ArtefactStatus.APPROVED,
        AT,
        "It finds more.",
    )
    assert (before.status, before.retired_at) == (ArtefactStatus.RETIRED, AT)
    assert artefacts.approved_artefact(session).digest == NEW


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NATIONAL_LEAD])
def test_nobody_else_approves_a_classifier(session, both, role):
    with pytest.raises(NotAllowed):
        approve(session, role=role)
    assert artefacts.approved_artefact(session).digest == OLD


def test_an_approval_needs_a_reason_and_something_to_change(session, both):
    with pytest.raises(Invalid, match="needs its reason"):
        approve(session, reason="  ")
    with pytest.raises(Conflict, match="in force already"):
        approve(session, OLD)


def test_a_retired_classifier_can_be_put_back(session, both):
    approve(session)

    approve(session, OLD)

    assert artefacts.approved_artefact(session).digest == OLD
    assert artefacts.find_artefact(session, NEW).status is ArtefactStatus.RETIRED


def test_an_artefact_is_found_by_the_beginning_of_its_digest(session, both):
    assert artefacts.find_artefact(session, "aaaaaa").digest == OLD
    assert artefacts.find_artefact(session).digest == NEW  # the latest trained
    with pytest.raises(Invalid):
        artefacts.find_artefact(session, "aa")
    with pytest.raises(NotFound):
        artefacts.find_artefact(session, "cccccc")


def test_a_comparison_counts_the_flags_that_would_come_and_go(session, both, cases):
    found = artefacts.compare_with_approved(session)

    assert (found.artefact.digest, found.approved.digest) == (NEW, OLD)
    assert (found.n_both, found.n_new_flags, found.n_lost_flags) == (2, 1, 1)


def test_a_caseload_review_follows_the_approved_order_and_never_a_candidates(session, both, cases):
    officer, [first, second] = cases
    levels = {Level.MEDIUM, Level.HIGH}

    assert other_cases_by_flag(session, officer.id, 0, levels=levels, at=AT) == [first, second]
    approve(session)
    assert other_cases_by_flag(session, officer.id, 0, levels=levels, at=AT) == [second, first]


def test_a_load_that_changed_something_asks_once_for_new_scores(session, both):
    add_load(session, at=AT)

    assert ask_after_intake(session, at=AT, references=references()) is not None
    assert ask_after_intake(session, at=AT, references=references()) is None


def test_without_an_approved_classifier_a_load_asks_for_nothing(session):
    assert ask_after_intake(session, at=AT, references=references()) is None
