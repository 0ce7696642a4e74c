"""A PDU that passes a threshold: its manager needs an improvement plan (RULES 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.core.clock import due_after_working_days
from qa_service.estate import service as estate
from qa_service.obligations import store
from qa_service.obligations.service.duties import Duty, open_obligation
from qa_service.obligations.tables import ImprovementPlan, ObligationKind, PlanGround
from qa_service.policy.numbers import Policy


@dataclass(frozen=True)
class PassedThreshold:
    """What was counted in a PDU since a moment; `pdu_codes` are its own and those of PDUs merged into it."""

    pdu_code: str
    pdu_codes: Sequence[str]
    pdu_name: str
    ground: PlanGround
    n_counted: int
    n_of: int
    since: datetime


_COUNTED = {
    PlanGround.CAUSES: "{n} of {of} confirmed fails name workload, oversight or IT as a cause",
    PlanGround.RISEN: "{n} of {of} escalations rose past the head of PDU",
}


def open_improvement_plan(
    session: Session, passed: PassedThreshold, *, at: datetime, by: str, policy: Policy
) -> ImprovementPlan | None:
    """Give the regional director the finding once: none while one is open or younger than what is counted."""
    pdu = estate.lock_pdu(session, passed.pdu_code)
    if store.has_plan(session, passed.pdu_codes, passed.ground, since=passed.since):
        return None
    counted = _COUNTED[passed.ground].format(n=passed.n_counted, of=passed.n_of)
    duty = Duty(
        ObligationKind.FINDING,
        estate.regional_director_post(session, pdu.region_code).id,
        f"Agree an improvement plan with the head of {passed.pdu_name}: {counted}",
        due_after_working_days(at, policy.clocks_working_days.finding),
    )
    plan = ImprovementPlan(
        obligation_id=open_obligation(session, duty, at=at, by=by).id,
        pdu_code=passed.pdu_code,
        ground=passed.ground,
        n_counted=passed.n_counted,
        n_of=passed.n_of,
        since_at=passed.since,
        opened_at=at,
        policy_version=policy.version,
    )
    store.insert(session, [plan])
    return plan
