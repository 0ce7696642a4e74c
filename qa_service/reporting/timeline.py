"""What happened because of one check, in order, as codes and facts (RULES 9); pages have the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.moves import LEVEL_MAY_SHOW
from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class Happening:
    """One dated thing; `facts` are what its sentence needs."""

    at: datetime
    code: str
    facts: Mapping[str, Any]


# Each part is (at, code, facts), in the order of things of one moment. The readers stay unnamed: what they
# found counts, not who they are.
_PARTS = (
    "SELECT k.drawn_at, 'drawn', jsonb_build_object('arm', k.arm) FROM k",
    """SELECT l.opened_at, 'correction_opened', jsonb_build_object('groups', l.groups, 'due_at', o.due_at,
         'assessed', l.assessed_overall, 'reviewed', l.reviewed_overall)
       FROM level_correction l JOIN k ON k.id = l.check_id JOIN obligation o ON o.id = l.obligation_id""",
    """SELECT h.placed_at, 'hold_placed', jsonb_build_object('expires_at', h.expires_at)
       FROM hold h JOIN k ON k.id = h.check_id""",
    """SELECT r.submitted_at, 'read', jsonb_build_object('number',
         row_number() OVER (ORDER BY r.submitted_at, r.id)) FROM review r JOIN k ON k.id = r.check_id
       WHERE r.submitted_at IS NOT NULL""",
    """SELECT h.ended_at, 'hold_' || h.status, jsonb_build_object('reason', h.ended_reason)
       FROM hold h JOIN k ON k.id = h.check_id WHERE h.ended_at IS NOT NULL""",
    """SELECT a.asked_at, 'accuracy_asked', jsonb_build_object('due_at', a.due_at)
       FROM accuracy_reply a JOIN k ON k.id = a.check_id""",
    """SELECT a.replied_at, 'accuracy_replied', jsonb_build_object('disputes', a.disputes_a_fact)
       FROM accuracy_reply a JOIN k ON k.id = a.check_id WHERE a.replied_at IS NOT NULL""",
    """SELECT m.opened_at, 'moderation_opened', jsonb_build_object('reason', m.reason)
       FROM moderation m JOIN k ON k.id = m.check_id""",
    """SELECT m.decided_at, 'moderation_decided', '{}'::jsonb
       FROM moderation m JOIN k ON k.id = m.check_id WHERE m.decided_at IS NOT NULL""",
    """SELECT v.decided_at, 'verdict', jsonb_build_object('severity', v.severity,
         'assessed', v.assessed_overall, 'reviewed', v.reviewed_overall) FROM v""",
    """SELECT d.decided_at, 'cut_' || d.decision, jsonb_build_object('reasons', d.working -> 'reasons',
         'cap_points', c.cap_points, 'own_points', c.own_available_points,
         'starts_on', d.working -> 'starts_on', 'ends_on', d.working -> 'ends_on')
       FROM d LEFT JOIN c ON true""",
    "SELECT c.activated_at, 'cut_active', '{}'::jsonb FROM c WHERE c.activated_at IS NOT NULL",
    """SELECT c.landed_at, 'cut_landed', jsonb_build_object('cap_points', c.cap_points)
       FROM c WHERE c.landed_at IS NOT NULL""",
    """SELECT c.ended_at, 'cut_over', jsonb_build_object('reason', c.ended_reason)
       FROM c WHERE c.ended_at IS NOT NULL""",
    """SELECT o.opened_at, 'reduction_requested', jsonb_build_object('hours', r.reduction_hours,
         'due_at', o.due_at, 'staff_code', r.staff_code) FROM reduction_request r
       JOIN obligation o ON o.id = r.obligation_id JOIN v ON v.id = r.verdict_id""",
    """SELECT r.keyed_at, 'reduction_keyed', jsonb_build_object('staff_code', r.staff_code)
       FROM reduction_request r JOIN v ON v.id = r.verdict_id WHERE r.keyed_at IS NOT NULL""",
    """SELECT r.confirmed_at, 'reduction_confirmed', jsonb_build_object('staff_code', r.staff_code)
       FROM reduction_request r JOIN v ON v.id = r.verdict_id WHERE r.confirmed_at IS NOT NULL""",
    f"""SELECT m.proposed_at, 'moves_proposed', jsonb_build_object('n', count(*),
         'points', CASE WHEN bool_and({LEVEL_MAY_SHOW}) THEN sum(m.points) END)
       FROM move m JOIN v ON v.id = m.verdict_id GROUP BY m.proposed_at""",  # noqa: S608 - constants only
    """SELECT m.ended_at, 'move_' || m.status, jsonb_build_object('to', m.to_staff_code, 'points', m.points,
         'reason', m.ended_reason) FROM move m JOIN v ON v.id = m.verdict_id WHERE m.ended_at IS NOT NULL""",
    """SELECT e.opened_at, 'escalated', jsonb_build_object('id', e.id, 'n', count(i.id))
       FROM escalation e JOIN c ON c.id = e.cut_id JOIN escalation_item i ON i.escalation_id = e.id
       GROUP BY e.id, e.opened_at""",
    """SELECT i.decided_at, 'item_decided', jsonb_build_object('decision', i.decision, 'n', count(*),
         'reason', min(i.decision_reason)) FROM escalation e JOIN c ON c.id = e.cut_id
       JOIN escalation_item i ON i.escalation_id = e.id WHERE i.decided_at IS NOT NULL
       GROUP BY i.decided_at, i.decision""",
    """SELECT g.at, 'risen', jsonb_build_object('what', o.what, 'to', p.title)
       FROM obligation o JOIN audit_event g ON g.tag = 'obligation:' || o.kind || '\\:risen'
         AND g.subjects @> jsonb_build_object('obligation', o.id)
       JOIN post p ON p.id = CAST(g.subjects ->> 'to_post' AS bigint)
       WHERE o.n_rungs_risen > 0
         AND (o.verdict_id IN (SELECT id FROM v) OR o.check_id IN (SELECT id FROM k))""",
    """SELECT f.conversation_at, 'conversation', '{}'::jsonb
       FROM feedback f JOIN v ON v.id = f.verdict_id WHERE f.conversation_at IS NOT NULL""",
    """SELECT f.shown_at, 'feedback_shown', '{}'::jsonb
       FROM feedback f JOIN v ON v.id = f.verdict_id WHERE f.shown_at IS NOT NULL""",
    """SELECT f.acknowledged_at, 'acknowledged', '{}'::jsonb
       FROM feedback f JOIN v ON v.id = f.verdict_id WHERE f.acknowledged_at IS NOT NULL""",
    """SELECT o.closed_at, 'duty_met', jsonb_build_object('kind', o.kind, 'decision', o.decision)
       FROM obligation o WHERE o.closed_at IS NOT NULL
         AND o.kind NOT IN ('reduction', 'conversation', 'escalation')
         AND (o.verdict_id IN (SELECT id FROM v) OR o.check_id IN (SELECT id FROM k))""",
    """SELECT b.drawn_at, 'restore_drawn', jsonb_build_object('n', count(*)) FROM check_record b
       JOIN k ON k.id = b.causing_check_id WHERE b.cause = 'before_restore' GROUP BY b.drawn_at""",
    """SELECT b.final_at, 'restore_checked', jsonb_build_object('verdict', w.verdict) FROM check_record b
       JOIN k ON k.id = b.causing_check_id JOIN verdict w ON w.check_id = b.id
       WHERE b.cause = 'before_restore' AND b.final_at IS NOT NULL
         AND NOT EXISTS (SELECT FROM verdict later WHERE later.supersedes_id = w.id)""",
)
_NUMBERED = [
    f"SELECT {place} AS place, part.* FROM ({part}) part (at, code, facts)"  # noqa: S608 - constants only
    for place, part in enumerate(_PARTS)
]
_HAPPENINGS = text(
    "WITH k AS (SELECT * FROM check_record WHERE id = :check),"  # noqa: S608 - constants only
    " v AS (SELECT * FROM verdict WHERE id = :verdict),"
    " d AS (SELECT * FROM cut_decision WHERE verdict_id = :verdict),"
    " c AS (SELECT cut.* FROM cut JOIN d ON d.cut_id = cut.id),"
    f" happened AS ({' UNION ALL '.join(_NUMBERED)})"
    " SELECT at, code, facts FROM happened ORDER BY at, place"
)


def what_happened(session: Session, check_id: int, verdict_id: int) -> list[Happening]:
    """List everything that one fail's check went through and brought about, the first thing first."""
    return list_rows(session, _HAPPENINGS, {"check": check_id, "verdict": verdict_id}, Happening)
