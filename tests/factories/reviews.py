"""Readers, checks and reads; everything deterministic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from factories.cases import add_pack_item, make_assessment, make_case
from factories.estate import make_area, make_officer
from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant, UserAccount
from qa_service.cases import service as cases
from qa_service.cases.tables import Case
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.estate.tables import Person
from qa_service.policy.numbers import load_policy
from qa_service.reviews import service as reviews
from qa_service.reviews.schemas import OwnJudgement, SubmittedRead
from qa_service.reviews.tables import ReadKind, Review
from qa_service.rounds.tables import Arm, Check, CheckStatus
from rubrics import Answer, Grid, Judgement, load

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
POLICY = load_policy()
HIGH = Grid.from_groups({"children": "LOW", "public": "HIGH", "known_adult": "MEDIUM", "staff": "LOW"})
SAME = Grid.from_groups({"children": "LOW", "public": "MEDIUM", "known_adult": "MEDIUM", "staff": "LOW"})


def references(seed: str = "reviews") -> ReferenceSource:
    return ReferenceSource(seeded_bytes(seed))


@dataclass(frozen=True)
class Setting:
    """Two regions, an officer with a case and a check of it."""

    officer: Person
    case: Case
    check: Check


def make_setting(session: Session, *, arm: Arm = Arm.FOLLOW_UP, **options: object) -> Setting:
    """Add London and Wales, officer N07A001 in N07T01 with case 1, and a check of its assessment."""
    make_area(session)
    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    officer = make_officer(session, "N07A001")
    case = make_case(session, 1)
    make_assessment(session, case)
    add_pack_item(session, case)
    return Setting(officer, case, make_check(session, case, officer, arm=arm, **options))


def make_check(
    session: Session,
    case: Case,
    officer: Person,
    *,
    number: int = 1,
    arm: Arm = Arm.FOLLOW_UP,
    is_urgent: bool = False,
    drawn_at: datetime = AT,
) -> Check:
    """Add a check outside any round (references CHECK1, CHECK2 ...); nobody reads it yet."""
    assert case.id is not None
    assessment = cases.latest_assessment(session, case.id)
    assert assessment is not None
    check = Check(
        reference=f"CHECK{number}",
        arm=arm,
        cause="after_recheck" if arm is Arm.FOLLOW_UP else None,
        status=CheckStatus.DRAWN,
        case_id=case.id,
        assessment_id=assessment.id,
        person_id=officer.id,
        staff_code="N07A001",
        team_code="N07T01",
        drawn_pdu_code=case.pdu_code,
        drawn_region_code=case.region_code,
        rubric_version="1",
        policy_version=POLICY.version,
        drawn_at=drawn_at,
        pack_through_item_id=cases.last_pack_item_id(session),
        is_urgent=is_urgent,
    )
    session.add(check)
    session.flush()
    return check


def make_reader(
    session: Session, name: str, *, region: str | None = "W01", person: Person | None = None
) -> int:
    """Add an account with the reviewer's role in a region and return its id."""
    user = UserAccount(
        username=name,
        display_name=name.title(),
        password_hash="never used",
        person_id=person.id if person else None,
        created_at=AT,
    )
    session.add(user)
    session.flush()
    session.add(
        RoleGrant(user_id=user.id, role=Role.REVIEWER, region_code=region, from_at=AT.replace(year=2025))
    )
    session.flush()
    assert user.id is not None
    return user.id


def want(session: Session, check: Check, kind: ReadKind = ReadKind.FIRST, *, at: datetime = AT) -> Review:
    """Put one read of a check into the pool."""
    source = references(f"{check.reference}-{kind.value}-{at.isoformat()}")
    return reviews.want_reads(session, [(check, kind)], at=at, policy=POLICY, references=source)[0]


def claimed(session: Session, reader_id: int, *, at: datetime = AT) -> Review:
    """Claim the next read and insist that there is one."""
    review = reviews.claim_next(session, reader_id=reader_id, at=at)
    assert review is not None
    return review


def judgement(grid: Grid = HIGH, *, exposed: bool = False) -> OwnJudgement:
    return OwnJudgement(grid, "high", exposed, "The pattern of violence needs no change to happen again.")


def answers(stage: int, **given: str) -> dict[str, Answer]:
    """Answer every question of a stage yes, except those given by id."""
    found = {question.id: given.get(question.id, "yes") for question in load().at_stage(stage)}
    return {
        name: Answer(
            Judgement(value),
            *(("R10.2", "officer", "Not weighed.") if value in {"no", "partly"} else ()),
        )
        for name, value in found.items()
    }


def read_through(
    session: Session,
    reader_id: int,
    *,
    grid: Grid = HIGH,
    exposed: bool = False,
    at: datetime = AT,
    key: str | None = None,
    submit: Callable[..., SubmittedRead] = reviews.submit_read,
    **given: str,
) -> SubmittedRead:
    """Claim the next read and take it through all three locks, as a click does; `submit` may be a workflow."""
    reference = claimed(session, reader_id, at=at).reference
    own = judgement(grid, exposed=exposed)
    reviews.lock_own_judgement(session, reference, own, reader_id=reader_id, at=at)
    reviews.lock_quality(session, reference, answers(2, **given), reader_id=reader_id, at=at)
    return submit(
        session,
        reference,
        answers(3, **given),
        reader_id=reader_id,
        at=at,
        submission_key=key or f"key-{reference}",
    )
