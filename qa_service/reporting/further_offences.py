"""Serious further offences, and in how many the last check before had let a level stand that was too low.

Counts beside the rates, never a rate of error: nobody drew these cases at random (RULES 10).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.reporting.areas import Area, AreaLevel
from qa_service.reporting.rates import Rate, share_of
from qa_service.reporting.rows import CRN_OF, list_rows

# What the re-read `again` found beside the verdict v of the check k: too low means the overall level or any
# group (RULES 2).
LEVEL = """
    LEFT JOIN LATERAL (
      SELECT array_position(ARRAY['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH'], again.found ->> 'reviewed_overall')
           > array_position(ARRAY['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH'], again.found ->> 'assessed_overall')
          OR EXISTS (SELECT FROM jsonb_each_text(again.found -> 'group_gaps') g WHERE g.value::int > 0)
        AS is_too_low,
        -- A correction opens with the first reading above the officer's, overall or of any group.
        v.is_underclassified OR v.severity IN ('S3', 'S4') OR EXISTS (
          SELECT FROM level_correction l WHERE l.check_id = k.id AND l.opened_at <= v.decided_at)
        AS was_found) level ON true
"""
# The re-read that counts, if it is in.
_READ_AGAIN = f"""
    LEFT JOIN check_record k ON k.id = o.check_id
    LEFT JOIN verdict v ON v.check_id = k.id AND v.verdict <> 'not_scorable'
      AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)
    LEFT JOIN LATERAL (
      SELECT r.scorecard -> 'comparison' AS found FROM review r JOIN review_kind t ON t.review_id = r.id
      WHERE r.check_id = k.id AND t.kind = 'sfo' AND r.submitted_at IS NOT NULL AND r.contaminated_at IS NULL
      ORDER BY r.submitted_at, r.id LIMIT 1) again ON v.id IS NOT NULL
    {LEVEL}
"""  # noqa: S608 - constants only
# In the columns of FINAL_CHECKS, to be asked with them in one statement: four counts for each place.
OFFENCES = f"""
    SELECT coalesce(k.drawn_pdu_code, o.pdu_code), coalesce(k.drawn_region_code, o.region_code), NULL,
           ARRAY[count(*)::int, count(o.check_id)::int, count(again.found)::int,
                 (count(*) FILTER (WHERE level.is_too_low AND NOT level.was_found))::int],
           NULL, NULL, NULL, 'offences'
    FROM serious_further_offence o {_READ_AGAIN}
    WHERE o.notified_on >= CAST(:since AS date) AND o.notified_on <= CAST(:at AS date)
      AND o.withdrawn_at IS NULL GROUP BY 1, 2
"""  # noqa: S608 - constants only
_LIST = text(
    f"""
    SELECT o.id, {CRN_OF.format(case="o.case_id")}, o.occurred_on, o.notified_on, u.name AS pdu,
           k.final_at AS checked_at, again.found IS NOT NULL AS is_read_again, level.is_too_low,
           level.was_found, o.withdrawn_at, o.withdrawn_reason
    FROM serious_further_offence o JOIN pdu u ON u.code = o.pdu_code {_READ_AGAIN}
    WHERE o.id = ANY(:ids) ORDER BY o.notified_on DESC, o.id DESC
    """  # noqa: S608 - as above
)
_IDS = text(
    "SELECT id FROM serious_further_offence"
    " WHERE :is_whole OR region_code = ANY(:regions) OR pdu_code = ANY(:pdus)"
)


@dataclass(frozen=True)
class OffencesOfPlace:
    """What was notified in the cases that were checked, or held, in a PDU while it lay in a region."""

    pdu_code: str
    region_code: str
    n_offences: int
    n_checked: int
    n_read_again: int
    n_missed: int


@dataclass(frozen=True)
class OffenceCounts:
    """What was notified in an area's cases: `missed` is of the re-reads that are in."""

    area: Area
    n_offences: int
    n_checked: int
    missed: Rate


@dataclass(frozen=True)
class OffenceRow:
    """One offence, as the quality lead who enters them sees it."""

    id: int
    crn: str | None
    occurred_on: date
    notified_on: date
    pdu: str
    checked_at: datetime | None
    is_read_again: bool
    is_too_low: bool | None
    was_found: bool | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


def offences_in(area: Area, places: Sequence[OffencesOfPlace]) -> OffenceCounts:
    """Add up an area's offences, where the case was checked, or held if it never was."""
    own = [place for place in places if _is_in(area, place)]
    return OffenceCounts(
        area,
        sum(place.n_offences for place in own),
        sum(place.n_checked for place in own),
        share_of(sum(place.n_missed for place in own), sum(place.n_read_again for place in own)),
    )


def _is_in(area: Area, place: OffencesOfPlace) -> bool:
    if area.level is AreaLevel.PDU:
        return place.pdu_code == area.code
    return area.level is AreaLevel.NATIONAL or place.region_code == area.code


def list_offences(
    session: Session, *, regions: Collection[str] | None, pdus: Collection[str]
) -> list[OffenceRow]:
    """List the offences of some areas (None: all) in cases that whoever asks may see, the latest first."""
    values = {"is_whole": regions is None, "regions": list(regions or ()), "pdus": list(pdus)}
    ids = [row.id for row in session.connection().execute(_IDS, values)]
    with seeing_everything(session):  # kinds of reads are hidden from every person's transaction
        return list_rows(session, _LIST, {"ids": ids}, OffenceRow)
