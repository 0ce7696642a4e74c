"""A PDU that passes a threshold of RULES 6: the regional director gets a finding, once for each threshold.

Fails come in, leave the rolling months or are overturned, and escalations rise by themselves: so this is
counted again whenever the worker does what is due, not only where a fail is confirmed.
"""

from datetime import datetime

from sqlmodel import Session

from qa_service.obligations import service as obligations
from qa_service.policy.numbers import Policy
from qa_service.reporting.thresholds import passed_thresholds

JOB = "job:thresholds"


def open_improvement_plans(session: Session, *, at: datetime, policy: Policy) -> int:
    """Open the improvement plans that are called for now and return how many are new."""
    return sum(
        obligations.open_improvement_plan(session, passed, at=at, by=JOB, policy=policy) is not None
        for passed in passed_thresholds(session, at=at, policy=policy)
    )
