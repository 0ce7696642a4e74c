"""A synthetic area is a valid extract: the same seed gives the same bytes, and every reference resolves."""

import hashlib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from qa_service.extract.catalogue import TABLES
from qa_service.extract.manifest import read_manifest
from qa_service.extract.texts import read_texts
from qa_service.extract.values import parse
from qa_service.synth.presets import UnknownPresetError
from qa_service.synth.service import OutputNotEmptyError, generate

TODAY = date(2026, 11, 2)
SEED = 20261102  # as in conftest.py: tables and truth come from there


def digests(report) -> dict[str, str]:
    files = [*report.directory.iterdir(), report.truth]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_even_over_an_earlier_extract(pdu, tmp_path):
    generate("pdu", tmp_path / "pdu", seed=SEED + 1, today=TODAY)

    again = generate("pdu", tmp_path / "pdu", seed=SEED, today=TODAY)

    assert digests(again) == digests(pdu.report)


def test_another_seed_gives_another_area(pdu, tmp_path):
    other = generate("pdu", tmp_path / "pdu", seed=SEED + 1, today=TODAY)

    same = {name for name, digest in digests(other).items() if digests(pdu.report)[name] == digest}
    assert same == {"regions.csv", "pdus.csv", "teams.csv", "posts.csv"}


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_valid_by_the_definition_of_its_column(pdu, name):
    table = TABLES[name]
    n_rows = 0

    for batch in read_texts(pdu.report.directory / f"{name}.csv", 5_000):
        assert not batch.misshapen
        n_rows += len(batch.rows)
        for column in table.columns:
            for text in set(batch.columns[column.name]):
                parse(column, text)

    assert n_rows == pdu.report.n_rows[name] > 0


@pytest.mark.parametrize("name", TABLES)
def test_keys_tell_rows_apart_and_references_resolve(london, name):
    frame = london.tables[name]

    assert not frame.duplicated(list(TABLES[name].key)).any()
    for column in TABLES[name].columns:
        if column.references:
            target, key = column.references.split(".")
            assert set(frame[column.name].dropna()) <= set(london.tables[target][key]), column.name


def test_the_manifest_fits_the_files(pdu):
    manifest = read_manifest(pdu.report.directory)

    assert manifest.area == "Lambeth"
    assert manifest.is_synthetic
    assert set(manifest.files) == {f"{name}.csv" for name in TABLES}


def test_the_truth_is_beside_the_folder_and_never_in_it(pdu):
    directory = pdu.report.directory

    assert pdu.report.truth.parent == directory.parent
    assert {path.stem for path in directory.iterdir()} == {*TABLES, "manifest"}
    assert not any("true" in c.name or "truth" in c.name for t in TABLES.values() for c in t.columns)


def test_no_value_of_any_column_gives_a_wrong_medium_away(london):
    cases = london.tables["cases"].merge(london.tables["assessments"], on="crn", suffixes=("_case", ""))
    mediums = cases.merge(london.truth[["assessment_id", "is_too_low"]], on="assessment_id")
    mediums = mediums[mediums["overall_stated"] == "MEDIUM"]

    for name in mediums.columns.difference(["is_too_low"]):
        shares = mediums.groupby(mediums[name].astype(str))["is_too_low"].agg(["mean", "size"])
        common = shares[shares["size"] >= 100]
        assert not (common["mean"] > 0.35).any(), name


def test_every_post_has_a_holder(london):
    posts = london.tables["posts"]

    assert posts["holder_person_key"].notna().all()
    assert posts["kind"].value_counts().to_dict() == {
        "SPO": len(london.tables["teams"]),
        "HEAD_OF_PDU": 18,
        "REGIONAL_DIRECTOR": 1,
        "NATIONAL": 1,
    }


def test_nothing_is_dated_after_the_day_the_area_is_told_on(london):
    midnight = pd.Timestamp(TODAY, tz="UTC")

    assert (london.tables["case_pack_items"]["recorded_at"] < midnight).all()
    assert (london.tables["assessments"]["completed_at"].dropna() < midnight + pd.Timedelta(days=1)).all()


def test_an_unknown_preset_is_named_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownPresetError, match="pdu, region, national"):
        generate("borough", tmp_path / "x", seed=1, today=TODAY)


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    precious = Path(tmp_path / "notes.txt")
    precious.write_text("keep")

    with pytest.raises(OutputNotEmptyError, match="Name a new folder"):
        generate("pdu", tmp_path, seed=1, today=TODAY)

    assert precious.read_text() == "keep"
