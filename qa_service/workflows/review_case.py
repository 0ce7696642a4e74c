"""An SPO goes through a caseload review: agreed, corrected, or sent for a blind read that cuts nobody."""

from datetime import datetime

from sqlmodel import Session

from qa_service.caseload import service as caseload
from qa_service.caseload.tables import CaseloadReviewCase
from qa_service.cases import service as cases
from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.statuses import ReadKind
from qa_service.reviews.tables import Verdict
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Arm, Check, CheckStatus

SENT_FOR_READ = "sent_for_read"


def review_case(
    session: Session, row_id: int, outcome: str, *, at: datetime, by: str, references: ReferenceSource
) -> CaseloadReviewCase:
    """Record what the SPO found in one case; one that is sent for a read gets a check and a first read."""
    with seeing_everything(session):
        row = caseload.record_case_reviewed(session, row_id, outcome, at=at, by=by)
        if outcome == SENT_FOR_READ:
            check = _pin(session, row, at, references)
            policy = load_policy(check.policy_version)
            wanted = [(check, ReadKind.FIRST)]
            reviews.want_reads(session, wanted, at=at, policy=policy, references=references)
        return row


def _pin(session: Session, row: CaseloadReviewCase, at: datetime, references: ReferenceSource) -> Check:
    """Pin the case's last assessment and its case pack so far; the fail's rubric and policy apply."""
    assessment = cases.latest_assessment(session, row.case_id)
    holder = cases.holder_of_case(session, row.case_id, day_of(at))
    person = estate.person_of_staff_code(session, holder.staff_code) if holder else None
    if assessment is None or holder is None or person is None:
        raise Conflict(
            "This case has no assessment, or nobody holds it any more.",
            next_step="Record what you found in it yourself.",
        )
    pdu = estate.pdu_of_team(session, holder.team_code)
    failed = rounds.check_by_id(session, session.get_one(Verdict, row.verdict_id).check_id)
    check = Check(
        reference=references.make(),
        arm=Arm.CASELOAD_REVIEW,
        status=CheckStatus.DRAWN,
        causing_check_id=failed.id,
        case_id=row.case_id,
        assessment_id=assessment.id,
        person_id=person.id,
        staff_code=holder.staff_code,
        team_code=holder.team_code,
        drawn_pdu_code=pdu.code,
        drawn_region_code=pdu.region_code,
        rubric_version=failed.rubric_version,
        policy_version=failed.policy_version,
        drawn_at=at,
        pack_through_item_id=cases.last_pack_item_id(session),
    )
    session.add(check)
    session.flush()
    return check
