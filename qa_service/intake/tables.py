"""What was loaded, what was refused and why, and what did not fit together."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from qa_service.core.columns import choice, column, key, link


class RunStatus(StrEnum):
    """How a load ended; one killed half-way leaves nothing."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class IntakeRun(SQLModel, table=True):
    """One file (or folder of tables) that was offered."""

    __tablename__ = "intake_run"
    __table_args__ = (
        # A file with refused rows may be offered again once what they lacked is there.
        Index(
            "uq_intake_run_loaded",
            "content_digest",
            unique=True,
            postgresql_where=text("status = 'loaded' AND n_refused = 0"),
        ),
    )

    id: int = key()
    source_name: str = column("name of the file or folder", max_length=200)
    content_digest: str = column("SHA-256 of the content", max_length=64)
    format_name: str = column("recognised format", max_length=60)
    status: RunStatus = choice(RunStatus, "how it ended")
    n_accepted: int = column("rows loaded or already known")
    n_changed: int = column("rows that changed something")
    n_refused: int = column("rows refused")
    loaded_by: str = column("actor", max_length=80)
    loaded_at: datetime = column("when")


class IntakeRefusal(SQLModel, table=True):
    """A row that could not be loaded: where it is, why, and what to do."""

    __tablename__ = "intake_refusal"

    id: int = key()
    run_id: int = link("intake_run.id", "which load")
    file_name: str = column("file", max_length=200)
    place: str = column("sheet or JSON path", max_length=300)
    row_number: int | None = column("row, as the person sees it in the file", default=None)
    column_name: str | None = column("column or field", default=None, max_length=120)
    reason: str = column("what is wrong", max_length=500)
    next_step: str = column("what to do", max_length=500)


class DataQualityFinding(SQLModel, table=True):
    """Two sources, or two parts of one, that disagree; the row was loaded."""

    __tablename__ = "data_quality_finding"

    id: int = key()
    run_id: int = link("intake_run.id", "which load")
    case_id: int | None = link("case_record.id", "about whom", nullable=True, default=None)
    assessment_id: int | None = link("assessment.id", "in which assessment", nullable=True, default=None)
    kind: str = column("overall_differs, register_differs, duplicate_group ...", max_length=60, index=True)
    detail: str = column("what disagrees with what", max_length=500)
