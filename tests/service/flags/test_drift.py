"""Every scoring tells of change since the training; small ones add up until they say something."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from factories.flags import TRAINED_AT, make_artefact_row

from models.artefact import Artefact
from models.drift import bins_of, drift_table
from qa_service.flags.service.drift import add_counts, keep_scoring
from qa_service.reporting.flag_quality import latest_drift

DIGEST = "a" * 64
TRAINED = pd.DataFrame({"age": np.arange(5000.0), "fact": np.arange(5000) % 4 == 0}).astype(float)


@pytest.fixture(name="artefact")
def fixture_artefact(session):
    make_artefact_row(session, DIGEST)
    return Artefact(
        scorers={},
        reports={},
        drift_bins=bins_of(TRAINED),
        data_fingerprint="",
        columns_digest="",
        trained_at="",
        seed=1,
        versions={},
    )


@pytest.fixture(name="scored")
def fixture_scored(session, artefact):
    """Return a function that keeps a scoring of some cases, on the so-many-eth day after the training."""

    def keep(cases, day):
        counts = add_counts({}, artefact, cases)
        at = TRAINED_AT + timedelta(days=day)
        return keep_scoring(session, DIGEST, artefact, counts, n_scored=len(cases), at=at)

    return keep


def older(n):
    """So many cases of whom nobody is young and everybody has the fact."""
    return pd.DataFrame({"age": np.linspace(3000, 4999, n), "fact": np.ones(n)})


def test_three_nights_of_four_hundred_tell_together_what_one_cannot(session, scored):
    first, second = scored(older(400), 1), scored(older(400), 2)
    assert (first.n_measured, second.n_measured) == (0, 0)
    assert latest_drift(session, DIGEST) is None

    scored(older(400), 3)

    found = latest_drift(session, DIGEST)
    assert found.n_cases == 1200
    assert {row["feature"]: row["reading"] for row in found.features} == {"age": "retrain", "fact": "retrain"}
    # as if the three had been scored at once
    expected = drift_table(TRAINED, pd.concat([older(400)] * 3))["stability_index"].round(4).to_dict()
    assert {row["feature"]: row["index"] for row in found.features} == expected


def test_a_scoring_of_everything_stands_alone_and_is_not_added_to_the_nights_after_it(session, scored):
    scored(TRAINED, 1)
    night = scored(older(400), 2)

    assert night.n_measured == 0
    found = latest_drift(session, DIGEST)
    assert found.n_cases == 5000
    assert {row["reading"] for row in found.features} == {"steady"}


def test_batches_of_one_scoring_are_counted_together(artefact):
    parts = add_counts(add_counts({}, artefact, TRAINED[:2000]), artefact, TRAINED[2000:])

    assert parts == add_counts({}, artefact, TRAINED)
    assert [sum(bins) for bins in parts.values()] == [5000, 5000]
