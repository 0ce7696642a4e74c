"""A duty about a limited-access case goes to the lowest post whose holder may know of the case (RULES 6, 8)."""

from datetime import UTC, datetime

import pytest
from factories.accounts import SETTINGS, make_account
from factories.caseload import make_verdict
from factories.cases import make_limited
from sqlmodel import select

from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import SYSTEM, set_scope
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import Escalation, Obligation, ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.workflows.scope_of_user import scope_of_user
from rubrics import FindingOwner, Grid, compare_grids

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY = day_of(MONDAY)
ROLES = {"spo": Role.SPO, "head": Role.HEAD_OF_PDU, "director": Role.REGIONAL_DIRECTOR}


@pytest.fixture
def limited(session, area):
    area.case.is_limited_access = True
    session.flush()
    return area


def list_holder(session, area, rung):
    """List the holder of a post for the case; return their account."""
    post = getattr(area, rung)
    holder = estate.holder_of_post(session, post.id, DAY)
    return make_limited(session, area.case, listed=holder, role=ROLES[rung], region=post.region_code)


def open_correction(session, area):
    reading = obligations.HigherReading(
        check_id=area.check.id,
        review_id=area.review.id,
        case_id=area.case.id,
        team_code="N07T01",
        comparison=compare_grids(
            Grid.from_groups({"public": "MEDIUM"}), Grid.from_groups({"public": "HIGH"})
        ),
        is_somebody_exposed=False,
    )
    correction = obligations.open_level_correction(session, reading, at=MONDAY, by="user:1", policy=POLICY)
    return session.get_one(Obligation, correction.obligation_id)


@pytest.mark.parametrize(
    ("listed", "owner"),
    [
        ((), "spo"),
        (("spo", "head"), "spo"),
        (("head", "director"), "head"),
        (("director",), "director"),
    ],
    ids=["nobody", "the SPO too", "from the head up", "the director alone"],
)
def test_a_correction_goes_to_the_lowest_post_whose_holder_is_listed(session, limited, listed, owner):
    for rung in listed:
        list_holder(session, limited, rung)

    assert open_correction(session, limited).owner_post_id == getattr(limited, owner).id


def test_whoever_is_listed_for_an_open_case_changes_nothing(session, area):
    list_holder(session, area, "head")
    area.case.is_limited_access = False
    session.flush()

    assert open_correction(session, area).owner_post_id == area.spo.id


def test_the_listed_head_sees_the_duty_and_the_unlisted_spo_does_not(session, limited):
    head = list_holder(session, limited, "head")
    open_correction(session, limited)
    holder = estate.holder_of_post(session, limited.spo.id, DAY)
    spo = make_account(session, Role.SPO, team="N07T01", person_id=holder.id)

    seen = {}
    for user_id in (head, spo):
        set_scope(session, SYSTEM)
        token = auth.open_session(session, user_id, at=MONDAY, settings=SETTINGS).token
        user = auth.user_of_token(session, token, at=MONDAY, settings=SETTINGS)
        set_scope(session, scope_of_user(session, user))
        seen[user_id] = session.exec(select(Obligation.kind)).all()

    assert seen == {head: [ObligationKind.LEVEL_CORRECTION], spo: []}


def test_an_overdue_correction_is_escalated_past_posts_that_may_not_know(session, limited):
    list_holder(session, limited, "spo")
    list_holder(session, limited, "director")
    correction = open_correction(session, limited)

    obligations.rise_overdue(session, at=due_after_working_days(MONDAY, 6), policy=POLICY)

    [escalation] = session.exec(select(Escalation)).all()
    owner = session.get_one(Obligation, escalation.obligation_id).owner_post_id
    assert (correction.owner_post_id, owner) == (limited.spo.id, limited.director.id)
    assert escalation.pdu_code == "LDNTST"


def test_what_is_overdue_at_a_director_stays_counted_in_its_pdu(session, limited):
    list_holder(session, limited, "director")
    open_correction(session, limited)

    obligations.rise_overdue(session, at=due_after_working_days(MONDAY, 6), policy=POLICY)

    [escalation] = session.exec(select(Escalation)).all()
    assert escalation.pdu_code == "LDNTST"


def test_a_finding_from_a_limited_access_case_is_answered_by_whoever_may_know_of_it(session, limited):
    list_holder(session, limited, "director")
    verdict = make_verdict(session, limited.check)
    fail = obligations.FailedCheck(limited.check.id, limited.case.id, verdict.id, "LDNTST")
    cause = obligations.Cause("B1", "workload", "Forty cases.", FindingOwner.HEAD_OF_PDU)

    [finding] = obligations.open_findings(session, fail, [cause], at=MONDAY, by="job:verdict", policy=POLICY)

    owner = session.get_one(Obligation, finding.obligation_id).owner_post_id
    assert (owner, finding.pdu_code) == (limited.director.id, "LDNTST")


def test_an_unacknowledged_worry_rises_past_posts_that_may_not_know(session, limited):
    list_holder(session, limited, "spo")
    list_holder(session, limited, "director")
    duty = obligations.Duty(
        ObligationKind.WORRY,
        limited.spo.id,
        "A reader is worried about this case now",
        MONDAY,
        is_urgent=True,
        check_id=limited.check.id,
        case_id=limited.case.id,
    )
    worry = obligations.open_obligation(session, duty, at=MONDAY, by="user:1")
    assert worry.owner_post_id == limited.spo.id

    obligations.rise_overdue(session, at=due_after_working_days(MONDAY, 1), policy=POLICY)

    session.refresh(worry)
    assert worry.owner_post_id == limited.director.id
