"""What came of a round, in figures: the demo prints it and a lead reads it at the end."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything

_FIGURES = text(
    """
    WITH ours AS (
      SELECT k.id FROM check_record k JOIN round r ON r.id = k.round_id WHERE r.reference = :reference
      UNION
      SELECT f.id FROM check_record f JOIN check_record k ON k.id = f.causing_check_id
        JOIN round r ON r.id = k.round_id WHERE r.reference = :reference
    ),
    standing AS (
      SELECT v.* FROM verdict v JOIN ours ON ours.id = v.check_id
      WHERE NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    ),
    cuts AS (SELECT c.id FROM cut c JOIN standing v ON v.id = c.verdict_id)
    SELECT
      (SELECT count(DISTINCT u.person_id) FROM round_unit u JOIN round r ON r.id = u.round_id
         WHERE r.reference = :reference) AS officers,
      (SELECT count(*) FROM round_unit u JOIN round r ON r.id = u.round_id
         WHERE r.reference = :reference) AS cases,
      (SELECT count(*) FROM ours JOIN check_record k ON k.id = ours.id
         WHERE k.status <> 'substituted') AS drawn,
      (SELECT count(*) FROM review r JOIN ours ON ours.id = r.check_id
         WHERE r.submitted_at IS NOT NULL) AS reviewed,
      (SELECT count(*) FROM review r JOIN ours ON ours.id = r.check_id
         JOIN review_kind k ON k.review_id = r.id AND k.kind = 'second'
         WHERE r.submitted_at IS NOT NULL) AS second_reads,
      (SELECT count(*) FROM level_correction l JOIN ours ON ours.id = l.check_id) AS level_corrections,
      (SELECT count(*) FROM cuts) AS cuts,
      (SELECT count(*) FROM move m JOIN cuts ON cuts.id = m.cut_id) AS placed,
      (SELECT count(*) FROM escalation_item i JOIN escalation e ON e.id = i.escalation_id
         JOIN cuts ON cuts.id = e.cut_id) AS escalated,
      (SELECT count(*) FROM escalation e JOIN cuts ON cuts.id = e.cut_id) AS escalations
    """
)

_VERDICTS = text(
    """
    SELECT v.verdict, count(*) AS n FROM verdict v
    JOIN check_record k ON k.id = v.check_id
    LEFT JOIN check_record p ON p.id = k.causing_check_id
    JOIN round r ON r.id = coalesce(k.round_id, p.round_id)
    WHERE r.reference = :reference
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    GROUP BY v.verdict
    """
)

_VERDICT_NAMES = ("pass", "pass_with_actions", "recheck", "fail", "not_scorable")


def outcome_of_round(session: Session, reference: str) -> dict[str, Any]:
    """Return the figures of a round and of the follow-ups it led to; counts only, nobody's name."""
    with seeing_everything(session):
        figures = session.connection().execute(_FIGURES, {"reference": reference}).one()
        verdicts = {
            row.verdict: row.n for row in session.connection().execute(_VERDICTS, {"reference": reference})
        }
    return {
        "officers": figures.officers,
        "cases": figures.cases,
        "drawn": figures.drawn,
        "reviewed": figures.reviewed,
        "second_reads": figures.second_reads,
        "verdicts": {name: verdicts.get(name, 0) for name in _VERDICT_NAMES},
        "level_corrections": figures.level_corrections,
        "cuts": figures.cuts,
        "overflow": {"placed": figures.placed, "escalated": figures.escalated},
        "escalations": figures.escalations,
    }


_FAILS = text(
    """
    SELECT c.person_id, k.team_code,
           (SELECT count(*) FROM move m WHERE m.cut_id = c.id) AS n_moves,
           (SELECT count(*) FROM escalation e JOIN escalation_item i ON i.escalation_id = e.id
              WHERE e.cut_id = c.id) AS n_items
    FROM cut c JOIN verdict v ON v.id = c.verdict_id JOIN check_record k ON k.id = v.check_id
    LEFT JOIN check_record p ON p.id = k.causing_check_id
    JOIN round r ON r.id = coalesce(k.round_id, p.round_id)
    JOIN team t ON t.code = k.team_code
    WHERE r.reference = :reference AND c.status = 'active'
    ORDER BY (SELECT least(count(*), 3) FROM move m WHERE m.cut_id = c.id) DESC, n_items DESC, c.id
    LIMIT 20
    """
)


def fails_with_overflow(session: Session, reference: str) -> list[tuple[int, str]]:
    """List (officer, team) of a round's active cuts, those with most to see first."""
    with seeing_everything(session):
        rows = session.connection().execute(_FAILS, {"reference": reference})
        return [(row.person_id, row.team_code) for row in rows]
