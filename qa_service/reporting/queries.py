"""SQL of the read-only views. A verdict that was superseded counts for nothing; its successor counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session


@dataclass(frozen=True)
class FinalCheck:
    """One final check of the random arm, as the rates need it; where it was drawn, not where it is now."""

    pdu_code: str
    region_code: str
    person_id: int
    verdict: str
    severity: str
    assessed_overall: str
    reviewed_overall: str | None
    is_underclassified: bool
    is_overclassified: bool
    inclusion_probability: float


_FINAL_CHECKS = text(
    """
    SELECT k.drawn_pdu_code AS pdu_code, k.drawn_region_code AS region_code, k.person_id, v.verdict,
           v.severity,
           v.assessed_overall, v.reviewed_overall, v.is_underclassified, v.is_overclassified,
           k.inclusion_probability
    FROM check_record k
    JOIN verdict v ON v.check_id = k.id
    WHERE k.arm = 'random' AND k.purpose = 'live' AND k.status = 'final'
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
      AND v.decided_at >= :since
      AND (CAST(:pdus AS text[]) IS NULL OR k.drawn_pdu_code = ANY(CAST(:pdus AS text[])))
    """
)

_COVERAGE = text(
    """
    SELECT k.drawn_pdu_code AS pdu_code, count(DISTINCT k.person_id) AS n_drawn,
           count(DISTINCT k.person_id) FILTER (WHERE k.status = 'final') AS n_checked
    FROM check_record k
    WHERE k.arm = 'random' AND k.purpose = 'live' AND k.status NOT IN ('substituted', 'void')
      AND k.drawn_at >= :since
    GROUP BY k.drawn_pdu_code
    """
)


def list_final_checks(
    session: Session, since: datetime, pdus: Collection[str] | None = None
) -> list[FinalCheck]:
    """List the final checks of the random arm since a moment, of some PDUs or of all."""
    values = {"since": since, "pdus": None if pdus is None else list(pdus)}
    return [FinalCheck(**row._mapping) for row in session.connection().execute(_FINAL_CHECKS, values)]  # noqa: SLF001 - SQLAlchemy's documented row mapping


def list_coverage(session: Session, since: datetime) -> dict[str, tuple[int, int]]:
    """Map PDUs to (officers drawn, officers checked) since a moment."""
    rows = session.connection().execute(_COVERAGE, {"since": since})
    return {row.pdu_code: (row.n_drawn, row.n_checked) for row in rows}
