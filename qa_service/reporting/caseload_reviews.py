"""The list an SPO goes through after a fail: the officer's other mediums and highs (RULES 4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import CRN_OF, list_rows


@dataclass(frozen=True)
class ReviewCase:
    """One case of the list, in the order given, with the score that it was ordered by as it is now.

    A case that whoever asks reads at this moment has neither score nor level: a reader learns the level at
    stage 3 and the flag at stage 4, not before.
    """

    id: int
    rank: int
    crn: str | None
    name: str
    level: str | None
    assessed_at: datetime | None
    outcome: str | None
    reviewed_at: datetime | None
    score_rate: float | None
    target: str | None
    reasons: list[dict[str, Any]]
    knows_what_came_since: bool
    waits_for_score: bool


_CASES = text(
    f"""
    SELECT r.id, r.rank, {CRN_OF.format(case="r.case_id")}, c.name, scored.level, a.assessed_at, r.outcome,
      r.reviewed_at, coalesce(n.score_rate, f.score_rate) AS score_rate,
      coalesce(n.target, f.target) AS target,
      coalesce(n.reasons, f.reasons, '[]') AS reasons, n.id IS NOT NULL AS knows_what_came_since,
      scored.id IS NOT NULL AND NOT EXISTS (SELECT FROM approved_flag g WHERE g.assessment_id = scored.id)
        AS waits_for_score
    FROM caseload_review_case r JOIN case_record c ON c.id = r.case_id
    LEFT JOIN LATERAL (
      SELECT s.id, s.overall_derived AS level, s.completed_at AS assessed_at FROM assessment s
      WHERE s.case_id = r.case_id AND s.completed_at IS NOT NULL
      ORDER BY s.completed_at DESC, s.id DESC LIMIT 1
    ) a ON true
    LEFT JOIN LATERAL (
      SELECT a.id, a.level WHERE NOT EXISTS (SELECT FROM check_record mine WHERE mine.case_id = r.case_id
                                    AND mine.id::text = ANY (scope_list('app.reading')))
    ) scored ON true
    LEFT JOIN approved_review_now n ON n.assessment_id = scored.id
    LEFT JOIN approved_flag f ON f.assessment_id = scored.id AND f.target NOT IN ('none', 'unscored')
    WHERE r.obligation_id = :duty ORDER BY r.rank
    """  # noqa: S608 - constants only
)


def cases_to_review(session: Session, duty_id: int) -> list[ReviewCase]:
    """List the cases of one review in their order; a case out of scope is left out."""
    return list_rows(session, _CASES, {"duty": duty_id}, ReviewCase)
