"""Small records in the shape of the input contract, and small tables in the shape of the extract."""

import json

import numpy as np
import pandas as pd
import pytest

from models.columns import GROUPS, inputs
from models.records import Tables

TELLING = ("n_violent_sanctions", "unmentioned_weapon", "previous_overall_level", "violent_predictor_pct")


def make_records(n_cases=600, seed=0):
    """Cases of 60 officers; whether each is truly high hangs on four columns."""
    rng = np.random.default_rng(seed)
    columns = {}
    for column in inputs():
        top = 1 if column.is_fact else min(column.high, 3 if "level" in column.unit else 12)
        columns[column.name] = rng.integers(0, int(top) + 1, size=n_cases).astype(float)
    table = pd.DataFrame(columns)
    pull = sum((table[name] - table[name].mean()) / table[name].std() for name in TELLING)
    truly_high = pull + rng.logistic(size=n_cases) > 1.0
    overlooked = truly_high & (rng.random(n_cases) < 0.3)
    table["assessment_id"] = [f"A{number}" for number in range(n_cases)]
    table["crn"] = [f"X{number:06d}" for number in range(n_cases)]
    table["assessed_at"] = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(
        np.arange(n_cases), unit="D"
    )
    table["known_until_at"] = table["assessed_at"]
    for target in ("overall", *GROUPS):
        table[f"assessed_{target}"] = np.where(truly_high & ~overlooked, 2.0, 1.0)
    table["officer"] = [f"O{number % 60}" for number in range(n_cases)]
    table["pdu_code"], table["region_code"], table["grade"] = "N07AAA", "N07", "PO"
    table["sex"] = np.where(rng.random(n_cases) < 0.1, "F", "M")
    table["ethnicity"], table["age_band"] = "WHITE", "25 to 34"
    table["register_level_at_completion"] = 1.0
    return table, truly_high


def make_reviews(records, truly_high, share=0.6, seed=0):
    rng = np.random.default_rng(seed)
    drawn = rng.random(len(records)) < share
    reviews = pd.DataFrame({"assessment_id": records.loc[drawn, "assessment_id"]})
    reviews["arm"], reviews["inclusion_probability"] = "random", share
    reviews["is_final"] = reviews["is_scorable"] = True
    for target in ("overall", *GROUPS):
        reviews[f"reviewed_{target}"] = np.where(truly_high[drawn], 2.0, 1.0)
    return reviews.reset_index(drop=True)


@pytest.fixture(name="records")
def fixture_records():
    return make_records()[0]


@pytest.fixture(name="records_and_reviews")
def fixture_records_and_reviews():
    records, truly_high = make_records()
    return records, make_reviews(records, truly_high.to_numpy())


TEXTS = (
    "who_is_at_risk",
    "nature_of_risk",
    "risk_imminence",
    "risk_increase_factors",
    "risk_mitigation_factors",
    "analysis_of_risk_factors",
    "rmp_key_information",
    "rmp_supervision",
    "rmp_monitoring_and_control",
    "rmp_interventions",
    "rmp_victim_safety",
    "rmp_contingency",
)
CELLS = [f"community_{g}" for g in GROUPS] + [f"custody_{g}" for g in (*GROUPS, "prisoners")]


def moment(text):
    return pd.Timestamp(text, tz="UTC")


def make_assessment(assessment_id, completed, **changes):
    row = {
        "assessment_id": assessment_id,
        "crn": "X000001",
        "initiated_at": moment(completed) - pd.Timedelta(days=4),
        "completed_at": moment(completed),
        "received_at": pd.NaT,
        "practitioner_staff_code": "N07B001",
        **dict.fromkeys(CELLS, "LOW"),
        **dict.fromkeys(TEXTS, ""),
        "screening": {"R1.2.2": "YES", "R1.3.2": "NO", "R2.2": "NO"},
        "has_full_analysis": True,
        "needs": [{"section": "ALCOHOL_MISUSE", "score": 5, "linkedToHarm": True}],
        "predictors": {
            "outputVersion": "2",
            "output": {"violentReoffendingPredictor": {"score": 34.5, "band": "MEDIUM"}},
        },
        "n_previous_sanctions": 4,
        "n_violent_sanctions": 2,
    }
    return row | changes


def make_item(kind, recorded, text="", **changes):
    return {
        "crn": "X000001",
        "kind": kind,
        "happened_on": pd.Timestamp(recorded),
        "recorded_at": moment(recorded),
        "received_at": pd.NaT,
        "state": None,
        "title": "",
        "text": text,
        "calls_for_review": False,
    } | changes


def as_recorded(assessment):
    answers = {
        name: json.dumps(assessment[name])
        for name in ("screening", "needs", "predictors")
        if assessment[name] is not None
    }
    return assessment | answers


ENTRY = ("crn", "code", "level", "category", "start_on", "end_on", "recorded_at", "replaced_at")


def make_register(registrations):
    """Entries of the register; without the moments at which they came and were replaced, of the first load."""
    rows = [dict(zip(ENTRY, row, strict=False)) for row in registrations]
    register = pd.DataFrame(rows, columns=ENTRY)
    return register.assign(
        recorded_at=pd.to_datetime(register["recorded_at"], utc=True),
        replaced_at=pd.to_datetime(register["replaced_at"], utc=True),
    )


def with_receipt(rows):
    return rows.assign(received_at=pd.to_datetime(rows["received_at"], utc=True))


def make_tables(assessments, items=(), registrations=(), former_case=None, assigned_at=pd.NaT):
    item_columns = list(make_item("CONTACT", "2026-01-01"))
    case = {
        "crn": "X000001",
        "offence": "Wounding with a knife",
        "is_sexual_offence": False,
        "started_on": pd.Timestamp("2025-06-01"),
        "released_on": pd.Timestamp("2026-07-01"),
        "sex": "M",
        "ethnicity": "WHITE",
        "birth_year": 1990,
        "replaced_at": pd.NaT,
    }
    cases = pd.DataFrame([case, *([case | former_case] if former_case else [])])
    return Tables(
        assessments=with_receipt(pd.DataFrame([as_recorded(row) for row in assessments])),
        cases=cases.assign(replaced_at=pd.to_datetime(cases["replaced_at"], utc=True)),
        registrations=make_register(registrations),
        case_assignments=pd.DataFrame(
            [
                {
                    "crn": "X000001",
                    "staff_code": "N07B001",
                    "team_code": "N07AAT",
                    "from_on": pd.Timestamp("2026-01-10"),
                }
            ]
        ).assign(recorded_at=pd.to_datetime(pd.Series([assigned_at]), utc=True)),
        case_pack_items=with_receipt(pd.DataFrame(list(items), columns=item_columns)),
        postings=pd.DataFrame(
            [
                {
                    "staff_code": "N07B001",
                    "team_code": "N07AAT",
                    "grade": "PO",
                    "from_on": pd.Timestamp("2020-01-01"),
                }
            ]
        ),
        teams=pd.DataFrame([{"team_code": "N07AAT", "pdu_code": "N07AAA"}]),
        pdus=pd.DataFrame([{"pdu_code": "N07AAA", "region_code": "N07"}]),
    )


class Build:
    """The makers of rows, for tests that state only what they are about."""

    assessment = staticmethod(make_assessment)
    item = staticmethod(make_item)
    tables = staticmethod(make_tables)
    records = staticmethod(make_records)
    reviews = staticmethod(make_reviews)


@pytest.fixture(name="build", scope="session")
def fixture_build():
    return Build
