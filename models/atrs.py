"""The Algorithmic Transparency Recording Standard record of an artefact."""

import tomllib
from importlib.resources import files
from typing import Any

from models.artefact import Artefact


def atrs_record(artefact: Artefact) -> dict[str, Any]:
    """Fill the record with an artefact's figures.

    Parameters
    ----------
    artefact : Artefact
        As saved or loaded.

    Returns
    -------
    dict
        Tier 1 and tier 2 by the standard's headings; square brackets mark what the publishing organisation
        fills in.
    """
    record: dict[str, Any] = tomllib.loads(files("models").joinpath("atrs.toml").read_text(encoding="utf-8"))
    record["tier_2"]["data"]["training_data"] = {
        "fingerprint": artefact.data_fingerprint,
        "trained_at": artefact.trained_at,
        "n_cases": {target: report["n_cases"] for target, report in artefact.reports.items()},
        "n_reviewed": {target: report["n_reviewed"] for target, report in artefact.reports.items()},
    }
    record["tier_2"]["tool_specification"]["performance"] = {
        target: {name: report[name] for name in ("auprc", "auprc_on_latest", "calibration_error", "yields")}
        for target, report in artefact.reports.items()
    }
    return record
