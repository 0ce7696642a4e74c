"""The checks that rates count: random arm, live, final. A verdict that was superseded counts for nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import RatePolicy


class Found(IntFlag):
    """What was found in a check, as far as rates ask; one number a check, because there are many checks.

    SCORED and FLAGGED are the approved classifier's, for equality monitoring only. COMPARED: there is an
    assessment before it; COPIED: at least the policy's share of its words was carried over from that one.
    KNOWN: no check of this round, but a case in cool-off whose result an earlier one has told. HALF_YEAR:
    its round stands for half a year, as where everybody is checked twice a year.
    """

    SCORABLE = 1
    MEDIUM = 2
    HIGH_INSTEAD = 4
    UNDER = 8
    OVER = 16
    INSUFFICIENT = 32
    FAIL = 64
    SCORED = 128
    FLAGGED = 256
    COMPARED = 512
    COPIED = 1024
    KNOWN = 2048
    HALF_YEAR = 4096


@dataclass(frozen=True, eq=False)
class CheckArrays:
    """Final checks of the random arm, where they were drawn; arrays of shape (n_checks,).

    `rubric` is the version that scored it, `found` holds `Found` flags, `weight` the inverse of each case's
    chance of being drawn, `at` and `drawn_at` the moments of verdict and draw in seconds. A case in cool-off
    that is KNOWN has a row too: it stands for itself alone, from when its officer's check of that round was
    decided.
    """

    pdu: NDArray[np.str_]
    region: NDArray[np.str_]
    rubric: NDArray[np.str_]
    found: NDArray[np.int64]
    weight: NDArray[np.float64]
    at: NDArray[np.float64]
    drawn_at: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.found)

    def take(self, rows: NDArray[np.bool_]) -> "CheckArrays":
        """Return some of the checks."""
        return CheckArrays(*(getattr(self, part.name)[rows] for part in fields(self)))

    def has(self, flag: Found) -> NDArray[np.bool_]:
        """Tell for each check whether it was found to be so."""
        return (self.found & flag) > 0

    @property
    def years(self) -> NDArray[np.float64]:
        """Return how much of a year each check's round stands for."""
        return years_of(self.found)

    @property
    def drawn(self) -> "CheckArrays":
        """Return the checks themselves, without the cases that are known from an earlier round."""
        return self.take(~self.has(Found.KNOWN))

    def since(self, moment: datetime) -> "CheckArrays":
        """Return the checks decided since a moment."""
        return self.take(self.at >= moment.timestamp())

    @property
    def quarter(self) -> NDArray[np.int64]:
        """Return the calendar quarter in which each was drawn as year x 4 + 0..3.

        By verdicts, the fails of a quarter would stand in the next: they take longer than passes.
        """
        months = self.drawn_at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
        return (1970 * 12 + months) // 3


HALF = 0.5


def years_of(found: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much of a year each check's round stands for.

    Officers checked twice a year would else count twice in the rate of a nation that checks others once.
    """
    return np.where((found & Found.HALF_YEAR) > 0, HALF, 1.0)


# Numbers of the flags as in Found.
FOUND = """((v.verdict <> 'not_scorable')::int + 2 * (v.assessed_overall = 'MEDIUM')::int
  + 4 * coalesce(v.reviewed_overall IN ('HIGH', 'VERY_HIGH'), false)::int
  + 8 * v.is_underclassified::int + 16 * v.is_overclassified::int
  + 32 * (v.verdict IN ('recheck', 'fail'))::int + 64 * (v.verdict = 'fail')::int)"""
# Verdicts as they stood at :at, so that what is asked of a past day is what was known on it.
STANDING = """decided_at <= :at AND NOT EXISTS (
    SELECT 1 FROM verdict later WHERE later.supersedes_id = {v}.id AND later.decided_at <= :at)"""
_RANDOM = "k.arm = 'random' AND k.purpose = 'live' AND k.status = 'final' AND k.inclusion_probability > 0"
IS_HALF_YEAR = "(n.cadence = 'six_monthly')"
OF_HALF_YEAR = f"{Found.HALF_YEAR:d} * {IS_HALF_YEAR}::int"
STANDING_AND_RANDOM = f"""
  {_RANDOM} AND v.decided_at >= :since AND v.{STANDING.format(v="v")}"""
# A case u in cool-off of a round n is known by an earlier check k while its assessment is the same. It counts
# with its officer's own check of n: a round half read would else consist of what was known before.
KNOWN = f"""
    FROM round_unit u JOIN round n ON n.id = u.round_id AND n.drawn_at <= :at
    JOIN pdu here ON here.code = u.pdu_code
    JOIN check_record k ON k.case_id = u.case_id AND k.assessment_id = u.assessment_id AND k.round_id <> n.id
      AND {_RANDOM}
    JOIN verdict v ON v.check_id = k.id AND v.verdict <> 'not_scorable' AND v.{STANDING.format(v="v")}
    CROSS JOIN LATERAL (
      SELECT coalesce(min(d.drawn_region_code), here.region_code) AS region_code,
             count(*) > count(w.id) AS is_open, coalesce(max(w.decided_at), n.drawn_at) AS counted_at
      FROM check_record d LEFT JOIN verdict w ON w.check_id = d.id AND w.{STANDING.format(v="w")}
      WHERE d.round_id = n.id AND d.person_id = u.person_id AND d.arm = 'random'
        AND d.status NOT IN ('substituted', 'void')) own
    WHERE u.stratum = 'cool_off' AND NOT own.is_open AND own.counted_at >= :since
"""  # noqa: S608 - constants only
# A row for each PDU and rubric with its checks as arrays: a row for each check would take twice as long.
FINAL_CHECKS = f"""
    SELECT k.drawn_pdu_code AS pdu_code, k.drawn_region_code AS region_code, v.rubric_version,
           array_agg({FOUND} + {OF_HALF_YEAR} + 512 * (k.copied_text_rate IS NOT NULL)::int
             + 1024 * coalesce(k.copied_text_rate >= :copied_from, false)::int),
           array_agg(1 / k.inclusion_probability),
           array_agg(extract(epoch FROM v.decided_at)::float),
           array_agg(extract(epoch FROM k.drawn_at)::float), 'checks' AS what
    FROM check_record k JOIN verdict v ON v.check_id = k.id JOIN round n ON n.id = k.round_id
    WHERE {STANDING_AND_RANDOM}
    GROUP BY k.drawn_pdu_code, k.drawn_region_code, v.rubric_version
    UNION ALL
    SELECT u.pdu_code, own.region_code, v.rubric_version,
           array_agg({FOUND} + {OF_HALF_YEAR} + {Found.KNOWN:d}), array_agg(1.0::float),
           array_agg(extract(epoch FROM own.counted_at)::float),
           array_agg(extract(epoch FROM k.drawn_at)::float), 'checks'
    {KNOWN}
    GROUP BY u.pdu_code, own.region_code, v.rubric_version
"""  # noqa: S608 - constants only
_FINAL_CHECKS = text(FINAL_CHECKS)

_COVERAGE = text(
    """
    SELECT k.drawn_pdu_code AS pdu_code, count(DISTINCT k.person_id) AS n_drawn,
           count(DISTINCT k.person_id) FILTER (WHERE k.status = 'final') AS n_checked
    FROM check_record k
    WHERE k.arm = 'random' AND k.purpose = 'live' AND k.status NOT IN ('substituted', 'void')
      AND k.drawn_at >= :since AND k.drawn_at <= :at
    GROUP BY k.drawn_pdu_code
    """
)


def list_final_checks(
    session: Session, *, since: datetime, at: datetime, current_code: Mapping[str, str], policy: RatePolicy
) -> CheckArrays:
    """List the final checks of the random arm between two moments, of the whole nation.

    Rates count every check where it was drawn, limited-access cases too: they are numbers, and who may see
    which area's numbers is decided by whoever shows them. A rate without them would be wrong. What it gives
    away to a manager who knows every other check is that one they may not see was found wrong, not which case
    it is of nor why.
    """
    values = {"since": since, "at": at, "copied_from": policy.copied_from_share}
    with seeing_everything(session):
        return arrays_of(session.connection().execute(_FINAL_CHECKS, values).all(), current_code)


def arrays_of(rows: Sequence[Sequence[Any]], current_code: Mapping[str, str]) -> CheckArrays:
    """Put the rows of FINAL_CHECKS one after the other; a merged PDU's checks are its successor's."""
    sizes = [len(row[3]) for row in rows]
    found, weight, moment, drawn_at = (
        np.concatenate([np.empty(0), *(np.array(row[column], dtype=np.float64) for row in rows)])
        for column in (3, 4, 5, 6)
    )
    pdu, region, rubric = (
        np.repeat(np.array(names, dtype=np.str_), sizes)
        for names in (
            [current_code.get(row[0], row[0]) for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
        )
    )
    return CheckArrays(pdu, region, rubric, found.astype(np.int64), weight, moment, drawn_at)


def list_coverage(session: Session, *, since: datetime, at: datetime) -> dict[str, tuple[int, int]]:
    """Map PDUs to (officers drawn, officers checked) between two moments."""
    with seeing_everything(session):
        rows = session.connection().execute(_COVERAGE, {"since": since, "at": at})
        return {row.pdu_code: (row.n_drawn, row.n_checked) for row in rows}
