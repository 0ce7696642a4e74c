"""What a fail's verdict brought: the cut with its figures, the moves, what is left without a place."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class Consequences:
    """The cut decision of a check's fail, and its overflow as it stands."""

    cut_decision: str
    reason: str
    own_available_points: int | None
    cap_points: int | None
    carried_points: int | None
    starts_on: date | None
    ends_on: date | None
    n_moves: int
    n_unplaced: int
    points_left: int
    escalated_to: str | None


_CONSEQUENCES = text(
    """
    SELECT d.decision AS cut_decision, d.reason, c.own_available_points, c.cap_points,
      c.points_at_decision AS carried_points, c.starts_on, c.ends_on,
      (SELECT count(*) FROM move m WHERE m.verdict_id = v.id) AS n_moves,
      count(i.id) FILTER (WHERE i.kind = 'case') AS n_unplaced,
      coalesce(sum(i.points) FILTER (WHERE i.kind = 'points'), 0) AS points_left,
      max(p.title) AS escalated_to
    FROM verdict v JOIN cut_decision d ON d.verdict_id = v.id LEFT JOIN cut c ON c.id = d.cut_id
      LEFT JOIN escalation e ON e.cut_id = c.id
      LEFT JOIN obligation o ON o.id = e.obligation_id LEFT JOIN post p ON p.id = o.owner_post_id
      LEFT JOIN escalation_item i ON i.escalation_id = e.id AND i.status = 'open'
    WHERE v.check_id = :check
    GROUP BY v.id, d.id, c.id ORDER BY v.id DESC LIMIT 1
    """
)


def consequences_of(session: Session, check_id: int) -> Consequences | None:
    """Return what the latest fail of a check brought; None when it did not fail."""
    return next(iter(list_rows(session, _CONSEQUENCES, {"check": check_id}, Consequences)), None)
