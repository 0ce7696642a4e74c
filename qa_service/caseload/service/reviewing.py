"""The caseload review after a fail: the officer's other mediums and highs, ranked by flag (RULES 4)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.caseload.service.held_cases import other_cases_by_flag
from qa_service.caseload.store import moves as store
from qa_service.caseload.tables import CaseloadReviewCase
from qa_service.core.clock import due_after_working_days
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reviews.tables import Verdict
from qa_service.rounds.tables import Check
from rubrics import Level

REVIEWED_LEVELS = frozenset({Level.MEDIUM, Level.HIGH})
OUTCOMES = ("agreed", "corrected", "sent_for_read")


def open_caseload_review(
    session: Session, verdict: Verdict, check: Check, *, at: datetime, by: str
) -> list[CaseloadReviewCase]:
    """Give the SPO the list of the officer's other mediums and highs; nothing when there are none."""
    person_id = verdict.attributed_person_id
    if person_id is None:
        return []
    found = other_cases_by_flag(session, person_id, check.case_id, levels=REVIEWED_LEVELS, at=at)
    if not found:
        return []
    policy = load_policy(verdict.policy_version)
    duty = obligations.Duty(
        ObligationKind.CASELOAD_REVIEW,
        estate.spo_post(session, check.team_code).id,
        f"Review the officer's other {len(found)} medium and high cases, in the order given",
        due_after_working_days(at, policy.clocks_working_days.caseload_review),
        verdict_id=verdict.id,
        person_id=person_id,
    )
    obligation = obligations.open_obligation(session, duty, at=at, by=by)
    rows = [
        CaseloadReviewCase(verdict_id=verdict.id, obligation_id=obligation.id, case_id=case_id, rank=rank)
        for rank, case_id in enumerate(found, start=1)
    ]
    store.insert(session, rows)
    return rows


def caseload_review(session: Session, verdict_id: int) -> Sequence[CaseloadReviewCase]:
    """Return the list of a fail in its order."""
    return store.list_review_cases(session, verdict_id)


def record_case_reviewed(
    session: Session, row_id: int, outcome: str, *, at: datetime, by: str
) -> CaseloadReviewCase:
    """Record what the SPO found in one case of the list; the last one meets the duty."""
    if outcome not in OUTCOMES:
        raise Invalid(
            f"{outcome!r} is no outcome of a caseload review.", next_step=f"Use one of {', '.join(OUTCOMES)}."
        )
    row = store.lock_review_case(session, row_id)
    if row is None:
        raise NotFound("There is no such case in a caseload review.", next_step="Start again from your list.")
    if row.outcome is not None:
        raise Conflict(f"This case is reviewed already: {row.outcome}.", next_step="Go on with the next one.")
    row.outcome, row.reviewed_at = outcome, at
    session.flush()
    record(
        session,
        "case:caseload_review:recorded",
        by=by,
        at=at,
        subjects={"caseload_review_case": row.id, "case": row.case_id, "verdict": row.verdict_id},
        payload={"outcome": outcome},
    )
    rows = store.list_review_cases(session, row.verdict_id)
    if all(one.outcome is not None for one in rows):
        words = f"All {len(rows)} cases are reviewed"
        obligations.close_obligation(session, row.obligation_id, words, at=at, by=by)
    return row
