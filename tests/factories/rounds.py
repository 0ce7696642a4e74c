"""Areas with officers to draw, and rounds at every step; everything deterministic."""

from datetime import datetime

from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from sqlmodel import Session

from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.rounds import service as rounds
from qa_service.rounds.service import RoundPlan
from qa_service.rounds.tables import Check, Round
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round, plan_round

DICE = "31415926535897932384"
SEED = {"dice": [{"witness": "Ann Wells", "rolls": DICE}, {"witness": "Bo Lee", "rolls": DICE}]}
LEAD = "user:1"


def make_references(seed: str = "rounds") -> ReferenceSource:
    return ReferenceSource(seeded_bytes(seed))


def make_drawable_area(
    session: Session, *, n_officers: int = 3, n_cases_each: int = 3, **area: object
) -> list[str]:
    """Add London with officers N07A001 ... who each hold cases assessed this year; return their codes."""
    make_national_post(session)
    make_area(session, **area)
    codes = [f"N07A{number:03d}" for number in range(1, n_officers + 1)]
    for officer, code in enumerate(codes):
        make_officer(session, code)
        for place in range(n_cases_each):
            case = make_case(session, officer * n_cases_each + place + 1, staff_code=code)
            make_assessment(session, case, author_staff_code=code)
    return codes


def plan_of(**changes: object) -> RoundPlan:
    values = {
        "area_kind": "region",
        "area_code": "N07",
        "rubric_version": "1",
        "policy_version": "2026-11-01",
        "seed_plan": {"dice": True},
    }
    return RoundPlan(**{**values, **changes})


def make_planned_round(session: Session, at: datetime, **changes: object) -> Round:
    return plan_round(session, plan_of(**changes), by=LEAD, at=at)


def make_open_round(session: Session, at: datetime) -> Round:
    planned = make_planned_round(session, at)
    open_round(session, planned.reference, by=LEAD, at=at, references=make_references())
    return planned


def make_seeded_round(session: Session, at: datetime) -> Round:
    opened = make_open_round(session, at)
    return rounds.seed_round(session, opened.reference, SEED, by=LEAD, at=at)


def make_drawn_round(session: Session, at: datetime) -> tuple[Round, list[Check]]:
    seeded = make_seeded_round(session, at)
    checks = draw_round(session, seeded.reference, by=LEAD, at=at, references=make_references("draw"))
    return seeded, checks
