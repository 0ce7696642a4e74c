"""Failing checks in one's area: the verdict that stands, its one cut decision, and what is still open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import NotFound
from qa_service.reporting.reach import OFFICER_IN_REACH, Reach, reach_of
from qa_service.reporting.rows import CRN_OF, list_rows


@dataclass(frozen=True)
class FailRow:
    """A confirmed fail with its cut decision."""

    verdict_id: int
    check_id: int
    reference: str
    person_id: int
    officer: str
    crn: str | None
    team: str
    pdu: str
    arm: str
    severity: str
    is_urgent: bool
    assessed_overall: str
    reviewed_overall: str | None
    attribution: str
    drawn_at: datetime
    decided_at: datetime
    decision: str | None
    decision_reason: str | None
    reasons: list[str] | None
    cut_id: int | None
    cut_status: str | None
    n_open_duties: int

    @property
    def is_open(self) -> bool:
        """Tell whether anything that the fail began still runs."""
        return self.n_open_duties > 0 or self.cut_status in {"scheduled", "active"}

    def n_days_open(self, at: datetime) -> int:
        """Return the days since the verdict."""
        return (day_of(at) - day_of(self.decided_at)).days


_FAILS = f"""
    SELECT v.id AS verdict_id, k.id AS check_id, k.reference, k.person_id, x.name AS officer,
      {CRN_OF.format(case="k.case_id")},
      t.name AS team, u.name AS pdu, k.arm, v.severity, v.is_urgent, v.assessed_overall, v.reviewed_overall,
      v.attribution, k.drawn_at, v.decided_at, d.decision, d.reason AS decision_reason,
      d.working -> 'reasons' AS reasons, c.id AS cut_id, c.status AS cut_status,
      (SELECT count(*) FROM obligation o WHERE (o.verdict_id = v.id OR o.check_id = k.id)
        AND o.closed_at IS NULL) AS n_open_duties
    FROM verdict v JOIN check_record k ON k.id = v.check_id JOIN person x ON x.id = k.person_id
    JOIN team t ON t.code = k.team_code JOIN pdu u ON u.code = k.drawn_pdu_code
    LEFT JOIN cut_decision d ON d.verdict_id = v.id LEFT JOIN cut c ON c.id = d.cut_id
    WHERE v.verdict = 'fail' AND k.purpose = 'live'
      AND NOT EXISTS (SELECT FROM verdict later WHERE later.supersedes_id = v.id)
      AND (k.drawn_pdu_code = ANY(:pdus) OR k.team_code = ANY(:teams)
           OR {OFFICER_IN_REACH.format(person="k.person_id")})
"""  # noqa: S608 - constants only
_LIST = text(f"{_FAILS} ORDER BY v.decided_at, v.id")
_ONE = text(f"{_FAILS} AND k.reference = :reference")


def fails_in_reach(session: Session, reach: Reach, at: datetime) -> list[FailRow]:
    """List the confirmed fails of somebody's areas, the oldest first."""
    return list_rows(session, _LIST, reach.values(day_of(at)), FailRow)


def find_fail(session: Session, user: CurrentUser, reference: str, at: datetime) -> FailRow:
    """Return a confirmed fail of one's own area; any other does not exist."""
    values = {**reach_of(session, user).values(day_of(at)), "reference": reference}
    found = list_rows(session, _ONE, values, FailRow)
    if not found:
        raise NotFound("There is no such failing check here.", next_step="Start again from the list.")
    return found[0]
