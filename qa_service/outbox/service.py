"""Say to others what became true, in the transaction that made it true (FORMATS 11 C)."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from qa_service.outbox import store

_DESCRIPTIONS = {
    "rosh-qa.check.finalised": "A RoSH quality check was finalised",
    "rosh-qa.level-correction.opened": "A level correction was opened",
    "rosh-qa.reduction.requested": "A workload reduction was requested",
    "rosh-qa.reduction.ended": "A workload reduction ended",
    "rosh-qa.case.escalated": "A case was escalated",
}


def put(
    session: Session,
    event_type: str,
    *,
    about: Mapping[str, str],
    crn: str | None = None,
    at: datetime,
    idempotency_key: str,
) -> None:
    """Write an event to send: ids in `about`, never a finding; the same key is written once."""
    identifiers = [{"type": "CRN", "value": crn}] if crn else []
    body = {
        "eventType": event_type,
        "version": 1,
        "occurredAt": at.isoformat(timespec="seconds"),
        "description": _DESCRIPTIONS[event_type],
        "additionalInformation": dict(about),
        "personReference": {"identifiers": identifiers},
    }
    store.insert_once(
        session,
        {"event_type": event_type, "occurred_at": at, "body": body, "idempotency_key": idempotency_key},
    )
