"""The ladder: what nobody decided in time goes to the post above, by itself (RULES 6)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.obligations import store
from qa_service.obligations.service.duties import give_to
from qa_service.obligations.service.escalations import escalate_overdue, step_days
from qa_service.obligations.service.listed import who_may_know
from qa_service.obligations.tables import ItemStatus, Obligation, ObligationKind
from qa_service.policy.numbers import Policy

JOB = "job:ladder"
# These go up themselves; an overdue correction or reduction stays with its owner and opens an escalation.
_RISING = frozenset({ObligationKind.ESCALATION, ObligationKind.WORRY})
_ESCALATED = frozenset({ObligationKind.LEVEL_CORRECTION, ObligationKind.REDUCTION})


def rise_overdue(session: Session, *, at: datetime, policy: Policy) -> int:
    """Take everything overdue one rung up and return how much rose; run again, it changes nothing."""
    with seeing_everything(session):
        overdue = store.lock_overdue(session, at, _RISING | _ESCALATED)
        return sum(
            _rise(session, obligation, at, policy)
            if obligation.kind in _RISING
            else _escalate(session, obligation, at, policy)
            for obligation in overdue
        )


def _rise(session: Session, obligation: Obligation, at: datetime, policy: Policy) -> bool:
    above = estate.post_above(session, estate.find_post(session, obligation.owner_post_id))
    if above is None or above.id == obligation.owner_post_id:
        return False  # the top of the ladder: overdue there until it is decided
    above = who_may_know(session, above, obligation.case_id, day_of(at))
    clocks = policy.clocks_working_days
    n_days = (
        clocks.worry_rises
        if obligation.kind is ObligationKind.WORRY
        else step_days(clocks, is_urgent=obligation.is_urgent)
    )
    obligation.due_at = due_after_working_days(at, n_days)
    obligation.n_rungs_risen += 1
    give_to(session, obligation, above, "risen", at=at, by=JOB)
    return True


def _escalate(session: Session, obligation: Obligation, at: datetime, policy: Policy) -> bool:
    """Open the escalation of an overdue duty, or another one where a decision about it changed nothing."""
    above = estate.post_above(session, estate.find_post(session, obligation.owner_post_id))
    earlier = store.list_escalations_of_overdue(session, obligation.id)
    rows = [row for escalation in earlier for row in store.list_items(session, escalation.id)]
    if above is None or any(row.status is ItemStatus.OPEN for row in rows):
        return False
    n_days = step_days(policy.clocks_working_days, is_urgent=obligation.is_urgent)
    last = max((row.decided_at for row in rows if row.decided_at is not None), default=None)
    if last is not None and at <= due_after_working_days(last, n_days):
        return False  # the decision gets its own time to work
    escalate_overdue(session, obligation, above, at=at, by=JOB, policy=policy)
    return True
