"""What was recorded after each assessment: for "needs a review now" only, never for the flag."""

import numpy as np
import pandas as pd

from models.columns import Purpose, inputs
from models.record_history import REGISTER_FACTS, known_at
from models.record_pack import lexicon
from models.records import Tables

COUNTED = {
    "since_n_convictions": ("CONVICTION",),
    "since_n_police_intelligence": ("POLICE_INTELLIGENCE",),
    "since_n_enforcement": ("ENFORCEMENT",),
}
ENQUIRIES = ("ENQUIRY_POLICE", "ENQUIRY_CHILDREN")


def add_since(records: pd.DataFrame, tables: Tables, as_of: pd.Series) -> pd.DataFrame:
    """Add what was recorded between each assessment's completion and a moment.

    Parameters
    ----------
    records : DataFrame of shape (n_cases, n_columns)
        The flag's contract, from :func:`models.records.build_records`.
    tables : Tables
        May hold anything recorded later: it is left out here.
    as_of : Series of shape (n_cases,)
        UTC, with the index of ``records``: for a reviewed case the moment its pack was frozen for the reader,
        so that nothing a review led to can enter; for the others the moment the score is for.

    Returns
    -------
    DataFrame
        Ready for :func:`models.features.build_features` for :attr:`~models.columns.Purpose.REVIEW_NOW`; the
        flag's own features refuse it.
    """
    table = records.assign(as_of=as_of)
    items = _items_since(table, tables)
    since = pd.DataFrame(index=table.index)
    since["days_since_assessment"] = (table["as_of"] - table["assessed_at"]).dt.days.astype(float)
    for name, kinds in COUNTED.items():
        since[name] = _count(items[items["kind"].isin(kinds)])
    since["since_n_trigger_events"] = _count(items[items["calls_for_review"].astype(bool)])
    since["since_n_unacceptable_absences"] = _count(items[items["state"] == "ABSENT_UNACCEPTABLE"])
    is_reply = items["kind"].isin(ENQUIRIES) & items["state"].isin(("REPLIED", "ANALYSED"))
    since["since_n_enquiry_replies"] = _count(items[is_reply])
    register = _new_registrations(table, tables.registrations)
    since["since_n_registrations"] = _count(register)
    since = since.fillna(0.0)
    written = items["title"].fillna("") + " " + items["text"].fillna("")
    for fact, pattern in lexicon().items():
        has_fact = items.loc[written.str.contains(pattern), "row"].unique()
        since[f"since_{fact}"] = since.index.isin(has_fact).astype(float)
    received = [part.groupby("row")["recorded_at"].max().reindex(table.index) for part in (items, register)]
    table["since_known_until_at"] = pd.concat(received, axis=1).max(axis=1).fillna(table["assessed_at"])
    own = [column.name for column in inputs(Purpose.REVIEW_NOW) if column.name in since]
    return table.join(since[own])


def _items_since(table: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Items that came after an assessment (so are none of its :func:`~models.record_pack.pack_until`)."""
    received = tables.assessments.set_index("assessment_id")["received_at"]
    rows = table[["crn", "assessed_at", "as_of"]].assign(received=table["assessment_id"].map(received))
    joined = tables.case_pack_items.merge(rows.rename_axis("row").reset_index(), on="crn")
    recorded_at, received_at = joined["recorded_at"], joined["received_at"]
    is_since = (recorded_at > joined["assessed_at"]) | (received_at > joined["received"])
    joined["recorded_at"] = recorded_at.where(~(received_at > recorded_at), received_at)
    kept: pd.DataFrame = joined[is_since & (joined["recorded_at"] <= joined["as_of"])]
    return kept


def _between(table: pd.DataFrame, entries: pd.DataFrame, moment: str) -> pd.DataFrame:
    """Entries of each case from after its assessment until its moment, with ``row``."""
    rows = table[["crn", "assessed_at", "as_of"]].rename_axis("row").reset_index()
    joined = entries.merge(rows, on="crn")
    kept: pd.DataFrame = joined[
        (joined[moment] > joined["assessed_at"]) & (joined[moment] <= joined["as_of"])
    ]
    return kept


def _new_registrations(table: pd.DataFrame, registrations: pd.DataFrame) -> pd.DataFrame:
    codes = np.concatenate(list(REGISTER_FACTS.values()))
    about_harm = registrations[registrations["code"].isin(codes)]
    begun = about_harm.assign(begun_at=pd.to_datetime(about_harm["start_on"], utc=True))
    versions = _between(table, begun, "begun_at")
    return known_at(versions, versions["as_of"])


def _count(entries: pd.DataFrame) -> pd.Series:
    return entries.groupby("row").size().astype(float)
