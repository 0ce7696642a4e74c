"""Final checks for rates: a row each, said in the words of what was found; everything deterministic."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from factories.cases import MEDIUM_GRID, make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from sqlalchemy import text
from sqlmodel import Session, select

from qa_service.reviews.tables import ReadKind, Review, ReviewKind, ReviewStatus, Verdict
from qa_service.rounds.tables import Arm, Check, CheckStatus, Round

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
SEVERITIES = {"pass": "S0", "pass_with_actions": "S1", "recheck": "S2", "fail": "S3", "not_scorable": "H"}


@dataclass(frozen=True)
class Place:
    """Where a check is drawn."""

    region: str = "N07"
    pdu: str = "LDNTST"
    team: str = "N07T01"


LONDON, WALES = Place(), Place("W01", "WALTST", "W01T01")


def make_rates_area(session: Session) -> Round:
    """Add London and Wales with a PDU each, and the round that checks are drawn in."""
    make_national_post(session)
    make_area(session)
    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    return make_rates_round(session, "NAT-2026")


def make_rates_round(
    session: Session, reference: str, *, drawn_at: datetime | None = None, cadence: str = "annual"
) -> Round:
    """Add a national round in review."""
    found = Round(
        reference=reference,
        kind="spot_check",
        area_kind="national",
        area_code="E&W",
        cadence=cadence,
        window_from_on=datetime(2026, 4, 1, tzinfo=UTC).date(),
        window_to_on=datetime(2027, 3, 31, tzinfo=UTC).date(),
        status="in_review",
        rubric_version="1",
        policy_version="2026-11-01",
        design={},
        planned_by="cli",
        planned_at=AT,
        drawn_at=drawn_at,
    )
    session.add(found)
    session.flush()
    return found


# A verdict is never changed, so the reads that decided it have their numbers before they are added.
_NEXT_REVIEW = text("SELECT nextval(pg_get_serial_sequence('review', 'id'))")
_DECIDING = (ReadKind.FIRST, ReadKind.SECOND)


def make_final_check(
    session: Session,
    number: int,
    found: Round,
    *,
    place: Place = LONDON,
    verdict: str = "pass",
    assessed: str = "MEDIUM",
    reviewed: str | None = "MEDIUM",
    n_cases: int = 10,
    arm: Arm = Arm.RANDOM,
    days_ago: int = 30,
    is_limited_access: bool = False,
    workload: tuple[int, int] | None = None,
    reference: str | None = None,
    rubric: str = "1",
) -> Check:
    """Add an officer with a case, its check by a chance of 1 in `n_cases`, and the verdict."""
    code = f"{place.region}X{number:03d}"
    officer = make_officer(session, code, team=place.team)
    case = make_case(
        session,
        number,
        staff_code=code,
        team=place.team,
        region=place.region,
        pdu=place.pdu,
        is_limited_access=is_limited_access,
    )
    at = AT - timedelta(days=days_ago)
    check = Check(
        reference=reference or f"K{number}",
        round_id=found.id,
        arm=arm,
        status=CheckStatus.FINAL,
        case_id=case.id,
        assessment_id=make_assessment(session, case, author_staff_code=code).id,
        person_id=officer.id,
        staff_code=code,
        team_code=place.team,
        drawn_pdu_code=place.pdu,
        drawn_region_code=place.region,
        inclusion_probability=1 / n_cases,
        rubric_version="1",
        policy_version="2026-11-01",
        drawn_at=at,
        pack_through_item_id=0,
        workload_points=workload[0] if workload else None,
        available_points=workload[1] if workload else None,
        final_at=at,
    )
    session.add(check)
    session.flush()
    order = ["LOW", "MEDIUM", "HIGH", "VERY_HIGH"]
    session.add(
        Verdict(
            check_id=check.id,
            verdict=verdict,
            severity=SEVERITIES[verdict],
            is_urgent=False,
            is_underclassified=reviewed is not None and order.index(reviewed) > order.index(assessed),
            is_overclassified=reviewed is not None and order.index(reviewed) < order.index(assessed),
            assessed_overall=assessed,
            reviewed_overall=reviewed,
            decision={},
            attribution="author",
            attributed_person_id=officer.id,
            decided_by={"reviews": [session.execute(_NEXT_REVIEW).scalar_one() for _ in _DECIDING]},
            rubric_version=rubric,
            policy_version="2026-11-01",
            decided_at=at,
        )
    )
    session.flush()
    return check


def make_waiting_check(
    session: Session,
    number: int,
    found: Round,
    *,
    place: Place = LONDON,
    status: CheckStatus = CheckStatus.SECOND_READ,
    level: str = "MEDIUM",
    days_ago: int = 30,
    arm: Arm = Arm.RANDOM,
) -> Check:
    """Add an officer with a case of a level that is drawn and has no verdict yet."""
    code = f"{place.region}X{number:03d}"
    officer = make_officer(session, code, team=place.team)
    case = make_case(session, number, staff_code=code, team=place.team, region=place.region, pdu=place.pdu)
    groups = dict.fromkeys(MEDIUM_GRID, level)
    check = Check(
        reference=f"K{number}",
        round_id=found.id,
        arm=arm,
        status=status,
        case_id=case.id,
        assessment_id=make_assessment(session, case, author_staff_code=code, groups=groups).id,
        person_id=officer.id,
        staff_code=code,
        team_code=place.team,
        drawn_pdu_code=place.pdu,
        drawn_region_code=place.region,
        inclusion_probability=0.1,
        rubric_version="1",
        policy_version="2026-11-01",
        drawn_at=AT - timedelta(days=days_ago),
        pack_through_item_id=0,
    )
    session.add(check)
    session.flush()
    return check


def add_read(
    session: Session,
    check: Check,
    kind: ReadKind,
    *,
    level: str,
    verdict: str = "pass",
    answers: dict[str, tuple[str, str]] | None = None,
    assessed: str = "MEDIUM",
    gaps: dict[str, int] | None = None,
) -> Review:
    """Add a submitted read that came to a level and a verdict.

    `answers` maps lines to (answer, cause), `gaps` groups to how much higher the reader put them.
    """
    at = check.drawn_at + timedelta(days=["first", "second", "expert", "sfo"].index(kind.value))
    review = Review(
        id=_id_of(session, check, kind),
        reference=f"{kind.value[0]}{check.reference}"[:20],
        check_id=check.id,
        status=ReviewStatus.DONE,
        stage=4,
        wanted_at=at,
        due_at=at,
        lock_1_at=at,
        lock_2_at=at,
        submitted_at=at,
        scorecard={
            "comparison": {"reviewed_overall": level, "assessed_overall": assessed, "group_gaps": gaps or {}}
        },
        decision={"verdict": verdict},
        answers={
            item: {"judgement": judgement, "evidence": "", "cause": cause, "reason": ""}
            for item, (judgement, cause) in (answers or {}).items()
        },
    )
    session.add(review)
    session.flush()
    session.add(ReviewKind(review_id=review.id, kind=kind, true_due_at=at))
    session.flush()
    return review


def _id_of(session: Session, check: Check, kind: ReadKind) -> int | None:
    """Return the number that the verdict names for a deciding read; none while the check waits for one."""
    statement = select(Verdict).where(Verdict.check_id == check.id).order_by(Verdict.id)
    verdict = session.exec(statement).first() if kind in _DECIDING else None
    return verdict.decided_by["reviews"][_DECIDING.index(kind)] if verdict else None


def make_fails(session: Session, found: Round, n: int, n_load: int, *, first: int = 0, **options) -> None:
    """Add confirmed fails from number `first` on; `n_load` of them name workload, oversight or IT."""
    for number in range(first, first + n):
        check = make_final_check(session, number, found, verdict="fail", reviewed="HIGH", **options)
        cause = (
            ("workload", "supervisor", "it_lost_work")[number % 3] if number < first + n_load else "officer"
        )
        answers = {"A2": ("no", cause)}
        add_read(session, check, ReadKind.FIRST, level="HIGH", verdict="fail", answers=answers)
