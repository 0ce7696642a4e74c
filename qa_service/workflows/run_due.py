"""Whatever has fallen due: run it again and nothing changes, miss a tick and nothing is lost."""

from datetime import datetime

from sqlmodel import Session

from qa_service.caseload import service as caseload
from qa_service.core.clock import add_working_days, day_of
from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.feedback import service as feedback
from qa_service.obligations import service as obligations
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds import drawing
from qa_service.rounds.tables import FollowUpCause
from qa_service.workflows.chase_late_reads import chase_late_reads
from qa_service.workflows.close_unfound import close_unfound
from qa_service.workflows.finalise_check import finalise_lapsed
from qa_service.workflows.open_improvement_plans import open_improvement_plans
from qa_service.workflows.pause_rounds import pause_rounds

JOB = "job:due"


def run_due(session: Session, *, at: datetime, references: ReferenceSource) -> dict[str, int]:
    """Do what is due now and return how much of each there was."""
    policy = load_policy()
    with seeing_everything(session):
        return {
            "reductions_confirmed": caseload.recognise_landed(session, at=at, by=JOB, policy=policy),
            "cuts_activated": caseload.activate_due_cuts(session, at=at, by=JOB),
            "cuts_landed": caseload.note_landings(session, at=at, by=JOB, policy=policy),
            "holds_expired": caseload.expire_holds(session, at=at, by=JOB),
            "feedback_shown": feedback.show_overdue(session, at=at, by=JOB),
            "replies_lapsed": finalise_lapsed(session, at=at, references=references),
            "records_not_found": close_unfound(session, at=at, references=references),
            "rounds_paused": pause_rounds(session, at=at),
            "late_reads_chased": chase_late_reads(session, at=at, by=JOB),
            "reads_after_offences_wanted": reviews.want_reads_after_offences(
                session, at=at, references=references
            ),
            "restore_checks_drawn": draw_restore_checks(session, at=at, references=references),
            "cuts_ended": caseload.end_due_cuts(session, at=at, by=JOB, policy=policy),
            "hidden_duties_handed": obligations.hand_to_listed(session, at=at, policy=policy),
            "obligations_risen": obligations.rise_overdue(session, at=at, policy=policy),
            "improvement_plans_opened": open_improvement_plans(session, at=at, policy=policy),
        }


def draw_restore_checks(session: Session, *, at: datetime, references: ReferenceSource) -> int:
    """Draw the random cases that show whether a cut can end, in time for two reads before its last day.

    Only cases assessed after the officer saw the feedback count; where there are too few yet, the missing
    ones are drawn as soon as they are there.
    """
    policy = load_policy()
    n_days = policy.clocks_working_days.first_read + policy.clocks_working_days.second_read
    ending_by = add_working_days(day_of(at), n_days)
    n_drawn = 0
    for found in caseload.cuts_to_restore(session, ending_by=ending_by):
        n_missing = policy.cut.n_restore_checks - len(found.restoring)
        seen = feedback.feedback_of_verdict(session, found.cut.verdict_id)
        if n_missing <= 0 or seen is None or seen.shown_at is None:
            continue
        wanted = drawing.FollowUp(FollowUpCause.BEFORE_RESTORE, found.failed[-1], n_missing, seen.shown_at)
        drawn = drawing.draw_follow_up(session, found.cut.person_id, wanted, at=at, references=references)
        first = [(check, ReadKind.FIRST) for check in drawn]
        reviews.want_reads(session, first, at=at, policy=policy, references=references)
        n_drawn += len(drawn)
    return n_drawn
