"""What a manager keys in WMT because of a cut, and how we see that it landed (FORMATS 0.2, 0.3, 11 A)."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.rules import available_points, workload_pct
from qa_service.caseload.service.cuts import RecordedCut
from qa_service.caseload.store import cuts as store
from qa_service.caseload.tables import Cut, CutPosting, ReductionRequest, ReductionRequestStatus
from qa_service.core.clock import day_of, due_after_working_days, in_full
from qa_service.core.errors import Conflict, NotFound
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.outbox import service as outbox
from qa_service.policy.numbers import Policy, load_policy
from qa_service.reviews.tables import Verdict

# Any fixed name space does: the same request always gets the same id outside.
_NAMESPACE = uuid.UUID("5f0f4f0e-9f6d-5c39-8c58-0f4d1a2f7b11")


def request_reductions(
    session: Session, recorded: RecordedCut, verdict: Verdict, *, at: datetime, by: str
) -> list[ReductionRequest]:
    """Ask each posting's SPO to key the reduction; a merged fail asks only for the days it adds."""
    if recorded.cut is None:
        return []
    return [
        _request(session, posting, verdict, span, at=at, by=by)
        for posting in store.list_cut_postings(session, recorded.cut.id)
        if posting.reduction_hours > 0
        for span in _new_days(recorded)
    ]


def _new_days(recorded: RecordedCut) -> list[tuple[date, date]]:
    """Return the spans of days that no earlier request covers."""
    assert recorded.cut is not None
    starts_on, ends_on, before = recorded.cut.starts_on, recorded.cut.ends_on, recorded.before
    if before is None:
        return [(starts_on, ends_on)]
    spans = [(starts_on, before.starts_on - timedelta(days=1)), (before.ends_on + timedelta(days=1), ends_on)]
    return [(first, last) for first, last in spans if first <= last]


def _request(
    session: Session, posting: CutPosting, verdict: Verdict, span: tuple[date, date], *, at: datetime, by: str
) -> ReductionRequest:
    cut_policy = load_policy(verdict.policy_version).cut
    duty = obligations.Duty(
        ObligationKind.REDUCTION,
        estate.spo_post(session, posting.team_code).id,
        f"Key a reduction of {posting.reduction_hours:f} hours a week in WMT for {posting.staff_code} in "
        f"{posting.team_code}, {in_full(span[0])} to {in_full(span[1])}",
        due_after_working_days(at, cut_policy.reduction_keyed_within_working_days),
        is_urgent=verdict.is_urgent,
        verdict_id=verdict.id,
        person_id=verdict.attributed_person_id,
    )
    request = ReductionRequest(
        cut_id=posting.cut_id,
        verdict_id=verdict.id,
        obligation_id=obligations.open_obligation(session, duty, at=at, by=by).id,
        staff_code=posting.staff_code,
        team_code=posting.team_code,
        reduction_hours=posting.reduction_hours,
        starts_on=span[0],
        ends_on=span[1],
        status=ReductionRequestStatus.REQUESTED,
    )
    store.insert(session, [request])
    outbox.put(
        session,
        "rosh-qa.reduction.requested",
        about={"requestId": request_uuid(request)},
        at=at,
        idempotency_key=f"reduction-requested:{request.id}",
    )
    return request


def request_uuid(request: ReductionRequest) -> str:
    """Return the id under which a request is known outside."""
    name = f"{request.cut_id}/{request.staff_code}/{request.team_code}/{request.starts_on}"
    return str(uuid.uuid5(_NAMESPACE, name))


def mark_keyed(session: Session, request_id: int, *, at: datetime, by: str) -> ReductionRequest:
    """Record that a manager has keyed the reduction in WMT; that meets the duty."""
    request = store.lock_request(session, request_id)
    if request is None:
        raise NotFound("There is no such reduction request here.", next_step="Start again from your list.")
    if request.status is not ReductionRequestStatus.REQUESTED:
        raise Conflict(
            f"This reduction is {request.status.value} already.", next_step="Nothing is left to do here."
        )
    request.status, request.keyed_by, request.keyed_at = ReductionRequestStatus.KEYED, by, at
    obligations.close_obligation(session, request.obligation_id, "Keyed in WMT", at=at, by=by)
    _note(session, "keyed", request, at=at, by=by)
    return request


def recognise_landed(
    session: Session, *, at: datetime, by: str, policy: Policy, person_id: int | None = None
) -> int:
    """Confirm the requests that WMT's figures show; those reductions are ours, never to be cut twice."""
    n_confirmed = 0
    rows = store.list_landed_requests(session, policy.cut.reduction_reason, person_id=person_id)
    for request, reduction in rows:
        if request.status is ReductionRequestStatus.CONFIRMED or reduction.is_ours:
            continue
        reduction.is_ours = True
        if request.status is ReductionRequestStatus.REQUESTED:
            words = "Seen in WMT's own figures"
            obligations.close_obligation(session, request.obligation_id, words, at=at, by=by)
        request.status, request.confirmed_at = ReductionRequestStatus.CONFIRMED, at
        _note(session, "confirmed", request, at=at, by=by)
        n_confirmed += 1
    session.flush()
    return n_confirmed


def end_requests(session: Session, cut: Cut, *, at: datetime, by: str) -> None:
    """End a cut's requests with it; one that was never keyed is withdrawn."""
    for request in store.list_requests_of_cut(session, cut.id):
        if request.status is ReductionRequestStatus.REQUESTED:
            request.status = ReductionRequestStatus.WITHDRAWN
            words = "Withdrawn: the cut ended before it was keyed"
            obligations.close_obligation(session, request.obligation_id, words, at=at, by=by)
        else:
            request.status = ReductionRequestStatus.ENDED
        session.flush()
        outbox.put(
            session,
            "rosh-qa.reduction.ended",
            about={"requestId": request_uuid(request)},
            at=at,
            idempotency_key=f"reduction-ended:{request.id}",
        )
        _note(session, request.status.value, request, at=at, by=by)


def hand_over(session: Session, request_id: int, *, at: datetime, policy: Policy) -> dict[str, Any]:
    """Return a request as it is keyed into WMT's form in a minute; never a word about the check."""
    request = store.lock_request(session, request_id)
    if request is None:
        raise NotFound("There is no such reduction request here.", next_step="Start again from your list.")
    postings = store.list_cut_postings(session, request.cut_id)
    posting = next(
        row for row in postings if (row.staff_code, row.team_code) == (request.staff_code, request.team_code)
    )
    week = estate.latest_workload(session, request.staff_code, request.team_code, on_or_before=day_of(at))
    total, after = week.total_points if week is not None else 0, _available_after(posting, policy)
    return {
        "requestId": request_uuid(request),
        "staffCode": request.staff_code,
        "teamCode": request.team_code,
        "workloadOwnerId": None,
        "reason": policy.cut.reduction_reason,
        "reductionHours": float(request.reduction_hours),
        "contractedHours": float(posting.contracted_hours),
        "existingReductionHours": float(posting.other_reduction_hours),
        "startDate": request.starts_on.isoformat(),
        "endDate": request.ends_on.isoformat(),
        "notes": "",
        "expected": {
            "availablePointsBefore": posting.own_available_points,
            "availablePointsAfter": after,
            "capacityBefore": float(workload_pct(total, posting.own_available_points)),
            "capacityAfter": float(workload_pct(total, after)),
            "pointsToMove": max(0, total - posting.cap_points),
        },
        "status": request.status.value.upper(),
        "keyedBy": request.keyed_by,
    }


def _available_after(posting: CutPosting, policy: Policy) -> int:
    reductions: Decimal = posting.other_reduction_hours + posting.reduction_hours
    return available_points(posting.contracted_hours, reductions, policy.workload)


def _note(session: Session, action: str, request: ReductionRequest, *, at: datetime, by: str) -> None:
    record(
        session,
        f"officer:reduction:{action}",
        by=by,
        at=at,
        subjects={"reduction_request": request.id, "cut": request.cut_id},
        payload={"reduction_hours": str(request.reduction_hours)},
    )
