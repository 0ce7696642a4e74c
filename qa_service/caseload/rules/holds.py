"""When an officer gets no new allocations while a would-be fail is confirmed (RULES 4)."""

from dataclasses import dataclass
from datetime import datetime

from qa_service.caseload.rules.cuts import ARMS_THAT_CUT
from qa_service.core.clock import due_after_working_days
from qa_service.policy.numbers import Policy


@dataclass(frozen=True)
class HoldDecided:
    """Whether to hold, until when at the latest, and why."""

    is_wanted: bool
    expires_at: datetime | None
    reason: str


def decide_hold(
    *, arm: str, is_would_be_fail: bool, is_attributed: bool, second_read_due_at: datetime, policy: Policy
) -> HoldDecided:
    """Decide whether a would-be fail holds new allocations.

    Parameters
    ----------
    is_would_be_fail : bool
        At lock 1: the grids alone give S3 or S4. At submit: this read alone is a fail.
    second_read_due_at : datetime
        When the second read is due; before it is asked for, the latest it can be.
    """
    if not is_would_be_fail:
        return HoldDecided(False, None, "The read alone is not a fail.")
    if arm not in ARMS_THAT_CUT:
        return HoldDecided(False, None, "A fail in this arm cuts nobody, so nobody is held.")
    if not is_attributed:
        return HoldDecided(False, None, "The assessment cannot be attributed, so no cut can follow.")
    expires_at = due_after_working_days(second_read_due_at, policy.hold.grace_working_days)
    return HoldDecided(True, expires_at, "A would-be fail waits for its second read.")
