"""Causes go up: what lay above the officer becomes a finding of whoever can mend it (RULES 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.core.clock import due_after_working_days
from qa_service.estate import service as estate
from qa_service.obligations import store
from qa_service.obligations.service.duties import Duty, open_obligation
from qa_service.obligations.tables import Finding, ObligationKind
from qa_service.policy.numbers import Policy
from rubrics import FindingOwner


@dataclass(frozen=True)
class Cause:
    """One "no" or "partly" whose cause somebody above the officer must answer."""

    item_id: str
    cause: str
    reason: str
    owner: FindingOwner


@dataclass(frozen=True)
class FailedCheck:
    """The fail that the findings come from."""

    check_id: int
    case_id: int
    verdict_id: int
    pdu_code: str


def open_findings(
    session: Session,
    fail: FailedCheck,
    causes: Sequence[Cause],
    *,
    at: datetime,
    by: str,
    policy: Policy,
) -> list[Finding]:
    """Open one finding for each cause, with its owner and clock."""
    findings: list[Finding] = []
    for cause in causes:
        if cause.owner is FindingOwner.NONE:
            continue
        owner = (
            estate.national_post(session)
            if cause.owner is FindingOwner.NATIONAL_LEAD
            else estate.head_of_pdu_post(session, fail.pdu_code)
        )
        duty = Duty(
            ObligationKind.FINDING,
            owner.id,
            f"Answer a finding: {cause.item_id}, cause {cause.cause.replace('_', ' ')}",
            due_after_working_days(at, policy.clocks_working_days.finding),
            check_id=fail.check_id,
            case_id=fail.case_id,
            verdict_id=fail.verdict_id,
        )
        obligation = open_obligation(session, duty, at=at, by=by)
        findings.append(
            Finding(
                obligation_id=obligation.id,
                verdict_id=fail.verdict_id,
                item_id=cause.item_id,
                cause=cause.cause,
                pdu_code=fail.pdu_code,
                reason=cause.reason,
            )
        )
    store.insert(session, findings)
    return findings
