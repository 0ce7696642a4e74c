"""What the classifier asks to be looked at, and which artefact asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from qa_service.core.columns import column, document, key, link


class Flag(SQLModel, table=True):
    """A score of one assessment: a request to look, not a verdict and not a prediction of harm."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("assessment_id", "artefact_digest"),
        CheckConstraint("score_rate >= 0 AND score_rate <= 1", name="score_is_a_rate"),
    )

    id: int | None = key()
    assessment_id: int = link("assessment.id", "which assessment")
    artefact_digest: str = column("SHA-256 of the artefact that scored it", max_length=64, index=True)
    score_rate: float = column("estimated chance that the level should be higher")
    is_flagged: bool = column("above the threshold in force")
    reasons: list[dict[str, Any]] = document("exact contributions in plain sentences")
    scored_at: datetime = column("when")
