"""Duties with their owner, their clock and what they are about; who may see one and who may meet it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import NotAllowed, NotFound
from qa_service.estate import service as estate
from qa_service.reporting.reach import Reach, has_in_reach, reach_of
from qa_service.reporting.rows import CRN_OF, HOLDER, list_rows


@dataclass(frozen=True)
class DutyRow:
    """What a post must do, by when, and where it is done."""

    id: int
    kind: str
    what: str
    opened_at: datetime
    due_at: datetime
    is_urgent: bool
    n_rungs_risen: int
    closed_at: datetime | None
    decision: str | None
    owner_post_id: int
    owner: str
    owner_team: str | None
    owner_pdu: str | None
    holder: str | None
    verdict_id: int | None
    person_id: int | None
    check_id: int | None
    check_reference: str | None
    case_id: int | None
    crn: str | None
    officer: str | None
    correction_id: int | None
    escalation_id: int | None
    escalation_pdu: str | None
    request_id: int | None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether it is open and its time has passed."""
        return self.closed_at is None and self.due_at < at


_COLUMNS = f"""
    SELECT o.id, o.kind, o.what, o.opened_at, o.due_at, o.is_urgent, o.n_rungs_risen, o.closed_at, o.decision,
      o.owner_post_id, p.title AS owner, p.team_code AS owner_team, p.pdu_code AS owner_pdu,
      {HOLDER},
      o.verdict_id, o.person_id, o.check_id, k.reference AS check_reference, o.case_id,
      {CRN_OF.format(case="coalesce(o.case_id, k.case_id)")},
      x.name AS officer, l.id AS correction_id, e.id AS escalation_id,
      e.pdu_code AS escalation_pdu, r.id AS request_id
    FROM obligation o JOIN post p ON p.id = o.owner_post_id
    LEFT JOIN check_record k ON k.id = o.check_id
    LEFT JOIN person x ON x.id = coalesce(o.person_id, k.person_id)
    LEFT JOIN level_correction l ON l.obligation_id = o.id
    LEFT JOIN escalation e ON e.obligation_id = o.id
    LEFT JOIN reduction_request r ON r.obligation_id = o.id
"""  # noqa: S608 - constants only
_OF_POSTS = text(
    _COLUMNS + " WHERE o.closed_at IS NULL AND o.owner_post_id = ANY(:posts) ORDER BY o.due_at, o.id"
)
_ONE = text(_COLUMNS + " WHERE o.id = :id")
_OF_VERDICT = text(_COLUMNS + " WHERE o.verdict_id = :verdict OR o.check_id = :check ORDER BY o.due_at, o.id")


def duties_of_person(session: Session, person_id: int | None, at: datetime) -> list[DutyRow]:
    """List the open duties of the posts somebody holds today, the longest overdue first."""
    values = {"day": day_of(at), "posts": sorted(_posts_of(session, person_id, at))}
    return list_rows(session, _OF_POSTS, values, DutyRow)


def duties_of_verdict(session: Session, verdict_id: int, check_id: int, at: datetime) -> list[DutyRow]:
    """List every duty that a check and its verdict opened, met ones too."""
    values = {"day": day_of(at), "verdict": verdict_id, "check": check_id}
    return list_rows(session, _OF_VERDICT, values, DutyRow)


def find_duty(session: Session, user: CurrentUser, duty_id: int, at: datetime) -> DutyRow:
    """Return a duty of somebody's own posts or of their area; any other does not exist for them."""
    found = list_rows(session, _ONE, {"day": day_of(at), "id": duty_id}, DutyRow)
    if not found or not may_see(session, user, found[0], at):
        raise NotFound("There is no such duty here.", next_step="Start again from your list.")
    return found[0]


def may_see(session: Session, user: CurrentUser, duty: DutyRow, at: datetime) -> bool:
    """Tell whether a duty is one of somebody's own posts or of their area."""
    is_own = duty.owner_post_id in _posts_of(session, user.person_id, at)
    return is_own or _is_in_reach(session, duty, reach_of(session, user), at)


def may_meet(session: Session, user: CurrentUser, duty: DutyRow, at: datetime) -> bool:
    """Tell whether somebody holds the duty's post, or one above it on the ladder."""
    held = _posts_of(session, user.person_id, at)
    post = estate.find_post(session, duty.owner_post_id)
    while post.id not in held:
        above = estate.post_above(session, post)
        if above is None or above.id == post.id:
            return False
        post = above
    return True


def must_meet(session: Session, user: CurrentUser, duty_id: int, at: datetime) -> DutyRow:
    """Return a duty that somebody may meet, or refuse.

    Raises
    ------
    NotAllowed
        They may look at it, but neither it nor a post above it is theirs.
    """
    duty = find_duty(session, user, duty_id, at)
    if not may_meet(session, user, duty, at):
        raise NotAllowed(
            f"This is the duty of {duty.owner}.", next_step="Ask whoever holds that post to decide it."
        )
    return duty


def _posts_of(session: Session, person_id: int | None, at: datetime) -> set[int]:
    if person_id is None:
        return set()
    return {post.id for post in estate.posts_held_by(session, person_id, day_of(at))}


def _is_in_reach(session: Session, duty: DutyRow, reach: Reach, at: datetime) -> bool:
    """Tell whether a duty's post, its escalation or the officer that it is about lies in somebody's areas."""
    if {duty.owner_pdu, duty.escalation_pdu} & {*reach.pdus} or duty.owner_team in reach.teams:
        return True
    return duty.person_id is not None and has_in_reach(session, reach, duty.person_id, at)
