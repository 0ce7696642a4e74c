"""How an improvement plan is said: what was counted in the PDU, beyond which limit, and what became of it."""

from collections.abc import Sequence

from qa_service.pages.display import day, number, rate
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import Area, AreaLevel
from qa_service.reporting.thresholds import PlanRow, limit_of
from sampling import wilson_interval

_COUNTED = {
    "causes": "confirmed fails named workload, oversight or IT as a cause",
    "risen": "escalations rose past the head of PDU",
}


def counted_in_words(plan: PlanRow) -> str:
    """Say what called for the plan and the limit of the policy it was opened by; of few, counts only."""
    policy = load_policy(plan.policy_version)
    limit = f"more than {limit_of(plan.ground, policy):.0%}"
    counts = (
        f"{number(plan.n_counted)} of {number(plan.n_of)} {_COUNTED[plan.ground]} in {plan.pdu_name}"
        f" from {day(plan.since_at)} to {day(plan.opened_at)}"
    )
    if plan.n_of < policy.rates.too_few_to_compare_n:
        return f"{counts}: {limit}, but of too few to say a share."
    low, high = wilson_interval(plan.n_counted, plan.n_of)
    return (
        f"{counts}: {rate(plan.n_counted / plan.n_of)} (95% interval {rate(low)} to {rate(high)}), {limit}."
    )


def plans_in_words(plans: Sequence[PlanRow], area: Area) -> list[str]:
    """Say which findings a PDU's thresholds have opened; of a wider area, how many."""
    if area.level is AreaLevel.PDU:
        asked = "A finding for the regional director"
        return [f"{asked}: {counted_in_words(plan)} {_end(plan)}" for plan in plans]
    if not plans:
        return []
    n_pdus, n_open = len({plan.pdu_code for plan in plans}), sum(plan.closed_at is None for plan in plans)
    called = f"Improvement plans were called for in {number(n_pdus)} of {number(len(area.pdus))} PDUs"
    return [f"{called}; {number(n_open)} of {number(len(plans))} findings wait for an answer."]


def _end(plan: PlanRow) -> str:
    if plan.closed_at is None:
        return "It has not been answered yet."
    return f"Answered on {day(plan.closed_at)}: {plan.decision}"
