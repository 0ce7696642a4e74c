"""Rounds under review that never paused by themselves, with the verdicts of their random checks in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from qa_service.reporting.rows import list_rows


@dataclass(frozen=True)
class RoundSoFar:
    """A round's random checks: how many, and of the final ones, in order, whether each is a fail."""

    reference: str
    policy_version: str
    n_checks: int
    is_fail: Sequence[bool]


# What its lead decided once is not asked again.
_SO_FAR = text(
    """
    SELECT r.reference, r.policy_version, count(*) AS n_checks,
           coalesce(array_agg(v.verdict = 'fail' ORDER BY k.final_at, k.id)
             FILTER (WHERE v.id IS NOT NULL), '{}') AS is_fail
    FROM round r JOIN check_record k ON k.round_id = r.id
    LEFT JOIN verdict v ON v.check_id = k.id AND k.status = 'final'
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    WHERE r.status = 'in_review' AND k.arm = 'random' AND k.purpose = 'live'
      AND k.status NOT IN ('substituted', 'void') AND NOT EXISTS (
        SELECT 1 FROM audit_event e WHERE e.tag = 'round:round:paused' AND e.actor = :job
          AND e.subjects @> jsonb_build_object('round', r.id))
    GROUP BY r.id ORDER BY r.reference
    """
)


def rounds_so_far(session: Session, *, job: str) -> list[RoundSoFar]:
    """List the rounds under review that a job has not paused yet."""
    return list_rows(session, _SO_FAR, {"job": job}, RoundSoFar)
