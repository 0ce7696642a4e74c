"""Ask the gate as a manager: about officers of one's area and cases in sight, with one's role's overrides."""

from datetime import datetime

from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.caseload.rules import GateAnswer
from qa_service.caseload.service import gate
from qa_service.caseload.service.gate import AllocationAnswer, AllocationQuestion
from qa_service.cases import service as cases
from qa_service.core.errors import NotAllowed, NotFound
from qa_service.estate import service as estate
from qa_service.policy.numbers import Policy
from qa_service.reporting.reach import has_in_reach, reach_of

# RULES 5 and 8: going over a refusal needs a head of PDU; RULES 8 gives the posts above the same.
OVER_REFUSALS = (Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD)


def ask_gate(
    session: Session, user: CurrentUser, question: AllocationQuestion, *, at: datetime, policy: Policy
) -> AllocationAnswer:
    """Answer the gate's question for somebody; the transaction must end when this refuses.

    Raises
    ------
    NotFound
        The officer is outside their area, or the case outside what they may see.
    NotAllowed
        They go over a refusal without a head of PDU's role.
    """
    person = estate.person_of_staff_code(session, question.staff_code)
    is_theirs = person is not None and has_in_reach(session, reach_of(session, user), person.id, at)
    if not is_theirs:
        raise NotFound(
            f"Nobody in your area works under {question.staff_code}.", next_step="Check the staff code."
        )
    if cases.case_of_crn(session, question.crn) is None:
        raise NotFound("There is no case with this CRN.", next_step="Check the CRN, or load the case first.")
    found = gate.check_allocation(session, question, at=at, by=user.actor, policy=policy)
    is_over_refusal = question.override is not None and found.decided.answer is GateAnswer.REFUSED
    if is_over_refusal and not user.has(*OVER_REFUSALS):
        raise NotAllowed(
            "The gate refuses, and only a head of PDU may go over a refusal.",
            next_step="Ask your head of PDU, or choose another officer.",
        )
    return found
