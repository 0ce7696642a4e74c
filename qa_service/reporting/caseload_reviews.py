"""The list an SPO goes through after a fail: the officer's other mediums and highs (RULES 4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import CRN_OF, list_rows


@dataclass(frozen=True)
class ReviewCase:
    """One case of the list, in the order given."""

    id: int
    rank: int
    crn: str | None
    name: str
    level: str | None
    assessed_at: datetime | None
    outcome: str | None
    reviewed_at: datetime | None


_CASES = text(
    f"""
    SELECT r.id, r.rank, {CRN_OF.format(case="r.case_id")}, c.name, a.level, a.assessed_at, r.outcome,
      r.reviewed_at
    FROM caseload_review_case r JOIN case_record c ON c.id = r.case_id
    LEFT JOIN LATERAL (
      SELECT s.overall_derived AS level, s.completed_at AS assessed_at FROM assessment s
      WHERE s.case_id = r.case_id AND s.completed_at IS NOT NULL
      ORDER BY s.completed_at DESC, s.id DESC LIMIT 1
    ) a ON true
    WHERE r.obligation_id = :duty ORDER BY r.rank
    """  # noqa: S608 - constants only
)


def cases_to_review(session: Session, duty_id: int) -> list[ReviewCase]:
    """List the cases of one review in their order; a case out of scope is left out."""
    return list_rows(session, _CASES, {"duty": duty_id}, ReviewCase)
