"""Simulated managers: most duties are met in days, some stay open, so that clocks and ladders show."""

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.caseload import service as caseload
from qa_service.core.clock import Clock, day_of
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.feedback import service as feedback
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.reporting.duties import DutyRow, duties_of_person
from qa_service.reviews.chances import share_of

BY = "job:simulated-manager"
# Shares of the demo's managers, not policy: who acts on a given day, who changes the level, who keeps it.
_ACTS_TODAY_RATE = 0.70
_NEVER_ACTS_RATE = 0.15
_KEEPS_LEVEL_RATE = 0.10


def do_a_day(engine: Engine, clock: Clock, references: ReferenceSource) -> int:  # noqa: ARG001 - called like the others
    """Let everybody who holds a post meet some of their duties; return how many were met."""
    at = clock.now()
    n_met = 0
    if day_of(at).toordinal() % 2:  # they look at their list every other day
        return n_met
    with transaction(engine, SYSTEM) as session:
        open_posts = {
            duty.owner_post_id
            for duty in obligations.obligations_of_posts(session, [post.id for post in estate.posts(session)])
        }
        holders = {
            holder.id
            for post_id in open_posts
            if (holder := estate.holder_of_post(session, post_id, day_of(at))) is not None
        }
        for holder_id in sorted(key for key in holders if key is not None):
            for duty in duties_of_person(session, holder_id, at):
                n_met += _acts_on(duty, str(day_of(at))) and _meet(session, duty, clock)
    return n_met


def _acts_on(duty: DutyRow, today: str) -> bool:
    if share_of(f"duty-{duty.id}", "never") < _NEVER_ACTS_RATE:
        return False
    return share_of(f"duty-{duty.id}", today) < _ACTS_TODAY_RATE


def _meet(session: Session, duty: DutyRow, clock: Clock) -> bool:
    at = clock.now()
    match duty.kind:
        case ObligationKind.WORRY:
            obligations.close_obligation(
                session, duty.id, "Spoke with the officer; the address was checked today.", at=at, by=BY
            )
        case ObligationKind.LEVEL_CORRECTION if duty.correction_id is not None and duty.check_id is not None:
            correction = obligations.correction_of_check(session, duty.check_id)
            assert correction is not None
            closing: obligations.Changed | obligations.Kept = obligations.Changed(
                correction.reviewed_overall, day_of(at)
            )
            if share_of(f"duty-{duty.id}", "kept") < _KEEPS_LEVEL_RATE:
                closing = obligations.Kept("the arrest led to no charge and the record was completed")
            obligations.close_level_correction(session, duty.correction_id, closing, at=at, by=BY)
        case ObligationKind.CONVERSATION if duty.verdict_id is not None:
            told = feedback.feedback_of_verdict(session, duty.verdict_id)
            if told is None:
                return False
            feedback.record_conversation(session, told.reference, at=at, by=BY)
        case ObligationKind.REDUCTION if duty.request_id is not None:
            caseload.mark_keyed(session, duty.request_id, at=at, by=BY)
        case _:
            return False
    return True
