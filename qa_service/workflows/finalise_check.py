"""What happens when a check fails, and when it does not: read this file from top to bottom.

A read is submitted -> the check needs another read, the officer's reply, a moderator, or it is final ->
the verdict, and in the same transaction everything that follows from it. The classifier decides nothing here:
people decide the verdict, the published rule applies the cut.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from qa_service.caseload import service as caseload
from qa_service.cases import service as cases
from qa_service.core.clock import due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.feedback import service as feedback
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.outbox import service as outbox
from qa_service.policy.numbers import load_policy
from qa_service.reviews import documents
from qa_service.reviews import service as reviews
from qa_service.reviews.rules import CombinedReads, NextStep
from qa_service.reviews.schemas import SettledAnswers, SettledCheck, SubmittedRead
from qa_service.reviews.service.verdicts import ARMS_THAT_CUT
from qa_service.reviews.statuses import DECIDING_KINDS, ReadKind, ReplyState
from qa_service.reviews.tables import AccuracyReply, Review, Verdict, VerdictValue
from qa_service.rounds import drawing
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Arm, Check, CheckPurpose, CheckStatus, FollowUpCause
from qa_service.workflows.found import Found, causes_above_the_officer, feedback_of
from rubrics import Answer, load
from rubrics import Verdict as Result

JOB = "job:verdict"


# --- A read is submitted, a moderator decides, the officer replies or lets the time pass ---


def submit_read(
    session: Session,
    reference: str,
    answers: Mapping[str, Answer],
    *,
    reader_id: int,
    at: datetime,
    submission_key: str,
    references: ReferenceSource,
) -> SubmittedRead:
    """Submit a read; a retry with the same key returns the same receipt and changes nothing."""
    with seeing_everything(session):
        submitted = reviews.submit_read(
            session, reference, answers, reader_id=reader_id, at=at, submission_key=submission_key
        )
        check = submitted.check
        if check.purpose is not CheckPurpose.LIVE or submitted.is_replay:
            return submitted
        _note_in(session, check, at=at)
        if submitted.kind in DECIDING_KINDS:
            if submitted.outcome.is_fail and check.arm in ARMS_THAT_CUT:
                _suspect_a_fail(session, submitted, at=at)
            _take_next_step(session, check, at=at, references=references)
        return submitted


def settle_moderation(
    session: Session,
    reference: str,
    settled: SettledAnswers,
    *,
    moderator_id: int,
    at: datetime,
    references: ReferenceSource,
) -> SettledCheck:
    """Decide a moderation: the third person's answers are final; sent again, nothing changes."""
    with seeing_everything(session):
        decided = reviews.decide_moderation(session, reference, settled, moderator_id=moderator_id, at=at)
        if not decided.is_replay:
            _note_in(session, decided.check, at=at)
            found = Found(
                decided.outcome,
                (settled.answers,),
                {"moderation": decided.moderation.id, "moderator": moderator_id},
                load("rosh", decided.check.rubric_version),
            )
            conclude(session, decided.check, found, at=at, references=references)
        return decided


def reply_on_accuracy(
    session: Session,
    check_id: int,
    *,
    person_id: int,
    text: str,
    disputes_a_fact: bool,
    at: datetime,
    references: ReferenceSource,
) -> AccuracyReply:
    """Take the officer's reply on the facts; the check goes on when its reads are in."""
    with seeing_everything(session):
        reply = reviews.reply_on_accuracy(
            session, check_id, person_id=person_id, text=text, disputes_a_fact=disputes_a_fact, at=at
        )
        check = rounds.lock_check(session, check_id)
        _take_next_step(session, check, at=at, references=references)
        return reply


def finalise_lapsed(session: Session, *, at: datetime, references: ReferenceSource) -> int:
    """Go on with the checks whose officer did not reply in time, in both readers' names; return how many."""
    with seeing_everything(session):
        lapsed = [
            rounds.check_by_id(session, key) for key in reviews.checks_with_lapsed_replies(session, at=at)
        ]
        waiting = [check for check in lapsed if check.status is CheckStatus.SECOND_READ]
        for check in waiting:
            locked = rounds.lock_check(session, check.id)
            _take_next_step(session, locked, at=at, references=references)
        return sum(check.status is not CheckStatus.SECOND_READ for check in waiting)


def _note_in(session: Session, check: Check, *, at: datetime) -> None:
    """End the quality lead's duty about a late read or moderation, now that it is in."""
    key, kind = check.id, ObligationKind.LATE_READ
    obligations.close_duty_of_check(session, key, kind, "It is in", at=at, by=JOB)


# --- What the check needs next ---


def _suspect_a_fail(session: Session, submitted: SubmittedRead, *, at: datetime) -> None:
    """Stop new allocations and ask the officer about the facts, while a would-be fail is confirmed."""
    check, is_urgent = submitted.check, submitted.outcome.is_urgent
    check.is_urgent = check.is_urgent or is_urgent
    clocks = load_policy(check.policy_version).clocks_working_days
    n_days = clocks.second_read_urgent if check.is_urgent else clocks.second_read
    caseload.place_hold(
        session,
        check,
        attributed_person_id=reviews.attribute_check(session, check).person_id,
        second_read_due_at=due_after_working_days(at, n_days),
        at=at,
        by=JOB,
    )
    reviews.ask_accuracy_reply(session, check, at=at, is_urgent=is_urgent)


def _take_next_step(session: Session, check: Check, *, at: datetime, references: ReferenceSource) -> None:
    """Ask for another read, open a moderation, wait, or conclude, as the reads so far call for (RULES 2)."""
    policy = load_policy(check.policy_version)
    combined = reviews.combine_reads(session, check, at=at)
    if combined.wanted_kind is not None:
        wanted = [(check, combined.wanted_kind)]
        reviews.want_reads(session, wanted, at=at, policy=policy, references=references)
    elif combined.moderation_reason is not None:
        if reviews.reply_state(session, check.id, at=at) is ReplyState.WAITING:
            return  # the moderator will have the officer's reply before them
        reason = combined.moderation_reason
        reviews.open_moderation(
            session,
            check,
            reason=reason,
            at=at,
            policy=policy,
            references=references,
            is_urgent=check.is_urgent,
        )
    elif combined.step is NextStep.FINAL and combined.outcome is not None:
        found = found_by_reads(session, check, combined)
        if combined.outcome.decision.verdict is Result.NOT_SCORABLE:
            _look_for_the_record(session, check, at=at)
        else:
            conclude(session, check, found, at=at, references=references)


def found_by_reads(session: Session, check: Check, combined: CombinedReads) -> Found:
    """Return what the deciding reads found, with the answers that the verdict will stand on."""
    assert combined.outcome is not None
    reads = [session.get_one(Review, read.review_id) for read in combined.deciding]
    return Found(
        combined.outcome,
        tuple(documents.answers_of(read.answers) for read in reads),
        {"reviews": [read.id for read in reads], "readers": [read.reader_id for read in reads]},
        load("rosh", check.rubric_version),
    )


# --- The verdict, and everything that follows from it in one transaction ---


def conclude(
    session: Session, check: Check, found: Found, *, at: datetime, references: ReferenceSource
) -> Verdict:
    """Record the verdict and what the officer will see; then what this verdict brings."""
    attribution = reviews.attribute_check(session, check)
    verdict = reviews.record_verdict(
        session, check, found.outcome, attribution=attribution, decided_by=dict(found.decided_by), at=at
    )
    feedback.record_feedback(session, verdict, check, feedback_of(found), at=at, references=references)
    if verdict.verdict is VerdictValue.FAIL:
        _follow_a_fail(session, verdict, check, found, at=at)
    else:
        caseload.lift_hold(session, check.id, "The fail was not confirmed.", at=at, by=JOB)
    if verdict.verdict is VerdictValue.RECHECK:
        _follow_a_recheck(session, verdict, check, at=at, references=references)
    reviews.sample_for_an_expert(session, check, at=at, references=references)
    _tell_others(session, check, at=at)
    return verdict


def _follow_a_fail(session: Session, verdict: Verdict, check: Check, found: Found, *, at: datetime) -> None:
    """Cut the load, ask for the hours, place what no longer fits, tell who caused it, help (RULES 4-6)."""
    policy = load_policy(verdict.policy_version)
    caseload.recognise_landed(session, at=at, by=JOB, policy=policy, person_id=check.person_id)
    recorded = caseload.record_cut_decision(session, verdict, check, at=at, by=JOB)
    caseload.request_reductions(session, recorded, verdict, at=at, by=JOB)
    failed = caseload.FailedCase(check.case_id, found.outcome.reviewed_overall)
    caseload.plan_overflow(session, recorded, verdict, failed, at=at, by=JOB, policy=policy)
    fail = obligations.FailedCheck(check.id, check.case_id, verdict.id, check.drawn_pdu_code)
    causes = causes_above_the_officer(found)
    obligations.open_findings(session, fail, causes, at=at, by=JOB, policy=policy)
    if check.arm in ARMS_THAT_CUT:
        _support(session, verdict, check, "Agree with the officer what support they get, and begin it", at=at)
        caseload.open_caseload_review(session, verdict, check, at=at, by=JOB)
    if recorded.decided.adds_supported_practice:
        _support(session, verdict, check, "Begin a supported-practice plan: a second confirmed fail", at=at)
    if recorded.cut is None:
        caseload.lift_hold(session, check.id, "No cut follows this fail.", at=at, by=JOB)
    else:
        caseload.activate_if_due(session, recorded.cut, at=at, by=JOB)  # else held until its first day


def _follow_a_recheck(
    session: Session, verdict: Verdict, check: Check, *, at: datetime, references: ReferenceSource
) -> None:
    """Draw two more random cases of the officer where the case was a random one; never a cut (RULES 2)."""
    policy = load_policy(verdict.policy_version)
    if caseload.is_repeated_recheck(session, verdict, at=at):
        _support(session, verdict, check, "Begin a supported-practice plan: a repeated recheck", at=at)
    if check.arm is Arm.RANDOM:
        n_cases = policy.follow_up.n_cases_after_recheck
        wanted = drawing.FollowUp(FollowUpCause.AFTER_RECHECK, check, n_cases)
        drawn = drawing.draw_follow_up(session, check.person_id, wanted, at=at, references=references)
        first = [(one, ReadKind.FIRST) for one in drawn]
        reviews.want_reads(session, first, at=at, policy=policy, references=references)


def _support(session: Session, verdict: Verdict, check: Check, what: str, *, at: datetime) -> None:
    clocks = load_policy(verdict.policy_version).clocks_working_days
    duty = obligations.Duty(
        ObligationKind.SUPPORT,
        estate.spo_post(session, check.team_code).id,
        what,
        due_after_working_days(at, clocks.support),
        verdict_id=verdict.id,
        person_id=check.person_id,
    )
    obligations.open_obligation(session, duty, at=at, by=JOB)


def _tell_others(session: Session, check: Check, *, at: datetime) -> None:
    """Tell other systems that the check is final; never what it found, nor of whom access is limited."""
    is_limited = cases.find_case(session, check.case_id).is_limited_access
    outbox.put(
        session,
        "rosh-qa.check.finalised",
        about={"checkId": check.reference},
        crn=None if is_limited else cases.current_crn(session, check.case_id),
        at=at,
        idempotency_key=f"check-finalised:{check.reference}",
    )


def _look_for_the_record(session: Session, check: Check, *, at: datetime) -> None:
    """Give the team the time to find what the reader could not see; close_unfound.py ends it (RULES 2, H)."""
    caseload.lift_hold(session, check.id, "The check could not be scored.", at=at, by=JOB)
    if obligations.has_open_obligation(session, check.id, ObligationKind.FIND_RECORD):
        return
    clocks = load_policy(check.policy_version).clocks_working_days
    duty = obligations.Duty(
        ObligationKind.FIND_RECORD,
        estate.spo_post(session, check.team_code).id,
        "Find the record that the reader could not see; otherwise another case takes this one's place",
        due_after_working_days(at, clocks.find_the_record),
        check_id=check.id,
        case_id=check.case_id,
        person_id=check.person_id,
    )
    obligations.open_obligation(session, duty, at=at, by=JOB)
