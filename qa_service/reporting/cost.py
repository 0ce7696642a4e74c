"""What the checks of an area cost and found, by the way they were chosen; arms are never pooled.

Hours are numbers of reads times the policy's planning hours: nobody's time is measured. What an arm yields is
no rate of the area: targeted checks and sweeps look where errors are expected.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import ForecastPolicy, Policy
from qa_service.reporting.area_rates import SUPPRESSED, hidden, suppress
from qa_service.reporting.areas import Area, AreaTree
from qa_service.reporting.rates import Rate, share_of, window_start
from qa_service.rounds.tables import Arm


@dataclass(frozen=True)
class ArmCost:
    """One way of choosing: reads done, what was found, and the planning hours that the reads stand for.

    `too_low` is the share of its scorable final checks whose level was too low; `n_fails` is empty when it is
    small and the reader may not see it. `caseload_years` is the hours in officers' caseloads carried a year.
    """

    arm: Arm
    too_low: Rate
    n_fails: int | None
    n_reads: int
    n_moderations: int
    hours: Decimal
    caseload_years: float

    @property
    def hours_per_error(self) -> float | None:
        """Return the hours for each level found too low; none when none was found or it is not shown."""
        return float(self.hours) / self.too_low.k if self.too_low.k else None

    @property
    def caseload_years_per_error(self) -> float | None:
        """Return the caseloads, carried a year, for each level found too low."""
        return self.caseload_years / self.too_low.k if self.too_low.k else None


@dataclass(frozen=True)
class Cost:
    """The arms that were read in an area's window, and the planning hours a read stands for."""

    since: datetime
    arms: tuple[ArmCost, ...]
    planning: ForecastPolicy
    officer_year_hours: float


_FOUND = text(
    """
    SELECT k.drawn_pdu_code AS pdu, k.arm, count(*) FILTER (WHERE v.verdict <> 'not_scorable') AS n,
           count(*) FILTER (WHERE v.is_underclassified) AS n_too_low,
           count(*) FILTER (WHERE v.verdict = 'fail') AS n_fails
    FROM check_record k JOIN verdict v ON v.check_id = k.id
      AND NOT EXISTS (
        SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id AND later.decided_at <= :at)
    WHERE k.purpose = 'live' AND k.status = 'final' AND k.drawn_pdu_code = ANY(:pdus)
      AND v.decided_at >= :since AND v.decided_at <= :at
    GROUP BY k.drawn_pdu_code, k.arm
    """
)
_READ = text(
    """
    SELECT k.drawn_pdu_code AS pdu, k.arm, count(*) FILTER (WHERE t.kind <> 'second') AS n_first,
           count(*) FILTER (WHERE t.kind = 'second') AS n_second
    FROM review r JOIN review_kind t ON t.review_id = r.id JOIN check_record k ON k.id = r.check_id
    WHERE k.purpose = 'live' AND k.drawn_pdu_code = ANY(:pdus)
      AND r.submitted_at >= :since AND r.submitted_at <= :at
      AND t.kind IN ('first', 'second', 'replacement', 'expert')
    GROUP BY k.drawn_pdu_code, k.arm
    """
)
_MODERATED = text(
    """
    SELECT k.drawn_pdu_code AS pdu, k.arm, count(*) AS n_moderations
    FROM moderation m JOIN check_record k ON k.id = m.check_id
    WHERE k.purpose = 'live' AND k.drawn_pdu_code = ANY(:pdus)
      AND m.decided_at >= :since AND m.decided_at <= :at
    GROUP BY k.drawn_pdu_code, k.arm
    """
)


def cost_of(
    session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: Policy, is_suppressed: bool
) -> Cost:
    """Return what the checks of an area cost and found in its window; without small counts for an analyst."""
    [found] = costs_of(session, tree, [area], at=at, policy=policy)
    if not is_suppressed:
        return found
    return replace(found, arms=_without_small_counts(found.arms, policy.rates.suppress_below))


def costs_of(
    session: Session, tree: AreaTree, areas: Sequence[Area], *, at: datetime, policy: Policy
) -> list[Cost]:
    """Return what the checks of areas of one level cost and found in their window."""
    if not areas:
        return []
    since = window_start(areas[0].level, at, policy.rates)
    drawn = {code: place for place, area in enumerate(areas) for code in tree.drawn_codes(area)}
    counts: list[dict[str, Counter[str]]] = [defaultdict(Counter) for _ in areas]
    with seeing_everything(session):
        for statement in (_FOUND, _READ, _MODERATED):
            rows = session.connection().execute(statement, {"pdus": [*drawn], "since": since, "at": at})
            for pdu, arm, *found in rows:
                counts[drawn[pdu]][arm].update(dict(zip([*rows.keys()][2:], found, strict=True)))
    return [
        Cost(
            since,
            tuple(_arm_cost(arm, one[arm.value], policy) for arm in Arm if arm.value in one),
            policy.forecast,
            policy.cost.officer_year_hours,
        )
        for one in counts
    ]


def _arm_cost(arm: Arm, counted: Counter[str], policy: Policy) -> ArmCost:
    n_first, n_second, n_moderations = (counted[name] for name in ("n_first", "n_second", "n_moderations"))
    planned = policy.forecast
    hours = (
        n_first * planned.first_read_hours
        + n_second * planned.second_read_hours
        + n_moderations * planned.moderation_hours
    )
    return ArmCost(
        arm=arm,
        too_low=share_of(counted["n_too_low"], counted["n"]),
        n_fails=counted["n_fails"],
        n_reads=n_first + n_second,
        n_moderations=n_moderations,
        hours=Decimal(str(hours)),
        caseload_years=hours / policy.cost.officer_year_hours,
    )


def _without_small_counts(arms: tuple[ArmCost, ...], least: int) -> tuple[ArmCost, ...]:
    """Hide small counts; moderations and fails say how many were found too low, so they go with them."""
    return tuple(
        one
        if (shown := suppress(one.too_low, least)).k is not None and not 0 < (one.n_fails or 0) < least
        else replace(one, too_low=hidden(shown, SUPPRESSED.format(least=least)), n_fails=None)
        for one in arms
    )
