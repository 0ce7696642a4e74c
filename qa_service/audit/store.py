"""SQL of the audit log: appending through the database function, verifying the chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

_APPEND = text("SELECT audit_append(:at, :actor, :tag, :subjects, :salt, :payload)").bindparams(
    bindparam("subjects", type_=JSONB), bindparam("payload", type_=JSONB)
)

_FAULTS = text(
    """
    WITH link AS (
      SELECT e.*, lag(e.seq, 1, 0::bigint) OVER (ORDER BY e.seq) AS seq_before,
             lag(e.hash, 1, repeat('0', 64)) OVER (ORDER BY e.seq) AS hash_before,
             p.salt, p.payload
      FROM audit_event e LEFT JOIN audit_payload p USING (seq)
    )
    SELECT seq, CASE
        WHEN seq <> seq_before + 1 THEN 'a link before this one is missing'
        WHEN previous_hash <> hash_before THEN 'does not follow the link before it'
        WHEN hash <> audit_link_hash(previous_hash, seq, at, actor, tag, subjects, payload_digest)
          THEN 'was changed after it was written'
        ELSE 'its payload was changed after it was written'
      END AS fault
    FROM link
    WHERE seq <> seq_before + 1 OR previous_hash <> hash_before
       OR hash <> audit_link_hash(previous_hash, seq, at, actor, tag, subjects, payload_digest)
       OR (payload IS NOT NULL AND audit_payload_hash(salt, payload) <> payload_digest)
    ORDER BY seq LIMIT 100
    """
)


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    tag: str,
    subjects: Mapping[str, Any],
    salt: str,
    payload: Mapping[str, Any],
) -> int:
    """Append one link and return its number."""
    values = {
        "at": at,
        "actor": actor,
        "tag": tag,
        "subjects": dict(subjects),
        "salt": salt,
        "payload": dict(payload),
    }
    return int(session.connection().execute(_APPEND, values).scalar_one())


def list_faults(session: Session) -> list[tuple[int, str]]:
    """List (link, what is wrong with it), the first hundred."""
    return [(int(row.seq), str(row.fault)) for row in session.connection().execute(_FAULTS)]


def find_head(session: Session) -> tuple[int, str]:
    """Return the head row: number and hash of the last link."""
    row = session.connection().execute(text("SELECT seq, hash FROM audit_head")).one()
    return int(row.seq), str(row.hash)


def find_last(session: Session) -> tuple[int, str]:
    """Return number and hash of the last link that is there."""
    row = (
        session.connection()
        .execute(text("SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1"))
        .one_or_none()
    )
    return (0, "0" * 64) if row is None else (int(row.seq), str(row.hash))


def has_link(session: Session, seq: int, link_hash: str) -> bool:
    """Return whether a link with this number and hash is in the log."""
    row = session.connection().execute(
        text("SELECT 1 FROM audit_event WHERE seq = :seq AND hash = :hash"), {"seq": seq, "hash": link_hash}
    )
    return row.one_or_none() is not None


def find_last_at(session: Session) -> datetime | None:
    """Return when the last link was written."""
    last: datetime | None = session.connection().execute(text("SELECT max(at) FROM audit_event")).scalar_one()
    return last
