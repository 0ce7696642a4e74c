"""The Algorithmic Transparency Recording Standard record of an artefact."""

import tomllib
from importlib.resources import files
from typing import Any

from models.artefact import Artefact
from models.columns import Purpose
from models.errors import ModelError

Record = dict[str, dict[str, dict[str, Any]]]
PERFORMANCE = ("auprc", "auprc_on_latest", "label_auc", "calibration_error", "yields")


def atrs_record(artefact: Artefact) -> Record:
    """Fill the record with an artefact's figures.

    Parameters
    ----------
    artefact : Artefact
        As saved or loaded.

    Returns
    -------
    dict
        By tier, section and field; square brackets mark what the publishing organisation fills in: see
        :func:`unfilled_fields`.

    Raises
    ------
    ModelError
        When the record does not keep the standard: see :func:`check_record`.
    """
    record: Record = _read("atrs.toml")
    for tier, sections in (
        _read("atrs_since.toml") if artefact.purpose is Purpose.REVIEW_NOW else {}
    ).items():
        for section, fields in sections.items():
            record[tier][section] |= fields
    reports = artefact.reports
    record["tier_2"]["tool_specification_model"] |= {
        "model_version": f"Trained {artefact.trained_at}, data {artefact.data_fingerprint}",
        "model_performance": {
            target: {name: report[name] for name in PERFORMANCE} for target, report in reports.items()
        },
        "datasets_and_purposes": {
            target: f"{report['n_cases']} cases to learn recorded levels, {report['n_reviewed']} checks to "
            f"correct them, {report['n_judging']} of these, drawn at random, to judge the result"
            for target, report in reports.items()
        },
    }
    record["tier_2"]["tool_specification_development_data"]["data_quantities"] = {
        target: {
            name: report[name] for name in ("n_cases", "n_assessed_high", "n_reviewed", "n_reviewed_high")
        }
        for target, report in reports.items()
    }
    check_record(record)
    return record


def check_record(record: Record) -> None:
    """Refuse a record that does not hold every field of the standard, or holds others.

    Parameters
    ----------
    record : dict
        By tier, section and field.

    Raises
    ------
    ModelError
        Names every field that is missing, empty or not in the standard.
    """
    wanted = {
        (tier, section, name)
        for tier, sections in _read("atrs_fields.toml").items()
        for section, names in sections.items()
        for name in names
    }
    filled = {place for place, value in _fields(record) if value}
    held = {place for place, _ in _fields(record)}
    faults = [f"{'.'.join(place)} is missing or empty" for place in sorted(wanted - filled)]
    faults += [f"{'.'.join(place)} is not in the standard" for place in sorted(held - wanted)]
    if faults:
        raise ModelError("The transparency record does not keep its standard: " + "; ".join(faults) + ".")


def unfilled_fields(record: Record) -> list[str]:
    """List the fields that the publishing organisation must fill in before publishing."""
    return [".".join(place) for place, value in _fields(record) if str(value).startswith("[")]


def _fields(record: Record) -> list[tuple[tuple[str, str, str], Any]]:
    return [
        ((tier, section, name), value)
        for tier, sections in record.items()
        for section, fields in sections.items()
        for name, value in fields.items()
    ]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("models").joinpath(name).read_text(encoding="utf-8"))
