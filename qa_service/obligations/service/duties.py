"""Duties of a post: opened with a due date, closed once, by a decision in words."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import day_of, in_full
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.estate import service as estate
from qa_service.estate.tables import Post
from qa_service.obligations import store
from qa_service.obligations.service.listed import who_may_know
from qa_service.obligations.tables import Obligation, ObligationKind


@dataclass(frozen=True)
class Duty:
    """What a post must do, by when, and what it is about."""

    kind: ObligationKind
    owner_post_id: int
    what: str
    due_at: datetime
    is_urgent: bool = False
    check_id: int | None = None
    verdict_id: int | None = None
    case_id: int | None = None
    person_id: int | None = None


def open_obligation(session: Session, duty: Duty, *, at: datetime, by: str) -> Obligation:
    """Give a post something to do; about a case of limited access, the next one that may know of it."""
    post = who_may_know(session, estate.find_post(session, duty.owner_post_id), duty.case_id, day_of(at))
    obligation = Obligation(**vars(replace(duty, owner_post_id=post.id)), opened_at=at)
    store.insert(session, [obligation])
    record(
        session,
        f"obligation:{duty.kind.value}:opened",
        by=by,
        at=at,
        subjects={"obligation": obligation.id, "post": post.id, "check": duty.check_id},
        payload={"what": duty.what, "due_at": duty.due_at.isoformat()},
    )
    return obligation


def lock_open(session: Session, obligation_id: int) -> Obligation:
    """Lock an obligation that is still open.

    Raises
    ------
    Conflict
        It was closed already.
    """
    obligation = store.lock_obligation(session, obligation_id)
    if obligation is None:
        raise NotFound("There is no such duty here.", next_step="Start again from your list.")
    if obligation.closed_at is not None:
        raise Conflict(
            f"This was closed on {in_full(day_of(obligation.closed_at))}: {obligation.decision}",
            next_step="Nothing is left to do here. Go back to your list.",
        )
    return obligation


def give_to(session: Session, obligation: Obligation, post: Post, how: str, *, at: datetime, by: str) -> None:
    """Give an open duty to another post and record `how`: risen or handed."""
    before, obligation.owner_post_id = obligation.owner_post_id, post.id
    session.flush()
    record(
        session,
        f"obligation:{obligation.kind.value}:{how}",
        by=by,
        at=at,
        subjects={"obligation": obligation.id, "from_post": before, "to_post": post.id},
        payload={"n_rungs_risen": obligation.n_rungs_risen, "due_at": obligation.due_at.isoformat()},
    )


def mark_closed(session: Session, obligation: Obligation, decision: str, *, at: datetime, by: str) -> None:
    """Write how a duty was met.

    Raises
    ------
    Invalid
        The decision says nothing.
    """
    if not decision.strip():
        raise Invalid(
            "A duty closes only by a decision in words.",
            next_step="Say what was done or decided.",
            faults=(("decision", "Enter what was done or decided"),),
        )
    obligation.closed_at, obligation.closed_by, obligation.decision = at, by, decision.strip()
    session.flush()
    record(
        session,
        f"obligation:{obligation.kind.value}:closed",
        by=by,
        at=at,
        subjects={"obligation": obligation.id, "post": obligation.owner_post_id},
        payload={"decision": obligation.decision},
    )


def obligations_of_posts(session: Session, post_ids: Collection[int]) -> list[Obligation]:
    """Return what some posts must do, soonest first."""
    return store.list_open_of_posts(session, post_ids)


def has_open_obligation(session: Session, check_id: int, kind: ObligationKind) -> bool:
    """Tell whether a check already has an open duty of a kind."""
    return bool(store.list_open_of_check(session, check_id, kind))
