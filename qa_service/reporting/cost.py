"""What the checks of an area cost and found, by the way they were chosen; arms are never pooled.

Hours are numbers of reads times the policy's planning hours: nobody's time is measured. A read counts once
its check is final, so that no figure tells how far a waiting check is. What an arm yields is no rate of the
area: targeted checks and sweeps look where errors are expected.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import ForecastPolicy, Policy
from qa_service.reporting.areas import DRAWN_IN, Area, AreaTree
from qa_service.reporting.queries import STANDING
from qa_service.reporting.rates import Rate, share_of, window_start
from qa_service.rounds.tables import Arm


@dataclass(frozen=True)
class ArmCost:
    """One way of choosing: reads done, what was found, and the planning hours that the reads stand for.

    `too_low` is the share of its scorable final checks whose level was too low. `caseload_years` is the hours
    in officers' caseloads carried a year. `n_fails` is empty for those who may not see small counts;
    `is_hidden`: they are shown no figure of it.
    """

    arm: Arm
    too_low: Rate
    n_fails: int | None
    n_reads: int
    n_moderations: int
    hours: Decimal
    caseload_years: float
    is_hidden: bool = False

    @property
    def hours_per_error(self) -> float | None:
        """Return the hours for each level found too low; none when none was found or it is not shown."""
        return float(self.hours) / self.too_low.k if self.too_low.k else None

    @property
    def hours_per_error_limits(self) -> tuple[float, float | None] | None:
        """Return between how many hours it lies, by the interval of the share; the upper may have no end."""
        found = self.too_low
        if not found.k or not found.high or found.low is None:
            return None
        each = float(self.hours) / found.n
        return each / found.high, each / found.low if found.low else None

    @property
    def caseload_years_per_error(self) -> float | None:
        """Return the caseloads, carried a year, for each level found too low."""
        return self.caseload_years / self.too_low.k if self.too_low.k else None


@dataclass(frozen=True)
class Cost:
    """The arms that were read in an area's window, and the planning hours a read stands for."""

    since: datetime
    until: datetime
    arms: tuple[ArmCost, ...]
    planning: ForecastPolicy
    officer_year_hours: float


# In which part of a release something was done; 0 without parts.
_PART = "width_bucket(extract(epoch FROM {moment})::float, CAST(:edges AS float[])) AS part"
_HERE = f"WHERE k.purpose = 'live' AND k.status = 'final' AND {DRAWN_IN}"
_FOUND = text(
    f"""
    SELECT k.drawn_pdu_code AS pdu, k.arm, {_PART.format(moment="v.decided_at")},
           count(*) FILTER (WHERE v.verdict <> 'not_scorable') AS n,
           count(*) FILTER (WHERE v.is_underclassified) AS n_too_low,
           count(*) FILTER (WHERE v.verdict = 'fail') AS n_fails
    FROM check_record k JOIN verdict v ON v.check_id = k.id AND v.{STANDING.format(v="v")}
    {_HERE} AND v.decided_at >= :since AND v.decided_at <= :at GROUP BY 1, 2, 3
    """  # noqa: S608 - constants only
)
_READ = text(
    f"""
    SELECT k.drawn_pdu_code AS pdu, k.arm, {_PART.format(moment="greatest(r.submitted_at, v.decided_at)")},
           count(*) FILTER (WHERE t.kind <> 'second') AS n_first,
           count(*) FILTER (WHERE t.kind = 'second') AS n_second, 0 AS n_moderations
    FROM review r JOIN review_kind t ON t.review_id = r.id JOIN check_record k ON k.id = r.check_id
    JOIN verdict v ON v.check_id = k.id AND v.{STANDING.format(v="v")}
    {_HERE} AND t.kind IN ('first', 'second', 'replacement', 'expert')
      AND r.submitted_at <= :at AND greatest(r.submitted_at, v.decided_at) >= :since GROUP BY 1, 2, 3
    UNION ALL
    SELECT k.drawn_pdu_code, k.arm, {_PART.format(moment="v.decided_at")}, 0, 0, count(*)
    FROM moderation m JOIN check_record k ON k.id = m.check_id
    JOIN verdict v ON v.check_id = k.id AND v.{STANDING.format(v="v")}
    {_HERE} AND m.decided_at <= :at AND v.decided_at >= :since GROUP BY 1, 2, 3
    """  # noqa: S608 - constants only
)
# (PDU code as drawn, part of a release, arm) to what was counted.
Counts = Mapping[tuple[str, int, str], Counter[str]]


def cost_of(session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: Policy) -> Cost:
    """Return what the checks of an area cost and found in its window."""
    since = window_start(area.level, at, policy.rates)
    counts = count_cost(session, tree.drawn_in(area), since=since, at=at)
    arms: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, _, arm), counted in counts.items():
        arms[arm].update(counted)
    return cost_from(arms, since, at, policy)


def count_cost(
    session: Session,
    drawn_in: Mapping[str, object],
    *,
    since: datetime,
    at: datetime,
    edges: Sequence[float] = (),
) -> Counts:
    """Count what was read and found of an area's checks between two moments, by part and arm."""
    counts: dict[tuple[str, int, str], Counter[str]] = defaultdict(Counter)
    values = {**drawn_in, "since": since, "at": at, "edges": list(edges)}
    with seeing_everything(session):
        for statement in (_FOUND, _READ):
            rows = session.connection().execute(statement, values)
            for pdu, arm, part, *found in rows:
                counts[pdu, part, arm].update(dict(zip([*rows.keys()][3:], found, strict=True)))
    return counts


def cost_from(counts: Mapping[str, Counter[str]], since: datetime, until: datetime, policy: Policy) -> Cost:
    """Work out the hours that counts by arm stand for."""
    arms = tuple(_arm_cost(arm, counts[arm.value], policy) for arm in Arm if arm.value in counts)
    return Cost(since, until, arms, policy.forecast, policy.cost.officer_year_hours)


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
