"""What the classifier is evaluated on: an extract with its truth, and the COMPAS files."""

from pathlib import Path

import numpy as np
import pandas as pd

from models.columns import GROUPS, LEVELS
from models.records import Tables
from models.synthetic import Pool
from qa_service.extract.catalogue import table_named
from qa_service.extract.columns import Kind

COMPAS_FILE = "compas-scores-two-years.deid.csv"
N_CHARGES = 15
COUNTS = {"Low": 3421, "Medium": 1607, "High": 1144}  # ProPublica's own filter gives these


def read_extract(folder: Path) -> Tables:
    """Read the tables of an extract that the classifier needs."""
    return Tables.of_one_load(**{name: _read(folder, name) for name in Tables.__dataclass_fields__})


def _read(folder: Path, name: str) -> pd.DataFrame:
    parquet = folder / f"{name}.parquet"
    table = pd.read_parquet(parquet) if parquet.exists() else pd.read_csv(folder / f"{name}.csv", dtype=str)
    for column in table_named(name).columns:
        if column.name not in table:
            table[column.name] = None
        values = table[column.name]
        if column.kind is Kind.MOMENT:
            table[column.name] = pd.to_datetime(values, utc=True)
        elif column.kind is Kind.DATE:
            table[column.name] = pd.to_datetime(values)
        elif column.kind is Kind.FLAG:
            table[column.name] = values.astype(str).str.lower().isin(["true", "yes", "1"])
        elif column.kind in {Kind.INTEGER, Kind.NUMBER}:
            table[column.name] = pd.to_numeric(values)
    return table


def read_truth(path: Path, assessment_ids: pd.Series) -> pd.DataFrame:
    """True levels, 0 to 3, overall and by group, in the order of the assessments given."""
    truth = pd.read_csv(path, dtype=str).set_index("assessment_id").loc[assessment_ids]
    codes = {level: code for code, level in enumerate(LEVELS)}
    levels = pd.DataFrame({"overall": truth["true_overall"].map(codes)})
    for group in GROUPS:
        cells = [name for name in truth.columns if name.startswith("true_") and name.endswith(f"_{group}")]
        levels[group] = truth[cells].apply(lambda cell: cell.map(codes)).max(axis=1)
    return levels.astype(float).reset_index(drop=True)


def read_compas(folder: Path) -> Pool:
    """Read the mediums and highs of the general score, with features known at screening.

    Race and sex are not among them. The filter is ProPublica's.
    """
    table = pd.read_csv(folder / COMPAS_FILE)
    table = table[
        (table["days_b_screening_arrest"].abs() <= 30)
        & (table["is_recid"] != -1)
        & (table["c_charge_degree"] != "O")
        & (table["score_text"] != "N/A")
    ]
    found = table["score_text"].value_counts().to_dict()
    if found != COUNTS:
        raise SystemExit(f"{COMPAS_FILE} holds {found} where {COUNTS} are expected. Is it the right file?")
    table = table[table["score_text"] != "Low"]
    charges = table["c_charge_desc"].value_counts().index[:N_CHARGES]
    features = np.column_stack(
        [
            table[["age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count"]],
            table[["days_b_screening_arrest", "jail_days"]],
            np.log1p(table["jail_days"]),
            table["c_charge_degree"] == "F",
            table["age_cat"] == "Less than 25",
            table["age_cat"] == "Greater than 45",
            *(table["c_charge_desc"] == charge for charge in charges),
        ]
    ).astype(float)
    priors = table["priors_count"].to_numpy(dtype=float)
    record = (priors - priors.mean()) / priors.std()
    return Pool(features, (table["score_text"] == "High").to_numpy(), record)
