"""Duties about limited-access cases that their owner may not know of: handed up, or told of (RULES 8).

Who is listed and who holds a post changes after a duty was opened, and a case may become limited by then.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from qa_service.cases import service as cases
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.estate.tables import Post
from qa_service.obligations import store
from qa_service.obligations.service.duties import Duty, give_to, mark_closed, open_obligation
from qa_service.obligations.service.escalations import step_days
from qa_service.obligations.service.listed import lowest_listed
from qa_service.obligations.tables import Obligation, ObligationKind
from qa_service.policy.numbers import Policy

JOB = "job:listed"


class Owner(NamedTuple):
    """An open duty, a limited-access case that it is about, and the post that may know of it, if any."""

    duty: Obligation
    case_id: int
    post: Post | None


def hand_to_listed(session: Session, *, at: datetime, policy: Policy) -> int:
    """Hand hidden duties to the lowest post above that may know of them; return how many were handed.

    A list for decision goes as a whole. Where there is no such post the national lead is told how many wait,
    and of no case, area or kind. The clocks of the duties run on.
    """
    n_handed, hidden = 0, {}
    with seeing_everything(session):
        for duty, _, post in _owners(session, at):
            if post is None:
                hidden[duty.id] = duty.is_urgent
            elif post.id != duty.owner_post_id:
                give_to(session, duty, post, "handed", at=at, by=JOB)
                n_handed += 1
        for is_urgent in (True, False):
            n_duties = sum(urgent is is_urgent for urgent in hidden.values())
            _tell(session, n_duties, is_urgent=is_urgent, at=at, policy=policy)
    return n_handed


def hidden_duties(session: Session, *, at: datetime) -> list[Owner]:
    """Return the open duties that nobody from their post up may know of, with the case."""
    return [owner for owner in _owners(session, at) if owner.post is None]


def _owners(session: Session, at: datetime) -> Iterator[Owner]:
    about = store.list_cases_of_open(session)
    limited = cases.limited_among(session, {case_id for _, case_id in about})
    for duty_id, case_id in about:
        if case_id not in limited:
            continue
        duty = store.lock_obligation(session, duty_id)
        if duty is not None and duty.closed_at is None:
            post = estate.find_post(session, duty.owner_post_id)
            yield Owner(duty, case_id, lowest_listed(session, post, case_id, day_of(at)))


def _tell(session: Session, n_duties: int, *, is_urgent: bool, at: datetime, policy: Policy) -> None:
    """Keep one duty of the national lead open while any waits; an answer gets its own time to work."""
    last = store.last_of_kind(session, ObligationKind.LIST_SOMEBODY, is_urgent=is_urgent)
    is_open = last is not None and last.closed_at is None
    if not n_duties:
        if last is not None and is_open:
            mark_closed(session, last, "Somebody may know of each by now.", at=at, by=JOB)
        return
    n_days = step_days(policy.clocks_working_days, is_urgent=is_urgent)
    if is_open or (last and last.closed_at and at <= due_after_working_days(last.closed_at, n_days)):
        return
    what = (
        f"{n_duties} {'duty waits' if n_duties == 1 else 'duties wait'} that nobody may know of: nobody"
        " responsible is listed for the limited-access case. Whoever runs this service can say which case"
        " (qa-service escalations hidden); have somebody listed for it in the case system."
    )
    due_at = due_after_working_days(at, n_days)
    post = estate.national_post(session)
    told = Duty(ObligationKind.LIST_SOMEBODY, post.id, what, due_at, is_urgent=is_urgent)
    open_obligation(session, told, at=at, by=JOB)
