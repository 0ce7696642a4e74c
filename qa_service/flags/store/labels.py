"""What final checks found, as the classifier is taught it: agreed levels, arm and chances of being drawn.

A check's own chance is that of the arm that drew it. In a round of several arms a case could have been drawn
by any: the frozen frame holds the chance of that, and by it the check is taught. A surely flagged case that
happened to be drawn at random thus stands for itself alone, not for all cases of its officer. A follow-up is
drawn outside a frame, with a chance that holds only because its officer was called again: it teaches by that.
Where officers are checked twice a year a random check's own chance, by which the classifier is judged, is
that of a year: else their cases would count double beside those of officers who are checked once.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlmodel import Session

from models.columns import GROUPS, LEVELS
from models.labels import OWN, REVIEW_COLUMNS, UNION

_FOUND = text(
    """
    SELECT k.assessment_id, k.arm, k.drawn_at,
      CASE WHEN k.arm = 'random' AND n.cadence = 'six_monthly' THEN least(1, 2 * k.inclusion_probability)
           ELSE k.inclusion_probability END AS inclusion_probability, v.verdict, v.reviewed_overall,
      coalesce(u.inclusion_probability, k.inclusion_probability) AS union_probability,
      CASE WHEN m.own_grid IS NOT NULL THEN jsonb_build_array(m.own_grid) ELSE (
        SELECT jsonb_agg(r.own_grid ORDER BY r.id) FROM review r
        WHERE r.check_id = k.id AND r.own_grid IS NOT NULL AND v.decided_by->'reviews' @> to_jsonb(r.id)
      ) END AS grids
    FROM check_record k
    JOIN verdict v ON v.check_id = k.id AND NOT EXISTS (SELECT 1 FROM verdict w WHERE w.supersedes_id = v.id)
    LEFT JOIN round n ON n.id = k.round_id
    LEFT JOIN round_unit u ON u.round_id = k.round_id AND u.case_id = k.case_id
    LEFT JOIN moderation m ON m.id = (v.decided_by->>'moderation')::bigint
    WHERE k.status = 'final' AND k.purpose = 'live'
    ORDER BY (k.arm = 'random') DESC, v.decided_at DESC, v.id DESC
    """
)
GridRecord = Mapping[str, Mapping[str, str]]

_CODES = {level: float(code) for code, level in enumerate(LEVELS)}


def read_reviews(session: Session) -> pd.DataFrame:
    """Read one row per assessment that was checked to the end: its random check, else its latest.

    `frozen_at` is when that check was drawn: its reader saw nothing that was recorded later.
    """
    rows = [_as_taught(dict(row)) for row in session.connection().execute(_FOUND).mappings()]
    table = pd.DataFrame(rows, columns=[*REVIEW_COLUMNS, UNION, "frozen_at"])
    return table.drop_duplicates("assessment_id").reset_index(drop=True)


def _as_taught(row: Mapping[str, Any]) -> dict[str, Any]:
    grid = _agreed(row["grids"] or [], row["reviewed_overall"])
    return {
        "assessment_id": row["assessment_id"],
        "arm": row["arm"],
        **{chance: row[chance] for chance in (OWN, UNION)},
        "frozen_at": row["drawn_at"],
        "is_final": True,
        "is_scorable": row["verdict"] != "not_scorable" and row["reviewed_overall"] is not None,
        "reviewed_overall": _CODES.get(row["reviewed_overall"]),
        **{f"reviewed_{group}": _level(grid, group) for group in GROUPS},
    }


def _agreed(grids: list[GridRecord], overall: str | None) -> GridRecord:
    """Choose the moderator's grid, else that of the first deciding read whose overall level was agreed."""
    agreed = (
        grid
        for grid in grids
        if max(_CODES[level] for half in grid.values() for level in half.values())
        == _CODES.get(overall or "")
    )
    return next(agreed, grids[0] if grids else {})


def _level(grid: GridRecord, group: str) -> float | None:
    """Return a group's level: the higher of community and custody (RULES 2)."""
    return max((_CODES[half[group]] for half in grid.values() if group in half), default=None)
