"""A round whose first checks fail more often than forecast pauses for its lead's decision (RULES 6)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.core.clock import due_after_working_days
from qa_service.estate import service as estate
from qa_service.estate.tables import Post
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reporting.first_fails import rounds_so_far
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.pausing import reason_to_pause
from qa_service.rounds.tables import Round

JOB = "job:pause"


def pause_rounds(session: Session, *, at: datetime) -> int:
    """Pause the rounds that are over their limit, each once; reads that somebody has begun go on."""
    n_paused = 0
    for so_far in rounds_so_far(session, job=JOB):
        policy = load_policy(so_far.policy_version)
        reason = reason_to_pause(so_far.is_fail, so_far.n_checks, policy)
        if reason is None:
            continue
        paused = rounds.pause_round(session, so_far.reference, reason, by=JOB, at=at)
        duty = obligations.Duty(
            ObligationKind.PAUSED_ROUND,
            _lead_of(session, paused).id,
            f"Decide about the round {paused.reference}, which paused by itself: {reason}",
            due_after_working_days(at, policy.clocks_working_days.paused_round),
        )
        obligations.open_obligation(session, duty, at=at, by=JOB)
        n_paused += 1
    return n_paused


def _lead_of(session: Session, found: Round) -> Post:
    if found.area_kind == "national":
        return estate.national_post(session)
    if found.area_kind == "pdu":
        return estate.quality_lead_post(session, estate.region_of_pdu(session, found.area_code).code)
    return estate.quality_lead_post(session, found.area_code)
