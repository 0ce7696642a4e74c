"""From the extract's tables to the input contract: one row per assessment, as known when it was completed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.columns import AGE_BANDS, ASSESSED, AUDIT, BASELINE, GROUPS, IDENTITY, TARGETS, inputs
from models.record_answers import R10, columns_from_answers, joined
from models.record_history import (
    assessed_levels,
    case_until,
    columns_from_dates,
    columns_from_earlier,
    columns_from_register,
    register_until,
)
from models.record_pack import columns_from_pack, offence_facts, pack_until

PLAN = (
    "rmp_key_information",
    "rmp_supervision",
    "rmp_monitoring_and_control",
    "rmp_interventions",
    "rmp_victim_safety",
    "rmp_contingency",
)
ANALYSED = 4.0


@dataclass(frozen=True)
class Tables:
    """The extract's tables, as docs/intake.md defines them.

    Attributes
    ----------
    assessments, cases, registrations, case_assignments, case_pack_items : DataFrame
        Moments as UTC datetimes, dates as datetimes without a time zone, JSON as text. ``cases`` and
        ``registrations`` hold every version of a row, with the moment ``replaced_at`` at which another took
        its place (empty: none has); ``registrations`` and ``case_assignments`` also ``recorded_at`` (empty:
        it came with the first load of its case, nobody knows how long after it was entered). ``assessments``
        and ``case_pack_items`` hold ``received_at``, of items empty alike: their source's moment counts.
    postings, teams, pdus : DataFrame
        For the audit columns only.
    """

    assessments: pd.DataFrame
    cases: pd.DataFrame
    registrations: pd.DataFrame
    case_assignments: pd.DataFrame
    case_pack_items: pd.DataFrame
    postings: pd.DataFrame
    teams: pd.DataFrame
    pdus: pd.DataFrame

    @classmethod
    def of_one_load(cls, **tables: pd.DataFrame) -> "Tables":
        """Take an extract's own tables as they are: one version of each row."""
        none = pd.Series(dtype="datetime64[us, UTC]")
        for name in ("assessments", "case_pack_items"):
            tables[name] = tables[name].assign(received_at=none)
        tables["cases"] = tables["cases"].assign(replaced_at=none)
        tables["registrations"] = tables["registrations"].assign(recorded_at=none, replaced_at=none)
        tables["case_assignments"] = tables["case_assignments"].assign(recorded_at=none)
        return cls(**tables)


def latest_assessments(assessments: pd.DataFrame) -> pd.Series:
    """Return the ids of each case's latest completed assessment."""
    complete = assessments[assessments["completed_at"].notna()].sort_values("completed_at", kind="stable")
    return complete.groupby("crn")["assessment_id"].last()


def build_records(tables: Tables, assessment_ids: pd.Series) -> pd.DataFrame:
    """Assemble the contract's columns for some assessments.

    Parameters
    ----------
    tables : Tables
        May hold anything recorded later: it is left out here.
    assessment_ids : Series of str
        Completed assessments.

    Returns
    -------
    DataFrame
        One row each, all columns of the contract, ready for :func:`models.features.build_features`.
    """
    complete = tables.assessments[tables.assessments["completed_at"].notna()]
    chosen = complete[complete["assessment_id"].isin(assessment_ids)].reset_index(drop=True)
    of_cases = complete[complete["crn"].isin(chosen["crn"])]
    pack = pack_until(tables.case_pack_items[tables.case_pack_items["crn"].isin(chosen["crn"])], chosen)
    everything_written = joined(chosen, (*R10, *PLAN))
    register = register_until(tables.registrations, chosen)
    case = case_until(tables.cases, chosen)
    table = pd.concat(
        [
            chosen[["assessment_id", "crn"]].assign(assessed_at=chosen["completed_at"]),
            assessed_levels(chosen),
            columns_from_answers(chosen),
            columns_from_earlier(chosen, of_cases),
            columns_from_register(chosen, register),
            columns_from_dates(chosen, case, tables.case_assignments),
            columns_from_pack(pack, everything_written),
            offence_facts(case["offence"]),
            _audit(chosen, case, tables),
        ],
        axis=1,
    )
    table = table.join(_disagreement(table))
    table["is_sexual_offence"] = case["is_sexual_offence"].astype(float)
    received = [part.groupby("row")["recorded_at"].max().reindex(table.index) for part in (pack, register)]
    table["known_until_at"] = pd.concat(received, axis=1).max(axis=1).fillna(table["assessed_at"])
    abuse = (
        table[["register_domestic_abuse", "screened_domestic_abuse", "record_strangulation"]].max(axis=1) > 0
    )
    child = (
        table[["register_child_protection", "register_child_concerns", "child_identified"]].max(axis=1) > 0
    )
    table["has_unanalysed_abuse_indicator"] = (abuse & (table["police_enquiry_state"] < ANALYSED)).astype(
        float
    )
    table["has_unanalysed_child_indicator"] = (child & (table["children_enquiry_state"] < ANALYSED)).astype(
        float
    )
    return table[[*IDENTITY, *ASSESSED, *AUDIT, *BASELINE, *(column.name for column in inputs())]]


def _disagreement(table: pd.DataFrame) -> pd.DataFrame:
    """How far the register stood above the assessment: one of the two is wrong."""
    above = {
        target: (table[f"register_{target}_level"] - table[f"assessed_{target}"]).clip(lower=0)
        for target in TARGETS
    }
    groups = pd.DataFrame({group: above[group] > 0 for group in GROUPS})
    return pd.DataFrame(
        {
            "register_levels_above": above["overall"],
            "n_groups_register_above": groups.sum(axis=1).astype(float),
        }
    )


def _audit(chosen: pd.DataFrame, case: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Who held the case, where, and whose case it is: for validation and equality, never inputs."""
    place = tables.postings.merge(tables.teams[["team_code", "pdu_code"]], on="team_code").merge(
        tables.pdus[["pdu_code", "region_code"]], on="pdu_code"
    )
    place = place.sort_values("from_on", kind="stable").groupby("staff_code").last()
    held = chosen[["practitioner_staff_code"]].join(place, on="practitioner_staff_code")
    age = chosen["completed_at"].dt.year - case["birth_year"].astype("Float64").astype(float)
    starts = np.array([start for start, _ in AGE_BANDS])
    names = np.array([name for _, name in AGE_BANDS], dtype=object)
    band = names[np.searchsorted(starts, age.fillna(0).clip(lower=0), side="right") - 1]
    return pd.DataFrame(
        {
            "officer": held["practitioner_staff_code"],
            "pdu_code": held["pdu_code"],
            "region_code": held["region_code"],
            "grade": held["grade"],
            "sex": case["sex"],
            "ethnicity": case["ethnicity"],
            "age_band": pd.Series(band, index=chosen.index).where(age.notna()),
        }
    )
