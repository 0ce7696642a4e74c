"""Cuts as they are recorded: once per fail, with their requests, until they end (RULES 4)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from factories.caseload import make_check, make_verdict
from factories.cases import make_assessment, make_case
from factories.estate import WEEK, add_workload
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from qa_service.audit import store as audit_store
from qa_service.caseload import service as caseload
from qa_service.caseload.tables import CutDecisionValue, CutStatus, ReductionRequest, ReductionRequestStatus
from qa_service.core.errors import Conflict
from qa_service.estate import service as estate
from qa_service.estate.tables import FactKind, PractitionerFact, Reduction, ReductionStatus
from qa_service.obligations.tables import Obligation, ObligationKind
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def _cut(session, area, verdict, *, at=MONDAY):
    return caseload.record_cut_decision(session, verdict, area.check, at=at, by="job:test")


def _second_fail(session, area, *, number=2, at=TUESDAY, severity="S3"):
    case = make_case(session, number)
    check = make_check(
        session, case, make_assessment(session, case), area.officer, reference=f"CHECK000000{number}"
    )
    verdict = make_verdict(session, check, decided_at=at, severity=severity, reviewed_overall="MEDIUM")
    return caseload.record_cut_decision(session, verdict, check, at=at, by="job:test"), verdict


def _reduce(session, *, hours, is_ours=False, reason="Newly Qualified Probation Officers"):
    row = Reduction(
        staff_code="N07A001",
        team_code="N07T01",
        hours=Decimal(hours),
        reason=reason,
        from_on=date(2026, 9, 1),
        to_on=date(2027, 6, 1),
        status=ReductionStatus.ACTIVE,
        is_ours=is_ours,
        recorded_at=MONDAY,
    )
    session.add(row)
    session.flush()
    return row


def test_a_full_time_officer_is_cut_from_2176_to_1740_points(session, area, verdict):
    found = _cut(session, area, verdict)

    assert found.decision.decision is CutDecisionValue.NEW
    assert (found.cut.own_available_points, found.cut.cap_points) == (2176, 1740)
    assert (found.cut.status, found.cut.starts_on) == (CutStatus.SCHEDULED, date(2026, 11, 3))
    assert found.decision.working["postings"][0]["reduction_hours"] == "7.4"


def test_a_newly_qualified_officer_is_cut_from_what_their_own_reduction_leaves(session, area, verdict):
    _reduce(session, hours="7.4")

    found = _cut(session, area, verdict)

    assert (found.cut.own_available_points, found.cut.cap_points) == (1740, 1392)
    assert found.decision.working["postings"][0]["reduction_hours"] == "5.9"


def test_our_own_reduction_that_has_landed_is_not_cut_a_second_time(session, area, verdict):
    _reduce(session, hours="7.4", is_ours=True)

    found = _cut(session, area, verdict)

    assert found.cut.cap_points == 1740


def test_points_that_the_case_gains_at_its_right_level_count_before_the_tier_has_changed(session, area):
    found = _cut(session, area, make_verdict(session, area.check, reviewed_overall="HIGH"))

    assert found.decided.total_points == 2502 + 115 - 63


@pytest.mark.parametrize(
    ("left_on", "fact", "reason"),
    [(date(2026, 11, 1), None, "left_the_service"), (None, FactKind.LONG_LEAVE, "on_long_leave")],
)
def test_somebody_who_is_not_there_is_not_cut_and_the_reason_is_kept(
    session, area, verdict, left_on, fact, reason
):
    area.officer.left_on = left_on
    if fact:
        session.add(PractitionerFact(person_id=area.officer.id, kind=fact, from_on=date(2026, 10, 1)))
    session.flush()

    found = _cut(session, area, verdict)

    assert (found.decision.decision, found.decision.reason) == (CutDecisionValue.NONE, reason)
    assert found.cut is None


def test_a_second_fail_merges_prolongs_and_asks_for_the_added_days_only(session, area, verdict):
    first = _cut(session, area, verdict)
    caseload.request_reductions(session, first, verdict, at=MONDAY, by="job:test")
    a_week_on = MONDAY + timedelta(days=7)

    second, later = _second_fail(session, area, at=a_week_on)
    caseload.request_reductions(session, second, later, at=a_week_on, by="job:test")

    assert second.decision.decision is CutDecisionValue.MERGED
    assert second.cut.id == first.cut.id
    assert second.decided.adds_supported_practice
    assert (second.cut.cap_points, second.cut.ends_on) == (1740, date(2027, 2, 8))
    requests = session.exec(select(ReductionRequest).order_by(col(ReductionRequest.id))).all()
    assert [(row.starts_on, row.ends_on) for row in requests] == [
        (date(2026, 11, 3), date(2027, 2, 1)),
        (date(2027, 2, 2), date(2027, 2, 8)),
    ]


def test_the_table_refuses_a_second_decision_of_the_same_fail(session, area, verdict):
    _cut(session, area, verdict)

    with pytest.raises(IntegrityError, match="verdict_id"):
        _cut(session, area, verdict)


def test_the_table_refuses_a_second_live_cut_even_without_the_row_lock(session, area, verdict):
    from qa_service.caseload.tables import Cut

    first = _cut(session, area, verdict)
    other = first.cut.model_dump() | {"id": None, "verdict_id": make_second_verdict(session, area).id}

    session.add(Cut(**other))
    with pytest.raises(IntegrityError, match="uq_cut_live"):
        session.flush()


def make_second_verdict(session, area):
    case = make_case(session, 9)
    check = make_check(session, case, make_assessment(session, case), area.officer, reference="CHECK9")
    return make_verdict(session, check)


def test_the_hand_over_is_the_workload_tools_own_form_and_never_names_the_check(session, area, verdict):
    found = _cut(session, area, verdict)
    [request] = caseload.request_reductions(session, found, verdict, at=MONDAY, by="job:test")

    form = caseload.hand_over(session, request.id, at=MONDAY, policy=POLICY)

    assert form | {"requestId": ""} == {
        "requestId": "",
        "staffCode": "N07A001",
        "teamCode": "N07T01",
        "workloadOwnerId": None,
        "reason": "Refer to Line Manager",
        "reductionHours": 7.4,
        "contractedHours": 37.0,
        "existingReductionHours": 0.0,
        "startDate": "2026-11-03",
        "endDate": "2027-02-01",
        "notes": "",
        "expected": {
            "availablePointsBefore": 2176,
            "availablePointsAfter": 1740,
            "capacityBefore": 115.0,
            "capacityAfter": 143.8,
            "pointsToMove": 762,
        },
        "status": "REQUESTED",
        "keyedBy": None,
    }
    assert (
        form["requestId"] == caseload.hand_over(session, request.id, at=TUESDAY, policy=POLICY)["requestId"]
    )


def test_a_reduction_is_the_spos_duty_for_two_working_days_until_it_is_keyed(session, area, verdict):
    found = _cut(session, area, verdict)
    [request] = caseload.request_reductions(session, found, verdict, at=MONDAY, by="job:test")
    duty = session.get(Obligation, request.obligation_id)
    assert (duty.kind, duty.due_at.date()) == (ObligationKind.REDUCTION, date(2026, 11, 4))
    assert duty.owner_post_id == estate.spo_post(session, "N07T01").id

    caseload.mark_keyed(session, request.id, at=TUESDAY, by="user:1")

    assert (request.status, duty.decision) == (ReductionRequestStatus.KEYED, "Keyed in WMT")
    with pytest.raises(Conflict, match="keyed already"):
        caseload.mark_keyed(session, request.id, at=TUESDAY, by="user:1")


def test_a_request_is_confirmed_only_when_the_workload_tools_own_figures_show_it(session, area, verdict):
    found = _cut(session, area, verdict)
    [request] = caseload.request_reductions(session, found, verdict, at=MONDAY, by="job:test")
    other = _reduce(session, hours="7.4", reason="Other")
    caseload.mark_keyed(session, request.id, at=TUESDAY, by="user:1")

    before = caseload.recognise_landed(session, at=TUESDAY, by="job:test", policy=POLICY)
    landed = _reduce(session, hours="7.4", reason="Refer to Line Manager")
    after = caseload.recognise_landed(session, at=TUESDAY, by="job:test", policy=POLICY)

    assert (before, after) == (0, 1)
    assert request.status is ReductionRequestStatus.CONFIRMED
    assert (landed.is_ours, other.is_ours) == (True, False)


def test_a_cut_lands_when_the_officer_carries_no_more_than_the_cap(session, area, verdict):
    found = _cut(session, area, verdict)
    caseload.activate_due_cuts(session, at=TUESDAY, by="job:test")

    not_yet = caseload.note_landings(session, at=TUESDAY, by="job:test", policy=POLICY)
    add_workload(session, "N07A001", team="N07T01", total_points=1740, week_on=WEEK + timedelta(weeks=1))
    landed = caseload.note_landings(session, at=TUESDAY, by="job:test", policy=POLICY)
    again = caseload.note_landings(session, at=TUESDAY + timedelta(days=9), by="job:test", policy=POLICY)

    assert (not_yet, landed, again) == (0, 1, 0)
    assert found.cut.landed_at == TUESDAY


def test_an_unkeyed_request_of_an_ended_cut_is_withdrawn(session, area, verdict):
    found = _cut(session, area, verdict)
    [request] = caseload.request_reductions(session, found, verdict, at=MONDAY, by="job:test")
    caseload.activate_due_cuts(session, at=TUESDAY, by="job:test")

    ended_at = datetime(2027, 2, 2, 6, tzinfo=UTC)
    n_ended = caseload.end_due_cuts(session, at=ended_at, by="job:test", policy=POLICY)

    assert n_ended == 1
    assert request.status is ReductionRequestStatus.WITHDRAWN
    assert session.get(Obligation, request.obligation_id).closed_at == ended_at


def test_every_decision_is_in_the_log_with_its_reasons(session, area, verdict):
    _cut(session, area, verdict)

    session.commit()

    assert not audit_store.list_faults(session)
    from qa_service.audit.tables import AuditEvent

    tags = session.exec(select(AuditEvent.tag)).all()
    assert "officer:cut:new" in tags
