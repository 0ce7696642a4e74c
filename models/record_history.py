"""From what was there before to columns: earlier assessments, the register, who held the case since when."""

import numpy as np
import pandas as pd

from models.columns import GROUPS, LEVELS, TARGETS
from models.record_answers import risk_text
from models.text import similarity

LEVEL_CODES = {level: float(code) for code, level in enumerate(LEVELS)}
REGISTER_FACTS = {
    # nDelius register codes (hmpps-probation-integration-services, 2026)
    "domestic_abuse": ("ADVP", "REG30"),
    "stalking": ("SPO",),
    "child_protection": ("RCPR",),
    "child_concerns": ("RCCO",),
    "adult_at_risk": ("RVAD",),
    "weapons": ("WEAP",),
    "gangs": ("STRG",),
    "terrorism": ("RTAO",),
    "visor": ("AVIS",),
    "iom": ("IIOM",),
}
REGISTER_OVERALL = {"RLRH": 0.0, "RMRH": 1.0, "RHRH": 2.0, "RVHR": 3.0}
REGISTER_GROUPS = {"children": "RCHD", "known_adult": "REG15", "public": "REG17", "staff": "AV2S"}
REGISTER_LEVELS = {"RSKL": 0.0, "RSKM": 1.0, "RSKH": 2.0, "RSKV": 3.0}
MAPPA_CODE = "MAPP"  # codespell:ignore
MAPPA_LEVELS = {"M1": 1.0, "M2": 2.0, "M3": 3.0}


def assessed_levels(assessments: pd.DataFrame) -> pd.DataFrame:
    """Recompute each group's level (the higher of community and custody) and the overall level.

    Parameters
    ----------
    assessments : DataFrame
        The grid in the shape of the extract.

    Returns
    -------
    DataFrame
        ``assessed_*`` of the contract, 0 to 3; the overall level also counts prisoners.
    """
    grid = {
        name: assessments[name].map(LEVEL_CODES).astype(float)
        for name in assessments.columns
        if name.startswith(("community_", "custody_")) and name.split("_", 1)[1] in (*GROUPS, "prisoners")
    }
    levels = pd.DataFrame(index=assessments.index)
    levels["assessed_overall"] = pd.DataFrame(grid).max(axis=1)
    for group in GROUPS:
        levels[f"assessed_{group}"] = pd.DataFrame(
            {name: column for name, column in grid.items() if name.split("_", 1)[1] == group}
        ).max(axis=1)
    return levels


def columns_from_earlier(chosen: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """Compare with the assessments that were complete when each was begun.

    Parameters
    ----------
    chosen : DataFrame
        The assessments wanted.
    assessments : DataFrame
        All completed assessments of the same cases. One received later than the wanted one is not known to
        it.

    Returns
    -------
    DataFrame
        Columns of the contract, with the index of ``chosen``.
    """
    levels = assessed_levels(assessments).rename(columns=lambda name: name.replace("assessed_", "previous_"))
    past = (
        assessments[["crn", "completed_at", "received_at"]].assign(text=risk_text(assessments)).join(levels)
    )
    wanted = chosen[["crn", "initiated_at", "received_at"]].assign(text=risk_text(chosen))
    pairs = wanted.rename_axis("row").reset_index().merge(past, on="crn", suffixes=("", "_before"))
    is_known = ~(pairs["received_at_before"] > pairs["received_at"])
    is_earlier = pairs["completed_at"] < pairs["initiated_at"]
    pairs = pairs[is_earlier & is_known].sort_values("completed_at", kind="stable")
    last = pairs.groupby("row").last()
    table = pd.DataFrame(index=chosen.index)
    table["n_previous_assessments"] = pairs.groupby("row").size()
    table["n_previous_assessments"] = table["n_previous_assessments"].fillna(0.0).astype(float)
    for target in TARGETS:
        table[f"previous_{target}_level"] = last[f"previous_{target}"]
    table["highest_previous_level"] = pairs.groupby("row")["previous_overall"].max()
    table["days_since_previous"] = (last["initiated_at"] - last["completed_at"]).dt.days.astype(float)
    both = last[(last["text"] != "") & (last["text_before"] != "")]
    table["previous_text_similarity"] = pd.Series(
        [similarity(now, before) for now, before in zip(both["text"], both["text_before"], strict=True)],
        index=both.index,
        dtype=float,
    )
    return table


def known_at(versions: pd.DataFrame, moment: pd.Series) -> pd.DataFrame:
    """Keep the versions of the record that stood at a moment.

    Parameters
    ----------
    versions : DataFrame of shape (n_versions, n_columns)
        ``recorded_at`` and ``replaced_at``; empty means that it came with the first load, and that it stands.
    moment : Series of shape (n_versions,)
        UTC.

    Returns
    -------
    DataFrame
        At most one version of each row of the record.
    """
    known: pd.DataFrame = versions[
        ~((versions["recorded_at"] > moment) | (versions["replaced_at"] <= moment))
    ]
    return known


def register_until(registrations: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Keep the register as it was known when each assessment was completed.

    Parameters
    ----------
    registrations : DataFrame
        All versions of the register's entries (:class:`models.records.Tables`).
    chosen : DataFrame
        One row per assessment: crn, initiated_at, completed_at.

    Returns
    -------
    DataFrame
        Versions of entries with ``row``, the index of their assessment. Neither a level raised later nor an
        entry received later is there, from whichever day it is said to hold.
    """
    moments = chosen[["crn", "initiated_at", "completed_at"]].rename_axis("row").reset_index()
    versions = registrations.merge(moments, on="crn")
    return known_at(versions, versions["completed_at"])


def case_until(cases: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Give each assessment its case as the record described it when the assessment was completed.

    Parameters
    ----------
    cases : DataFrame
        All versions of the cases (:class:`models.records.Tables`).
    chosen : DataFrame
        One row per assessment: crn, completed_at.

    Returns
    -------
    DataFrame
        One row each, with the index of ``chosen``; empty where the case is not known.
    """
    moments = chosen[["crn", "completed_at"]].rename_axis("row").reset_index()
    versions = moments.merge(cases, on="crn", how="left").sort_values("replaced_at", kind="stable")
    is_known = ~(versions["replaced_at"] <= versions["completed_at"])
    first_replaced = versions[is_known].drop_duplicates("row")
    return first_replaced.set_index("row").reindex(chosen.index)


def columns_from_register(chosen: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Read the register as it stood when each assessment was begun, so not what the assessment changed.

    Parameters
    ----------
    chosen : DataFrame
        The assessments wanted.
    register : DataFrame
        From :func:`register_until`.

    Returns
    -------
    DataFrame
        ``register_*`` of the contract, and the baseline as at completion.
    """
    before = _entries(register, "initiated_at")
    table = pd.DataFrame(index=chosen.index)
    for fact, codes in REGISTER_FACTS.items():
        rows = before.loc[before["code"].isin(codes), "row"].unique()
        table[f"register_{fact}"] = chosen.index.isin(rows).astype(float)
    mappa = before[before["code"] == MAPPA_CODE].assign(
        level=lambda entries: entries["level"].map(MAPPA_LEVELS)
    )
    table["register_mappa_level"] = mappa.groupby("row")["level"].max()
    table["register_mappa_level"] = table["register_mappa_level"].astype(float).fillna(0.0)
    table["register_overall_level"] = _overall(before)
    for group, code in REGISTER_GROUPS.items():
        of_group = before[before["code"] == code]
        table[f"register_{group}_level"] = (
            of_group.assign(level=of_group["level"].map(REGISTER_LEVELS)).groupby("row")["level"].max()
        )
    table["register_level_at_completion"] = _overall(_entries(register, "completed_at"))
    return table.astype(float)


def _entries(register: pd.DataFrame, moment: str) -> pd.DataFrame:
    """Entries that had begun by a moment of the assessment and had not been removed by then."""
    on = register[moment].dt.tz_convert("UTC").dt.normalize()
    start, end = (pd.to_datetime(register[name], utc=True) for name in ("start_on", "end_on"))
    begun = start < on if moment == "initiated_at" else start <= on
    standing: pd.DataFrame = register[begun & (end.isna() | (end > on))]
    return standing


def _overall(entries: pd.DataFrame) -> pd.Series:
    levels = entries.assign(value=entries["code"].map(REGISTER_OVERALL)).dropna(subset=["value"])
    latest = levels.sort_values("start_on", kind="stable").groupby("row")["value"].last()
    return latest.astype(float)


def columns_from_dates(
    chosen: pd.DataFrame, case: pd.DataFrame, case_assignments: pd.DataFrame
) -> pd.DataFrame:
    """Say how long supervision, freedom and this officer's holding had lasted.

    Parameters
    ----------
    chosen : DataFrame
        The assessments wanted.
    case : DataFrame
        From :func:`case_until`. A release after the assessment is not known to it.
    case_assignments : DataFrame
        :class:`models.records.Tables`. One received after the assessment was completed is not known to it,
        from whichever day it is said to hold.

    Returns
    -------
    DataFrame
        Columns of the contract, with the index of ``chosen``.
    """
    held = chosen[["crn", "practitioner_staff_code", "completed_at"]].rename_axis("row").reset_index()
    held = held.merge(
        case_assignments, left_on=["crn", "practitioner_staff_code"], right_on=["crn", "staff_code"]
    )
    held = held[~(held["recorded_at"] > held["completed_at"])]
    held = held.assign(days=_days(held["completed_at"], held["from_on"]))
    table = pd.DataFrame(index=chosen.index)
    table["days_since_start"] = _days(chosen["completed_at"], case["started_on"])
    table["days_since_release"] = _days(chosen["completed_at"], case["released_on"])
    table["days_since_allocation"] = held[held["days"] >= 0].groupby("row")["days"].min()
    table["days_to_complete"] = (
        (chosen["completed_at"] - chosen["initiated_at"]).dt.days.clip(lower=0).astype(float)
    )
    return table


def _days(until: pd.Series, since: pd.Series) -> pd.Series:
    days = (until - pd.to_datetime(since, utc=True)).dt.days.astype(float)
    return days.where(days >= 0, np.nan)
