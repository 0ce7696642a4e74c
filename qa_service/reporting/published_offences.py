"""Of the checks read again after a serious further offence, the share that had missed it, as it is published.

One figure of England and Wales for each calendar year that is over, counted by the day of the blind re-read:
no re-read is in two years, and what is withdrawn, decided or seen later changes none (decision 15).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import AreaLevel, AreaTree
from qa_service.reporting.further_offences import LEVEL
from qa_service.reporting.published import Published, hidden, publish
from qa_service.reporting.queries import FINAL_CHECKS, STANDING, arrays_of
from qa_service.reporting.rates import Rate, share_of
from qa_service.reporting.releases import Release, equality_release, release_of

# In the columns of FINAL_CHECKS, to be asked with them in one statement.
_MISSED = f"""
    SELECT NULL, NULL, NULL,
           ARRAY[(count(*) FILTER (WHERE level.is_too_low AND NOT level.was_found))::int, count(*)::int],
           NULL, NULL, NULL, 'missed' AS what
    FROM (SELECT DISTINCT check_id FROM serious_further_offence
          WHERE entered_at <= :at AND (withdrawn_at IS NULL OR withdrawn_at > :at)) o
    JOIN check_record k ON k.id = o.check_id
    JOIN verdict v ON v.check_id = k.id AND v.verdict <> 'not_scorable' AND v.{STANDING.format(v="v")}
    JOIN LATERAL (
      SELECT r.scorecard -> 'comparison' AS found, r.submitted_at
      FROM review r JOIN review_kind t ON t.review_id = r.id
      WHERE r.check_id = k.id AND t.kind = 'sfo' AND r.submitted_at <= :at
        AND (r.contaminated_at IS NULL OR r.contaminated_at > :at)
      ORDER BY r.submitted_at, r.id LIMIT 1) again ON again.submitted_at >= :year_from
    {LEVEL}
"""  # noqa: S608 - constants only
_ALONE, _BESIDE = text(_MISSED), text(f"{FINAL_CHECKS} UNION ALL {_MISSED}")


@dataclass(frozen=True)
class MissedInYear:
    """The share missed of the checks that were read again in a year; hidden where a count is small."""

    since: datetime
    until: datetime
    missed: Rate


def missed_in_year(session: Session, *, at: datetime, policy: RatePolicy) -> MissedInYear:
    """Return the share missed in the last calendar year that was over, as everything stood when it ended."""
    year = equality_release(at, policy)
    with seeing_everything(session):
        values = {"year_from": year.since, "at": year.until}
        row = session.connection().execute(_ALONE, values).one()
    return _published(row[3], year, policy.suppress_below)


def published_of_pdus(
    session: Session, tree: AreaTree, *, at: datetime, policy: RatePolicy
) -> tuple[Published, MissedInYear]:
    """Return the rates of PDUs, which end with the same year, and the share missed, in one statement."""
    release, year = release_of(AreaLevel.PDU, at, policy), equality_release(at, policy)
    values = {
        "since": release.edges[0],
        "at": release.until,
        "copied_from": policy.copied_from_share,
        "year_from": year.since,
    }
    with seeing_everything(session):
        rows = session.connection().execute(_BESIDE, values).all()
    checks = arrays_of([row for row in rows if row.what == "checks"], tree.current_code)
    [counts] = [row[3] for row in rows if row.what == "missed"]
    return publish(checks, tree, release, policy=policy), _published(counts, year, policy.suppress_below)


def _published(counts: Sequence[int], year: Release, least: int) -> MissedInYear:
    k, n = counts
    missed = share_of(k, n)
    is_small = any(0 < count < least for count in (k, n - k, n))
    return MissedInYear(year.since, year.until, hidden(missed, least) if is_small else missed)
