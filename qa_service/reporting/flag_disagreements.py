"""Final checks in which the approved classifier and the reviewers say different things, for a lead to read.

A check that somebody is still to read, or whose case whoever asks reads at this moment, is left out: a reader
learns the flag at stage 4 and not before. Limited-access cases are in no such list, whoever asks.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.errors import NotFound
from qa_service.core.lists import Page, PageRequest
from qa_service.reporting.rows import CRN_OF, list_rows


class Disagreement(StrEnum):
    """Which of the two saw more: reviewers who found high without a flag, or a flag that found nothing."""

    NOT_FLAGGED = "not_flagged"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True)
class DisagreementRow:
    """One check: what was recorded, what reviewers found, and what the flag said."""

    reference: str
    crn: str | None
    case_name: str
    officer: str
    pdu: str
    arm: str
    verdict: str
    assessed_overall: str
    reviewed_overall: str
    decided_at: datetime
    score_rate: float
    is_flagged: bool
    target: str
    reasons: list[dict[str, Any]]
    artefact_digest: str


@dataclass(frozen=True)
class ReaderView:
    """What one reader wrote: why they chose their level, whether the flag changed their view, and which flag.

    What they were shown may be another artefact's flag than the one in force; `was_flagged` is empty where
    the answer was given before this was kept, `shown_score_rate` where there was no score to show.
    """

    submitted_at: datetime
    own_reasons: str | None
    changes_view: bool | None
    changes_view_reason: str | None
    shown_artefact_digest: str | None
    was_flagged: bool | None
    shown_score_rate: float | None


_BETWEEN_THEM = f"""
    SELECT k.reference, {CRN_OF.format(case="k.case_id")}, c.name AS case_name, p.name AS officer,
      u.name AS pdu, k.arm, v.verdict, v.assessed_overall, v.reviewed_overall, v.decided_at, f.score_rate,
      f.is_flagged, f.target, f.reasons, f.artefact_digest
    FROM check_record k
    JOIN case_record c ON c.id = k.case_id AND NOT c.is_limited_access
    JOIN verdict v ON v.check_id = k.id AND NOT EXISTS (SELECT 1 FROM verdict w WHERE w.supersedes_id = v.id)
    JOIN approved_flag f ON f.assessment_id = k.assessment_id AND f.target = 'overall'
    JOIN person p ON p.id = k.person_id JOIN pdu u ON u.code = k.drawn_pdu_code
    WHERE k.status = 'final' AND k.purpose = 'live' AND v.verdict <> 'not_scorable'
      AND v.assessed_overall IN ('LOW', 'MEDIUM') AND v.reviewed_overall IS NOT NULL
      AND f.is_flagged <> (v.reviewed_overall IN ('HIGH', 'VERY_HIGH'))
      AND k.drawn_pdu_code = ANY(:pdus)
      AND NOT EXISTS (SELECT 1 FROM review r
                      WHERE r.check_id = k.id AND r.submitted_at IS NULL AND r.status <> 'withdrawn')
      AND NOT EXISTS (SELECT 1 FROM check_record mine WHERE mine.case_id = k.case_id
                      AND mine.id::text = ANY (scope_list('app.reading')))
"""  # noqa: S608 - constants only
_ONE = text(f"{_BETWEEN_THEM} AND k.reference = :reference")
_COUNTS = text(f"SELECT x.is_flagged, count(*) AS n FROM ({_BETWEEN_THEM}) x GROUP BY 1")  # noqa: S608 - as above
# What the classifier was surest of and wrong about comes first.
_PAGE = text(
    f"""
    SELECT * FROM ({_BETWEEN_THEM}) x WHERE x.is_flagged = :is_flagged
    ORDER BY CASE WHEN x.is_flagged THEN -x.score_rate ELSE x.score_rate END, x.reference
    LIMIT :size OFFSET :offset
    """  # noqa: S608 - as above
)
_READERS = text(
    """
    SELECT r.submitted_at, r.own_reasons, r.changes_view, r.changes_view_reason, r.shown_artefact_digest,
      r.was_flagged, r.shown_score_rate
    FROM review r JOIN check_record k ON k.id = r.check_id
    WHERE k.reference = :reference AND r.submitted_at IS NOT NULL
    ORDER BY r.submitted_at, r.id
    """
)


def count_disagreements(session: Session, pdus: Collection[str]) -> dict[Disagreement, int]:
    """Count an area's disagreements that whoever asks may read."""
    rows = session.connection().execute(_COUNTS, {"pdus": list(pdus)})
    found = {
        Disagreement.NOT_CONFIRMED if row.is_flagged else Disagreement.NOT_FLAGGED: row.n for row in rows
    }
    return {kind: found.get(kind, 0) for kind in Disagreement}


def list_disagreements(
    session: Session, pdus: Collection[str], kind: Disagreement, request: PageRequest
) -> Page[DisagreementRow]:
    """List an area's disagreements of a kind, those the classifier was surest of first."""
    total = count_disagreements(session, pdus)[kind]
    shown = request.within(total)
    values = {
        "pdus": list(pdus),
        "is_flagged": kind is Disagreement.NOT_CONFIRMED,
        "size": shown.size,
        "offset": shown.offset,
    }
    return Page(tuple(list_rows(session, _PAGE, values, DisagreementRow)), total, shown)


def find_disagreement(
    session: Session, pdus: Collection[str], reference: str
) -> tuple[DisagreementRow, list[ReaderView]]:
    """Return one disagreement and what its readers wrote; any other check does not exist here."""
    values = {"pdus": list(pdus), "reference": reference}
    rows = list_rows(session, _ONE, values, DisagreementRow)
    if not rows:
        raise NotFound("There is no such disagreement here.", next_step="Start again from the list.")
    return rows[0], list_rows(session, _READERS, {"reference": reference}, ReaderView)
