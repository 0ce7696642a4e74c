"""Recording what was done: noted during a transaction, appended last, so that the chain is locked briefly."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
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


_Noted = tuple[SessionTransaction | None, Happening]


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
    noted_in = session.get_nested_transaction()
    session.info.setdefault(_PENDING, []).append((noted_in, happening))


@event.listens_for(Session, "before_commit")
def append_pending(session: Session) -> None:
    """Append what the transaction noted, as its last act before the commit."""
    pending: list[_Noted] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    for _, happening in pending:
        store.append(
            session,
            at=happening.at,
            actor=happening.actor,
            tag=happening.tag,
            subjects=happening.subjects,
            salt=secrets.token_hex(16),
            payload=happening.payload,
        )


@event.listens_for(Session, "after_soft_rollback")
def forget_what_did_not_happen(session: Session, taken_back: SessionTransaction) -> None:
    """Forget what was noted in a transaction, or a savepoint, that was rolled back; earlier notes stay."""
    pending: list[_Noted] = session.info.pop(_PENDING, [])
    if taken_back.nested:
        session.info[_PENDING] = [one for one in pending if not _is_within(one[0], taken_back)]


def _is_within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer
