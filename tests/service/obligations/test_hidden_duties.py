"""No duty stays where nobody may know of it: it is handed up, or the national lead is told (RULES 8)."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.accounts import SETTINGS, make_account
from factories.caseload import make_verdict
from factories.cases import make_case, make_limited
from sqlmodel import col, select

from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import SYSTEM, set_scope
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ItemDecision, ItemKind, Obligation, ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.workflows.scope_of_user import scope_of_user

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
ROLES = {"spo": Role.SPO, "head": Role.HEAD_OF_PDU, "director": Role.REGIONAL_DIRECTOR}


def open_duty(session, area, *, is_urgent=False):
    duty = obligations.Duty(
        ObligationKind.WORRY if is_urgent else ObligationKind.CONVERSATION,
        area.spo.id,
        "Talk about this case",
        MONDAY + timedelta(days=14),
        is_urgent=is_urgent,
        check_id=area.check.id,
        case_id=area.case.id,
    )
    return obligations.open_obligation(session, duty, at=MONDAY, by="user:1")


@pytest.fixture
def duty(session, area):
    make_verdict(session, area.check)
    return open_duty(session, area)


def limit(session, area, *rungs):
    """Make the case one of limited access, known to the holders of some posts."""
    area.case.is_limited_access = True
    session.flush()
    for rung in rungs:
        post = getattr(area, rung)
        holder = estate.holder_of_post(session, post.id, day_of(MONDAY))
        make_limited(session, area.case, listed=holder, role=ROLES[rung], region=post.region_code)


def hand(session, at=MONDAY):
    return obligations.hand_to_listed(session, at=at, policy=POLICY)


def add_to_standing_list(session, *case_ids):
    """Add an item about each case to the standing list of the PDU; return its items."""
    for case_id in case_ids:
        item = obligations.Item(ItemKind.OVERRIDE, "A refusal was gone over", case_id)
        escalation = obligations.add_standing_item(
            session, "LDNTST", item, at=MONDAY, by="user:1", policy=POLICY
        )
    return escalation, obligations.items_of(session, escalation)


def told(session):
    kind = ObligationKind.LIST_SOMEBODY
    return session.exec(select(Obligation).where(Obligation.kind == kind).order_by(col(Obligation.id))).all()


def test_a_duty_follows_a_case_that_became_limited_to_whoever_is_listed(session, area, duty):
    due_at = duty.due_at
    limit(session, area, "director")

    assert (hand(session), hand(session)) == (1, 0)

    assert (duty.owner_post_id, duty.due_at) == (area.director.id, due_at)
    assert told(session) == []


@pytest.mark.parametrize("rungs", [(), ("spo", "head")], ids=["an open case", "its owner is listed"])
def test_a_duty_whose_owner_may_know_of_it_stays(session, area, duty, rungs):
    if rungs:
        limit(session, area, *rungs)

    assert hand(session) == 0
    assert duty.owner_post_id == area.spo.id
    assert told(session) == []


def test_a_closed_duty_is_nobodys_worry(session, area, duty):
    obligations.close_obligation(session, duty.id, "Talked.", at=MONDAY, by="user:1")
    limit(session, area)

    assert hand(session) == 0
    assert told(session) == []


def test_where_nobody_is_listed_the_national_lead_is_told_once_and_of_no_case(session, area, duty):
    limit(session, area)

    assert (hand(session), hand(session)) == (0, 0)

    [one] = told(session)
    assert one.owner_post_id == area.national.id
    assert one.what.startswith("1 duty waits that nobody may know of")
    assert (one.case_id, one.check_id, one.verdict_id, one.person_id) == (None, None, None, None)
    assert one.due_at == due_after_working_days(MONDAY, POLICY.clocks_working_days.escalation_step)
    assert duty.owner_post_id == area.spo.id
    assert [hidden.duty.id for hidden in obligations.hidden_duties(session, at=MONDAY)] == [duty.id]


def test_an_urgent_duty_is_told_apart_with_its_own_clock(session, area, duty):
    open_duty(session, area, is_urgent=True)
    limit(session, area)

    hand(session)

    clocks = POLICY.clocks_working_days
    assert {one.is_urgent: one.due_at for one in told(session)} == {
        True: due_after_working_days(MONDAY, clocks.escalation_step_urgent),
        False: due_after_working_days(MONDAY, clocks.escalation_step),
    }


def test_once_somebody_is_listed_the_duty_is_theirs_and_the_national_leads_is_closed(session, area, duty):
    limit(session, area)
    hand(session)
    limit(session, area, "head")

    assert hand(session) == 1

    [one] = told(session)
    assert duty.owner_post_id == area.head.id
    assert one.closed_at == MONDAY
    assert obligations.hidden_duties(session, at=MONDAY) == []


def test_an_answer_that_changed_nothing_is_asked_for_again_after_its_time(session, area, duty):
    limit(session, area)
    hand(session)
    obligations.close_obligation(session, told(session)[0].id, "I asked the head.", at=MONDAY, by="user:9")
    over = due_after_working_days(MONDAY, POLICY.clocks_working_days.escalation_step)

    hand(session, over)
    assert len(told(session)) == 1

    hand(session, over + timedelta(minutes=5))
    assert [one.closed_at is None for one in told(session)] == [False, True]


def test_a_list_for_decision_goes_to_whoever_may_know_of_all_on_it(session, area):
    escalation, _ = add_to_standing_list(session, area.case.id, None)
    limit(session, area, "director")

    assert (hand(session), hand(session)) == (1, 0)

    assert session.get_one(Obligation, escalation.obligation_id).owner_post_id == area.director.id


def test_a_list_that_nobody_may_know_all_of_is_told_as_one_duty(session, area):
    other = make_case(session, 2, is_limited_access=True)
    escalation, _ = add_to_standing_list(session, area.case.id, other.id)
    limit(session, area)

    assert hand(session) == 0

    assert [one.what[:12] for one in told(session)] == ["1 duty waits"]
    hidden = obligations.hidden_duties(session, at=MONDAY)
    assert [(one.duty.id, one.case_id) for one in hidden] == [
        (escalation.obligation_id, area.case.id),
        (escalation.obligation_id, other.id),
    ]


def test_a_list_stays_open_while_somebody_who_may_not_know_of_a_case_decides_the_others(session, area):
    open_case = make_case(session, 2)
    escalation, items = add_to_standing_list(session, area.case.id, open_case.id)
    limit(session, area)
    holder = estate.holder_of_post(session, area.head.id, day_of(MONDAY))
    user_id = make_account(session, Role.HEAD_OF_PDU, pdu="LDNTST", person_id=holder.id)
    token = auth.open_session(session, user_id, at=MONDAY, settings=SETTINGS).token
    user = auth.user_of_token(session, token, at=MONDAY, settings=SETTINGS)
    set_scope(session, scope_of_user(session, user))
    [seen] = obligations.items_of(session, escalation)

    decision = ItemDecision.ACCEPT_RISK
    obligations.decide_items(session, [seen.id], decision, "Nobody else can.", at=MONDAY, by="user:2")

    set_scope(session, SYSTEM)
    assert seen.case_id == open_case.id
    assert {item.case_id: item.decision for item in items} == {area.case.id: None, open_case.id: decision}
    assert session.get_one(Obligation, escalation.obligation_id).closed_at is None
