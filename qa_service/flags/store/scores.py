"""SQL of scores: which assessments want one, and writing them by COPY."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text
from sqlmodel import Session

from qa_service.flags.tables import EVER

# What rounds draw from and pages show: the latest assessment of each open case (as in rounds/store.py), and
# those that a check pinned. A score of what came since is wanted again once more came. As sets: right after a
# load the planner knows nothing of the table's size.
_USED = """
    WITH used AS (
      SELECT a.id FROM (
        SELECT DISTINCT ON (x.case_id) x.id FROM assessment x JOIN case_record c ON c.id = x.case_id
        WHERE x.status = 'COMPLETE' AND x.overall_derived IS NOT NULL AND x.completed_at <= :at
          AND c.closed_on IS NULL
        ORDER BY x.case_id, x.completed_at DESC, x.id DESC
      ) a
      UNION SELECT assessment_id FROM check_record WHERE status NOT IN ('void', 'substituted')
    )
"""
_WANTING = f"""{_USED}
    SELECT id FROM used
    EXCEPT (
      SELECT assessment_id FROM flag WHERE artefact_digest = ANY(:digests) AND scored_at >= :since
      GROUP BY assessment_id HAVING count(*) = cardinality(CAST(:digests AS text[]))
      EXCEPT
      SELECT f.assessment_id FROM flag f
      JOIN flag_artefact a ON a.digest = f.artefact_digest AND a.purpose = 'review_now'
      JOIN assessment x ON x.id = f.assessment_id
      JOIN (
        SELECT case_id, coalesce(received_at, recorded_at) AS came_at FROM case_pack_item
        UNION ALL SELECT case_id, recorded_at FROM registration
      ) n ON n.case_id = x.case_id AND n.came_at > f.scored_at AND n.came_at <= :at
      WHERE f.artefact_digest = ANY(:digests)
    )
"""  # noqa: S608 - constants only
_IN_USE = text(
    f"{_USED} SELECT a.id FROM used JOIN assessment a USING (id)"  # noqa: S608 - constants only
    " WHERE a.overall_derived = ANY(:levels) ORDER BY a.id"
)
_OF_LEVELS = "(CAST(:levels AS text[]) IS NULL OR a.overall_derived = ANY(:levels))"
_N_WANTING = text(
    f"SELECT count(*) FROM ({_WANTING}) w JOIN assessment a USING (id) WHERE {_OF_LEVELS}"  # noqa: S608 - as above
)
_N_GIVEN_WITHOUT = text(
    f"SELECT count(*) FROM assessment a WHERE a.id = ANY(:given) AND {_OF_LEVELS}"  # noqa: S608 - as above
    " AND NOT EXISTS (SELECT FROM flag f WHERE f.assessment_id = a.id AND f.artefact_digest = :digest)"
)
_PLANNING = text(
    "SELECT current_setting('enable_nestloop') AS nestloop, current_setting('work_mem') AS work_mem"
)
_PLAN_BY = text(
    "SELECT set_config('enable_nestloop', :nestloop, true), set_config('work_mem', :work_mem, true)"
)
_COLUMNS = "assessment_id, artefact_digest, target, score_rate, is_flagged, reasons, scored_at"
# Two who score the same cases take turns (the number is arbitrary and only ours).
_SCORING_LOCK = 7_231_016


class Score(NamedTuple):
    """One assessment's score, as the table holds it."""

    assessment_id: int
    target: str
    score_rate: float
    is_flagged: bool
    reasons: Sequence[dict[str, object]]


def list_wanting(session: Session, digests: Sequence[str], *, since: datetime, at: datetime) -> list[int]:
    """List the assessments in use that an artefact has not scored since some moment, or since more came."""
    values = {"digests": list(digests), "since": since, "at": at}
    with _expecting_whole_tables(session) as connection:
        return list(connection.execute(text(f"{_WANTING} ORDER BY id"), values).scalars())


@contextmanager
def _expecting_whole_tables(session: Session) -> Iterator[Connection]:
    """Let the planner join whole tables, in memory: before they are analysed it cannot know their size.

    What the transaction asks afterwards, such as the rest of a page, is planned as before.
    """
    connection = session.connection()
    before = connection.execute(_PLANNING).mappings().one()
    connection.execute(_PLAN_BY, {"nestloop": "off", "work_mem": "64MB"})
    yield connection
    connection.execute(_PLAN_BY, dict(before))


def list_in_use(session: Session, *, levels: Sequence[str], at: datetime) -> list[int]:
    """List all assessments in use of some levels, scored or not."""
    with _expecting_whole_tables(session) as connection:
        return list(connection.execute(_IN_USE, {"levels": list(levels), "at": at}).scalars())


def count_wanting(session: Session, digest: str, *, levels: Sequence[str] | None, at: datetime) -> int:
    """Count those that an artefact has never scored, or not since more came; of some levels, or of all."""
    values = {"digests": [digest], "since": EVER, "levels": levels and list(levels), "at": at}
    with _expecting_whole_tables(session) as connection:
        found: int = connection.execute(_N_WANTING, values).scalar_one()
    return found


def count_without(
    session: Session, digest: str, given: Sequence[int], *, levels: Sequence[str] | None
) -> int:
    """Count those of some assessments, of some levels (all), that have no score by an artefact."""
    values = {"digest": digest, "given": list(given), "levels": levels and list(levels)}
    found: int = session.connection().execute(_N_GIVEN_WITHOUT, values).scalar_one()
    return found


def list_to_learn_from(
    session: Session, checked: Sequence[int], *, levels: Sequence[str], at: datetime
) -> list[int]:
    """List the assessments that were checked, and of the other cases the latest, of some levels."""
    statement = text(
        "SELECT l.id FROM (SELECT DISTINCT ON (x.case_id) x.id, x.overall_derived FROM assessment x"
        " WHERE x.status = 'COMPLETE' AND x.overall_derived IS NOT NULL AND x.completed_at <= :at"
        " AND NOT EXISTS (SELECT 1 FROM assessment k WHERE k.case_id = x.case_id AND k.id = ANY(:checked))"
        " ORDER BY x.case_id, x.completed_at DESC, x.id DESC) l WHERE l.overall_derived = ANY(:levels)"
    )
    values = {"at": at, "checked": list(checked), "levels": list(levels)}
    return sorted([*session.connection().execute(statement, values).scalars(), *checked])


def replace_scores(session: Session, digest: str, scores: Iterable[Score], *, at: datetime) -> None:
    """Write an artefact's scores in place of its earlier ones of the same assessments."""
    rows = list(scores)
    driver: Any = session.connection().connection.driver_connection
    cursor = driver.cursor()
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SCORING_LOCK])
    cursor.execute(
        "DELETE FROM flag WHERE artefact_digest = %s AND assessment_id = ANY(%s)",
        [digest, [row.assessment_id for row in rows]],
    )
    encode, moment = json.JSONEncoder(separators=(",", ":")).encode, at.isoformat()
    with cursor.copy(f"COPY flag ({_COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            told = encode(row.reasons)
            copy.write_row(
                (row.assessment_id, digest, row.target, row.score_rate, row.is_flagged, told, moment)
            )
