"""Two synthetic areas, each made once per run: a PDU as files, and London as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from qa_service.extract.catalogue import TABLES
from qa_service.synth.service import SynthReport, generate

TODAY = date(2026, 11, 2)
SEED = 20261102


@dataclass(frozen=True)
class Area:
    """Tables by name, and the truth that only evaluation reads."""

    report: SynthReport
    tables: Mapping[str, pd.DataFrame]
    truth: pd.DataFrame


def read_area(report: SynthReport) -> Area:
    tables = {name: _read(report.directory, name) for name in TABLES}
    return Area(
        report, tables, pd.read_csv(report.truth, dtype={"assessment_id": str}, keep_default_na=False)
    )


def _read(directory: Path, name: str) -> pd.DataFrame:
    parquet = directory / f"{name}.parquet"
    frame = (
        pd.read_parquet(parquet)
        if parquet.exists()
        else pd.read_csv(directory / f"{name}.csv", low_memory=False)
    )
    return frame.astype({"assessment_id": str}) if name == "assessments" else frame


@pytest.fixture(scope="session")
def pdu(tmp_path_factory) -> Area:
    return read_area(generate("pdu", tmp_path_factory.mktemp("synth") / "pdu", seed=SEED, today=TODAY))


@pytest.fixture(scope="session")
def london(tmp_path_factory) -> Area:
    out = tmp_path_factory.mktemp("synth") / "region"
    return read_area(generate("region", out, seed=SEED, today=TODAY, file_format="parquet"))
