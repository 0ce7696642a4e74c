"""What each racing process does; in a module of its own so that a new process can import it."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from qa_service.caseload import service as caseload
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.policy.numbers import load_policy
from qa_service.reviews.tables import Verdict
from qa_service.rounds.tables import Check

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
N_DAYS = 60


def day_of_fail(verdict_id: int) -> datetime:
    """Spread the fails over some weeks, in an order that has nothing to do with who comes first."""
    return MONDAY + timedelta(days=verdict_id * 37 % N_DAYS)


def cut_for(session: Session, verdict_id: int):
    verdict = session.get_one(Verdict, verdict_id)
    check = session.get_one(Check, verdict.check_id)
    return caseload.record_cut_decision(session, verdict, check, at=day_of_fail(verdict_id), by="job:race")


def change_caps(url: str, verdict_ids: list[int]) -> None:
    """Record one cut decision after another, each in its own transaction."""
    engine = make_engine(url)
    for verdict_id in verdict_ids:
        with transaction(engine, SYSTEM) as session:
            cut_for(session, verdict_id)
    engine.dispose()


def allocate(url: str, wishes: list[tuple[str, str]]) -> int:
    """Ask the gate for one (staff code, CRN) after another, each with a place kept; return how many were."""
    engine = make_engine(url)
    n_kept = 0
    for staff_code, crn in wishes:
        with transaction(engine, SYSTEM) as session:
            question = caseload.AllocationQuestion(staff_code, crn, hold_place=True)
            answer = caseload.check_allocation(
                session, question, at=MONDAY, by="user:race", policy=load_policy()
            )
            n_kept += answer.place is not None
    engine.dispose()
    return n_kept
