"""Read what the classifier's input contract is made of, in bulk: COPY out of PostgreSQL into data frames.

Rows are chosen by assessment. What was recorded after an assessment is cut off in `models.records`, which
alone knows the rule; here nothing is left out that it needs, and no name of a person is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import text
from sqlmodel import Session

from models.records import Tables

_MOMENTS = {"completed_at", "initiated_at", "received_at", "recorded_at", "replaced_at"}
_NUMBERS = {"assessment_id", "crn"}

_WANTED = "WITH wanted AS (SELECT id, case_id FROM assessment WHERE id = ANY('{ids}'::bigint[])) "
_OF_CASES = "WHERE {name}.case_id IN (SELECT case_id FROM wanted)"

_ASSESSMENTS = """
, copies AS (
  SELECT DISTINCT ON (a.case_id, a.source, a.outside_id)
    a.*, a.recorded_at AS received_at, w.id IS NOT NULL AS is_wanted
  FROM assessment a LEFT JOIN wanted w ON w.id = a.id
  WHERE a.case_id IN (SELECT case_id FROM wanted) AND a.completed_at IS NOT NULL
  -- Of another assessment the copy first received: a correction that came later was not known.
  ORDER BY a.case_id, a.source, a.outside_id, w.id DESC NULLS LAST, a.id
)
SELECT a.id AS assessment_id, a.case_id AS crn, {completed_at}, {initiated_at}, {received_at},
  a.practitioner_staff_code,
  c.children AS community_children, c.public AS community_public, c.known_adult AS community_known_adult,
  c.staff AS community_staff, k.children AS custody_children, k.public AS custody_public,
  k.known_adult AS custody_known_adult, k.staff AS custody_staff, k.prisoners AS custody_prisoners,
  t.*, d.*
FROM copies a
CROSS JOIN LATERAL jsonb_to_record(coalesce(a.grid->'community', '{{}}'))
  AS c(children text, public text, known_adult text, staff text)
CROSS JOIN LATERAL jsonb_to_record(coalesce(a.grid->'custody', '{{}}'))
  AS k(children text, public text, known_adult text, staff text, prisoners text)
CROSS JOIN LATERAL jsonb_to_record(a.texts) AS t(who_is_at_risk text, nature_of_risk text,
  risk_imminence text, risk_increase_factors text, risk_mitigation_factors text,
  analysis_of_risk_factors text, rmp_key_information text, rmp_supervision text,
  rmp_monitoring_and_control text, rmp_interventions text, rmp_victim_safety text, rmp_contingency text)
CROSS JOIN LATERAL jsonb_to_record(CASE WHEN a.is_wanted THEN a.details ELSE '{{}}' END)
  AS d(predictors jsonb, needs jsonb, screening jsonb, has_full_analysis boolean,
       n_previous_sanctions numeric, n_violent_sanctions numeric)
ORDER BY a.case_id, a.completed_at, a.id
"""
_CASES = """
SELECT v.case_id AS crn, v.started_on, v.released_on, v.is_sexual_offence, v.offence, {replaced_at},
  f.sex, f.ethnicity, f.birth_year
FROM (
  SELECT id AS case_id, started_on, released_on, is_sexual_offence, offence, NULL::timestamptz AS replaced_at
  FROM case_record
  UNION ALL SELECT case_id, started_on, released_on, is_sexual_offence, offence, replaced_at
  FROM former_case_facts
) v
LEFT JOIN case_audit_fact f USING (case_id) {of_cases}
"""
# What came with a case's first load of a table was entered nobody can tell when; of the rest we know when it
# came. That load is the case's own, where it brought the table at all: else that of the case's first row
# (docs/decisions/0016). A row without a moment came before the moment was kept.
_ENTRIES = """
, arrivals AS (SELECT n.case_id, min(n.recorded_at) AS came_at FROM case_crn n {of_crns} GROUP BY n.case_id)
, entries AS (
  SELECT x.*, CASE WHEN a.came_at = ANY ('{loads}'::timestamptz[]) THEN a.came_at
    ELSE min(coalesce(x.recorded_at, a.came_at)) OVER (PARTITION BY x.case_id) END AS first_at
  FROM {table} x JOIN arrivals a USING (case_id) {of_entries}
), dated AS (
  SELECT case_id, nullif(greatest(recorded_at, first_at), first_at) AS recorded_at, {columns} FROM entries
)
"""
_REGISTRATIONS = """
SELECT e.case_id AS crn, e.code, e.level, e.from_on AS start_on, e.to_on AS end_on,
  {recorded_at}, {replaced_at}
FROM dated e ORDER BY e.case_id, e.from_on, e.id
"""
_ASSIGNMENTS = "SELECT e.case_id AS crn, e.staff_code, e.from_on, {recorded_at} FROM dated e"
# As with entries; here the case's first load of items alone counts: the source dates each item itself.
_ITEMS = """
, items AS (
  SELECT x.*, min(coalesce(x.received_at, '-infinity')) OVER (PARTITION BY x.case_id) AS first_at
  FROM case_pack_item x {of_items}
), dated AS (
  SELECT id, case_id, kind, happened_on, state, title, body, is_review_trigger, recorded_at,
    nullif(received_at, first_at) AS received_at FROM items
)
SELECT i.case_id AS crn, upper(i.kind) AS kind, i.happened_on, upper(i.state) AS state, i.title,
  i.body AS text, i.is_review_trigger AS calls_for_review, {recorded_at}, {received_at}
FROM dated i ORDER BY i.case_id, i.id
"""
_POSTINGS = "SELECT staff_code, team_code, grade, from_on FROM posting ORDER BY staff_code, from_on, id"
_TEAMS = "SELECT code AS team_code, pdu_code FROM team"
_PDUS = "SELECT code AS pdu_code, region_code FROM pdu"


_LOADS = "SELECT coalesce(array_agg(DISTINCT recorded_at), '{{}}')::text AS loads FROM {table}"


@dataclass(frozen=True)
class Shared:
    """What is the same for all assessments: who was posted where, and when rows of a table were loaded."""

    places: Mapping[str, pd.DataFrame]
    loads: Mapping[str, str]


def read_shared(session: Session) -> Shared:
    """Read what every batch of assessments needs, once for all of them."""
    places = {
        "postings": _read(session, _POSTINGS),
        "teams": _read(session, _TEAMS),
        "pdus": _read(session, _PDUS),
    }
    loads = {
        table: session.connection().execute(text(_LOADS.format(table=table))).scalar_one()
        for table in ("registration", "case_assignment")
    }
    return Shared(places, loads)


def read_tables(session: Session, assessment_ids: Sequence[int], shared: Shared | None = None) -> Tables:
    """Read the tables of the input contract for the cases of some assessments; a case's key stands for it."""
    shared = shared or read_shared(session)
    begin = _WANTED.format(ids="{" + ",".join(str(int(key)) for key in assessment_ids) + "}")
    a, i = (
        _microseconds("a", "completed_at", "initiated_at", "received_at"),
        _microseconds("i", "recorded_at", "received_at"),
    )
    v, e = (_microseconds("v", "replaced_at"), _microseconds("e", "recorded_at", "replaced_at"))
    of_cases, of_items = (_OF_CASES.format(name=name) for name in "vx")
    registrations = begin + _entries("registration", shared, "id, code, level, from_on, to_on, replaced_at")
    assignments = begin + _entries("case_assignment", shared, "staff_code, from_on")
    return Tables(
        assessments=_read(session, begin + _ASSESSMENTS.format(**a)),
        cases=_read(session, begin + _CASES.format(of_cases=of_cases, **v)),
        registrations=_read(session, registrations + _REGISTRATIONS.format(**e)),
        case_assignments=_read(session, assignments + _ASSIGNMENTS.format(**e)),
        case_pack_items=_read(session, begin + _ITEMS.format(of_items=of_items, **i)),
        **shared.places,
    )


def _entries(table: str, shared: Shared, columns: str) -> str:
    of_crns, of_entries = (_OF_CASES.format(name=name) for name in "nx")
    loads = shared.loads[table]
    return _ENTRIES.format(table=table, columns=columns, loads=loads, of_crns=of_crns, of_entries=of_entries)


def _microseconds(table: str, *names: str) -> dict[str, str]:
    """Moments as whole microseconds: read back without parsing a text each."""
    return {name: f"(extract(epoch FROM {table}.{name}) * 1000000)::bigint AS {name}" for name in names}


def _read(session: Session, statement: str) -> pd.DataFrame:
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor().copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)".encode()) as copy:
        return _frame(b"".join(map(bytes, copy)))


def _frame(content: bytes) -> pd.DataFrame:
    names = content.partition(b"\n")[0].decode().split(",")
    table = csv.read_csv(
        pa.BufferReader(content),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={name: _type(name) for name in names},
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
        ),
    )
    frame: pd.DataFrame = table.to_pandas()
    for name in _MOMENTS.intersection(names):
        frame[name] = pd.to_datetime(frame[name], unit="us", utc=True)
    for name in {one for one in names if one.endswith("_on")}:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def _type(name: str) -> pa.DataType:
    if name in _MOMENTS or name in _NUMBERS:
        return pa.int64()
    if name.endswith("_on"):
        return pa.date32()
    if name.startswith(("is_", "has_", "calls_")):
        return pa.bool_()
    if name.startswith("n_") or name == "birth_year":
        return pa.float64()
    return pa.string()
