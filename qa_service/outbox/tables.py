"""Events that others will be told of, written in the transaction that caused them."""

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from qa_service.core.columns import column, document, key


class OutboxEvent(SQLModel, table=True):
    """One event to send (FORMATS 11 C): ids only, never a finding."""

    __tablename__ = "outbox_event"

    id: int = key()
    event_type: str = column("rosh-qa.SUBJECT.ACTION", max_length=80, index=True)
    occurred_at: datetime = column("when it became true")
    body: dict[str, Any] = document("the event as it will be sent")
    idempotency_key: str = column("receivers drop a second copy", unique=True, max_length=120)
    sent_at: datetime | None = column("when it was accepted", default=None)
