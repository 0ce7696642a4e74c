"""The locks of a read, one after the other (RULES 1): own judgement, quality, submit, flag."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid
from qa_service.reviews import documents
from qa_service.reviews.rules import Outcome
from qa_service.reviews.schemas import CONFIDENCES, LockedJudgement, OwnJudgement, SubmittedRead
from qa_service.reviews.service.case_views import shown_flag
from qa_service.reviews.service.claiming import lock_own_read
from qa_service.reviews.service.deciding import decide_card, is_extra_case
from qa_service.reviews.statuses import ReadKind, ReviewStatus
from qa_service.reviews.store import reads
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check, CheckStatus
from rubrics import (
    Answer,
    Grid,
    Scorecard,
    Stage,
    compare_grids,
    decide_provisional_severity,
    load,
    score,
    validate_answers,
)

_BEFORE_SUBMIT = frozenset({CheckStatus.DRAWN, CheckStatus.ASSIGNED, CheckStatus.OPENED, CheckStatus.DRAFT})


def lock_own_judgement(
    session: Session, reference: str, judgement: OwnJudgement, *, reader_id: int, at: datetime
) -> LockedJudgement:
    """Lock 1: the reader's own levels, never changed again, compared with the officer's for workflows only.

    Called again with the same judgement it answers the same (`is_replay`); with another it is a conflict.
    """
    _check_judgement(judgement)
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        is_replay = review.lock_1_at is not None
        if is_replay and not _is_same(review, judgement):
            raise _locked_already("Your own levels are")
        if not is_replay:
            _need_stage(review, 1)
            review.own_grid = judgement.grid.to_record()
            review.confidence = judgement.confidence
            review.is_somebody_exposed = judgement.is_somebody_exposed
            review.own_reasons = judgement.reasons
            review.lock_1_at = at
            _go_on(session, review, check, stage=2, at=at)
            session.flush()
            _note(session, "review:judgement:locked", review, at)
        assessed = _assessed_grid(session, check)
        return LockedJudgement(
            review=review,
            check=check,
            kind=_kind(session, review),
            comparison=compare_grids(assessed, judgement.grid),
            provisional_severity=decide_provisional_severity(
                assessed,
                judgement.grid,
                somebody_exposed=judgement.is_somebody_exposed,
                is_extra_case=is_extra_case(check),
            ),
            is_replay=is_replay,
        )


def lock_quality(
    session: Session, reference: str, answers: Mapping[str, Answer], *, reader_id: int, at: datetime
) -> Review:
    """Lock 2: the answers on quality; only then is the officer's level shown."""
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        if review.lock_2_at is not None:
            if documents.answers_to_document(answers).items() <= (review.answers or {}).items():
                return review
            raise _locked_already("Your answers on quality are")
        _need_stage(review, 2)
        check_answers(check, 2, answers)
        review.answers = documents.answers_to_document(answers)
        review.lock_2_at = at
        _go_on(session, review, check, stage=3, at=at)
        session.flush()
        _note(session, "review:quality:locked", review, at)
        return review


def submit_read(
    session: Session,
    reference: str,
    answers: Mapping[str, Answer],
    *,
    reader_id: int,
    at: datetime,
    submission_key: str,
) -> SubmittedRead:
    """Submit the stage-3 answers: the read is scored and decided, and nothing in it changes again.

    The same `submission_key` gets the same result however often it is sent; another submission of the same
    read, and any submission of a check that was decided meanwhile, is a conflict.
    """
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        if review.submitted_at is not None:
            if review.submission_key == submission_key:
                return _submitted(session, review, check, is_replay=True)
            raise _locked_already("This read is")
        _need_stage(review, 3)
        kind = _kind(session, review)
        _need_undecided(check, kind)
        check_answers(check, 3, answers)
        review.answers = {**(review.answers or {}), **documents.answers_to_document(answers)}
        card = _card(session, review, check)
        decision = decide_card(check, card, is_somebody_exposed=bool(review.is_somebody_exposed))
        review.scorecard = documents.scorecard_to_document(card)
        review.decision = documents.decision_to_document(decision)
        review.submitted_at = at
        review.submission_key = submission_key
        review.stage = 4
        review.status = ReviewStatus.SUBMITTED
        if kind is ReadKind.FIRST:
            reads.set_check_status(check, CheckStatus.SUBMITTED, from_statuses=_BEFORE_SUBMIT)
        session.flush()
        _note(session, "review:read:submitted", review, at)
        return _submitted(session, review, check, is_replay=False)


def answer_flag(
    session: Session,
    reference: str,
    *,
    changes_view: bool,
    reason: str,
    reader_id: int,
    at: datetime,
    seen: str | None = None,
) -> Review:
    """Keep, apart from a read, whether the flag changes the reader's view, why, and which flag that is; once.

    `seen` is the mark of the flag on the reader's page (`ShownFlag.mark`): when another one stands now, the
    answer is refused, because it would be kept beside a flag that the reader never saw.
    """
    if not reason.strip():
        fault = ("changes_view_reason", "Say in a line why it does or does not change your view.")
        raise _invalid(fault)
    with seeing_everything(session):
        review, check = lock_own_read(session, reference, reader_id=reader_id)
        _need_stage(review, 4)
        if review.done_at is not None:
            if (review.changes_view, review.changes_view_reason) == (changes_view, reason):
                return review
            raise _locked_already("Your answer about the flag is")
        shown = shown_flag(session, check)
        if seen not in {None, shown.mark}:
            raise _invalid(("changes_view", "The flag has changed since you saw it. Read it again."))
        review.shown_artefact_digest = shown.artefact_digest
        review.was_flagged = shown.is_flagged
        review.shown_score_rate = shown.score_rate
        review.changes_view = changes_view
        review.changes_view_reason = reason
        review.done_at = at
        review.status = ReviewStatus.DONE
        session.flush()
        _note(session, "review:flag:answered", review, at, asdict(shown))
        return review


def check_answers(check: Check, stage: Stage, answers: Mapping[str, Answer]) -> None:
    """Refuse a stage's answers with every fault at once, each under the name of its form field."""
    faults = validate_answers(load("rosh", check.rubric_version), stage, answers)
    if faults:
        raise _invalid(*((f"{fault.question_id}_{fault.part.value}", fault.message) for fault in faults))


def _invalid(*faults: tuple[str, str]) -> Invalid:
    return Invalid(
        f"{len(faults)} of the answers cannot be locked yet.",
        next_step="Put these right and send it again; everything else is kept.",
        faults=faults,
    )


def _check_judgement(judgement: OwnJudgement) -> None:
    faults = []
    if judgement.confidence not in CONFIDENCES:
        faults.append(("confidence", "Choose how confident you are in your levels."))
    if not judgement.reasons.strip():
        faults.append(("own_reasons", "Say in a few words why you chose these levels."))
    if faults:
        raise _invalid(*faults)


def _is_same(review: Review, judgement: OwnJudgement) -> bool:
    theirs = (review.own_grid, review.confidence, review.is_somebody_exposed, review.own_reasons)
    return theirs == (
        judgement.grid.to_record(),
        judgement.confidence,
        judgement.is_somebody_exposed,
        judgement.reasons,
    )


def _locked_already(what: str) -> Conflict:
    return Conflict(
        f"{what} locked already.", next_step="Open the read again to see where it is.", code="locked"
    )


def _need_stage(review: Review, stage: int) -> None:
    if review.stage != stage:
        raise Conflict(
            f"This read is at stage {review.stage}, not at stage {stage}.",
            next_step="Open the read again and go on from there.",
            code="stage",
        )


def _need_undecided(check: Check, kind: ReadKind) -> None:
    is_decided = check.status in {CheckStatus.FINAL, CheckStatus.SUBSTITUTED, CheckStatus.VOID}
    if is_decided and kind in {ReadKind.FIRST, ReadKind.SECOND, ReadKind.REPLACEMENT}:
        raise Conflict(
            "This check was closed while you worked.",
            next_step="Your answers are kept. Your quality lead can tell you why it was closed.",
            code="check_closed",
        )


def _go_on(session: Session, review: Review, check: Check, *, stage: int, at: datetime) -> None:
    """Move a read to its next stage; answering counts as opening."""
    review.stage = stage
    if review.status is ReviewStatus.ASSIGNED:
        review.status = ReviewStatus.OPENED
        review.opened_at = at
        review.claimed_until = None
    if _kind(session, review) is ReadKind.FIRST:
        early = {CheckStatus.DRAWN, CheckStatus.ASSIGNED, CheckStatus.OPENED}
        reads.set_check_status(check, CheckStatus.DRAFT, from_statuses=early)


def _kind(session: Session, review: Review) -> ReadKind:
    return reads.kind_of(session, review.id).kind


def _assessed_grid(session: Session, check: Check) -> Grid:
    return cases.grid_of(cases.assessment(session, check.assessment_id))


def _card(session: Session, review: Review, check: Check) -> Scorecard:
    assert review.own_grid is not None
    return score(
        load("rosh", check.rubric_version),
        documents.answers_of(review.answers),
        _assessed_grid(session, check),
        documents.grid_of_document(review.own_grid),
    )


def _submitted(session: Session, review: Review, check: Check, *, is_replay: bool) -> SubmittedRead:
    assert review.decision is not None
    card = _card(session, review, check)
    decision = documents.decision_of(review.decision)
    return SubmittedRead(
        review=review,
        check=check,
        kind=_kind(session, review),
        scorecard=card,
        decision=decision,
        outcome=Outcome.of(decision, card.comparison, check.rubric_version),
        is_replay=is_replay,
    )


def _note(
    session: Session, tag: str, review: Review, at: datetime, payload: Mapping[str, object] | None = None
) -> None:
    subjects = {"review": review.id, "check": review.check_id}
    record(session, tag, by=f"user:{review.reader_id}", at=at, subjects=subjects, payload=payload)
