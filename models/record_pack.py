"""From the case pack to columns: enquiries, events, telling facts that the assessment does not mention."""

import re
import tomllib
from functools import cache
from importlib.resources import files

import pandas as pd

YEAR_DAYS = 365
STATES = {"REQUESTED": 1.0, "CHASED": 2.0, "REPLIED": 3.0, "ANALYSED": 4.0}
ENQUIRIES = {
    "police_enquiry_state": "ENQUIRY_POLICE",
    "children_enquiry_state": "ENQUIRY_CHILDREN",
    "address_check_state": "ADDRESS_CHECK",
}
COUNTED = {
    "n_police_intelligence": "POLICE_INTELLIGENCE",
    "n_convictions": "CONVICTION",
    "n_custody_reports": "CUSTODY_REPORT",
    "n_enforcement": "ENFORCEMENT",
    "n_home_visits": "HOME_VISIT",
    "n_specialist_assessments": "SPECIALIST_ASSESSMENT",
    "n_victim_contacts": "VICTIM_CONTACT",
    "n_supervision_notes": "SUPERVISION",
    "n_orders": "ORDER",
}


def pack_until(items: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """Keep what had been recorded when each assessment was completed.

    Parameters
    ----------
    items : DataFrame
        Case-pack items in the shape of the extract.
    assessments : DataFrame
        One row per assessment: crn, completed_at, received_at.

    Returns
    -------
    DataFrame
        Items with ``row``, the index of their assessment, and ``is_recent``, whether of the year before. An
        item recorded later is not there, whenever the thing happened; nor is one that was received later
        than the assessment was: what it says may have changed since its source's moment.
    """
    rows = assessments[["crn", "completed_at", "received_at"]].rename_axis("row").reset_index()
    joined = items.merge(rows, on="crn", suffixes=("", "_assessed"))
    came_later = joined["received_at"] > joined["received_at_assessed"]
    known = joined[(joined["recorded_at"] <= joined["completed_at"]) & ~came_later]
    happened = pd.to_datetime(known["happened_on"], utc=True)
    return known.assign(is_recent=known["completed_at"] - happened <= pd.Timedelta(days=YEAR_DAYS))


def columns_from_pack(pack: pd.DataFrame, text: pd.Series) -> pd.DataFrame:
    """Count and read the case pack of each assessment.

    Parameters
    ----------
    pack : DataFrame
        From :func:`pack_until`.
    text : Series
        Text of each assessment.

    Returns
    -------
    DataFrame
        Columns of the contract, with the index of ``text``; nought where nothing is recorded.
    """
    table = pd.DataFrame(index=text.index)
    recent = pack[pack["is_recent"]]
    for name, kind in ENQUIRIES.items():
        states = pack.loc[pack["kind"] == kind].assign(state=lambda chosen: chosen["state"].map(STATES))
        table[name] = states.groupby("row")["state"].max()
    for name, kind in COUNTED.items():
        of_kind = pack if kind == "ORDER" else recent  # an order holds for longer than a year
        table[name] = of_kind[of_kind["kind"] == kind].groupby("row").size()
    table["n_trigger_events"] = recent[recent["calls_for_review"].astype(bool)].groupby("row").size()
    table["n_unacceptable_absences"] = recent[recent["state"] == "ABSENT_UNACCEPTABLE"].groupby("row").size()
    table = table.astype(float).fillna(0.0)
    written = pack["title"].fillna("") + " " + pack["text"].fillna("")
    for fact, pattern in lexicon().items():
        has_fact = pack.loc[written.str.contains(pattern), "row"].unique()
        table[f"record_{fact}"] = text.index.isin(has_fact).astype(float)
        table[f"unmentioned_{fact}"] = table[f"record_{fact}"] * (~text.str.contains(pattern)).astype(float)
    return table


def offence_facts(offence: pd.Series) -> pd.DataFrame:
    """Say from the index offence's words whether it was violent, or involved a weapon or fire."""
    told = offence.fillna("")
    violent = r"(?i)assault|wound|harm|murder|manslaughter|robber|kidnap|affray|violen|strang|battery"
    return pd.DataFrame(
        {
            "is_violent_offence": told.str.contains(violent).astype(float),
            "is_weapon_offence": told.str.contains(r"(?i)weapon|blade|firearm|knife|armed").astype(float),
            "is_fire_offence": told.str.contains(r"(?i)arson|fire(?!arm)").astype(float),
        },
        index=offence.index,
    )


@cache
def lexicon() -> dict[str, str]:
    """Return a pattern for each telling fact, from ``lexicon.toml``."""
    words: dict[str, list[str]] = tomllib.loads(
        files("models").joinpath("lexicon.toml").read_text(encoding="utf-8")
    )
    return {
        fact: r"(?i)\b(?:" + "|".join(re.escape(word) for word in said) + ")" for fact, said in words.items()
    }
