"""A round whose first checks fail more often than forecast pauses for its lead's decision (RULES 6)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.policy.numbers import load_policy
from qa_service.reporting.first_fails import rounds_so_far
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.pausing import reason_to_pause

JOB = "job:pause"


def pause_rounds(session: Session, *, at: datetime) -> int:
    """Pause the rounds that are over their limit, each once; reads that somebody has begun go on."""
    n_paused = 0
    for so_far in rounds_so_far(session, job=JOB):
        reason = reason_to_pause(so_far.is_fail, so_far.n_checks, load_policy(so_far.policy_version))
        if reason is not None:
            rounds.pause_round(session, so_far.reference, reason, by=JOB, at=at)
            n_paused += 1
    return n_paused
