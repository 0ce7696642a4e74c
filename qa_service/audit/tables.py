"""The append-only, hash-linked log: the chain holds ids and salted digests, the words lie apart.

Erasing a payload (RULES: erase) leaves the chain intact. Rows are written only by the database function
`audit_append` (migrations/sql/audit.sql), which locks the head row last in the transaction.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import SQLModel

from qa_service.core.columns import column, document


class AuditEvent(SQLModel, table=True):
    """One link of the chain: who did what to what, when."""

    __tablename__ = "audit_event"

    seq: int = column("place in the chain, without gaps", primary_key=True, sa_type=BigInteger)
    at: datetime = column("when")
    actor: str = column("user:ID, job:NAME or cli", max_length=80, index=True)
    tag: str = column("source:subject:action", max_length=80, index=True)
    subjects: dict[str, Any] = document("kind of thing -> its id")
    payload_digest: str = column("SHA-256 of salt and payload", max_length=64)
    previous_hash: str = column("hash of the link before", max_length=64)
    hash: str = column("SHA-256 over everything above", max_length=64)


class AuditPayload(SQLModel, table=True):
    """What was decided or changed, in words and figures; may be erased without breaking the chain."""

    __tablename__ = "audit_payload"

    seq: int = column(
        "link it belongs to", primary_key=True, sa_type=BigInteger, foreign_key="audit_event.seq"
    )
    salt: str = column("random, so that a digest cannot be guessed", max_length=64)
    payload: dict[str, Any] = document("the event's details")


class AuditHead(SQLModel, table=True):
    """The end of the chain; anchored outside every day."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = column("always 1", primary_key=True)
    seq: int = column("last link", sa_type=BigInteger)
    hash: str = column("its hash", max_length=64)
