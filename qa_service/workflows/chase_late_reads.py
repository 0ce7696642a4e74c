"""A late read, or a late moderation, is the quality lead's duty until it is in (RULES 1)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.clock import due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reviews.service.late import checks_with_late_reads
from qa_service.rounds.tables import Check


def chase_late_reads(session: Session, *, at: datetime, by: str) -> int:
    """Give the quality lead a duty for each check that waits for something late; return how many are new."""
    with seeing_everything(session):
        late = [
            check
            for check in checks_with_late_reads(session, at=at)
            if not obligations.has_open_obligation(session, check.id, ObligationKind.LATE_READ)
        ]
        for check in late:
            obligations.open_obligation(session, _duty(session, check, at), at=at, by=by)
        return len(late)


def _duty(session: Session, check: Check, at: datetime) -> obligations.Duty:
    clocks = load_policy(check.policy_version).clocks_working_days
    n_days = clocks.second_read_urgent if check.is_urgent else clocks.second_read
    return obligations.Duty(
        ObligationKind.LATE_READ,
        estate.quality_lead_post(session, check.drawn_region_code).id,
        f"Get the late read of check {check.reference} done",
        due_after_working_days(at, n_days),
        is_urgent=check.is_urgent,
        check_id=check.id,
        case_id=check.case_id,
    )
