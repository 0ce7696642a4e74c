"""The outcome of a scorecard of a check; an extra case is judged more strictly (RULES 2)."""

from qa_service.rounds.tables import Arm, Check
from rubrics import Scorecard, VerdictDecision, decide, load_policy


def is_extra_case(check: Check) -> bool:
    """Say whether a check was drawn because of an earlier verdict: after a recheck or before a restore."""
    return check.arm is Arm.FOLLOW_UP


def decide_card(check: Check, card: Scorecard, *, is_somebody_exposed: bool) -> VerdictDecision:
    """Decide what a reader's or a moderator's scorecard of a check comes to."""
    return decide(
        card,
        somebody_exposed=is_somebody_exposed,
        policy=load_policy(),
        is_extra_case=is_extra_case(check),
    )
