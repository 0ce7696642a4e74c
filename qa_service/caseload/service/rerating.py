"""A correct level raises the same officer's workload (FORMATS 0.5): by how much, before the tier changes."""

from sqlmodel import Session

from qa_service.caseload.store.moves import list_latest_assessments
from qa_service.cases import service as cases
from qa_service.policy.numbers import Policy
from qa_service.reviews.tables import Verdict
from qa_service.rounds.tables import Check
from rubrics import Level


def points_gained(session: Session, verdict: Verdict, check: Check, policy: Policy) -> int:
    """Return the points that the failed case still gains when its level becomes the reviewed one.

    Nothing once a later assessment has that level: then the tier, and the points in it, have changed too.
    """
    if verdict.reviewed_overall is None:
        return 0
    reviewed = Level(verdict.reviewed_overall)
    latest = list_latest_assessments(session, [check.case_id]).get(check.case_id)
    if latest is not None and latest.level is not None and latest.level >= reviewed:
        return 0
    case = cases.find_case(session, check.case_id)
    letter, now = policy.workload.tier_when_level_is[reviewed.value], (case.tier or "")
    if not now or now[0] <= letter:  # tiers run from A, the highest
        return 0
    gained = cases.case_points(case, policy.workload, tier=letter + now[1:])
    return max(0, gained - cases.case_points(case, policy.workload))
