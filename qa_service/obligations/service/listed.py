"""Whose a duty about a limited-access case becomes: somebody's who may know of it (RULES 8)."""

from datetime import date

from sqlmodel import Session

from qa_service.cases import service as cases
from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.estate.tables import Post


def who_may_know(session: Session, post: Post, case_id: int | None, day: date) -> Post:
    """Return the lowest post from this one up whose holder is listed for a case of limited access.

    For any other case, or none, that is this post; and so it is where nobody above is listed either: the duty
    waits there, hidden, until somebody is (`hidden.py`).
    """
    return lowest_listed(session, post, case_id, day) or post


def lowest_listed(session: Session, post: Post, case_id: int | None, day: date) -> Post | None:
    """Return the lowest post from this one up whose holder may know of a case, or None."""
    with seeing_everything(session):
        listed = None if case_id is None else cases.people_listed(session, case_id)
    if listed is None:
        return post
    rung: Post | None = post
    while rung is not None:
        holder = estate.holder_of_post(session, rung.id, day)
        if holder is not None and holder.id in listed:
            return rung
        rung = estate.post_above(session, rung)
    return None
