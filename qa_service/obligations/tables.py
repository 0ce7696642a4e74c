"""Everything with an owner and a clock: obligations, level corrections, findings, escalations and their items."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, key, link
from rubrics.levels import Level


class ObligationKind(StrEnum):
    """What somebody must do."""

    LEVEL_CORRECTION = "level_correction"
    WORRY = "worry"
    CONVERSATION = "conversation"
    SUPPORT = "support"
    CASELOAD_REVIEW = "caseload_review"
    FINDING = "finding"
    REDUCTION = "reduction"
    ESCALATION = "escalation"
    HOLD = "hold"
    LATE_READ = "late_read"
    RESTORE_CHECK = "restore_check"
    FIND_RECORD = "find_record"
    PAUSED_ROUND = "paused_round"
    LIST_SOMEBODY = "list_somebody"


class CorrectionOutcome(StrEnum):
    """The only two ways a correction closes (RULES 3)."""

    CHANGED = "changed"
    KEPT = "kept"


class EscalationKind(StrEnum):
    """One per cut, one standing per PDU, one per overdue correction or unkeyed reduction (RULES 6)."""

    CUT = "cut"
    PDU = "pdu"
    CORRECTION = "correction"
    REDUCTION = "reduction"


class ItemKind(StrEnum):
    """What an item of an escalation is about."""

    CASE = "case"
    POINTS = "points"
    OFFICER_OVER = "officer_over"
    NOTICE = "notice"
    OVERRIDE = "override"
    OVERDUE = "overdue"


class ItemStatus(StrEnum):
    """RULES 7."""

    OPEN = "open"
    DECIDED = "decided"


class ItemDecision(StrEnum):
    """RULES 6; `done` only closes an item about an overdue duty, when the duty itself is done."""

    TRANSFER = "transfer"
    FUND = "fund"
    STOP_OTHER_WORK = "stop_other_work"
    ACCEPT_RISK = "accept_risk"
    DONE = "done"


class PlanGround(StrEnum):
    """Which threshold a PDU passed (RULES 6)."""

    CAUSES = "causes"
    RISEN = "risen"


class Obligation(SQLModel, table=True):
    """A duty of a post, held by a person on a date, until it is decided."""

    __tablename__ = "obligation"
    __table_args__ = (
        Index("ix_obligation_open_due", "due_at", postgresql_where=text("closed_at IS NULL")),
        CheckConstraint("(closed_at IS NULL) = (decision IS NULL)", name="closed_only_by_a_decision"),
    )

    id: int = key()
    kind: ObligationKind = choice(ObligationKind, "what must be done")
    owner_post_id: int = link("post.id", "whose duty")
    check_id: int | None = link("check_record.id", "from which check", nullable=True, default=None)
    verdict_id: int | None = link("verdict.id", "consequence of which verdict", nullable=True, default=None)
    case_id: int | None = link("case_record.id", "about which case", nullable=True, default=None)
    person_id: int | None = link("person.id", "about which officer", nullable=True, default=None)
    what: str = column("one plain sentence", max_length=400)
    opened_at: datetime = column("when")
    due_at: datetime = column("overdue after")
    is_urgent: bool = column("urgent clocks apply", default=False)
    n_rungs_risen: int = column("times it has gone up the ladder", default=0)
    closed_at: datetime | None = column("when", default=None)
    closed_by: str | None = column("actor", default=None, max_length=80)
    decision: str | None = column("how it was met, in words", default=None, max_length=1000)


class LevelCorrection(SQLModel, table=True):
    """A case whose level a reader found higher (RULES 3); never undone by an appeal."""

    __tablename__ = "level_correction"
    __table_args__ = (
        CheckConstraint(
            "outcome <> 'changed' OR (changed_to IS NOT NULL AND changed_on IS NOT NULL)",
            name="changed_says_how",
        ),
        CheckConstraint("outcome <> 'kept' OR kept_reason IS NOT NULL", name="kept_says_why"),
    )

    id: int = key()
    obligation_id: int = link("obligation.id", "owner and clock", unique=True)
    check_id: int = link("check_record.id", "from which check", unique=True)
    review_id: int = link("review.id", "first read that found it")
    case_id: int = link("case_record.id", "which case")
    assessed_overall: Level = choice(Level, "officer's overall level", name="assessed_overall")
    reviewed_overall: Level = choice(Level, "reader's overall level", name="reviewed_overall")
    groups: str = column("groups found higher, in words", max_length=400)
    is_somebody_exposed: bool = column("due in 1 working day if so")
    opened_at: datetime = column("when")
    outcome: CorrectionOutcome | None = choice(CorrectionOutcome, "how it closed", default=None)
    changed_to: Level | None = choice(Level, "new overall level", name="changed_to", default=None)
    changed_on: date | None = column("date of the change", default=None)
    kept_reason: str | None = column("kept, because ...", default=None, max_length=2000)


class Finding(SQLModel, table=True):
    """A cause that lies above the officer, given to whoever can mend it."""

    __tablename__ = "finding"

    id: int = key()
    obligation_id: int = link("obligation.id", "owner and clock", unique=True)
    verdict_id: int = link("verdict.id", "consequence of which verdict")
    item_id: str = column("rubric item", max_length=8)
    cause: str = column("cause code", max_length=40, index=True)
    pdu_code: str = column("PDU at the draw", max_length=10, index=True)
    reason: str = column("the reviewer's one line", max_length=1000)


class ImprovementPlan(SQLModel, table=True):
    """A PDU that passed a threshold: a finding for the regional director, whose manager needs a plan (RULES 6)."""

    __tablename__ = "improvement_plan"

    id: int = key()
    obligation_id: int = link("obligation.id", "owner and clock", unique=True)
    pdu_code: str = column("PDU", max_length=10, index=True)
    ground: PlanGround = choice(PlanGround, "which threshold was passed")
    n_counted: int = column(
        "fails with workload, oversight or IT as a cause, or escalations risen past the head"
    )
    n_of: int = column("of so many fails, or escalations")
    since_at: datetime = column("counted from then until it was opened")
    opened_at: datetime = column("when")
    policy_version: str = column("whose thresholds", max_length=20)


class Escalation(SQLModel, table=True):
    """One list per cut or per PDU, with an owner's post and a clock; rises by itself, closed only by a decision."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index("uq_escalation_cut", "cut_id", unique=True, postgresql_where=text("kind = 'cut'")),
        Index("uq_escalation_pdu", "pdu_code", unique=True, postgresql_where=text("kind = 'pdu'")),
        CheckConstraint("kind <> 'cut' OR cut_id IS NOT NULL", name="of_a_cut"),
    )

    id: int = key()
    kind: EscalationKind = choice(EscalationKind, "about what")
    obligation_id: int = link("obligation.id", "owner and clock", unique=True)
    verdict_id: int | None = link("verdict.id", "consequence of which verdict", nullable=True, default=None)
    cut_id: int | None = link("cut.id", "whose overflow", nullable=True, default=None)
    overdue_obligation_id: int | None = link(
        "obligation.id", "correction or reduction that is overdue", nullable=True, default=None
    )
    pdu_code: str = column("PDU", max_length=10, index=True)
    opened_at: datetime = column("when")


class EscalationItem(SQLModel, table=True):
    """One thing that does not fit; each unplaced case names an interim cover and a contact plan."""

    __tablename__ = "escalation_item"
    __table_args__ = (
        CheckConstraint(
            "kind <> 'case' OR (case_id IS NOT NULL AND interim_cover IS NOT NULL)", name="case_is_covered"
        ),
        CheckConstraint("(status = 'decided') = (decision IS NOT NULL)", name="decided_says_how"),
        Index("ix_escalation_item_open", "escalation_id", postgresql_where=text("status = 'open'")),
    )

    id: int = key()
    escalation_id: int = link("escalation.id", "on which list")
    kind: ItemKind = choice(ItemKind, "about what")
    case_id: int | None = link("case_record.id", "unplaced case", nullable=True, default=None)
    points: int = column("points that do not fit", default=0)
    what: str = column("one plain sentence", max_length=400)
    interim_cover: str | None = column("who covers the case meanwhile", default=None, max_length=200)
    contact_plan: str | None = column("what contact goes on meanwhile", default=None, max_length=400)
    status: ItemStatus = choice(ItemStatus, "RULES 7")
    decision: ItemDecision | None = choice(ItemDecision, "RULES 6", default=None)
    decision_reason: str | None = column("in writing", default=None, max_length=2000)
    decided_by: str | None = column("actor", default=None, max_length=80)
    decided_at: datetime | None = column("when", default=None)
