"""Why checks went wrong in an area: causes named in fails, lines answered no, workload at the time.

A fail's causes are those of the reads in whose name it stands: of both blind readers, or of the moderator, as
its findings are. A line's answer is the moderator's, else the first blind reader's: one for each check.
Nothing here is about one officer; workload is that of the week of the assessment, not of today.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import CapacityPolicy, Policy
from qa_service.reporting.areas import DRAWN_IN, Area, AreaLevel, AreaTree
from qa_service.reporting.queries import STANDING
from qa_service.reporting.rates import Rate, moment_months_before, share_of, window_start
from rubrics import FindingOwner, load


@dataclass(frozen=True)
class CauseShare:
    """A cause, who answers for it, and in how many of the fails it was named."""

    code: str
    label: str
    is_above_the_officer: bool
    share: Rate


@dataclass(frozen=True)
class LineShare:
    """A line of the rubric and how often it was answered no."""

    item_id: str
    title: str
    share: Rate


@dataclass(frozen=True)
class LoadShare:
    """Officers by their workload when they assessed, and how often the level was too low."""

    band: str
    share: Rate


@dataclass(frozen=True)
class Causes:
    """Why checks went wrong; `load_share` is of fails with workload, oversight or IT among their causes.

    `n_fails` is empty when it is small and the reader may not see it.
    """

    n_fails: int | None
    since: datetime
    until: datetime
    fails_since: datetime
    causes: tuple[CauseShare, ...]
    load_share: Rate
    is_over_the_threshold: bool
    lines: tuple[LineShare, ...]
    workload: tuple[LoadShare, ...]


_FROM = f"""
    FROM check_record k JOIN verdict v ON v.check_id = k.id AND v.{STANDING.format(v="v")}
"""
# The answers s that stand for a check k with its verdict v.
_ANSWERS = """
    CROSS JOIN LATERAL (SELECT coalesce(
      (SELECT m.answers FROM moderation m WHERE m.check_id = k.id AND m.decided_at IS NOT NULL),
      (SELECT r.answers FROM review r JOIN review_kind t ON t.review_id = r.id
       WHERE r.check_id = k.id AND t.kind IN ('first', 'replacement', 'second')
         AND r.submitted_at IS NOT NULL AND r.contaminated_at IS NULL
       ORDER BY r.submitted_at, r.id LIMIT 1), '{}') AS answers) s
"""
_HERE = f"""
    WHERE k.purpose = 'live' AND k.status = 'final' AND {DRAWN_IN} AND v.decided_at >= :since
"""
# In which part of a release it was decided; 0 without parts.
_PART = "width_bucket(extract(epoch FROM v.decided_at)::float, CAST(:parts AS float[])) AS part"
_CAUSES = text(
    f"""
    SELECT k.drawn_pdu_code AS pdu_code, {_PART},
           array(SELECT DISTINCT a.value ->> 'cause'
                 FROM (SELECT m.answers FROM moderation m WHERE m.id = (v.decided_by ->> 'moderation')::bigint
                       UNION ALL
                       SELECT r.answers FROM review r
                       WHERE r.check_id = k.id AND v.decided_by -> 'reviews' @> to_jsonb(r.id)) s
                 CROSS JOIN LATERAL jsonb_each(s.answers) a
                 WHERE a.value ->> 'judgement' IN ('no', 'partly')
                   AND a.value ->> 'cause' IS NOT NULL) AS causes
    {_FROM}{_HERE} AND v.verdict = 'fail'
    """  # noqa: S608 - constants only
)
# Of each line how often it was answered no, of each band of workload how often the level was too low.
_LINES_AND_WORKLOAD = text(
    f"""
    SELECT a.key AS item_id, NULL::int AS band, {_PART},
           count(*) FILTER (WHERE a.value ->> 'judgement' = 'no') AS k,
           count(*) FILTER (WHERE a.value ->> 'judgement' IN ('yes', 'partly', 'no')) AS n
    {_FROM}{_ANSWERS} CROSS JOIN LATERAL jsonb_each(s.answers) a {_HERE} AND k.arm = 'random' GROUP BY 1, 2, 3
    UNION ALL
    SELECT NULL, width_bucket(100.0 * k.workload_points / nullif(k.available_points, 0),
                              CAST(:edges AS float[])) AS band, {_PART},
           count(*) FILTER (WHERE v.is_underclassified), count(*)
    {_FROM}{_HERE} AND k.arm = 'random' AND v.verdict <> 'not_scorable' GROUP BY 2, 3
    """
)
# RULES 6: workload, oversight or IT.
LOAD_CAUSES = frozenset({"workload", "supervisor", "it_lost_work"})


@dataclass(frozen=True)
class FailCauses:
    """A confirmed fail: the PDU code it was drawn under, and the causes of each "no" and "partly"."""

    pdu_code: str
    causes: frozenset[str]
    part: int = 0

    @property
    def names_load(self) -> bool:
        """Tell whether workload, oversight or IT is among the causes."""
        return not self.causes.isdisjoint(LOAD_CAUSES)


@dataclass(frozen=True)
class CauseCounts:
    """What was counted in one part of a release: lines as (item, answered no, asked), bands as (k, n)."""

    fails: list[FailCauses]
    lines: list[tuple[str, int, int]]
    workload: Mapping[int | None, tuple[int, int]]


def list_fails(
    session: Session,
    drawn_in: Mapping[str, object],
    *,
    since: datetime,
    at: datetime,
    parts: Sequence[float] = (),
) -> list[FailCauses]:
    """List the confirmed fails of an area between two moments, as far as the session sees them."""
    values = {**drawn_in, "since": since, "at": at, "parts": list(parts)}
    rows = session.connection().execute(_CAUSES, values)
    return [FailCauses(row.pdu_code, frozenset(row.causes), row.part) for row in rows]


def count_causes(
    session: Session,
    drawn_in: Mapping[str, object],
    fails: Sequence[FailCauses],
    *,
    since: datetime,
    at: datetime,
    policy: Policy,
    parts: Sequence[float] = (),
) -> list[CauseCounts]:
    """Count what stands behind the rates of an area; in one part, or in those that begin at `parts`."""
    values = {**drawn_in, "since": since, "at": at, "edges": _edges(policy), "parts": list(parts)}
    with seeing_everything(session):
        rows = session.connection().execute(_LINES_AND_WORKLOAD, values).all()
    return [
        CauseCounts(
            [fail for fail in fails if fail.part == part],
            [(row.item_id, row.k, row.n) for row in rows if row.item_id and row.part == part],
            {row.band: (row.k, row.n) for row in rows if not row.item_id and row.part == part},
        )
        for part in (range(1, len(parts)) if parts else [0])
    ]


def causes_of(session: Session, tree: AreaTree, area: Area, *, at: datetime, policy: Policy) -> Causes:
    """Return why checks went wrong in an area.

    A region's or PDU's few fails are listed by name, so that the causes of one that is not would follow:
    below the nation only those count that the reader may see (limited access).
    """
    since, year = window_start(area.level, at, policy.rates), threshold_start(at, policy.capacity)
    here = tree.drawn_in(area)
    with seeing_everything(session) if area.level is AreaLevel.NATIONAL else nullcontext():
        fails = list_fails(session, here, since=year, at=at)
        [counts] = count_causes(session, here, fails, since=since, at=at, policy=policy)
    return causes_from(counts, since, year, at, policy)


def causes_from(
    counts: CauseCounts, since: datetime, fails_since: datetime, until: datetime, policy: Policy
) -> Causes:
    """Say counts as shares."""
    fails = counts.fails
    load_share = share_of(sum(fail.names_load for fail in fails), len(fails))
    return Causes(
        n_fails=len(fails),
        since=since,
        until=until,
        fails_since=fails_since,
        causes=_cause_shares([fail.causes for fail in fails]),
        load_share=load_share,
        is_over_the_threshold=is_load_passed(load_share, policy.capacity),
        lines=_line_shares(counts.lines),
        workload=tuple(
            LoadShare(band, share_of(*counts.workload.get(number, (0, 0))))
            for number, band in [*enumerate(_bands(_edges(policy))), (None, "Not known")]
        ),
    )


def threshold_start(at: datetime, policy: CapacityPolicy) -> datetime:
    """Return where the rolling months begin over which a PDU's thresholds are counted (RULES 6)."""
    return moment_months_before(at, policy.threshold_window_months)


def is_load_passed(share: Rate, policy: CapacityPolicy) -> bool:
    """Tell whether enough fails name workload, oversight or IT for an improvement plan (RULES 6)."""
    return (
        share.n >= policy.workload_cause_min_fails and (share.value or 0) > policy.workload_cause_share_limit
    )


def _edges(policy: Policy) -> list[float]:
    return [float(policy.overflow.capacity_limit_pct), float(policy.capacity.over_pct)]


def _bands(edges: Sequence[float]) -> list[str]:
    low, high = (f"{edge:g}%" for edge in edges)
    return [f"Under {low}", f"{low} to {high}", f"{high} and over"]


def _cause_shares(fails: Sequence[frozenset[str]]) -> tuple[CauseShare, ...]:
    """Count the fails in which each cause was named, the most named first."""
    shares = [
        CauseShare(
            cause.code,
            cause.label,
            cause.finding_owner is not FindingOwner.NONE,
            share_of(sum(cause.code in causes for causes in fails), len(fails)),
        )
        for cause in load("rosh").causes
    ]
    return tuple(sorted(shares, key=lambda one: -(one.share.k or 0)))


def _line_shares(rows: Sequence[tuple[str, int, int]]) -> tuple[LineShare, ...]:
    """Return the lines in the order of how often they were answered no."""
    titles = {question.id: question.title for question in load("rosh").questions}
    lines = [LineShare(item, titles.get(item, item), share_of(no, n)) for item, no, n in rows if n]
    return tuple(sorted(lines, key=lambda one: (-(one.share.value or 0), one.item_id)))
