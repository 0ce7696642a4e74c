"""Final checks with what is recorded of the person supervised and of the officer; read only to be summed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import Policy
from qa_service.reporting.queries import FOUND, KNOWN, OF_HALF_YEAR, STANDING_AND_RANDOM, Found, years_of

NOT_RECORDED = "not recorded"
PERSON, OFFICER = "person_supervised", "officer"


@dataclass(frozen=True)
class Characteristic:
    """What people are grouped by; one made of two others is of the same people."""

    of_whom: str
    name: str
    made_of: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return whose it is and what."""
        return self.of_whom, self.name


CHARACTERISTICS = (
    Characteristic(PERSON, "sex"),
    Characteristic(PERSON, "ethnicity"),
    Characteristic(PERSON, "age_band"),
    Characteristic(PERSON, "ethnicity_and_sex", ("ethnicity", "sex")),
    Characteristic(OFFICER, "sex"),
    Characteristic(OFFICER, "ethnicity"),
    Characteristic(OFFICER, "age_band"),
    Characteristic(OFFICER, "working_hours"),
    Characteristic(OFFICER, "newly_qualified"),
)


@dataclass(frozen=True, eq=False)
class Monitored:
    """Final checks of the random arm, and cases known from an earlier round; arrays of shape (n_checks,).

    `groups` are by (of_whom, name).
    """

    region: NDArray[np.str_]
    found: NDArray[np.int64]
    weight: NDArray[np.float64]
    groups: Mapping[tuple[str, str], NDArray[np.str_]]

    @property
    def years(self) -> NDArray[np.float64]:
        """Return how much of a year each check's round stands for."""
        return years_of(self.found)


# Officers as they were posted when the check was drawn; flags of the artefact that is in force now.
_MONITORED = text(
    f"""
    SELECT counted.region, counted.weight,
      {FOUND} + counted.more
        + 128 * (f.id IS NOT NULL)::int + 256 * coalesce(f.is_flagged, false)::int AS found,
      c.sex AS case_sex, c.ethnicity AS case_ethnicity,
      extract(year FROM a.completed_at) - c.birth_year AS case_age,
      p.sex AS officer_sex, p.ethnicity AS officer_ethnicity,
      extract(year FROM k.drawn_at) - p.birth_year AS officer_age,
      (SELECT sum(o.contracted_hours) FROM posting o JOIN staff_code s ON s.code = o.staff_code
       WHERE s.person_id = k.person_id AND o.from_on <= k.drawn_at::date
         AND (o.to_on IS NULL OR o.to_on >= k.drawn_at::date)) AS officer_hours,
      EXISTS (SELECT FROM practitioner_fact q
       WHERE q.person_id = k.person_id AND q.kind = 'newly_qualified' AND q.from_on <= k.drawn_at::date
         AND (q.to_on IS NULL OR q.to_on >= k.drawn_at::date)) AS is_newly_qualified
    FROM (
      SELECT k.id AS check_id, v.id AS verdict_id, k.drawn_region_code AS region,
             1 / k.inclusion_probability AS weight, {OF_HALF_YEAR} AS more
      FROM check_record k JOIN verdict v ON v.check_id = k.id JOIN round n ON n.id = k.round_id
      WHERE {STANDING_AND_RANDOM}
      UNION ALL SELECT k.id, v.id, own.region_code, 1, {OF_HALF_YEAR} + {Found.KNOWN:d} {KNOWN}
    ) counted
    JOIN check_record k ON k.id = counted.check_id JOIN verdict v ON v.id = counted.verdict_id
    JOIN assessment a ON a.id = k.assessment_id
    LEFT JOIN case_audit_fact c ON c.case_id = k.case_id
    LEFT JOIN person_audit_fact p ON p.person_id = k.person_id
    LEFT JOIN approved_flag f ON f.assessment_id = k.assessment_id AND f.target NOT IN ('none', 'unscored')
    """  # noqa: S608 - constants only
)


def list_monitored(session: Session, *, since: datetime, at: datetime, policy: Policy) -> Monitored:
    """List the final checks of the random arm with the groups that they are counted in."""
    with seeing_everything(session):
        rows = session.connection().execute(_MONITORED, {"since": since, "at": at}).all()
    full_time = policy.workload.default_hours

    def labels(label: Callable[[Row[Any]], str | None]) -> NDArray[np.str_]:
        return np.array([label(row) or NOT_RECORDED for row in rows], dtype=np.str_)

    groups = {
        (PERSON, "sex"): labels(lambda row: row.case_sex),
        (PERSON, "ethnicity"): labels(lambda row: row.case_ethnicity),
        (PERSON, "age_band"): labels(lambda row: _age_band(row.case_age)),
        (OFFICER, "sex"): labels(lambda row: row.officer_sex),
        (OFFICER, "ethnicity"): labels(lambda row: row.officer_ethnicity),
        (OFFICER, "age_band"): labels(lambda row: _age_band(row.officer_age)),
        (OFFICER, "working_hours"): labels(
            lambda row: row.officer_hours and ("full time" if row.officer_hours >= full_time else "part time")
        ),
        (OFFICER, "newly_qualified"): labels(lambda row: "yes" if row.is_newly_qualified else "no"),
    }
    return Monitored(
        region=labels(lambda row: row.region),
        found=np.array([row.found for row in rows], dtype=np.int64),
        weight=np.array([row.weight for row in rows], dtype=np.float64),
        groups=groups | {one.key: _joined(groups, one) for one in CHARACTERISTICS if one.made_of},
    )


def _joined(groups: Mapping[tuple[str, str], NDArray[np.str_]], made: Characteristic) -> NDArray[np.str_]:
    parts: Sequence[NDArray[np.str_]] = [groups[made.of_whom, name] for name in made.made_of]
    return np.array([", ".join(labels) for labels in zip(*parts, strict=True)], dtype=np.str_)


def _age_band(years: float | None) -> str | None:
    # The classifier's own bands; with them comes pandas, which only the worker loads.
    from models.columns import AGE_BANDS  # noqa: PLC0415 - as above

    if years is None:
        return None
    return next(name for start, name in reversed(AGE_BANDS) if years >= start)
