"""SQL of the pool of wanted reads: what stands between a reader and a case, and the next read for them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Session, col, select

from qa_service.auth.tables import UserAccount
from qa_service.reviews.tables import Review, ReviewStatus


@dataclass(frozen=True)
class ReaderFacts:
    """Where a reader belongs: their regions, the teams that are theirs or their managers', their codes.

    A moderator who also reads is an expert: only experts read finals again. Teams overseen are those of
    every area in which they hold a manager's role: there they may have seen what a first reader found.
    """

    person_id: int | None
    regions: tuple[str, ...]
    near_teams: tuple[str, ...]
    overseen_teams: tuple[str, ...]
    staff_codes: tuple[str, ...]
    is_expert: bool


# Own teams: where they are posted, and what they manage. Their manager's teams: every team of whoever holds
# the post above theirs: the SPO's other teams; for an SPO the PDU of their head.
_NEAR = text(
    """
    WITH own_code AS (SELECT code FROM staff_code WHERE person_id = :person_id),
    posted AS (
      SELECT p.team_code FROM posting p JOIN own_code c ON c.code = p.staff_code
      WHERE p.from_on <= :day AND (p.to_on IS NULL OR p.to_on >= :day)
    ),
    held AS (
      SELECT o.* FROM post o JOIN post_holder h ON h.post_id = o.id
      WHERE h.person_id = :person_id AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)
    ),
    managed AS (
      SELECT team_code FROM held WHERE kind = 'spo'
      UNION SELECT t.code FROM team t JOIN held o ON o.pdu_code = t.pdu_code
        WHERE o.kind IN ('spo', 'head_of_pdu')
    ),
    manager AS (
      SELECT h.person_id FROM post o JOIN post_holder h ON h.post_id = o.id
      WHERE o.kind = 'spo' AND o.team_code IN (SELECT team_code FROM posted)
        AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)
    ),
    managers_teams AS (
      SELECT o.team_code FROM post o JOIN post_holder h ON h.post_id = o.id
      WHERE o.kind = 'spo' AND h.person_id IN (SELECT person_id FROM manager)
        AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)
    )
    SELECT
      ARRAY(SELECT code FROM own_code ORDER BY 1) AS staff_codes,
      ARRAY(SELECT team_code FROM posted UNION SELECT team_code FROM managed
            UNION SELECT team_code FROM managers_teams ORDER BY 1) AS near_teams,
      ARRAY(
        SELECT d.region_code FROM posted p
          JOIN team t ON t.code = p.team_code JOIN pdu d ON d.code = t.pdu_code
        UNION
        SELECT coalesce(g.region_code, d.region_code, dt.region_code) FROM role_grant g
          LEFT JOIN pdu d ON d.code = g.pdu_code
          LEFT JOIN team t ON t.code = g.team_code LEFT JOIN pdu dt ON dt.code = t.pdu_code
        WHERE g.user_id = :user_id AND g.role = 'reviewer'
          AND g.from_at <= :at AND (g.to_at IS NULL OR g.to_at > :at)
          AND coalesce(g.region_code, d.region_code, dt.region_code) IS NOT NULL
        ORDER BY 1
      ) AS regions,
      ARRAY(
        SELECT DISTINCT t.code FROM role_grant g
          JOIN team t ON g.team_code IS NULL OR t.code = g.team_code
          JOIN pdu d ON d.code = t.pdu_code AND (g.pdu_code IS NULL OR d.code = g.pdu_code)
        WHERE g.user_id = :user_id
          AND g.role IN ('quality_lead', 'spo', 'head_of_pdu', 'regional_director', 'national_lead')
          AND g.from_at <= :at AND (g.to_at IS NULL OR g.to_at > :at)
          AND (g.region_code IS NULL OR d.region_code = g.region_code)
        ORDER BY 1
      ) AS overseen_teams,
      EXISTS (SELECT 1 FROM role_grant g WHERE g.user_id = :user_id AND g.role = 'moderator'
              AND g.from_at <= :at AND (g.to_at IS NULL OR g.to_at > :at)) AS is_expert
    """
)

# Who may read a check (RULES 8): not near it, never a holder or the author, nothing declared, nothing entered
# about a further offence, one read each, and listed where access is limited.
_MAY_READ = """
    c.team_code <> ALL (:near_teams)
    AND c.person_id IS DISTINCT FROM :person_id
    AND NOT EXISTS (SELECT 1 FROM case_assignment a WHERE a.case_id = c.case_id
                    AND (a.staff_code = ANY (:staff_codes)
                         OR (a.team_code = ANY (:near_teams) AND a.to_on IS NULL)))
    AND NOT EXISTS (SELECT 1 FROM assessment s WHERE s.case_id = c.case_id
                    AND s.author_staff_code = ANY (:staff_codes))
    AND NOT EXISTS (SELECT 1 FROM conflict_declaration d WHERE d.user_id = :user_id
                    AND (d.case_id = c.case_id OR d.person_id = c.person_id))
    AND NOT EXISTS (SELECT 1 FROM serious_further_offence o WHERE o.case_id = c.case_id
                    AND o.entered_by = :actor)
    AND NOT EXISTS (SELECT 1 FROM review other WHERE other.check_id = c.id AND other.reader_id = :user_id)
    AND (NOT k.is_limited_access
         OR EXISTS (SELECT 1 FROM limited_access_grant g WHERE g.case_id = k.id AND g.user_id = :user_id))
"""

# A blind read is not for whoever may have seen what an earlier reader found: managers of the area where the
# check was drawn or its case is now, from the first finding on, whatever the kind of read. Gold and
# calibration reads are many of one check and shown to no manager: another's submit tells them nothing.
_IS_BLIND_TO_IT = """
    NOT (
      (c.team_code = ANY (:overseen_teams)
       OR EXISTS (SELECT 1 FROM case_assignment a WHERE a.case_id = c.case_id AND a.to_on IS NULL
                  AND a.team_code = ANY (:overseen_teams)))
      AND (EXISTS (SELECT 1 FROM level_correction l WHERE l.check_id = c.id)
           OR EXISTS (SELECT 1 FROM hold h WHERE h.check_id = c.id)
           OR EXISTS (SELECT 1 FROM verdict v WHERE v.check_id = c.id)
           OR (w.kind NOT IN ('gold', 'calibration')
               AND EXISTS (SELECT 1 FROM review s WHERE s.check_id = c.id AND s.submitted_at IS NOT NULL)))
    )
"""

_LISTS = ("near_teams", "staff_codes", "regions", "overseen_teams")


def _with_lists(statement: str, *names: str) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=ARRAY(TEXT)) for name in names))


# What a read alone decides comes first and in order; what is asked of its case is asked of one after the
# other until one fits (OFFSET 0 keeps the planner from asking it of a national pool's thousands at once).
_NEXT = _with_lists(
    "SELECT r.id FROM ("  # noqa: S608 - constants only
    " SELECT wr.id, wr.reference, rk.kind, rk.true_due_at FROM review wr"
    " JOIN review_kind rk ON rk.review_id = wr.id"
    " WHERE wr.status = 'wanted' AND (rk.kind <> 'expert' OR :is_expert)"
    " AND (rk.wanted_region_code IS NULL OR rk.wanted_region_code = ANY (:regions))"
    " AND (rk.unwanted_region_code IS NULL OR rk.unwanted_region_code <> ALL (:regions))"
    " ORDER BY rk.true_due_at, wr.reference OFFSET 0) w"
    " JOIN review r ON r.id = w.id AND r.status = 'wanted'"
    " CROSS JOIN LATERAL (SELECT 1 FROM check_record c"
    " JOIN case_record k ON k.id = c.case_id"
    " LEFT JOIN round n ON n.id = c.round_id"
    " WHERE c.id = r.check_id AND c.status NOT IN ('substituted', 'void')"
    " AND (c.status <> 'final' OR w.kind IN ('expert', 'gold', 'calibration', 'sfo'))"
    " AND (n.id IS NULL OR n.status NOT IN ('paused', 'closed')"
    "      OR (n.status = 'closed' AND w.kind IN ('expert', 'sfo')))"
    " AND NOT EXISTS (SELECT 1 FROM moderation m WHERE m.check_id = c.id AND m.moderator_id = :user_id)"
    f" AND {_MAY_READ} AND {_IS_BLIND_TO_IT} OFFSET 0) may_read"
    " ORDER BY w.true_due_at, w.reference LIMIT 1 FOR UPDATE OF r SKIP LOCKED",
    *_LISTS,
)

_NEXT_MODERATION = _with_lists(
    "SELECT m.id FROM moderation m"  # noqa: S608 - as above
    " JOIN check_record c ON c.id = m.check_id"
    " JOIN case_record k ON k.id = c.case_id"
    " WHERE m.status = 'open' AND m.moderator_id IS NULL"
    f" AND {_MAY_READ}"
    " ORDER BY m.due_at, m.reference LIMIT 1 FOR UPDATE OF m SKIP LOCKED",
    "near_teams",
    "staff_codes",
)

_RELEASE = text(
    "UPDATE review SET status = 'wanted', reader_id = NULL, assigned_at = NULL, claimed_until = NULL"
    " WHERE id IN (SELECT id FROM review WHERE status = 'assigned' AND claimed_until < :at"
    "              ORDER BY id FOR UPDATE SKIP LOCKED) RETURNING id"
)


def find_user(session: Session, user_id: int) -> UserAccount | None:
    """Find an account."""
    return session.get(UserAccount, user_id)


def facts_of_reader(session: Session, user: UserAccount, day: date, at: datetime) -> ReaderFacts:
    """Return where a reader belongs on a day."""
    row = (
        session.connection()
        .execute(_NEAR, {"person_id": user.person_id, "user_id": user.id, "day": day, "at": at})
        .one()
    )
    return ReaderFacts(
        user.person_id,
        tuple(row.regions),
        tuple(row.near_teams),
        tuple(row.overseen_teams),
        tuple(row.staff_codes),
        row.is_expert,
    )


def _values(user_id: int, facts: ReaderFacts) -> dict[str, object]:
    return {
        "user_id": user_id,
        "actor": f"user:{user_id}",
        "person_id": facts.person_id,
        "near_teams": list(facts.near_teams),
        "staff_codes": list(facts.staff_codes),
    }


def lock_next(session: Session, user_id: int, facts: ReaderFacts) -> Review | None:
    """Lock the next wanted read this reader may have, passing over what another process is taking."""
    values = _values(user_id, facts) | {
        "regions": list(facts.regions),
        "overseen_teams": list(facts.overseen_teams),
        "is_expert": facts.is_expert,
    }
    found = session.connection().execute(_NEXT, values).scalar_one_or_none()
    return None if found is None else session.get_one(Review, found, populate_existing=True)


def lock_next_moderation(session: Session, user_id: int, facts: ReaderFacts) -> int | None:
    """Lock the next moderation that this person may decide, and return its id."""
    found = session.connection().execute(_NEXT_MODERATION, _values(user_id, facts)).scalar_one_or_none()
    return None if found is None else int(found)


def release_lapsed(session: Session, at: datetime) -> int:
    """Return claimed reads that nobody opened in time to the pool; return how many."""
    return len(session.connection().execute(_RELEASE, {"at": at}).all())


def find_unopened(session: Session, reader_id: int) -> Review | None:
    """Find a read this person claimed and has not opened yet."""
    return session.exec(
        select(Review)
        .where(Review.reader_id == reader_id, Review.status == ReviewStatus.ASSIGNED)
        .order_by(col(Review.due_at), col(Review.reference))
        .limit(1)
    ).one_or_none()
