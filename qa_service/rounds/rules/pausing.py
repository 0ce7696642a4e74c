"""When a round pauses by itself: more confirmed fails at its start than its forecast allows (RULES 6)."""

import math
from collections.abc import Sequence

from qa_service.policy.numbers import Policy
from sampling import funnel_limits


def reason_to_pause(is_fail: Sequence[bool], n_checks: int, policy: Policy) -> str | None:
    """Say why a round pauses, or None when it goes on.

    Parameters
    ----------
    is_fail : sequence of bool
        For each final check of the random arm, in the order they became final, whether it is a confirmed
        fail.
    n_checks : int
        Checks of that arm, final or not.

    Notes
    -----
    The limit is that of the whole first part, however few of it are final yet: looking again after each
    check then pauses a round no more often by chance than looking once.
    """
    n_first = math.ceil(policy.pause.after_share_of_round * n_checks)
    if n_first == 0:
        return None
    confidence = policy.pause.forecast_confidence
    two_sided = 2 * confidence - 1
    limit = int(funnel_limits(n_first, policy.forecast.fail_rate, two_sided).upper_k[0])
    n_fails = sum(is_fail[:n_first])
    if n_fails <= limit:
        return None
    return (
        f"{n_fails} confirmed fails among the first {min(len(is_fail), n_first)} checks: the forecast's"
        f" {confidence:.0%} limit for the first {n_first} is {limit}. Decide whether the rubric, the"
        " reviewers or reality is the cause."
    )
