"""What checks found in a team, as events: never a rate, because a team has too few checks to compare.

Whoever asks sees the checks of the cases that they may see, and no others, in lists and in counts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import Area, AreaLevel, AreaTree
from qa_service.reporting.rates import window_start
from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class TeamCount:
    """A team and how many final checks of its officers came to what, in twelve months."""

    code: str
    name: str
    pdu_code: str
    n_final: int
    n_fails: int
    n_rechecks: int


@dataclass(frozen=True)
class TeamEvent:
    """One final check of an officer of the team; the officer's results are never added up."""

    reference: str
    officer: str
    arm: str
    verdict: str
    severity: str
    decided_at: datetime


_TEAMS = text(
    """
    SELECT t.code, t.name, t.pdu_code, count(v.id) AS n_final,
           count(v.id) FILTER (WHERE v.verdict = 'fail') AS n_fails,
           count(v.id) FILTER (WHERE v.verdict = 'recheck') AS n_rechecks
    FROM team t
    LEFT JOIN check_record k ON k.team_code = t.code AND k.drawn_pdu_code = ANY(:pdus)
      AND k.purpose = 'live' AND k.status = 'final'
    LEFT JOIN verdict v ON v.check_id = k.id AND v.decided_at >= :since AND v.decided_at <= :at
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    WHERE t.pdu_code = ANY(:pdus) AND (CAST(:team AS text) IS NULL OR t.code = :team)
    GROUP BY t.code, t.name, t.pdu_code ORDER BY t.name, t.code
    """
)
_EVENTS = text(
    """
    SELECT k.reference, p.name AS officer, k.arm, v.verdict, v.severity, v.decided_at
    FROM check_record k JOIN verdict v ON v.check_id = k.id
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    JOIN person p ON p.id = k.person_id
    WHERE k.team_code = :team AND k.drawn_pdu_code = ANY(:pdus) AND k.purpose = 'live' AND k.status = 'final'
      AND v.decided_at >= :since AND v.decided_at <= :at
    ORDER BY v.decided_at DESC, v.id DESC
    """
)


def teams_of(
    session: Session,
    tree: AreaTree,
    area: Area,
    *,
    at: datetime,
    policy: RatePolicy,
    team: str | None = None,
) -> list[TeamCount]:
    """List the teams of a PDU, or one of them, in order of name."""
    return list_rows(session, _TEAMS, _values(tree, area, at, policy, team), TeamCount)


def events_of_team(
    session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: RatePolicy, team: str
) -> list[TeamEvent]:
    """List the final checks that a team of a PDU is counted with, the latest first."""
    return list_rows(session, _EVENTS, _values(tree, area, at, policy, team), TeamEvent)


def _values(
    tree: AreaTree, area: Area, at: datetime, policy: RatePolicy, team: str | None
) -> dict[str, object]:
    since = window_start(AreaLevel.REGION, at, policy)
    return {"pdus": tree.drawn_codes(area), "since": since, "at": at, "team": team}
