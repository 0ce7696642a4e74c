"""Whose a duty about a limited-access case becomes: somebody's who may know of it (RULES 8)."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from qa_service.cases import service as cases
from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.estate.tables import Post


def who_may_know(session: Session, post: Post, case_ids: Collection[int | None], day: date) -> Post:
    """Return the lowest post from this one up whose holder is listed for all these cases.

    For cases without limited access that is this post, and so it is where nobody above is listed either: the
    duty waits there, hidden, until somebody is.
    """
    with seeing_everything(session):
        listed = cases.people_listed(session, [case_id for case_id in case_ids if case_id is not None])
    rung: Post | None = post if listed else None
    while rung is not None:
        holder = estate.holder_of_post(session, rung.id, day)
        if holder is not None and all(holder.id in people for people in listed.values()):
            return rung
        rung = estate.post_above(session, rung)
    return post
