"""What the checks of an area cost and found, by the way they were chosen; arms are never pooled.

Hours are numbers of reads times the policy's planning hours: nobody's time is measured. What an arm yields is
no rate of the area: targeted checks and sweeps look where errors are expected.
"""

from collections.abc import Mapping
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
    SELECT k.arm, count(*) FILTER (WHERE v.verdict <> 'not_scorable') AS n,
           count(*) FILTER (WHERE v.is_underclassified) AS n_too_low,
           count(*) FILTER (WHERE v.verdict = 'fail') AS n_fails
    FROM check_record k JOIN verdict v ON v.check_id = k.id
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    WHERE k.purpose = 'live' AND k.status = 'final' AND k.drawn_pdu_code = ANY(:pdus)
      AND v.decided_at >= :since AND v.decided_at <= :at
    GROUP BY k.arm
    """
)
_READ = text(
    """
    SELECT k.arm, count(*) FILTER (WHERE t.kind <> 'second') AS n_first,
           count(*) FILTER (WHERE t.kind = 'second') AS n_second,
           (SELECT count(*) FROM moderation m JOIN check_record c ON c.id = m.check_id
            WHERE c.arm = k.arm AND c.purpose = 'live' AND c.drawn_pdu_code = ANY(:pdus)
              AND m.decided_at >= :since AND m.decided_at <= :at) AS n_moderations
    FROM review r JOIN review_kind t ON t.review_id = r.id JOIN check_record k ON k.id = r.check_id
    WHERE k.purpose = 'live' AND k.drawn_pdu_code = ANY(:pdus)
      AND r.submitted_at >= :since AND r.submitted_at <= :at
      AND t.kind IN ('first', 'second', 'replacement', 'expert')
    GROUP BY k.arm
    """
)


def cost_of(
    session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: Policy, is_suppressed: bool
) -> Cost:
    """Return what the checks of an area cost and found in its window; without small counts for an analyst."""
    since = window_start(area.level, at, policy.rates)
    values = {"pdus": tree.drawn_codes(area), "since": since, "at": at}
    with seeing_everything(session):
        found, read = (
            {row["arm"]: dict(row) for row in session.connection().execute(statement, values).mappings()}
            for statement in (_FOUND, _READ)
        )
    arms = tuple(
        _arm_cost(arm, found.get(arm.value, {}), read.get(arm.value, {}), policy)
        for arm in Arm
        if arm.value in found or arm.value in read
    )
    least = policy.rates.suppress_below
    shown = _without_small_counts(arms, least) if is_suppressed else arms
    return Cost(since, shown, policy.forecast, policy.cost.officer_year_hours)


def _arm_cost(arm: Arm, found: Mapping[str, int], read: Mapping[str, int], policy: Policy) -> ArmCost:
    n_first, n_second = read.get("n_first", 0), read.get("n_second", 0)
    n_moderations, planned = read.get("n_moderations", 0), policy.forecast
    hours = (
        n_first * planned.first_read_hours
        + n_second * planned.second_read_hours
        + n_moderations * planned.moderation_hours
    )
    return ArmCost(
        arm=arm,
        too_low=share_of(found.get("n_too_low", 0), found.get("n", 0)),
        n_fails=found.get("n_fails", 0),
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
