"""PDUs that passed a threshold of RULES 6, and the improvement plans that were opened for it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.obligations.service import PassedThreshold
from qa_service.obligations.tables import PlanGround
from qa_service.policy.numbers import CapacityPolicy, Policy
from qa_service.reporting.areas import Area, AreaTree, area_tree
from qa_service.reporting.causes import is_load_passed, list_fails, threshold_start
from qa_service.reporting.rates import Rate, share_of
from qa_service.reporting.rows import list_rows

# Past the head: gone up the ladder to a post above a head of PDU.
_RISEN = text(
    """
    SELECT e.pdu_code, count(*) AS n_of,
           count(*) FILTER (WHERE o.n_rungs_risen > 0 AND p.kind IN ('regional_director', 'national'))
             AS n_counted
    FROM escalation e JOIN obligation o ON o.id = e.obligation_id JOIN post p ON p.id = o.owner_post_id
    WHERE e.opened_at >= :since AND e.opened_at <= :at GROUP BY e.pdu_code
    """
)
_PLANS = """
    SELECT m.ground, m.pdu_code, u.name AS pdu_name, m.n_counted, m.n_of, m.since_at, m.opened_at,
           m.policy_version, o.closed_at, o.decision
    FROM improvement_plan m JOIN obligation o ON o.id = m.obligation_id JOIN pdu u ON u.code = m.pdu_code
"""
_PLAN_OF_DUTY = text(_PLANS + " WHERE o.id = :duty")
_PLANS_OF_PDUS = text(
    _PLANS + " WHERE m.pdu_code = ANY(:pdus) AND (m.opened_at > :since OR o.closed_at IS NULL)"
    " ORDER BY m.opened_at, m.id"
)


@dataclass(frozen=True)
class PlanRow:
    """An improvement plan: what was counted when it was opened, and what was decided."""

    ground: str
    pdu_code: str
    pdu_name: str
    n_counted: int
    n_of: int
    since_at: datetime
    opened_at: datetime
    policy_version: str
    closed_at: datetime | None
    decision: str | None


def passed_thresholds(session: Session, *, at: datetime, policy: Policy) -> list[PassedThreshold]:
    """Return the PDUs that are over a threshold now, one entry for each threshold."""
    since = threshold_start(at, policy.capacity)
    tree = area_tree(session)
    with seeing_everything(session):
        fails = list_fails(session, tree.drawn_in(tree.nation), since=since, at=at)
        risen = session.connection().execute(_RISEN, {"since": since, "at": at}).all()
    counted = {
        PlanGround.CAUSES: (
            _by_pdu(tree, Counter(fail.pdu_code for fail in fails if fail.names_load)),
            _by_pdu(tree, Counter(fail.pdu_code for fail in fails)),
        ),
        PlanGround.RISEN: (
            _by_pdu(tree, {row.pdu_code: row.n_counted for row in risen}),
            _by_pdu(tree, {row.pdu_code: row.n_of for row in risen}),
        ),
    }
    return [
        PassedThreshold(area.code, tree.drawn_codes(area), area.name, ground, hits[code], n[code], since)
        for ground, (hits, n) in counted.items()
        for code, area in tree.pdus.items()
        if _is_passed(ground, share_of(hits[code], n[code]), policy.capacity)
    ]


def _by_pdu(tree: AreaTree, counts: Mapping[str, int]) -> Counter[str]:
    """Add up under the PDU in use what was counted under it and under those merged into it."""
    found: Counter[str] = Counter()
    for code, count in counts.items():
        found[tree.current_code.get(code, code)] += count
    return found


def _is_passed(ground: PlanGround, share: Rate, policy: CapacityPolicy) -> bool:
    if ground is PlanGround.CAUSES:
        return is_load_passed(share, policy)
    return share.n >= policy.risen_min_escalations and (share.value or 0) > policy.risen_share_limit


def limit_of(ground: str, policy: Policy) -> float:
    """Return the share (0-1) beyond which a ground calls for a plan."""
    limits = policy.capacity
    return limits.workload_cause_share_limit if ground == PlanGround.CAUSES else limits.risen_share_limit


def plan_of_duty(session: Session, duty_id: int) -> PlanRow | None:
    """Return the improvement plan that a duty asks for."""
    found = list_rows(session, _PLAN_OF_DUTY, {"duty": duty_id}, PlanRow)
    return found[0] if found else None


def plans_of(session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: Policy) -> list[PlanRow]:
    """List an area's improvement plans of the rolling months, and older ones that are still open."""
    values = {"pdus": tree.drawn_codes(area), "since": threshold_start(at, policy.capacity)}
    return list_rows(session, _PLANS_OF_PDUS, values, PlanRow)
