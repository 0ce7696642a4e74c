"""From the reads of a check to its verdict: what they come to, whose assessment it was, what is recorded."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.estate import service as estate
from qa_service.policy.numbers import Policy, load_policy
from qa_service.reviews import chances, documents, rules
from qa_service.reviews.rules import AttributionDecision, CombinedReads, Outcome, ReadOfCheck
from qa_service.reviews.service.accuracy import reply_state
from qa_service.reviews.service.copied_text import copied_text_of
from qa_service.reviews.statuses import SUBMITTED, VerdictValue
from qa_service.reviews.store import outcomes, reads
from qa_service.reviews.tables import Review, Verdict
from qa_service.rounds.tables import Arm, Check, CheckStatus

ARMS_THAT_CUT = frozenset({Arm.RANDOM, Arm.FOLLOW_UP})  # RULES 2


def reads_of_check(session: Session, check_id: int) -> list[ReadOfCheck]:
    """Return all reads of a check as the rules see them; for workflows only."""
    with seeing_everything(session):
        check = reads.find_check(session, check_id)
        assert check is not None
        return [
            ReadOfCheck(
                review_id=review.id,
                reference=review.reference,
                reader_id=review.reader_id,
                kind=kind.kind,
                status=review.status,
                is_contaminated=review.contaminated_at is not None,
                outcome=_outcome(review, check),
            )
            for review, kind in reads.list_reads(session, check_id)
        ]


def _outcome(review: Review, check: Check) -> Outcome | None:
    if review.status not in SUBMITTED or review.decision is None or review.scorecard is None:
        return None
    return Outcome.of(
        documents.decision_of(review.decision),
        documents.comparison_of(review.scorecard["comparison"]),
        check.rubric_version,
    )


def combine_reads(session: Session, check: Check, *, at: datetime) -> CombinedReads:
    """Say what a check needs next, from its reads, its arm, its place in the random 5% and the reply."""
    policy = load_policy(check.policy_version)
    return rules.combine_reads(
        reads_of_check(session, check.id),
        does_arm_cut=check.arm in ARMS_THAT_CUT,
        is_sampled=chances.is_sampled_for_second_read(
            check.reference, policy.reads.second_reads_of_other_verdicts_rate
        ),
        reply=reply_state(session, check.id, at=at),
    )


def record_verdict(
    session: Session,
    check: Check,
    outcome: Outcome,
    *,
    attribution: AttributionDecision,
    decided_by: dict[str, object],
    at: datetime,
    supersedes: Verdict | None = None,
) -> Verdict:
    """Record the verdict of a check, once; a later one must name the standing one that it supersedes."""
    with seeing_everything(session):
        locked = reads.lock_check(session, check.id)
        standing = outcomes.find_standing_verdict(session, check.id)
        if (standing.id if standing else None) != (supersedes.id if supersedes else None):
            raise Conflict(
                "This check has another verdict already.",
                next_step="Read the standing verdict; only an appeal changes it.",
                code="verdict_exists",
            )
        verdict = _verdict(check.id, outcome, attribution, check.policy_version)
        verdict.decided_by = decided_by
        verdict.supersedes_id = supersedes.id if supersedes else None
        verdict.decided_at = at
        reads.insert(session, verdict)
        locked.status = CheckStatus.FINAL
        locked.final_at = locked.final_at or at
        locked.copied_text_rate = copied_text_of(session, locked).rate
        session.flush()
        _note(session, verdict, locked, at)
        return verdict


def standing_verdict(session: Session, check_id: int) -> Verdict | None:
    """Return the verdict of a check that holds now."""
    return outcomes.find_standing_verdict(session, check_id)


def _verdict(
    check_id: int, outcome: Outcome, attribution: AttributionDecision, policy_version: str
) -> Verdict:
    decision = outcome.decision
    return Verdict(
        check_id=check_id,
        verdict=VerdictValue(decision.verdict.value),
        severity=decision.severity.value,
        is_urgent=outcome.is_urgent,
        is_underclassified=outcome.is_underclassified,
        is_overclassified=outcome.is_overclassified,
        assessed_overall=outcome.assessed_overall.value,
        reviewed_overall=outcome.reviewed_overall.value,
        decision=documents.decision_to_document(decision),
        attribution=attribution.attribution,
        attributed_person_id=attribution.person_id,
        decided_by={},
        rubric_version=outcome.rubric_version,
        policy_version=policy_version,
    )


def _note(session: Session, verdict: Verdict, check: Check, at: datetime) -> None:
    record(
        session,
        "check:verdict:finalised",
        by="job:verdict",
        at=at,
        subjects={"verdict": verdict.id, "check": check.id, "case": check.case_id},
        payload={
            "verdict": verdict.verdict.value,
            "severity": verdict.severity,
            "attribution": verdict.attribution.value,
            "decided_by": verdict.decided_by,
            "policy_version": verdict.policy_version,
        },
    )


def attribute_check(session: Session, check: Check) -> AttributionDecision:
    """Decide whose assessment a check looked at, from what was recorded up to the draw (RULES 2)."""
    with seeing_everything(session):
        assessment = cases.assessment(session, check.assessment_id)
        codes = set(estate.staff_codes_of(session, check.person_id))
        author = assessment.author_staff_code
        author_person = estate.person_of_staff_code(session, author) if author else None
        held = [
            (span.from_on, span.to_on)
            for span in cases.assignments_of_case(session, check.case_id)
            if span.staff_code in codes
        ]
        since = day_of(assessment.completed_at or assessment.recorded_at)
        return rules.decide_attribution(
            drawn_person_id=check.person_id,
            author_person_id=author_person.id if author_person else None,
            held=held,
            called_for_review_on=_called_for_review(session, check, since, load_policy(check.policy_version)),
        )


def _called_for_review(session: Session, check: Check, since: date, policy: Policy) -> list[date]:
    """Return the days after an assessment, up to the draw, that called for a new one."""
    drawn_on = day_of(check.drawn_at)
    pack = cases.pack_of(session, check.case_id, through_item_id=check.pack_through_item_id)
    days = [item.happened_on for item in pack if item.is_review_trigger]
    days.append(since + timedelta(weeks=policy.frame.assessment_within_weeks))
    return [day for day in days if since < day <= drawn_on]
