"""Holds, cut decisions, cuts with their arithmetic, reduction requests, places kept, moves."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from qa_service.caseload.rules.cuts import CutDecisionValue
from qa_service.caseload.rules.gate import GateAnswer
from qa_service.core.columns import choice, column, document, key, link

__all__ = [
    "CaseloadReviewCase",
    "Cut",
    "CutDecision",
    "CutDecisionValue",
    "CutPosting",
    "CutStatus",
    "GateAnswer",
    "GateDecision",
    "Hold",
    "HoldStatus",
    "Move",
    "MoveStatus",
    "PlaceKept",
    "ReductionRequest",
    "ReductionRequestStatus",
]


class HoldStatus(StrEnum):
    """RULES 7."""

    ACTIVE = "active"
    LIFTED = "lifted"
    EXPIRED = "expired"


class CutStatus(StrEnum):
    """RULES 7."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    OVERTURNED = "overturned"


class ReductionRequestStatus(StrEnum):
    """RULES 7."""

    REQUESTED = "requested"
    KEYED = "keyed"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class MoveStatus(StrEnum):
    """A proposal counts only after the level was read again and the handover recorded (RULES 5)."""

    PROPOSED = "proposed"
    LEVEL_CONFIRMED = "level_confirmed"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Hold(SQLModel, table=True):
    """No new allocations to an officer while a would-be fail is confirmed."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("uq_hold_active_check", "check_id", unique=True, postgresql_where=text("status = 'active'")),
    )

    id: int = key()
    person_id: int = link("person.id", "who gets no new cases")
    check_id: int = link("check_record.id", "because of which check")
    owner_post_id: int = link("post.id", "quality lead who answers for it")
    status: HoldStatus = choice(HoldStatus, "RULES 7")
    placed_at: datetime = column("when")
    expires_at: datetime = column("unless renewed by name")
    ended_at: datetime | None = column("when", default=None)
    ended_reason: str | None = column("why", default=None, max_length=200)
    renewed_by: str | None = column("actor who last renewed it", default=None, max_length=80)


class Cut(SQLModel, table=True):
    """An officer's cap, lowered because of a check, for a time."""

    __tablename__ = "cut"
    __table_args__ = (
        # The constraint behind the row lock: however many fails race, one live cut per person.
        Index(
            "uq_cut_live",
            "person_id",
            unique=True,
            postgresql_where=text("status IN ('scheduled', 'active')"),
        ),
        CheckConstraint("cap_pct > 0 AND cap_pct < 100", name="cap_lowers"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("cap_points >= 0 AND cap_points <= own_available_points", name="never_raises_a_cap"),
    )

    id: int = key()
    person_id: int = link("person.id", "whose")
    verdict_id: int = link("verdict.id", "fail that began it", unique=True)
    status: CutStatus = choice(CutStatus, "RULES 7")
    cap_pct: Decimal = column("percent of own available points", max_digits=5, decimal_places=2)
    cap_points: int = column("most points over all postings while it runs")
    own_available_points: int = column("available points without our own reduction, all postings")
    points_at_decision: int = column("total points carried when decided")
    starts_on: date = column("first day")
    ends_on: date = column("last day unless merged with a later fail or prolonged by none")
    decided_at: datetime = column("when")
    activated_at: datetime | None = column("when it became active", default=None)
    landed_at: datetime | None = column("total points first at or under cap_points", default=None)
    ended_at: datetime | None = column("when", default=None)
    ended_reason: str | None = column("why", default=None, max_length=200)


class CutPosting(SQLModel, table=True):
    """The arithmetic of a cut for one posting (RULES 4), kept so that it can be read again."""

    __tablename__ = "cut_posting"
    __table_args__ = (UniqueConstraint("cut_id", "staff_code", "team_code"),)

    id: int = key()
    cut_id: int = link("cut.id", "which cut", index=False)
    staff_code: str = column("who", foreign_key="staff_code.code", index=True)
    team_code: str = column("where", foreign_key="team.code")
    contracted_hours: Decimal = column("a week", max_digits=5, decimal_places=1)
    other_reduction_hours: Decimal = column("reductions other than ours", max_digits=8, decimal_places=1)
    own_available_points: int = column("trunc(nominal x (contracted - other reductions) / default hours)")
    cap_points: int = column("trunc(cap x own available)")
    reduction_hours: Decimal = column("what to key in WMT", max_digits=8, decimal_places=1)


class CutDecision(SQLModel, table=True):
    """Exactly one per fail, with its reason and its working."""

    __tablename__ = "cut_decision"

    id: int = key()
    verdict_id: int = link("verdict.id", "which fail", unique=True)
    decision: CutDecisionValue = choice(CutDecisionValue, "RULES 4")
    reason: str = column("reason code", max_length=40)
    working: dict[str, Any] = document("the frozen CutDecision with its reasons and figures")
    cut_id: int | None = link("cut.id", "new or merged into", nullable=True, default=None)
    policy_version: str = column("policy that decided it", max_length=20)
    decided_at: datetime = column("when")


class ReductionRequest(SQLModel, table=True):
    """What a manager must key in WMT (FORMATS 11 A); the finding never goes with it."""

    __tablename__ = "reduction_request"
    __table_args__ = (UniqueConstraint("cut_id", "staff_code", "team_code", "starts_on"),)

    id: int = key()
    cut_id: int = link("cut.id", "because of which cut", index=False)
    verdict_id: int = link("verdict.id", "consequence of which verdict")
    obligation_id: int = link("obligation.id", "the SPO's duty to key it", unique=True)
    staff_code: str = column("who", foreign_key="staff_code.code", index=True)
    team_code: str = column("where", foreign_key="team.code")
    reduction_hours: Decimal = column("a week", max_digits=8, decimal_places=1)
    starts_on: date = column("from")
    ends_on: date = column("until")
    status: ReductionRequestStatus = choice(ReductionRequestStatus, "RULES 7")
    keyed_by: str | None = column("actor", default=None, max_length=80)
    keyed_at: datetime | None = column("when", default=None)
    confirmed_at: datetime | None = column("seen in WMT's figures", default=None)


class PlaceKept(SQLModel, table=True):
    """A place kept for an allocator for two working days, so that two never share the last one."""

    __tablename__ = "place_kept"

    id: int = key()
    person_id: int = link("person.id", "with whom")
    crn: str = column("for which case", max_length=12)
    points: int = column("points it will take")
    kept_by: str = column("actor", max_length=80)
    kept_at: datetime = column("when")
    expires_at: datetime = column("freed then")


class GateDecision(SQLModel, table=True):
    """Each answer of the gate, with its reasons and who overrode what."""

    __tablename__ = "gate_decision"

    id: int = key()
    person_id: int = link("person.id", "to whom")
    crn: str = column("which case", max_length=12)
    answer: GateAnswer = choice(GateAnswer, "RULES 5")
    reasons: list[dict[str, Any]] = document("reason codes and sentences")
    points_before: int = column("total points")
    points_after: int = column("with the case")
    asked_by: str = column("actor", max_length=80)
    override_by: str | None = column("head of PDU's name", default=None, max_length=160)
    override_reason: str | None = column("why", default=None, max_length=1000)
    at: datetime = column("when")


class Move(SQLModel, table=True):
    """A case proposed to another officer because of a cut; a Reallocation once handed over."""

    __tablename__ = "move"
    __table_args__ = (
        Index(
            "uq_move_open_case",
            "case_id",
            unique=True,
            postgresql_where=text("status IN ('proposed', 'level_confirmed', 'accepted')"),
        ),
        CheckConstraint("status <> 'handed_over' OR handover_recorded_at IS NOT NULL", name="handover_first"),
    )

    id: int = key()
    cut_id: int = link("cut.id", "because of which cut")
    verdict_id: int = link("verdict.id", "consequence of which verdict")
    case_id: int = link("case_record.id", "which case")
    from_staff_code: str = column("from", max_length=10)
    to_staff_code: str = column("to", foreign_key="staff_code.code", index=True)
    to_team_code: str = column("to", foreign_key="team.code")
    points: int = column("points that go with it")
    order_reason: str = column("why this case and this receiver", max_length=300)
    status: MoveStatus = choice(MoveStatus, "where it is")
    proposed_at: datetime = column("when")
    level_check_id: int | None = link(
        "check_record.id", "the SPO's own read of the level", nullable=True, default=None, unique=True
    )
    level_read_at: datetime | None = column("the SPO read the level again", default=None)
    handover_recorded_at: datetime | None = column("handover record", default=None)
    ended_at: datetime | None = column("handed over, declined or withdrawn", default=None)
    ended_reason: str | None = column("why", default=None, max_length=500)


class CaseloadReviewCase(SQLModel, table=True):
    """One case of the list an SPO reviews after a fail: the officer's other mediums and highs."""

    __tablename__ = "caseload_review_case"
    __table_args__ = (UniqueConstraint("verdict_id", "case_id"),)

    id: int = key()
    verdict_id: int = link("verdict.id", "consequence of which verdict")
    obligation_id: int = link("obligation.id", "the SPO's duty")
    case_id: int = link("case_record.id", "which case")
    rank: int = column("by flag, then by level and age of the assessment")
    outcome: str | None = column("agreed, corrected or sent for a read", default=None, max_length=40)
    reviewed_at: datetime | None = column("when", default=None)
