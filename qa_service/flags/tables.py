"""What the classifier asks to be looked at, which artefact asked, and who approved that artefact."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, document, key, link


class ArtefactStatus(StrEnum):
    """A trained classifier's standing; only the approved one's flags are ever used."""

    CANDIDATE = "candidate"
    # Approved by name; in force as soon as nothing in use lacks its score.
    WAITING = "waiting"
    APPROVED = "approved"
    RETIRED = "retired"


# What a lead approved and nobody has put out of force: the one in force, and what waits to be.
STANDING = frozenset({ArtefactStatus.WAITING, ArtefactStatus.APPROVED})
# Before anything was ever scored: whatever has a score has one since then.
EVER = datetime(2000, 1, 1, tzinfo=UTC)


class ScorePurpose(StrEnum):
    """What a classifier's scores are for; as `models.columns.Purpose`, which web processes do not load."""

    FLAG = "flag"
    REVIEW_NOW = "review_now"


class FlagArtefact(SQLModel, table=True):
    """One trained classifier. Its file lies here because several machines share it."""

    __tablename__ = "flag_artefact"
    __table_args__ = (
        Index(
            "uq_flag_artefact_approved", "purpose", unique=True, postgresql_where=text("status = 'approved'")
        ),
        CheckConstraint(
            "status = 'candidate' OR (approved_by_id IS NOT NULL AND approved_at IS NOT NULL"
            " AND approval_reason IS NOT NULL)",
            name="approved_by_name",
        ),
    )

    digest: str = column("SHA-256 of its content", primary_key=True, max_length=64)
    purpose: ScorePurpose = choice(
        ScorePurpose,
        "what its scores are for; of each purpose one is in force",
        default=ScorePurpose.FLAG,
    )
    status: ArtefactStatus = choice(ArtefactStatus, "standing", default=ArtefactStatus.CANDIDATE)
    content: str = column("the artefact's file, checked against the digest when it is loaded")
    evaluation: dict[str, Any] = document("its figures: flags.rules.Evaluation")
    card: str = column("the model card, markdown")
    provenance: dict[str, Any] = document("fingerprint of the training data, seed of the intervals, versions")
    trained_at: datetime = column("when")
    trained_by: str = column("actor", max_length=80)
    approved_by_id: int | None = link(
        "user_account.id", "who approved it", nullable=True, default=None, index=False
    )
    approved_at: datetime | None = column("when", default=None)
    approval_reason: str | None = column("why, in their words", default=None, max_length=1000)
    retired_at: datetime | None = column("when another took its place, or it was withdrawn", default=None)


class Flag(SQLModel, table=True):
    """A score of one assessment: a request to look, not a verdict and not a prediction of harm."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("assessment_id", "artefact_digest"),
        CheckConstraint("score_rate >= 0 AND score_rate <= 1", name="score_is_a_rate"),
    )

    id: int = key()
    assessment_id: int = link("assessment.id", "which assessment")
    artefact_digest: str = column(
        "the artefact that scored it", foreign_key="flag_artefact.digest", max_length=64, index=True
    )
    target: str = column(
        "the level in doubt: overall, or a group where the overall is high; none or unscored without a score",
        max_length=20,
    )
    score_rate: float = column("estimated chance that this level should be high")
    is_flagged: bool = column("above the threshold in force")
    reasons: list[dict[str, Any]] = document(
        "exact contributions in plain sentences; of an unscored one, why"
    )
    scored_at: datetime = column("when")


class FlagScoring(SQLModel, table=True):
    """One run of scoring, and how the cases in use then fell into the bins of the training: what changed."""

    __tablename__ = "flag_scoring"

    id: int = key()
    artefact_digest: str = column(
        "the artefact it scored with", foreign_key="flag_artefact.digest", max_length=64, index=True
    )
    scored_at: datetime = column("when")
    n_scored: int = column("assessments scored")
    bin_counts: dict[str, list[int]] = document(
        "of each feature: measured assessments in each bin of the training"
    )
    n_measured: int = column(
        "assessments the drift rests on, spread over all in use of the levels trained on; nought: too few"
    )
    drift: list[dict[str, Any]] = document("the most changed features: feature, index, reading")
