"""Rounds that took in a team's cases: after one closes, its SPO sees what was flagged and not drawn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class RoundOverTeams:
    """A round whose area takes in some teams, once it was drawn."""

    reference: str
    is_closed: bool
    drawn_at: datetime
    closed_at: datetime | None


_OVER_TEAMS = text(
    """
    SELECT r.reference, r.status = 'closed' AS is_closed, r.drawn_at, r.closed_at FROM round r
    WHERE r.drawn_at IS NOT NULL AND EXISTS (
      SELECT 1 FROM team t JOIN pdu p ON p.code = t.pdu_code
      WHERE t.code = ANY(:teams) AND (r.area_kind = 'national'
        OR (r.area_kind = 'region' AND r.area_code = p.region_code)
        OR (r.area_kind = 'pdu' AND r.area_code = p.code)))
    ORDER BY r.drawn_at DESC, r.id DESC
    """
)


def rounds_over_teams(session: Session, teams: Collection[str]) -> list[RoundOverTeams]:
    """List the rounds that were drawn over some teams, the latest first."""
    return list_rows(session, _OVER_TEAMS, {"teams": list(teams)}, RoundOverTeams)
