"""Escalations: one list per cut, one standing per PDU, one per overdue correction or reduction (RULES 6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.clock import day_of, due_after_working_days, in_full
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.estate import service as estate
from qa_service.estate.tables import Post
from qa_service.obligations import store
from qa_service.obligations.service.duties import Duty, lock_open, mark_closed, open_obligation
from qa_service.obligations.tables import (
    Escalation,
    EscalationItem,
    EscalationKind,
    ItemDecision,
    ItemKind,
    ItemStatus,
    Obligation,
    ObligationKind,
)
from qa_service.outbox import service as outbox
from qa_service.policy.numbers import ClockPolicy, Policy

_LONGEST_SENTENCE = 400
_LONGEST_DECISION = 1000


@dataclass(frozen=True)
class Item:
    """One thing that does not fit, before it is on a list."""

    kind: ItemKind
    what: str
    case_id: int | None = None
    points: int = 0
    interim_cover: str | None = None
    contact_plan: str | None = None


@dataclass(frozen=True)
class CutOverflow:
    """The cut whose overflow is escalated, and to whom first."""

    cut_id: int
    verdict_id: int
    person_id: int
    pdu_code: str
    owner_post_id: int
    is_urgent: bool


def step_days(clocks: ClockPolicy, *, is_urgent: bool) -> int:
    """Return the working days that a rung has."""
    return clocks.escalation_step_urgent if is_urgent else clocks.escalation_step


def escalate_cut(
    session: Session, cut: CutOverflow, items: Sequence[Item], *, at: datetime, by: str, policy: Policy
) -> Escalation:
    """Put what a cut could not place on its one list; a later fail's items join the same list."""
    duty = Duty(
        ObligationKind.ESCALATION,
        cut.owner_post_id,
        "Decide about what does not fit after a workload reduction",
        due_after_working_days(at, step_days(policy.clocks_working_days, is_urgent=cut.is_urgent)),
        is_urgent=cut.is_urgent,
        verdict_id=cut.verdict_id,
        person_id=cut.person_id,
    )
    return _add(
        session,
        store.find_escalation_of_cut(session, cut.cut_id),
        Escalation(
            kind=EscalationKind.CUT,
            obligation_id=0,
            verdict_id=cut.verdict_id,
            cut_id=cut.cut_id,
            pdu_code=cut.pdu_code,
            opened_at=at,
        ),
        duty,
        items,
        by=by,
    )


def add_standing_item(
    session: Session, pdu_code: str, item: Item, *, at: datetime, by: str, policy: Policy
) -> Escalation:
    """Put an item on the PDU's standing list for capacity, which the head of PDU owns."""
    duty = Duty(
        ObligationKind.ESCALATION,
        estate.head_of_pdu_post(session, pdu_code).id,
        "Decide about the PDU's capacity",
        due_after_working_days(at, step_days(policy.clocks_working_days, is_urgent=False)),
    )
    new = Escalation(kind=EscalationKind.PDU, obligation_id=0, pdu_code=pdu_code, opened_at=at)
    return _add(session, store.find_standing_escalation(session, pdu_code), new, duty, [item], by=by)


def escalate_overdue(
    session: Session, overdue: Obligation, owner: Post, *, at: datetime, by: str, policy: Policy
) -> Escalation:
    """Tell the post above that a correction or a reduction is overdue."""
    what = f"Overdue since {in_full(day_of(overdue.due_at))}: {overdue.what}"[:_LONGEST_SENTENCE]
    is_correction = overdue.kind is ObligationKind.LEVEL_CORRECTION
    duty = Duty(
        ObligationKind.ESCALATION,
        owner.id,
        what,
        due_after_working_days(at, step_days(policy.clocks_working_days, is_urgent=overdue.is_urgent)),
        is_urgent=overdue.is_urgent,
        check_id=overdue.check_id,
        verdict_id=overdue.verdict_id,
        case_id=overdue.case_id,
        person_id=overdue.person_id,
    )
    new = Escalation(
        kind=EscalationKind.CORRECTION if is_correction else EscalationKind.REDUCTION,
        obligation_id=0,
        verdict_id=overdue.verdict_id,
        overdue_obligation_id=overdue.id,
        pdu_code=owner.pdu_code or _pdu_of(session, overdue) or "",
        opened_at=at,
    )
    return _add(session, None, new, duty, [Item(ItemKind.OVERDUE, what, overdue.case_id)], by=by)


def _pdu_of(session: Session, overdue: Obligation) -> str | None:
    """Return the PDU of a duty whose post above stands over many."""
    return None if overdue.case_id is None else cases.find_case(session, overdue.case_id).pdu_code


def _add(
    session: Session,
    existing: Escalation | None,
    new: Escalation,
    duty: Duty,
    items: Sequence[Item],
    *,
    by: str,
) -> Escalation:
    """Add items to a list, with an owner and a clock: new ones where the last ones were met."""
    at = new.opened_at
    escalation = existing or new
    if existing is None or not _is_still_owned(session, existing, duty):
        escalation.obligation_id = open_obligation(session, duty, at=at, by=by).id
        store.insert(session, [escalation])
    rows = [
        EscalationItem(escalation_id=escalation.id, status=ItemStatus.OPEN, **vars(item)) for item in items
    ]
    store.insert(session, rows)
    record(
        session,
        "escalation:items:added",
        by=by,
        at=at,
        subjects={"escalation": escalation.id, "cut": escalation.cut_id, "items": [row.id for row in rows]},
        payload={"items": [f"{row.kind.value}: {row.what}" for row in rows]},
    )
    for row in rows:
        if row.kind is ItemKind.CASE:
            about = {"escalationItemId": str(row.id)}
            outbox.put(
                session, "rosh-qa.case.escalated", about=about, at=at, idempotency_key=f"escalated:{row.id}"
            )
    return escalation


def _is_still_owned(session: Session, escalation: Escalation, duty: Duty) -> bool:
    """Tell whether the list's clock still runs; something urgent makes it run faster."""
    obligation = store.lock_obligation(session, escalation.obligation_id)
    if obligation is None or obligation.closed_at is not None:
        return False
    if duty.is_urgent and not obligation.is_urgent:
        obligation.is_urgent, obligation.due_at = True, min(obligation.due_at, duty.due_at)
    return True


def items_of(session: Session, escalation: Escalation) -> list[EscalationItem]:
    """Return all items of an escalation, decided ones too."""
    return store.list_items(session, escalation.id)


def decide_items(
    session: Session,
    item_ids: Collection[int],
    decision: ItemDecision,
    reason: str,
    *,
    at: datetime,
    by: str,
) -> list[EscalationItem]:
    """Decide one item or many in one step, in writing; a list with nothing open is closed by that decision.

    Raises
    ------
    Invalid
        No reason was given, or the decision is only for the service itself.
    Conflict
        One of them was decided already; then none is changed.
    """
    if decision is ItemDecision.DONE:
        raise Invalid(
            "An overdue duty is closed where it is done.", next_step="Open the duty itself and record it."
        )
    if not reason.strip():
        raise Invalid(
            "A decision needs its reason in writing.",
            next_step="Say why, in a sentence.",
            faults=(("reason", "Enter the reason"),),
        )
    rows = store.lock_items(session, item_ids)
    if len(rows) != len(set(item_ids)) or not rows:
        raise NotFound("One of these items is not here.", next_step="Start again from the list.")
    decided = [row for row in rows if row.status is ItemStatus.DECIDED]
    if decided:
        raise Conflict(
            f"Decided already: {decided[0].what}", next_step="Look at the list again; nothing was changed."
        )
    _write(session, rows, decision, reason.strip(), at=at, by=by)
    return rows


def settle_overdue(session: Session, obligation_id: int, decision: str, *, at: datetime, by: str) -> None:
    """Settle the escalations about an overdue duty, because the duty is done."""
    for escalation in store.list_escalations_of_overdue(session, obligation_id):
        rows = store.list_items(session, escalation.id, open_only=True)
        if rows:
            _write(session, rows, ItemDecision.DONE, decision, at=at, by=by)


def _write(
    session: Session,
    rows: Sequence[EscalationItem],
    decision: ItemDecision,
    reason: str,
    *,
    at: datetime,
    by: str,
) -> None:
    for row in rows:
        row.status, row.decision, row.decision_reason = ItemStatus.DECIDED, decision, reason
        row.decided_by, row.decided_at = by, at
    session.flush()
    record(
        session,
        "escalation:items:decided",
        by=by,
        at=at,
        subjects={"items": [row.id for row in rows]},
        payload={"decision": decision.value, "reason": reason},
    )
    for escalation in store.list_escalations(session, {row.escalation_id for row in rows}):
        with seeing_everything(session):  # a case of limited access that this person is not listed for counts
            n_open = len(store.list_items(session, escalation.id, open_only=True))
        if not n_open:
            obligation = lock_open(session, escalation.obligation_id)
            words = f"All items are decided; the last: {decision.value.replace('_', ' ')}, {reason}"
            mark_closed(session, obligation, words[:_LONGEST_DECISION], at=at, by=by)
