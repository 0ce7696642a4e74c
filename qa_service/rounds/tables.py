"""Rounds, the frame they draw from, and the checks that were drawn (with or without a round)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, document, key, link


class RoundStatus(StrEnum):
    """RULES 7."""

    PLANNED = "planned"
    OPEN = "open"
    SEEDED = "seeded"
    DRAWN = "drawn"
    IN_REVIEW = "in_review"
    PAUSED = "paused"
    CLOSED = "closed"


class RoundKind(StrEnum):
    """RULES 7."""

    SPOT_CHECK = "spot_check"
    SWEEP = "sweep"


class CheckStatus(StrEnum):
    """RULES 7."""

    DRAWN = "drawn"
    ASSIGNED = "assigned"
    OPENED = "opened"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SECOND_READ = "second_read"
    IN_MODERATION = "in_moderation"
    FINAL = "final"
    SUBSTITUTED = "substituted"
    VOID = "void"


class CheckPurpose(StrEnum):
    """Why a check exists, apart from its arm (RULES 7)."""

    LIVE = "live"
    GOLD = "gold"
    CALIBRATION = "calibration"


class Arm(StrEnum):
    """How a check came to be drawn (RULES 7); only random and follow_up can lead to a cut (RULES 2)."""

    RANDOM = "random"
    TARGETED = "targeted"
    FOLLOW_UP = "follow_up"
    SWEEP = "sweep"
    CASELOAD_REVIEW = "caseload_review"
    SELF_REFERRAL = "self_referral"
    APPEAL = "appeal"


class FollowUpCause(StrEnum):
    """Why a follow-up was drawn (RULES 7)."""

    AFTER_RECHECK = "after_recheck"
    BEFORE_RESTORE = "before_restore"


class Round(SQLModel, table=True):
    """One scheduled wave of checks for an area and a window."""

    __tablename__ = "round"
    __table_args__ = (CheckConstraint("window_to_on > window_from_on", name="window_runs_forward"),)

    id: int = key()
    reference: str = column("public name, e.g. N07-2026H2", unique=True, max_length=40)
    kind: RoundKind = choice(RoundKind, "kind of round")
    area_kind: str = column("region, pdu or national", max_length=10)
    area_code: str = column("code of the area; E&W for national", max_length=10)
    cadence: str = column("annual or six_monthly", max_length=20)
    window_from_on: date = column("first day of the window")
    window_to_on: date = column("last day of the window")
    status: RoundStatus = choice(RoundStatus, "where it is", index=True)
    status_reason: str | None = column("why it was paused or closed", default=None, max_length=500)
    rubric_version: str = column("rubric that scores it", max_length=20)
    policy_version: str = column("policy that decides it", max_length=20)
    design: dict[str, Any] = document("sampling design: arms, k per officer, strata, budgets")
    forecast: dict[str, Any] = document(
        "reviewer hours, fails, cuts, cases that will not fit; with intervals", default={}
    )
    planned_by: str = column("actor", max_length=80)
    planned_at: datetime = column("when")
    frame_digest: str | None = column(
        "SHA-256 of the frozen frame, published before the seed", default=None, max_length=64
    )
    frame_frozen_at: datetime | None = column("when the frame was frozen", default=None)
    commitment_digest: str | None = column(
        "SHA-256 of frame, design and seed plan together, published", default=None, max_length=64
    )
    excluded_officers: list[list[str]] = document("[officer pseudonym, reason] as in the frame", default=[])
    substitutions: list[list[str]] = document("[arm, spoiled pseudonym, reason] in order", default=[])
    seed_plan: dict[str, Any] | None = document(
        "how the seed will be made, said before", default=None, nullable=True
    )
    seed: dict[str, Any] | None = document(
        "public seed with its parts and witnesses", default=None, nullable=True
    )
    seeded_at: datetime | None = column("when the seed was recorded", default=None)
    drawn_at: datetime | None = column("when the draw was made", default=None)
    transcript_digest: str | None = column("SHA-256 of the published transcript", default=None, max_length=64)
    closed_at: datetime | None = column("when it was closed", default=None)


class RoundUnit(SQLModel, table=True):
    """A case in the frozen frame, under its random pseudonym for this round."""

    __tablename__ = "round_unit"
    __table_args__ = (
        UniqueConstraint("round_id", "case_id"),
        UniqueConstraint("round_id", "pseudonym"),
        Index("ix_round_unit_cool_off", "round_id", postgresql_where=text("stratum = 'cool_off'")),
        CheckConstraint("inclusion_probability >= 0 AND inclusion_probability <= 1", name="probability"),
    )

    id: int = key()
    round_id: int = link("round.id", "which round")
    person_id: int = link("person.id", "the officer due")
    case_id: int = link("case_record.id", "the case", index=False)
    assessment_id: int = link("assessment.id", "the assessment that would be checked", index=False)
    staff_code: str = column("staff code that held the case", max_length=10)
    team_code: str = column("team at the freeze", max_length=10)
    pdu_code: str = column("PDU at the freeze", max_length=10)
    pseudonym: str = column("random, for this round only", max_length=20)
    officer_pseudonym: str = column("random, for this round only", max_length=20)
    stratum: str = column("stratum of the design", max_length=60)
    score_rate: float | None = column("flag's score at the freeze, if the design uses it", default=None)
    inclusion_probability: float | None = column("chance of being drawn, any arm", default=None)


class RoundExclusion(SQLModel, table=True):
    """Somebody or something not in the frame, and why: nobody due is ever silently missed."""

    __tablename__ = "round_exclusion"

    id: int = key()
    round_id: int = link("round.id", "which round")
    person_id: int = link("person.id", "which officer")
    case_id: int | None = link(
        "case_record.id", "which case; empty: the officer", nullable=True, default=None
    )
    reason: str = column("reason code of sampling", max_length=60)
    detail: str = column("in words", max_length=300)


class Check(SQLModel, table=True):
    """One case to be quality-checked: pins its assessment and its case pack; may have no round."""

    __tablename__ = "check_record"
    __table_args__ = (
        Index(
            "uq_check_record_round_case",
            "round_id",
            "case_id",
            unique=True,
            postgresql_where=text("round_id IS NOT NULL"),
        ),
        Index("ix_check_record_pdu_status", "drawn_pdu_code", "status"),
        CheckConstraint(
            "round_id IS NOT NULL OR arm NOT IN ('random', 'targeted', 'sweep')", name="drawn_in_a_round"
        ),
        CheckConstraint("(cause IS NOT NULL) = (arm = 'follow_up')", name="follow_up_has_a_cause"),
    )

    id: int = key()
    reference: str = column("random, shown to readers", unique=True, max_length=20)
    round_id: int | None = link("round.id", "the round, if any", nullable=True, default=None)
    purpose: CheckPurpose = choice(CheckPurpose, "live, gold or calibration", default=CheckPurpose.LIVE)
    arm: Arm = choice(Arm, "how it came to be drawn")
    cause: FollowUpCause | None = choice(FollowUpCause, "of a follow-up", default=None)
    causing_check_id: int | None = link(
        "check_record.id", "check whose verdict called for it", nullable=True, default=None
    )
    status: CheckStatus = choice(CheckStatus, "where it is", index=True)
    case_id: int = link("case_record.id", "the case")
    assessment_id: int = link("assessment.id", "the assessment that is checked")
    person_id: int = link("person.id", "the officer it was drawn for")
    staff_code: str = column("at the draw", max_length=10)
    team_code: str = column("at the draw", max_length=10)
    drawn_pdu_code: str = column("for rates: PDU at the draw", max_length=10)
    drawn_region_code: str = column("for rates: region at the draw", max_length=10)
    ticket: str | None = column("SHA-256 ticket", default=None, max_length=64)
    ticket_rank: int | None = column("place in the officer's order, 1 first", default=None)
    inclusion_probability: float | None = column("chance of being drawn", default=None)
    rubric_version: str = column("rubric that scores it", max_length=20)
    policy_version: str = column("policy that decides it", max_length=20)
    drawn_at: datetime = column("when; the case pack is frozen then")
    pack_through_item_id: int = column("last case-pack item a reader may see", sa_type=BigInteger)
    case_facts: dict[str, Any] | None = document(
        "the case as it stood at the draw; the database pins it", default=None, nullable=False
    )
    workload_points: int | None = column("officer's total points at the assessment", default=None)
    available_points: int | None = column("officer's available points at the assessment", default=None)
    is_urgent: bool = column("urgent clocks apply", default=False)
    replaced_by_id: int | None = link(
        "check_record.id", "reserve that took its place", nullable=True, default=None
    )
    status_reason: str | None = column("why substituted or void", default=None, max_length=500)
    final_at: datetime | None = column("when its verdict was given", default=None)
    copied_text_rate: float | None = column(
        "share of its words carried over from the assessment before; empty without one", default=None
    )
