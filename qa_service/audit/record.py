"""Recording what was done: noted during a transaction, appended last, so that the chain is locked briefly."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from qa_service.audit import store

_PENDING = "audit_pending"


@dataclass(frozen=True)
class Happening:
    """One thing that was done.

    Parameters
    ----------
    tag : str
        `source:subject:action`, e.g. `check:verdict:finalised`; see docs/glossary.md.
    subjects : mapping
        Kind of thing -> its id; ids only, so that they may stay for ever.
    payload : mapping
        Details; JSON values. May be erased later without breaking the chain.
    """

    at: datetime
    actor: str
    tag: str
    subjects: Mapping[str, Any]
    payload: Mapping[str, Any] = field(default_factory=dict)


def record(
    session: Session,
    tag: str,
    *,
    by: str,
    at: datetime,
    subjects: Mapping[str, Any],
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Note an event; it enters the chain when, and only if, this transaction commits."""
    happening = Happening(at=at, actor=by, tag=tag, subjects=subjects, payload=payload or {})
    session.info.setdefault(_PENDING, []).append(happening)


@event.listens_for(Session, "before_commit")
def append_pending(session: Session) -> None:
    """Append what the transaction noted, as its last act before the commit."""
    pending: list[Happening] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    for happening in pending:
        store.append(
            session,
            at=happening.at,
            actor=happening.actor,
            tag=happening.tag,
            subjects=happening.subjects,
            salt=secrets.token_hex(16),
            payload=happening.payload,
        )


@event.listens_for(Session, "after_rollback")
def forget_pending(session: Session) -> None:
    """Forget what was noted when the transaction did not happen."""
    session.info.pop(_PENDING, None)
