"""SQL of the outbox."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from qa_service.outbox.tables import OutboxEvent


def insert_once(session: Session, values: dict[str, Any]) -> bool:
    """Insert an event unless one with its key is there; return whether it was inserted."""
    statement = insert(OutboxEvent).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    return session.connection().execute(statement.returning(OutboxEvent.__table__.c.id)).first() is not None  # type: ignore[attr-defined] # SQLModel hides the table
