"""What an officer gets to see after a verdict, and when."""

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from qa_service.core.columns import column, document, key, link


class Feedback(SQLModel, table=True):
    """Recorded with the verdict; shown after the SPO's conversation, or when that is overdue."""

    __tablename__ = "feedback"

    id: int = key()
    reference: str = column("random, in addresses", unique=True, max_length=20)
    verdict_id: int = link("verdict.id", "consequence of which verdict", unique=True)
    check_id: int = link("check_record.id", "about which check")
    person_id: int = link("person.id", "for whom")
    content: dict[str, Any] = document("outcome in words, what was good, what to change, evidence, causes")
    recorded_at: datetime = column("when")
    show_by_at: datetime = column("shown then at the latest")
    conversation_at: datetime | None = column("when the SPO spoke with the officer", default=None)
    conversation_by: str | None = column("actor", default=None, max_length=80)
    shown_at: datetime | None = column("when the officer could first see it", default=None)
    acknowledged_at: datetime | None = column("read on", default=None)
