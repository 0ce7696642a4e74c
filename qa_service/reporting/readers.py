"""How often two readers agree about the same case: a caveat beside every rate (SCREENS: data quality).

Cases that were read twice because somebody suspected a fail say nothing about the others: only those that
chance picked for a second read count here (RULES 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import ReadPolicy
from qa_service.reporting.queries import STANDING
from qa_service.reviews.chances import is_sampled_for_expert_read, is_sampled_for_second_read
from rubrics import Level
from sampling import (
    Estimate,
    EstimationError,
    cohen_kappa,
    gwet_ac1,
    observed_agreement,
    positive_agreement,
)

_ORDER = {level.value: place for place, level in enumerate(Level)}


@dataclass(frozen=True)
class ReadTwice:
    """A final check of the random arm, read again because chance picked it; each read's level and verdict.

    `second_level` and `expert_level` are empty where chance did not pick the check for such a read.
    """

    reference: str
    assessed: str
    first_level: str
    first_verdict: str
    second_level: str | None
    expert_level: str | None
    expert_verdict: str | None
    final_level: str
    final_verdict: str


@dataclass(frozen=True)
class Agreement:
    """Two readers of the same case, picked by chance; each measure with its interval, or None.

    `positive` is of findings that the level was too low; its n counts the cases in which one reader at least
    found that.
    """

    n: int
    same_level: Estimate | None
    kappa: Estimate | None
    ac1: Estimate | None
    positive: Estimate | None


_LEVEL = "r.scorecard -> 'comparison' ->> 'reviewed_overall'"
_READ_TWICE = text(
    f"""
    SELECT k.reference, v.assessed_overall AS assessed,
      (array_agg({_LEVEL} ORDER BY r.submitted_at, r.id) FILTER (WHERE t.kind <> 'expert'))[1] AS first_level,
      (array_agg(r.decision ->> 'verdict' ORDER BY r.submitted_at, r.id)
         FILTER (WHERE t.kind <> 'expert'))[1] AS first_verdict,
      (array_agg({_LEVEL} ORDER BY r.submitted_at, r.id)
         FILTER (WHERE t.kind <> 'expert'))[2] AS second_level,
      max({_LEVEL}) FILTER (WHERE t.kind = 'expert') AS expert_level,
      max(r.decision ->> 'verdict') FILTER (WHERE t.kind = 'expert') AS expert_verdict,
      v.reviewed_overall AS final_level, v.verdict AS final_verdict
    FROM review_kind t JOIN review r ON r.id = t.review_id
    JOIN check_record k ON k.id = r.check_id JOIN verdict v ON v.check_id = k.id
    WHERE k.arm = 'random' AND k.purpose = 'live' AND k.status = 'final'
      AND v.verdict <> 'not_scorable' AND v.reviewed_overall IS NOT NULL
      AND v.decided_at >= :since AND v.{STANDING.format(v="v")}
      AND t.kind IN ('first', 'second', 'replacement', 'expert')
      AND r.submitted_at <= :at AND coalesce(r.contaminated_at > :at, true) AND r.scorecard IS NOT NULL
      AND EXISTS (SELECT FROM review_kind t2 JOIN review r2 ON r2.id = t2.review_id
                  WHERE r2.check_id = k.id AND t2.kind IN ('second', 'expert')
                    AND r2.submitted_at <= :at)
    GROUP BY k.reference, v.id
    HAVING count(*) > 1 AND bool_or(t.kind <> 'expert')
    """  # noqa: S608 - constants only
)


def list_read_twice(
    session: Session, *, since: datetime, at: datetime, policy: ReadPolicy
) -> list[ReadTwice]:
    """List the checks of the whole nation that chance picked to be read again: readers work across areas."""
    with seeing_everything(session):
        rows = session.connection().execute(_READ_TWICE, {"since": since, "at": at}).all()
    reads = []
    for reference, *rest in rows:
        assessed, first_level, first_verdict, second, expert, expert_verdict, *final = rest
        # Reads that somebody's suspicion called for, and chance did not, are forgotten here.
        has_second = second and is_sampled_for_second_read(
            reference, policy.second_reads_of_other_verdicts_rate
        )
        has_expert = expert and is_sampled_for_expert_read(reference, policy.expert_reads_of_finals_rate)
        if has_second or has_expert:
            first = (reference, assessed, first_level, first_verdict, second if has_second else None)
            beside = (expert, expert_verdict) if has_expert else (None, None)
            reads.append(ReadTwice(*first, *beside, *final))
    return reads


def agreement_of(reads: Sequence[ReadTwice]) -> Agreement:
    """Measure how far two blind readers agree about the overall level, on cases that chance picked."""
    twice = [
        (_ORDER[read.first_level], _ORDER[read.second_level], _ORDER[read.assessed])
        for read in reads
        if read.second_level
    ]
    if not twice:
        return Agreement(0, None, None, None, None)
    first, second, assessed = (np.array(column) for column in zip(*twice, strict=True))
    too_low = (first > assessed, second > assessed)
    positive = positive_agreement(*too_low) if np.any(too_low) else None
    try:
        levels = list(_ORDER.values())
        kappa = cohen_kappa(first, second, weights="quadratic", categories=levels)
        ac1 = gwet_ac1([first, second], categories=levels)
    except EstimationError:  # one level only, or a single case: the plain share is all there is
        return Agreement(len(twice), observed_agreement(first, second), None, None, positive)
    return Agreement(len(twice), observed_agreement(first, second), kappa, ac1, positive)
