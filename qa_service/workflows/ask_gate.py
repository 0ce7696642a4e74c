"""Ask the gate as a manager: about officers and cases of one's area, with one's role's overrides.

What somebody reads at this moment they do not ask about: the answer tells the case's level and points, and
the officer's hold is what a reader found in one of the officer's checks.
"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.caseload.rules import GateAnswer
from qa_service.caseload.service import gate
from qa_service.caseload.service.gate import AllocationAnswer, AllocationQuestion
from qa_service.cases import service as cases
from qa_service.core.db import seeing_areas_alone
from qa_service.core.errors import NotAllowed, NotFound
from qa_service.estate import service as estate
from qa_service.policy.numbers import Policy
from qa_service.reporting.reach import has_in_reach, reach_of
from qa_service.reviews import service as reviews

# RULES 5 and 8: going over a refusal needs a head of PDU; RULES 8 gives the posts above the same.
OVER_REFUSALS = (Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD)


def ask_gate(
    session: Session, user: CurrentUser, question: AllocationQuestion, *, at: datetime, policy: Policy
) -> AllocationAnswer:
    """Answer the gate's question for somebody; the transaction must end when this refuses.

    Raises
    ------
    NotFound
        The officer is outside their area, or the case is, or they read the case at this moment.
    NotAllowed
        They read a check of the officer, or go over a refusal without a head of PDU's role.
    """
    person = estate.person_of_staff_code(session, question.staff_code)
    if person is None or not has_in_reach(session, reach_of(session, user), person.id, at):
        raise NotFound(
            f"Nobody in your area works under {question.staff_code}.", next_step="Check the staff code."
        )
    cases_read, officers_read = reviews.reading_now(session, user.id)
    if not _may_ask_of_case(session, question.crn, cases_read):
        raise NotFound("There is no case with this CRN.", next_step="Check the CRN, or load the case first.")
    if person.id in officers_read:
        raise NotAllowed(
            "You are reading a case of this officer, and the answer could tell you what others found.",
            next_step="Submit your read first, or let a colleague ask the gate.",
        )
    found = gate.check_allocation(
        session, question, at=at, by=user.actor, policy=policy, hold_unknown=officers_read
    )
    is_over_refusal = question.override is not None and found.decided.answer is GateAnswer.REFUSED
    if is_over_refusal and not user.has(*OVER_REFUSALS):
        raise NotAllowed(
            "The gate refuses, and only a head of PDU may go over a refusal.",
            next_step="Ask your head of PDU, or choose another officer.",
        )
    return found


def _may_ask_of_case(session: Session, crn: str, cases_read: Collection[int]) -> bool:
    """Tell whether a case is seen because of an area, and not read at this moment."""
    with seeing_areas_alone(session):
        case = cases.case_of_crn(session, crn)
    return case is not None and case.id not in cases_read
