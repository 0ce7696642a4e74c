"""Reads of a check with their stages and locks, drafts, moderation, and the verdicts they lead to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, document, key, link
from qa_service.reviews.statuses import Attribution, ModerationStatus, ReadKind, ReviewStatus, VerdictValue

__all__ = [
    "AccuracyReply",
    "Attribution",
    "ConflictDeclaration",
    "Moderation",
    "ModerationDraft",
    "ModerationStatus",
    "ReadKind",
    "Review",
    "ReviewDraft",
    "ReviewDraftRevision",
    "ReviewKind",
    "ReviewStatus",
    "SeriousFurtherOffence",
    "Verdict",
    "VerdictValue",
    "Worry",
]


class Review(SQLModel, table=True):
    """One reviewer's read of a check, in four stages with two locks (RULES 1). Its kind lies apart."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("check_id", "reader_id"),
        Index("ix_review_reader_status", "reader_id", "status"),
        CheckConstraint("stage BETWEEN 1 AND 4", name="four_stages"),
        CheckConstraint("stage = 1 OR lock_1_at IS NOT NULL", name="lock_1_before_stage_2"),
        CheckConstraint("stage <= 2 OR lock_2_at IS NOT NULL", name="lock_2_before_stage_3"),
        CheckConstraint("stage <= 3 OR submitted_at IS NOT NULL", name="submitted_before_stage_4"),
    )

    id: int = key()
    reference: str = column("random, in addresses", unique=True, max_length=20)
    check_id: int = link("check_record.id", "which check")
    reader_id: int | None = link(
        "user_account.id",
        "who reads; empty: wanted, not yet claimed",
        nullable=True,
        default=None,
        index=False,
    )
    status: ReviewStatus = choice(ReviewStatus, "where it is")
    stage: int = column("1 own judgement, 2 quality, 3 level revealed, 4 flag revealed", default=1)
    wanted_at: datetime = column("when the read was asked for")
    assigned_at: datetime | None = column("when a reader claimed it or was given it", default=None)
    due_at: datetime = column("date shown to the reader; some carry an urgent date without being urgent")
    claimed_until: datetime | None = column("a claimed case nobody opened returns to the pool", default=None)
    opened_at: datetime | None = column("first opened", default=None)
    contaminated_at: datetime | None = column("reader saw the officer's level elsewhere", default=None)
    lock_1_at: datetime | None = column("own levels locked", default=None)
    own_grid: dict[str, Any] | None = document("rubrics.Grid of the reader", default=None, nullable=True)
    confidence: str | None = column(
        "low, medium or high confidence in the own level", default=None, max_length=20
    )
    is_somebody_exposed: bool | None = column("is somebody exposed now", default=None)
    own_reasons: str | None = column("why this level", default=None)
    lock_2_at: datetime | None = column("quality answers locked", default=None)
    answers: dict[str, Any] | None = document(
        "item -> rubrics.Answer, locked at lock 2 and at submit", default=None, nullable=True
    )
    submitted_at: datetime | None = column("when", default=None)
    submission_key: str | None = column(
        "a retry with the same key gets the same receipt", default=None, unique=True, max_length=64
    )
    scorecard: dict[str, Any] | None = document("rubrics.Scorecard", default=None, nullable=True)
    decision: dict[str, Any] | None = document(
        "rubrics.VerdictDecision of this read alone", default=None, nullable=True
    )
    changes_view: bool | None = column("does the flag change your view? kept apart", default=None)
    changes_view_reason: str | None = column("why", default=None)
    shown_artefact_digest: str | None = column(
        "artefact in force when stage 4 was answered; empty: none, or answered before this was kept",
        default=None,
        max_length=64,
    )
    was_flagged: bool | None = column(
        "whether stage 4 showed a flag then; empty: answered before this was kept", default=None
    )
    shown_score_rate: float | None = column(
        "score behind what stage 4 showed; empty: there was none", default=None
    )
    done_at: datetime | None = column("stage 4 answered", default=None)


class ReviewKind(SQLModel, table=True):
    """First, second or other, and what follows from it; hidden from every person's transaction."""

    __tablename__ = "review_kind"

    review_id: int = link("review.id", "which read", primary_key=True, index=False)
    kind: ReadKind = choice(ReadKind, "RULES 7")
    wanted_region_code: str | None = column("only a reader of this region", default=None, max_length=10)
    unwanted_region_code: str | None = column("not a reader of this region", default=None, max_length=10)
    true_due_at: datetime = column("the date that counts, whatever the reader was shown")


class ReviewDraft(SQLModel, table=True):
    """What a reader has written so far; accepts anything, loses nothing."""

    __tablename__ = "review_draft"

    review_id: int = link("review.id", "which read", primary_key=True, index=False)
    version: int = column("a save must name the version it changes", default=0)
    content: dict[str, Any] = document("form fields as typed")
    saved_at: datetime = column("when")
    window_id: str = column("browser window that saved it; empty: a plain post", default="", max_length=64)
    seq: int = column("that window's own count of saves", default=0)


class ReviewDraftRevision(SQLModel, table=True):
    """Every saved draft; append-only."""

    __tablename__ = "review_draft_revision"
    __table_args__ = (UniqueConstraint("review_id", "version"),)

    id: int = key()
    review_id: int = link("review.id", "which read", index=False)
    version: int = column("version that was saved")
    content: dict[str, Any] = document("form fields as typed")
    saved_at: datetime = column("when")


class Verdict(SQLModel, table=True):
    """The outcome of a check; append-only, a later one supersedes."""

    __tablename__ = "verdict"
    __table_args__ = (
        Index("uq_verdict_first", "check_id", unique=True, postgresql_where=text("supersedes_id IS NULL")),
        CheckConstraint("attribution <> 'none' OR attributed_person_id IS NULL", name="nobody_when_none"),
        CheckConstraint(
            "attribution = 'none' OR attributed_person_id IS NOT NULL", name="somebody_otherwise"
        ),
    )

    id: int = key()
    check_id: int = link("check_record.id", "which check")
    supersedes_id: int | None = link(
        "verdict.id", "earlier verdict that no longer holds", nullable=True, default=None, unique=True
    )
    verdict: VerdictValue = choice(VerdictValue, "RULES 2")
    severity: str = column("S0-S4, S3s, O or H", max_length=4)
    is_urgent: bool = column("S4 in any deciding read")
    is_underclassified: bool = column("overall level found too low")
    is_overclassified: bool = column("overall level found too high")
    assessed_overall: str = column("officer's overall level, recomputed", max_length=12)
    reviewed_overall: str | None = column("overall level as agreed", default=None, max_length=12)
    decision: dict[str, Any] = document("rubrics.VerdictDecision with its reasons")
    attribution: Attribution = choice(Attribution, "whose assessment it was")
    attributed_person_id: int | None = link(
        "person.id", "the officer it is attributed to", nullable=True, default=None
    )
    decided_by: dict[str, Any] = document("readers or moderator in whose name it stands")
    rubric_version: str = column("rubric that scored it", max_length=20)
    policy_version: str = column("policy that decided it", max_length=20)
    decided_at: datetime = column("when")


class Moderation(SQLModel, table=True):
    """A third person settles a split, or a disputed fact, line by line."""

    __tablename__ = "moderation"

    id: int = key()
    reference: str = column("random, in addresses", unique=True, max_length=20)
    check_id: int = link("check_record.id", "which check", unique=True)
    moderator_id: int | None = link("user_account.id", "who decides", nullable=True, default=None)
    status: ModerationStatus = choice(ModerationStatus, "where it is")
    reason: str = column("split, or a fact is disputed", max_length=40)
    opened_at: datetime = column("when")
    due_at: datetime = column("RULES 1")
    own_grid: dict[str, Any] | None = document("levels as settled", default=None, nullable=True)
    is_somebody_exposed: bool | None = column("as settled", default=None)
    answers: dict[str, Any] | None = document(
        "item -> rubrics.Answer as settled", default=None, nullable=True
    )
    choices: dict[str, Any] | None = document(
        "line -> whose answer was taken (a, b or other) and why", default=None, nullable=True
    )
    decision: dict[str, Any] | None = document(
        "rubrics.VerdictDecision as settled", default=None, nullable=True
    )
    colleague_would_have: str | None = column(
        "would a colleague with this load and this record have done the same?", default=None, max_length=20
    )
    reasons: str | None = column("why", default=None)
    decided_at: datetime | None = column("when", default=None)


class ModerationDraft(SQLModel, table=True):
    """What a moderator has written so far; accepts anything."""

    __tablename__ = "moderation_draft"

    moderation_id: int = link("moderation.id", "which moderation", primary_key=True, index=False)
    version: int = column("a save must name the version it changes", default=0)
    content: dict[str, Any] = document("form fields as typed")
    saved_at: datetime = column("when")
    window_id: str = column("browser window that saved it; empty: a plain post", default="", max_length=64)
    seq: int = column("that window's own count of saves", default=0)


class Worry(SQLModel, table=True):
    """A reader presses "I am worried now": one sentence, at once to the case's SPO."""

    __tablename__ = "worry"

    id: int = key()
    review_id: int = link("review.id", "from which read")
    check_id: int = link("check_record.id", "about which check")
    sentence: str = column("what worries the reader", max_length=1000)
    raised_at: datetime = column("when")
    obligation_id: int = link("obligation.id", "the SPO's duty to acknowledge it")


class ConflictDeclaration(SQLModel, table=True):
    """A reader knows this person or officer, and must not read their cases."""

    __tablename__ = "conflict_declaration"

    id: int = key()
    user_id: int = link("user_account.id", "who declares")
    case_id: int | None = link("case_record.id", "the case", nullable=True, default=None)
    person_id: int | None = link("person.id", "the officer", nullable=True, default=None)
    reason: str = column("in their words", max_length=500)
    declared_at: datetime = column("when")


class AccuracyReply(SQLModel, table=True):
    """The officer's factual-accuracy reply while the second read runs (RULES 2)."""

    __tablename__ = "accuracy_reply"

    id: int = key()
    check_id: int = link("check_record.id", "about which check", unique=True)
    person_id: int = link("person.id", "who is asked")
    asked_at: datetime = column("when")
    due_at: datetime = column("lapses then")
    replied_at: datetime | None = column("when", default=None)
    text: str | None = column("the reply", default=None)
    disputes_a_fact: bool | None = column("goes to a moderator if so", default=None)


class SeriousFurtherOffence(SQLModel, table=True):
    """An offence that may show what a check missed: the case's last check is read again, blind (RULES 10)."""

    __tablename__ = "serious_further_offence"
    __table_args__ = (
        Index(
            "uq_serious_further_offence_case",
            "case_id",
            "occurred_on",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("notified_on >= occurred_on", name="notified_afterwards"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_its_reason"
        ),
    )

    id: int = key()
    case_id: int = link("case_record.id", "whose case", index=False)
    occurred_on: date = column("day of the offence")
    notified_on: date = column("day of the notification")
    region_code: str = column("where the case was held when it was entered", max_length=10, index=True)
    pdu_code: str = column("where the case was held when it was entered", max_length=10, index=True)
    check_id: int | None = link(
        "check_record.id", "last check that was final before it", nullable=True, default=None
    )
    entered_by: str = column("actor; they may not read the case", max_length=80)
    entered_at: datetime = column("when")
    withdrawn_at: datetime | None = column(
        "when it turned out to be a mistake: it counts no more", default=None
    )
    withdrawn_reason: str | None = column("why, in words", default=None)
