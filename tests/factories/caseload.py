"""Checks, reads and verdicts to hang consequences on, without going through a round or a reader."""

from datetime import UTC, datetime

from sqlmodel import Session

from qa_service.auth.tables import UserAccount
from qa_service.cases.tables import Assessment, Case
from qa_service.estate.tables import Person
from qa_service.reviews.tables import (
    Attribution,
    ReadKind,
    Review,
    ReviewKind,
    ReviewStatus,
    Verdict,
    VerdictValue,
)
from qa_service.rounds.tables import Arm, Check, CheckStatus, FollowUpCause

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def make_user(session: Session, username: str, *, person: Person | None = None) -> UserAccount:
    user = UserAccount(
        username=username,
        display_name=username.title(),
        password_hash="-",
        person_id=person.id if person else None,
        created_at=MONDAY,
    )
    session.add(user)
    session.flush()
    return user


def make_check(
    session: Session,
    case: Case,
    assessment: Assessment,
    person: Person,
    *,
    reference: str = "CHECK0000001",
    arm: Arm = Arm.FOLLOW_UP,
    status: CheckStatus = CheckStatus.DRAWN,
    staff_code: str = "N07A001",
    team: str = "N07T01",
    pdu: str = "LDNTST",
    region: str = "N07",
    drawn_at: datetime = MONDAY,
    causing_check: Check | None = None,
    cause: FollowUpCause = FollowUpCause.AFTER_RECHECK,
) -> Check:
    """Add a check; by default a follow-up, which may lead to a cut and needs no round."""
    check = Check(
        reference=reference,
        arm=arm,
        cause=cause if arm is Arm.FOLLOW_UP else None,
        causing_check_id=causing_check.id if causing_check else None,
        status=status,
        case_id=case.id,
        assessment_id=assessment.id,
        person_id=person.id,
        staff_code=staff_code,
        team_code=team,
        drawn_pdu_code=pdu,
        drawn_region_code=region,
        rubric_version="1",
        policy_version="2026-11-01",
        drawn_at=drawn_at,
        pack_through_item_id=0,
    )
    session.add(check)
    session.flush()
    return check


def make_read(
    session: Session, check: Check, *, reader: UserAccount | None = None, kind=ReadKind.FIRST
) -> Review:
    review = Review(
        reference=f"R{check.reference}{kind.value}"[:20],
        check_id=check.id,
        reader_id=reader.id if reader else None,
        status=ReviewStatus.OPENED if reader else ReviewStatus.WANTED,
        wanted_at=check.drawn_at,
        due_at=check.drawn_at,
    )
    session.add(review)
    session.flush()
    session.add(ReviewKind(review_id=review.id, kind=kind, true_due_at=check.drawn_at))
    session.flush()
    return review


def make_verdict(
    session: Session,
    check: Check,
    *,
    verdict: VerdictValue = VerdictValue.FAIL,
    severity: str = "S3",
    person_id: int | None = None,
    decided_at: datetime = MONDAY,
    reviewed_overall: str = "HIGH",
) -> Verdict:
    """Add a verdict, attributed to the drawn officer as the author unless somebody else is named."""
    row = Verdict(
        check_id=check.id,
        verdict=verdict,
        severity=severity,
        is_urgent=severity == "S4",
        is_underclassified=True,
        is_overclassified=False,
        assessed_overall="MEDIUM",
        reviewed_overall=reviewed_overall,
        decision={},
        attribution=Attribution.AUTHOR,
        attributed_person_id=person_id or check.person_id,
        decided_by={"reviews": []},
        rubric_version="1",
        policy_version="2026-11-01",
        decided_at=decided_at,
    )
    session.add(row)
    session.flush()
    return row
