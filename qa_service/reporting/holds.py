"""The holds that are active in an area: whom they stop, because of which check, and until when (RULES 4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class HoldRow:
    """One active hold, with who renewed it last."""

    id: int
    officer: str
    check: str
    policy_version: str
    placed_at: datetime
    expires_at: datetime
    renewed_by: str | None


# Nobody learns from this list that a check they read themselves is a would-be fail.
_ACTIVE = text(
    """
    SELECT h.id, p.name AS officer, c.reference AS "check", c.policy_version, h.placed_at, h.expires_at,
      (SELECT u.display_name FROM user_account u WHERE 'user:' || u.id = h.renewed_by) AS renewed_by
    FROM hold h JOIN person p ON p.id = h.person_id JOIN check_record c ON c.id = h.check_id
    WHERE h.status = 'active'
      AND (CAST(:regions AS text[]) IS NULL OR c.drawn_region_code = ANY(:regions))
      AND NOT EXISTS (SELECT FROM review r WHERE r.check_id = c.id AND r.reader_id = :user_id)
    ORDER BY h.expires_at, h.id
    """
)


def active_holds(session: Session, *, regions: Collection[str] | None, user_id: int) -> list[HoldRow]:
    """List the active holds of some regions (None: all), the one that ends first at the top."""
    values = {"regions": None if regions is None else sorted(regions), "user_id": user_id}
    return list_rows(session, _ACTIVE, values, HoldRow)
